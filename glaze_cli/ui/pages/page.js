"use strict";
// The table of cells: searched, sorted, shown page by page. Text only ever becomes textContent.
(() => {
  const CELL = 0, STATUS = 2, CONFIDENCE = 4, COST = 7; // places in a line, as in the head of the table
  const byId = (id) => document.getElementById(id);
  const lines = JSON.parse(byId("cells").textContent);
  const order = new Map(lines.map((line, index) => [line, index]));
  const texts = new Map();
  const heads = [...document.querySelectorAll(".receipts thead th")];
  const names = heads.map((head) => head.textContent.trim());
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  let sorted = { column: CELL, down: false };
  let shown = lines;
  let first = 0;

  const size = () => Number(byId("size").value);

  const text = (line) => {
    if (!texts.has(line)) texts.set(line, line.join("\n").toLowerCase().replaceAll("_", " "));
    return texts.get(line);
  };

  const isEmpty = (value) => value === null || value === "";

  const inOrder = (a, b) => {
    const { column, down } = sorted;
    let way = isEmpty(a[column]) - isEmpty(b[column]);
    if (way) return way; // what is empty stands last, whatever the direction
    if (column === CONFIDENCE || column === COST) way = a[column] - b[column];
    else if (column !== CELL) way = compare(a[column], b[column]);
    if (column === CELL || way === 0) way = order.get(a) - order.get(b);
    return down ? -way : way;
  };

  const money = (value) => (value ? "$" + value.toFixed(6).replace(/(\.\d\d\d*?)0+$/, "$1") : "");

  const written = (line, column) => {
    if (column === CONFIDENCE) return line[column] === null ? "" : line[column].toFixed(2);
    if (column === COST) return money(line[column]);
    return column === STATUS ? line[column].replaceAll("_", " ") : line[column];
  };

  const row = (line) => {
    const tr = document.createElement("tr");
    names.forEach((name, column) => {
      const td = document.createElement(column === CELL ? "th" : "td");
      const words = document.createElement("bdi");
      words.textContent = written(line, column);
      if (column === CELL) td.scope = "row";
      if (column === STATUS) td.classList.add("status", line[column].replace(/\W/g, "") || "none");
      if (column === CONFIDENCE || column === COST) td.classList.add("n");
      if (!words.textContent) td.classList.add("empty");
      td.dataset.label = name;
      td.append(words);
      tr.append(td);
    });
    return tr;
  };

  const draw = () => {
    const last = Math.min(first + size(), shown.length);
    byId("rows").replaceChildren(...shown.slice(first, last).map(row));
    const some = shown.length ? `${(first + 1).toLocaleString()} to ${last.toLocaleString()}` : "none";
    byId("where").textContent = `${some} of ${shown.length.toLocaleString()}`;
    byId("back").disabled = first === 0;
    byId("next").disabled = last >= shown.length;
  };

  const choose = () => {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = byId("status").value;
    shown = lines.filter(
      (line) => (!status || line[STATUS] === status) && words.every((word) => text(line).includes(word)),
    );
    if (sorted.column !== CELL || sorted.down) shown.sort(inOrder);
    first = 0;
    draw();
  };

  const turn = (way) => {
    first = Math.max(0, first + way * size());
    draw();
  };

  for (const status of new Set(lines.map((line) => line[STATUS]))) {
    const option = document.createElement("option");
    option.value = status;
    option.textContent = status.replaceAll("_", " ");
    byId("status").append(option);
  }
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      sorted = { column, down: sorted.column === column && !sorted.down };
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      choose();
    });
  });
  byId("search").addEventListener("input", choose);
  byId("status").addEventListener("change", choose);
  byId("size").addEventListener("change", choose);
  byId("back").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  document.querySelectorAll(".controls").forEach((part) => part.removeAttribute("hidden"));
  draw();
})();
