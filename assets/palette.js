// The command palette: which lines fit the letters, which one is chosen, and where the focus goes.
(() => {
  if (window.agoraPalette) return;
  window.agoraPalette = true;
  const at = (id) => document.getElementById(id);
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  const shown = () => [...at("palette-list").children].filter((line) => !line.hidden);
  const choose = (line) => {
    for (const other of at("palette-list").children) {
      other.setAttribute("aria-selected", String(other === line));
    }
    at("palette-words").setAttribute("aria-activedescendant", line?.id || "");
    line?.scrollIntoView({ block: "nearest" });
  };
  const chosen = () => shown().find((line) => line.getAttribute("aria-selected") === "true");
  const find = () => {
    const words = plain(at("palette-words").value).split(/\s+/).filter(Boolean);
    for (const line of at("palette-list").children) {
      const text = plain(line.textContent);
      line.hidden = !words.every((word) => text.includes(word));
    }
    const fits = shown();
    at("palette-nothing").hidden = fits.length > 0;
    choose(fits[0]);
  };
  const open = () => {
    at("palette-words").value = "";
    find();
    at("palette").showModal();
    at("palette-words").focus();
  };
  addEventListener("keydown", (event) => {
    const palette = at("palette");
    if (!palette) return;
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      if (palette.open) palette.close();
      else if (!document.querySelector("dialog[open]")) open();
      return;
    }
    // While letters are being put together into a word, Enter and the arrows belong to that.
    if (!palette.open || event.isComposing) return;
    // A search field takes Escape for itself, to be emptied.
    if (event.key === "Escape") return palette.close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const lines = shown();
      choose(lines.at((lines.indexOf(chosen()) + step) % lines.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      chosen()?.click();
    }
  });
  addEventListener("input", (event) => {
    if (event.target.id === "palette-words") find();
  });
  addEventListener("click", (event) => {
    if (event.target.closest?.("[data-palette]")) open();
    // Beside the dialog is the dialog itself, seen from its backdrop.
    if (event.target.id === "palette") event.target.close();
    const line = event.target.closest?.("#palette-list > [role=option]");
    if (!line) return;
    at("palette").close();
    if (line.dataset.reach) at(line.dataset.reach)?.focus();
  });
})();
