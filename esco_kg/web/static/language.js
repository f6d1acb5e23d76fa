// The root of the static site leads to the start in the reader's language, where the host cannot; the first one else.
"use strict";
(() => {
  const { languages, version } = document.currentScript.dataset;
  const known = languages.split(" ");
  const wanted = navigator.languages.flatMap((one) => [one.toLowerCase(), one.toLowerCase().split("-")[0]]);
  const found = wanted.find((one) => known.includes(one)) || known[0];
  location.replace(`${found}/${version}/index.html`);
})();
