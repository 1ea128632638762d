// Files for the next message: chosen, dropped on the conversation or pasted into the field. They wait
// here until the page has said which conversation they are for, and calls window.agoraAttach.
(() => {
  if (window.agoraAttach) return;
  let waiting = [];
  const begin = () => document.getElementById("attach-begin");
  const take = (files) => {
    if (!files.length || !begin()) return false;
    waiting.push(...files);
    begin().click();
    return true;
  };
  const send = async (path, file) => {
    const form = new FormData();
    form.append("file", file, file.name);
    const locale = document.documentElement.lang;
    let answer;
    try {
      answer = await fetch(path, { method: "POST", body: form, headers: { "accept-language": locale } });
    } catch {
      return document.getElementById("attach-begin").dataset.lost;
    }
    if (answer.ok) return "";
    const told = await answer.json().catch(() => ({}));
    return told.detail || document.getElementById("attach-begin").dataset.lost;
  };
  window.agoraAttach = async (path) => {
    const files = waiting;
    waiting = [];
    const problems = [];
    for (const file of files) {
      const problem = await send(path, file);
      if (problem) problems.push(files.length > 1 ? `${file.name}: ${problem}` : problem);
    }
    return problems.join("\n");
  };
  addEventListener("click", (event) => {
    if (event.target.closest?.("[data-attach]")) document.getElementById("attach")?.click();
  });
  addEventListener("change", (event) => {
    if (event.target.id !== "attach") return;
    take([...event.target.files]);
    // The same file may be chosen again after it was taken back.
    event.target.value = "";
    document.getElementById("message")?.focus();
  });
  addEventListener("paste", (event) => {
    if (event.target.id !== "message") return;
    const files = [...(event.clipboardData?.files || [])];
    // Text that an office program puts beside its picture is what was meant.
    if (files.length && !event.clipboardData.getData("text") && take(files)) event.preventDefault();
  });
  const over = (event, on) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone || !begin() || ![...(event.dataTransfer?.types || [])].includes("Files")) return null;
    event.preventDefault();
    zone.toggleAttribute("data-over", on);
    return zone;
  };
  addEventListener("dragenter", (event) => over(event, true));
  addEventListener("dragover", (event) => over(event, true));
  addEventListener("dragleave", (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (zone && !zone.contains(event.relatedTarget)) zone.removeAttribute("data-over");
  });
  addEventListener("drop", (event) => {
    if (over(event, false)) take([...event.dataTransfer.files]);
  });
})();
