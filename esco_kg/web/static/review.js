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

  // Choosing a cluster in the list says that the skill belongs there.
  card.elements.cluster.addEventListener("change", () => {
    const chosen = card.querySelector("input[name=decision]:checked");
    if (chosen && (chosen.value === "belongs to" || chosen.value === "move to" || chosen.value === "also belongs to")) return;
    const move = card.querySelector('input[value="move to"], input[value="belongs to"]');
    if (card.elements.cluster.value && move) move.checked = true;
  });

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
      if (told.next) localStorage.removeItem(key);
      if (told.refused) keep(key, JSON.stringify({ ...entry, refused: told.refused }));
    }
    show();
    if (told.next && key === ownKey) {
      localStorage.removeItem(draftKey);
      location.assign(told.next);
    }
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
      if (address && !refused && !underway.has(text) && (await deliver(key, text)).lost) break;
    }
    isFlushing = false;
  };

  card.addEventListener("submit", async (event) => {
    event.preventDefault();
    const entry = { address: location.pathname, body: fields().toString(), label: card.dataset.label };
    const text = JSON.stringify(entry);
    const isKept = keep(ownKey, text);
    say(isKept ? card.dataset.sending : card.dataset.full);
    const told = await deliver(ownKey, text);
    if (told.refused) say(told.refused);
    if (told.lost) say(isKept ? card.dataset.lost : card.dataset.full);
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
    if (at.tagName === "TEXTAREA" || at.tagName === "SELECT" || at.tagName === "BUTTON") return;
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
    } else if (event.key === "r") {
      event.preventDefault();
      card.elements.reason.focus();
    }
  });
})();
