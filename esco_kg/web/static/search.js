// Comfort alone: offers while typing, a button to copy the address, menus that close. Every page works without it.
"use strict";
(() => {
  const { root, home, language, version } = document.body.dataset;
  const isStatic = "static" in document.body.dataset;
  const input = document.getElementById("q");

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.removeAttribute("open");
        menu.querySelector("summary").focus();
      }
    }
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) || document.activeElement.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });

  const address = document.getElementById("address");
  if (address && navigator.clipboard) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = address.dataset.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(address.textContent);
      button.setAttribute("role", "status");
      button.textContent = address.dataset.copied;
    });
    address.after(" ", button);
  }

  // The static site looks in the reader's language, then in the main one.
  const { main } = document.body.dataset;
  const places = [language, main].filter((one, n, all) => one && all.indexOf(one) === n)
    .map((one) => ({ language: one, folder: `${root}${one}/${version}/` }));
  const inFiles = async (query, limit) => (await window.escoKgFind(places, query, limit))
    .map((hit) => ({ ...hit, type_label: hit.typeLabel }));
  const fromServer = async (query, limit, signal) => {
    const parameters = new URLSearchParams({ q: query, language, version, limit });
    const answer = await fetch(`${root}api/v1/search?${parameters}`, { signal });
    return answer.ok ? (await answer.json()).results.map((hit) => ({ ...hit, address: hit.page })) : [];
  };

  // A combobox with a list box (ARIA Authoring Practices): arrows choose, Enter goes, Escape closes.
  const list = document.createElement("ul");
  list.className = "offers";
  list.id = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent);
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "offers"], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }
  let chosen = -1;
  let asking = null;
  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (place) => {
    const offers = [...list.children];
    chosen = offers.length ? (place + offers.length) % offers.length : -1;
    offers.forEach((offer, n) => offer.setAttribute("aria-selected", String(n === chosen)));
    if (chosen >= 0) {
      input.setAttribute("aria-activedescendant", offers[chosen].id);
      offers[chosen].scrollIntoView({ block: "nearest" });
    }
  };
  const line = (hit) => {
    const badge = document.createElement("span");
    badge.className = `badge ${hit.type}`;
    badge.textContent = hit.type_label || hit.type;
    const text = document.createElement("span");
    text.textContent = hit.label;
    const parts = [badge, text];
    if (hit.found !== hit.label) {
      const other = document.createElement("span");
      other.className = "soft small";
      other.textContent = hit.found;
      parts.push(other);
    }
    return parts;
  };
  const show = (hits) => {
    list.replaceChildren(...hits.map((hit, n) => {
      const item = document.createElement("li");
      item.id = `offer-${n}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.href = hit.address || home + hit.href;
      item.append(...line(hit));
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => { location.href = item.dataset.href; });
      return item;
    }));
    chosen = -1;
    list.hidden = !hits.length;
    input.setAttribute("aria-expanded", String(hits.length > 0));
  };
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const query = input.value.trim();
      if (asking) asking.abort();
      if (!query) return close();
      asking = new AbortController();
      try {
        show(isStatic ? await inFiles(query, 10) : await fromServer(query, 10, asking.signal));
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }, 80);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen < 0 && event.key === "ArrowUp" ? -1 : chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.href = list.children[chosen].dataset.href;
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", close);

  // The static site has no server to answer search.html?q=...
  const results = document.getElementById("results");
  const query = new URLSearchParams(location.search).get("q");
  if (isStatic && results && query) {
    input.value = query;
    inFiles(query, 40).then((hits) => {
      const found = document.createElement("ol");
      found.className = "hits";
      found.append(...hits.map((hit) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = home + hit.href;
        link.append(...line(hit).flatMap((part) => [part, " "]));
        item.append(link);
        return item;
      }));
      const none = document.createElement("p");
      none.className = "lead";
      none.textContent = results.dataset.none;
      results.replaceChildren(hits.length ? found : none);
    });
  }
})();
