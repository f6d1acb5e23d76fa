// The editor is comfort: without it the form sends the query to the page itself.
"use strict";
(() => {
  const place = document.getElementById("yasgui");
  const area = document.getElementById("query");
  const select = document.getElementById("example");
  if (!place || !window.Yasgui) return;
  const endpoint = new URL(place.dataset.endpoint, location.href).href;
  // Nothing is asked of other hosts: no prefix service, no endpoint catalogue, no stored state.
  Yasgui.Yasqe.defaults.autocompleters = ["variables"];
  const yasgui = new Yasgui(place, {
    requestConfig: { endpoint, method: "POST" },
    copyEndpointOnNewTab: true,
    persistenceId: null,
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    yasqe: { value: area.value, persistenceId: null },
  });
  const tab = yasgui.getTab();
  tab.setEndpoint(endpoint);
  tab.setQuery(area.value);
  area.form.hidden = true;
  place.hidden = false;
  tab.getYasqe().refresh();
  select.form.querySelector("button").hidden = true;
  select.addEventListener("change", () => select.form.requestSubmit());
})();
