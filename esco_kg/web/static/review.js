// Keys, and nothing lost: what is typed outlives a reload, what is decided outlives a lost connection or server.
"use strict";
(() => {
  const card = document.getElementById("card");
  const message = document.getElementById("message");
  const prefix = "esco-kg review ";
  const draftKey = `${prefix}draft ${card.dataset.key}`;
  const pendingPrefix = `${prefix}pending `;
  const fields = () => new URLSearchParams(new FormData(card));

  const say = (text) => {
    message.textContent = text;
    message.className = text ? "notice" : "";
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
  card.addEventListener("input", () => localStorage.setItem(draftKey, fields().toString()));

  // Choosing a cluster in the list says that the skill belongs there.
  card.elements.cluster.addEventListener("change", () => {
    const chosen = card.querySelector("input[name=decision]:checked");
    if (chosen && (chosen.value === "belongs to" || chosen.value === "move to" || chosen.value === "also belongs to")) return;
    const move = card.querySelector('input[value="move to"], input[value="belongs to"]');
    if (card.elements.cluster.value && move) move.checked = true;
  });

  const send = (address, body) =>
    fetch(address, { method: "POST", body, headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" } });

  // What could not be sent is kept by its address and sent again, also from another card or after a restart.
  const flush = async () => {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(pendingPrefix)).sort()) {
      try {
        const answer = await send(key.slice(pendingPrefix.length), localStorage.getItem(key));
        if (answer.ok || [404, 409, 422].includes(answer.status)) localStorage.removeItem(key);
        if (answer.ok && key === pendingPrefix + location.pathname) {
          localStorage.removeItem(draftKey);
          location.assign((await answer.json()).next);
        }
      } catch {
        return;
      }
    }
  };

  card.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = fields().toString();
    const key = pendingPrefix + location.pathname;
    localStorage.setItem(key, body);
    say(card.dataset.sending);
    try {
      const answer = await send(location.pathname, body);
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      const told = await answer.json();
      localStorage.removeItem(key);
      if (told.problem) {
        say(told.problem);
        return;
      }
      localStorage.removeItem(draftKey);
      location.assign(told.next);
    } catch {
      say(card.dataset.lost);
    }
  });
  setInterval(flush, 2000);
  flush();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") {
      card.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    if (at.tagName === "TEXTAREA" || at.tagName === "SELECT") return;
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
