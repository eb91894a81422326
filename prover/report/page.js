// Filters, order and opening of the tasks. Without it the page shows the same, every task in a row of a plain table.
"use strict";
(() => {
  const table = document.getElementById("task-table");
  if (!table) return;
  document.documentElement.classList.add("js");
  const bodies = [...table.tBodies];
  const controls = document.getElementById("controls");
  const [words, kind, group] = ["words", "kind", "group"].map((id) => document.getElementById(id));
  const shown = document.getElementById("shown");

  const rows = bodies.map((body) => {
    const row = body.rows[0], name = row.cells[0];
    const button = document.createElement("button");
    button.type = "button";
    button.className = "open";
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", body.rows[1].id);
    button.append(...name.childNodes);
    name.append(button);
    const entry = {
      body, button, details: body.rows[1].querySelector("details"),
      text: row.textContent.toLowerCase(), kinds: body.dataset.kinds.split(" "), groups: body.dataset.groups.split("\n"),
      cells: [...row.cells].map((cell) => cell.dataset.order ?? cell.textContent.trim()),
    };
    button.addEventListener("click", () => open(entry, !body.classList.contains("opened")));
    return entry;
  });

  function open(entry, wanted) {
    entry.body.classList.toggle("opened", wanted);
    entry.details.open = wanted;
    entry.button.setAttribute("aria-expanded", String(wanted));
  }

  function filter() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const entry of rows) {
      const fits = (!kind.value || entry.kinds.includes(kind.value)) && (!group?.value || entry.groups.includes(group.value))
        && wanted.every((word) => entry.text.includes(word));
      entry.body.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${rows.length} shown`;
  }

  [...table.tHead.rows[table.tHead.rows.length - 1].cells].forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down === 1 ? "ascending" : "descending");
      const numeric = head.classList.contains("number") || head.hasAttribute("data-numeric");
      const value = (entry) => (entry.cells[place] === "" ? Infinity : Number(entry.cells[place]));
      const compare = numeric
        ? (a, b) => (value(a) === value(b) ? 0 : value(a) < value(b) ? -down : down)
        : (a, b) => down * a.cells[place].localeCompare(b.cells[place], undefined, { numeric: true });
      table.append(...[...rows].sort(compare).map((entry) => entry.body));
    });
  });

  function follow() {
    const entry = rows.find((one) => one.body.id && "#" + one.body.id === location.hash);
    if (!entry) return;
    entry.body.hidden = false;
    open(entry, true);
    entry.body.scrollIntoView();
  }

  for (const control of [words, kind, group]) control?.addEventListener("input", filter);
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", () => rows.forEach((entry) => { if (entry.body.hidden) open(entry, false); }));
  controls.hidden = false;
  filter();
  follow();
})();
