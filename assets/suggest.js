// Suggestions under a search field: a list that the arrows go through while the focus stays.
(() => {
  const known = new Map();
  let waiting = 0;
  const fields = "input[data-script='/suggest.js']";
  const listOf = (field) => document.getElementById(`${field.id}-list`);
  const prepare = (field) => {
    if (listOf(field)) return;
    const list = document.createElement("ul");
    Object.assign(list, { id: `${field.id}-list`, className: "suggestions", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
    // At the end of the page, where what wakes the page looks for nothing of its own.
    document.body.append(list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    })) field.setAttribute(name, value);
  };
  const place = (field) => {
    const at = field.getBoundingClientRect(), { style } = listOf(field);
    style.top = `${at.bottom + scrollY + 6}px`;
    style.left = `${at.left + scrollX}px`;
    style.width = `${at.width}px`;
  };
  const close = (field) => {
    const list = listOf(field);
    if (!list) return;
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (field, line) => {
    for (const other of listOf(field).children) {
      other.setAttribute("aria-selected", String(other === line));
    }
    if (line) {
      field.setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };
  const show = (field, found) => {
    const list = listOf(field);
    list.replaceChildren(...found.map((one, number) => {
      const line = document.createElement("li"), text = document.createElement("bdi");
      line.id = `${list.id}-${number}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.dataset.url = one.url;
      line.dataset.kind = one.kind;
      text.textContent = one.text;
      line.append(text);
      if (one.note) {
        const note = document.createElement("small");
        note.textContent = one.note;
        line.append(" ", note);
      }
      return line;
    }));
    list.hidden = found.length === 0;
    place(field);
    field.setAttribute("aria-expanded", String(found.length > 0));
    field.removeAttribute("aria-activedescendant");
  };
  const suggested = async (typed) => {
    if (!known.has(typed)) {
      const asked = new URLSearchParams({ q: typed, locale: document.documentElement.lang });
      const answer = await fetch(`/api/v1/search/suggestions?${asked}`);
      known.set(typed, answer.ok ? (await answer.json()).suggestions : []);
    }
    return known.get(typed);
  };
  const look = async (field) => {
    const typed = field.value.trim();
    try {
      const found = await suggested(typed);
      // Whoever types on, or has left the field, is shown nothing of before.
      if (field.value.trim() === typed && document.activeElement === field) show(field, found);
    } catch {
      close(field); // Without a network the form still searches when there is one.
    }
  };
  const typing = ({ target: field }) => {
    if (!field.matches?.(fields)) return;
    prepare(field);
    clearTimeout(waiting);
    if (field.value.trim().length < 2) return close(field);
    waiting = setTimeout(look, 90, field);
  };
  addEventListener("input", typing);
  addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.(fields) || event.isComposing) return;
    const list = listOf(field);
    if (!list || list.hidden) return;
    const lines = [...list.children], open = lines.findIndex((one) => one.ariaSelected === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      // One step beyond either end is the field itself, with what was typed.
      const step = event.key === "ArrowDown" ? 1 : -1, count = lines.length + 1;
      choose(field, lines[(open + 1 + step + count) % count - 1]);
    } else if (event.key === "Enter" && open >= 0) {
      event.preventDefault();
      location.assign(lines[open].dataset.url);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close(field);
    }
  });
  // The focus stays in the field, which a press elsewhere would take away before the click.
  addEventListener("pointerdown", (event) => {
    if (event.target.closest?.(".suggestions")) event.preventDefault();
  });
  addEventListener("click", (event) => {
    const line = event.target.closest?.(".suggestions > li");
    if (line) location.assign(line.dataset.url);
  });
  addEventListener("focusout", (event) => {
    if (event.target.matches?.(fields)) close(event.target);
  });
  for (const moved of ["scroll", "resize"]) {
    addEventListener(moved, () => {
      const field = document.activeElement;
      if (field?.matches?.(fields) && listOf(field)) place(field);
    }, { passive: true });
  }
  const begun = document.activeElement;
  if (begun?.matches?.(fields)) typing({ target: begun });
})();
