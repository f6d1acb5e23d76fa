// Keys, and nothing lost: what is typed outlives a reload, what is decided outlives a lost connection or server,
// and what the server refused stays in the outbox with the reason until a person decides.
"use strict";
(() => {
  const card = document.getElementById("card");
  const message = document.getElementById("message");
  const outbox = document.getElementById("outbox");
  const prefix = "esco-kg review ";
  const draftKey = `${prefix}draft ${card.dataset.key}`;
  const waitingPrefix = `${prefix}outbox `;
  const ownKey = waitingPrefix + card.dataset.key;
  const fields = () => {
    const found = new URLSearchParams(new FormData(card));
    found.delete("token"); // belongs to the session, not to the decision
    return found;
  };

  const say = (text) => {
    message.textContent = text;
    message.className = text ? "notice" : "";
  };
  // False where the browser keeps nothing: storage is full or switched off.
  const keep = (key, value) => {
    try {
      localStorage.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  };
  const kept = () => Object.keys(localStorage).filter((one) => one.startsWith(waitingPrefix)).sort();
  const read = (text) => {
    try {
      return JSON.parse(text) || {};
    } catch {
      return {}; // not written by this page
    }
  };

  // A draft of this card comes back after a reload.
  const draft = localStorage.getItem(draftKey);
  if (draft) {
    const values = new URLSearchParams(draft);
    for (const name of ["cluster", "reason"]) {
      if (values.has(name)) card.elements[name].value = values.get(name);
    }
    const radio = [...card.querySelectorAll("input[type=radio]")].find((one) => one.value === values.get("decision"));
    if (radio) radio.checked = true;
  }
  card.addEventListener("input", () => keep(draftKey, fields().toString()));

  // Typing a cluster says that the skill belongs there.
  card.elements.cluster.addEventListener("change", () => {
    const chosen = card.querySelector("input[name=decision]:checked");
    if (chosen && ["belongs to", "move to", "also belongs to"].includes(chosen.value)) return;
    const move = card.querySelector('input[value="move to"], input[value="belongs to"]');
    if (card.elements.cluster.value && move) move.checked = true;
  });

  // A decision for a cluster that no card names wants it typed: the browser says so in the reader's language.
  const demand = () => {
    const chosen = card.querySelector("input[name=decision]:checked");
    card.elements.cluster.required = Boolean(chosen) && ["belongs to", "move to", "also belongs to"].includes(chosen.value);
  };
  card.addEventListener("input", demand);
  card.elements.cluster.addEventListener("change", demand);
  demand();

  const post = (address, body) => {
    const signed = new URLSearchParams(body);
    signed.set("token", card.elements.token.value);
    const headers = { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" };
    return fetch(address, { method: "POST", body: signed.toString(), headers });
  };
  // A session ends with the server: the page's new answer brings a new one.
  const renewSession = async () => {
    const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    const found = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("input[name=token]");
    if (found) card.elements.token.value = found.value;
    return Boolean(found);
  };

  // What became of a decision: {next} where it was saved, {refused} with the reason, {lost} where nobody answered.
  const send = async (address, body) => {
    try {
      let answer = await post(address, body);
      if (answer.status === 403 && (await renewSession())) answer = await post(address, body);
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      const told = isJson ? await answer.json() : {};
      if (answer.ok && told.next) return { next: told.next };
      // A proxy's page, a server that is starting or busy: not what the server says to the decision.
      if (answer.ok || answer.status >= 500 || [401, 407, 408, 425, 429].includes(answer.status)) return { lost: true };
      return { refused: told.problem || told.title || `HTTP ${answer.status}` };
    } catch {
      return { lost: true };
    }
  };

  // Send one entry and keep it unless it was saved. An entry that was written again meanwhile is another one.
  const underway = new Set();
  const deliver = async (key, text) => {
    const entry = read(text);
    underway.add(text);
    const told = await send(entry.address, entry.body);
    underway.delete(text);
    if (localStorage.getItem(key) === text) {
      if (told.next) {
        localStorage.removeItem(key);
        localStorage.removeItem(key.replace(waitingPrefix, `${prefix}draft `));
      }
      if (told.refused) keep(key, JSON.stringify({ ...entry, refused: told.refused }));
    }
    show();
    if (told.next && key === ownKey) location.assign(told.next);
    return told;
  };

  const show = () => {
    const refused = kept().map((key) => [key, localStorage.getItem(key)]).filter(([, text]) => read(text).refused);
    const list = outbox.querySelector("ul");
    list.replaceChildren();
    for (const [key, text] of refused) {
      const entry = read(text);
      const item = outbox.querySelector("template").content.cloneNode(true);
      const link = item.querySelector("a");
      link.href = entry.address;
      link.textContent = entry.label;
      const values = new URLSearchParams(entry.body);
      item.querySelector(".decision").textContent = [...new Set([values.get("decision")?.replace("|", " "), values.get("cluster"), values.get("reason")])].filter(Boolean).join(" · ");
      item.querySelector(".why").textContent = entry.refused;
      item.querySelector(".again").addEventListener("click", () => deliver(key, text));
      item.querySelector(".discard").addEventListener("click", () => {
        localStorage.removeItem(key);
        show();
      });
      list.append(item);
    }
    outbox.hidden = refused.length === 0;
  };

  // What nobody answered is sent again, also from another card or after a restart; what was refused waits for a person.
  let isFlushing = false;
  const flush = async () => {
    if (isFlushing) return;
    isFlushing = true;
    for (const key of kept()) {
      const text = localStorage.getItem(key);
      const { address, refused } = read(text);
      if (!address || refused || underway.has(text)) continue;
      if ((await deliver(key, text)).lost) {
        say(card.dataset.lost);
        break;
      }
      if (message.textContent === card.dataset.lost) say("");
    }
    isFlushing = false;
  };

  card.addEventListener("submit", async (event) => {
    event.preventDefault();
    const entry = { address: location.pathname, body: fields().toString(), label: card.dataset.label, at: Date.now() };
    const text = JSON.stringify(entry);
    const isKept = keep(ownKey, text);
    say(isKept ? card.dataset.sending : card.dataset.full);
    const told = await deliver(ownKey, text);
    if (told.refused) say(told.refused);
    if (!told.lost) return;
    say(isKept ? card.dataset.lost : card.dataset.full);
    // The next card was loaded ahead: go on, what was decided is sent later.
    const next = ahead[0];
    if (isKept && next && (await caches.match(new URL(next, location.href).href, { ignoreVary: true }))) location.assign(next);
  });
  const ahead = card.dataset.ahead.split(" ").filter(Boolean);
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register("../../ahead.js").then(async () => {
      const { active } = await navigator.serviceWorker.ready;
      const own = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.href || one.src);
      active.postMessage([...ahead.map((one) => new URL(one, location.href).href), location.href, ...own]);
    }).catch(() => {}); // a browser that keeps nothing still saves
  }

  // What was decided last is taken back: in the outbox where it was not sent yet, else on the server.
  const undo = async () => {
    const waiting = kept().map((key) => [key, read(localStorage.getItem(key))]).filter(([, entry]) => !entry.refused && entry.address)
      .sort((a, b) => (b[1].at || 0) - (a[1].at || 0));
    if (waiting.length) {
      localStorage.removeItem(waiting[0][0]);
      location.assign(waiting[0][1].address);
      return;
    }
    try {
      let answer = await post("undo", "");
      if (answer.status === 403 && (await renewSession())) answer = await post("undo", "");
      if (answer.ok) location.assign(answer.url);
    } catch {
      say(card.dataset.lost);
    }
  };
  document.getElementById("undo")?.addEventListener("submit", (event) => {
    event.preventDefault();
    undo();
  });
  addEventListener("storage", show);
  setInterval(flush, 2000);
  show();
  flush();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") {
      card.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    if (at.tagName === "TEXTAREA" || at.id === "cluster" || at.tagName === "BUTTON") return;
    if (/^[1-9]$/.test(event.key)) {
      const radio = document.getElementById(`o${event.key}`);
      if (radio) {
        radio.checked = true;
        radio.focus();
        card.dispatchEvent(new Event("input"));
      }
    } else if (event.key === "Enter" && at.type === "radio") {
      event.preventDefault();
      card.requestSubmit();
    } else if (event.key === "n" || event.key === "p") {
      document.querySelector(event.key === "n" ? "a[rel=next]" : "a[rel=prev]")?.click();
    } else if (event.key === "u") {
      undo();
    } else if (event.key === "l") {
      document.getElementById("list").click();
    } else if (event.key === "c") {
      event.preventDefault();
      card.elements.cluster.focus();
    } else if (event.key === "r") {
      event.preventDefault();
      card.elements.reason.focus();
    }
  });
})();
