// Photos for a listing, sent one after the other with their progress. Without this the browser sends
// the form itself. What is wrong with a file waits here until the page asks by window.agoraPhotos.
(() => {
  if (window.agoraPhotos) return;
  let problems = [];
  let busy = false;
  const lost = () => document.getElementById("photos-arrived")?.dataset.lost || "";
  window.agoraPhotos = () => {
    const told = JSON.stringify(problems);
    problems = [];
    return told;
  };
  const send = (address, file, moved) =>
    new Promise((done) => {
      const body = new FormData();
      body.append("files", file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.setRequestHeader("accept", "application/json");
      request.setRequestHeader("accept-language", document.documentElement.lang);
      request.responseType = "json";
      request.upload.onprogress = (event) => moved(event.loaded / event.total);
      request.onerror = () => done([`${file.name}: ${lost()}`]);
      request.onload = () => {
        const told = request.response || {};
        done(told.problems || [`${file.name}: ${told.detail || lost()}`]);
      };
      request.send(body);
    });
  const take = async (form) => {
    const field = form.elements.files;
    const files = [...field.files];
    if (busy || !files.length) return;
    busy = true;
    const bar = form.querySelector("progress");
    bar.hidden = false;
    bar.max = files.length;
    for (const [place, file] of files.entries()) {
      problems.push(...(await send(form.action, file, (part) => (bar.value = place + part))));
    }
    bar.hidden = true;
    // The same file may be chosen again.
    field.value = "";
    busy = false;
    document.getElementById("photos-arrived")?.click();
  };
  addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-photos]");
    if (form && event.target.type === "file") take(form);
  });
  addEventListener("submit", (event) => {
    if (!event.target.matches?.("form[data-photos]")) return;
    event.preventDefault();
    take(event.target);
  });
})();
