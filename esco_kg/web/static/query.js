// Comfort alone: terms completed while typing, columns sorted on a click, a chart beside two columns of numbers.
"use strict";
(() => {
  const area = document.getElementById("query");
  const select = document.getElementById("example");
  if (select) select.addEventListener("change", () => select.form.requestSubmit());
  if (!area) return;
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form.querySelector("[data-run]").click();
  });

  // Terms: what stands in the hidden list, and the variables of the query; arrows choose, Tab or Enter takes.
  const known = [...document.querySelectorAll("#terms li")].map((item) => item.textContent);
  const offers = document.getElementById("completions");
  let chosen = 0;
  const word = () => /[\w:?$-]*$/.exec(area.value.slice(0, area.selectionStart))[0];
  const close = () => {
    offers.hidden = true;
    area.removeAttribute("aria-activedescendant");
  };
  const mark = () => {
    [...offers.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === chosen)));
    if (offers.children[chosen]) area.setAttribute("aria-activedescendant", offers.children[chosen].id);
  };
  const take = (text) => {
    const end = area.selectionStart;
    area.setRangeText(text, end - word().length, end, "end");
    close();
    area.focus();
  };
  const offer = () => {
    const typed = word();
    if (typed.length < 2) return close();
    const variables = new Set(area.value.match(/[?$]\w+/g) || []);
    variables.delete(typed);
    const low = typed.toLowerCase();
    const fitting = [...variables, ...known]
      .filter((term) => term !== typed && (term.toLowerCase().startsWith(low) || term.toLowerCase().includes(`:${low}`)))
      .slice(0, 8);
    offers.replaceChildren(...fitting.map((term, n) => {
      const item = document.createElement("li");
      item.id = `completion-${n}`;
      item.setAttribute("role", "option");
      item.textContent = term;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(term); });
      return item;
    }));
    chosen = 0;
    offers.hidden = !fitting.length;
    if (fitting.length) mark();
  };
  area.addEventListener("input", offer);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (offers.hidden || event.ctrlKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + offers.children.length) % offers.children.length;
      mark();
    } else if (event.key === "Enter" || event.key === "Tab") {
      take(offers.children[chosen].textContent);
    } else if (event.key === "Escape") {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });

  const table = document.querySelector("#answer table");
  for (const [column, head] of [...(table ? table.tHead.rows[0].cells : [])].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (row) => row.cells[column].textContent.trim();
      const rows = [...table.tBodies[0].rows].sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        const numbers = x !== "" && y !== "" && !Number.isNaN(+x) && !Number.isNaN(+y);
        return (numbers ? x - y : x.localeCompare(y, document.documentElement.lang)) * (down ? -1 : 1);
      });
      table.tBodies[0].append(...rows);
    });
  }
})();
