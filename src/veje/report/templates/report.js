"use strict";
(() => {
  const html = document.documentElement, words = document.body.dataset;
  const collator = new Intl.Collator(html.lang, { numeric: true, sensitivity: "base" });
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

  /* A number as the page's language writes it; "<0.05" sorts just below 0.05. */
  function number(text) {
    const plain = html.lang === "da" ? text.replace(/\./g, "").replace(",", ".") : text.replace(/,/g, "");
    return plain.startsWith("<") ? Number(plain.slice(1)) * 0.999 : Number(plain);
  }

  /* What a cell is sorted by: numbers before texts; a withheld or absent cell has no place among them. */
  function sortKey(cell) {
    const text = cell.textContent.trim();
    if (cell.matches(".withheld, .absent")) return { rank: 2 };
    if (cell.matches(".number")) return { rank: 0, value: number(text) };
    return { rank: 1, text };
  }

  function compare(a, b, sign) {
    if (a.rank === 2 || b.rank === 2) return a.rank - b.rank;
    if (a.rank !== b.rank) return sign * (a.rank - b.rank);
    return sign * (a.rank === 0 ? a.value - b.value : collator.compare(a.text, b.text));
  }

  /* Sort the rows of each group; heads of groups and totals keep their places. */
  function sortBody(body, delivered, column, sign) {
    const movable = delivered.filter((row) => !row.matches(".group, .strong"));
    if (sign) {
      const keys = new Map(movable.map((row) => [row, sortKey(row.cells[column])]));
      movable.sort((a, b) => compare(keys.get(a), keys.get(b), sign));
    }
    body.append(...delivered.map((row) => (row.matches(".group, .strong") ? row : movable.shift())));
  }

  function sortable(table) {
    const bodies = [...table.tBodies].map((body) => [body, [...body.rows]]);
    const heads = [...table.tHead.rows[0].cells];
    const steps = { none: "ascending", ascending: "descending", descending: "none" };
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.ariaSort = "none";
      button.addEventListener("click", () => {
        const next = steps[head.ariaSort];
        heads.forEach((other) => { other.ariaSort = "none"; });
        head.ariaSort = next;
        const sign = { none: 0, ascending: 1, descending: -1 }[next];
        bodies.forEach(([body, delivered]) => sortBody(body, delivered, column, sign));
      });
    });
  }

  /* A field above a long table that keeps the rows which hold every word of it; a group's name counts too. */
  function filterable(table) {
    const line = document.createElement("p"), label = document.createElement("label");
    const field = document.createElement("input"), shown = document.createElement("output");
    line.className = "filter";
    field.type = "search";
    label.append(words.filter, " ", field);
    line.append(label, " ", shown);
    table.closest(".scroll").before(line);
    field.addEventListener("input", () => {
      const wanted = field.value.toLocaleLowerCase(html.lang).split(/\s+/).filter(Boolean);
      const rows = [...table.tBodies].flatMap((body) => filterBody(body, wanted));
      const kept = rows.filter((row) => !row.hidden).length;
      line.classList.toggle("on", wanted.length > 0);
      shown.textContent = wanted.length ? words.shown.replace("{shown}", kept).replace("{all}", rows.length) : "";
    });
  }

  function filterBody(body, wanted) {
    const rows = [...body.rows].filter((row) => !row.matches(".group"));
    const group = body.querySelector(".group")?.textContent ?? "";
    rows.forEach((row) => {
      const text = `${group} ${row.textContent}`.toLocaleLowerCase(html.lang);
      row.hidden = !wanted.every((word) => text.includes(word));
    });
    body.hidden = rows.every((row) => row.hidden);
    return rows;
  }

  /* A box is a stop for the keyboard only while there is something in it to scroll to. */
  function stops(boxes) {
    const seen = new ResizeObserver((entries) => entries.forEach(({ target }) => {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }));
    boxes.forEach((box) => seen.observe(box));
  }

  /* The link to the other language leads to the section that is being read. */
  function reading() {
    const seen = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
      if (!isIntersecting) return;
      each("nav a[aria-current]", (link) => link.removeAttribute("aria-current"));
      each(`nav a[href="#${target.id}"]`, (link) => link.setAttribute("aria-current", "true"));
      each("a[hreflang]", (link) => { link.hash = target.id; });
    }), { rootMargin: "-15% 0px -80% 0px" });
    each(".part > section", (section) => seen.observe(section));
  }

  function printing() {
    const folded = [];
    addEventListener("beforeprint", () => each("details:not([open])", (one) => {
      one.open = true;
      folded.push(one);
    }));
    addEventListener("afterprint", () => folded.splice(0).forEach((one) => { one.open = false; }));
  }

  each("table.sortable", sortable);
  each("table.filterable", filterable);
  stops(document.querySelectorAll(".scroll"));
  reading();
  printing();
})();
