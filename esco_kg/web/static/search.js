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

  // Folding and scoring as in esco_kg/web/search/index.py, for the static site's shards.
  const letters = { "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i" };
  const folded = (text) => (text.toLowerCase().replace(/[ßøłđðþæœı]/g, (letter) => letters[letter])
    .normalize("NFKD").replace(/\p{M}/gu, "")
    .match(/(?:(?<![\p{L}\p{N}])\.(?=\p{L}))?[\p{L}\p{N}]+(?:[.'’&][\p{L}\p{N}]+)*[+#]*/gu) || []).join(" ");
  const parted = (words) => [...words, ...words.flatMap((word) => word.match(/[\p{L}\p{N}]+/gu) || [])];
  const shards = new Map();
  const shard = async (name) => {
    if (!shards.has(name)) {
      const answer = await fetch(`${home}find/${name}.json`);
      shards.set(name, answer.ok ? await answer.json() : []);
    }
    return shards.get(name);
  };
  const inShards = async (query, limit) => {
    const asked = folded(query).split(" ").filter(Boolean);
    if (!asked.length) return [];
    const longest = asked.reduce((a, b) => (b.length > a.length ? b : a));
    const key = Array.from(longest).slice(0, 3).map((c) => c.codePointAt(0).toString(16)).join("-");
    const rows = await shard(key);
    const whole = asked.join(" ");
    const cut = (word) => word.slice(0, Math.max(4, word.length - 3));
    const fits = (words, query) => query.every((part) => words.some((word) => word.startsWith(part)));
    const found = new Map();
    for (const [parts, factor] of [[asked, 1], [asked.map(cut), 0.6]]) {
      for (const [type, href, label, matched] of rows) {
        const fold = folded(matched || label);
        if (found.has(href) || !fits(parted(fold.split(" ")), parts)) continue;
        const share = Math.min(whole.length, fold.length) / Math.max(whole.length, fold.length);
        const score = (fold === whole ? 1 : 0.3 + 0.45 * share + (fold.startsWith(whole) ? 0.15 : 0)) * factor;
        found.set(href, { type, href, label, found: matched || label, where: "", score });
      }
      if (found.size >= limit) break;
    }
    return [...found.values()].sort((a, b) => b.score - a.score || a.label.length - b.label.length).slice(0, limit);
  };
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
        show(isStatic ? await inShards(query, 10) : await fromServer(query, 10, asking.signal));
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
    inShards(query, 40).then((hits) => {
      const found = document.createElement("ol");
      found.className = "hits";
      found.append(...hits.map((hit) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = home + hit.href;
        link.append(...line(hit));
        item.append(link);
        return item;
      }));
      if (hits.length) results.replaceChildren(found);
    });
  }
})();
