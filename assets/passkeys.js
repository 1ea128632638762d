// Passkeys: forms marked data-passkey ask the device. Everything else on the page works without.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ask = async (path, told) => {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(told),
    });
    const body = answer.status === 204 ? {} : await answer.json();
    if (!answer.ok) throw new Error(body.detail || "");
    return body;
  };
  const listed = (all) => (all || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const plain = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (credential.response[name]) response[name] = text(credential.response[name]);
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  };
  const make = async (told) => {
    const options = await ask("/auth/passkeys/new/challenge", told);
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = listed(options.excludeCredentials);
    const credential = plain(await navigator.credentials.create({ publicKey: options }));
    await ask("/auth/passkeys/new", { credential, name: told.name });
    return `/${told.locale}/account?done=passkey`;
  };
  const use = async (told) => {
    const options = await ask("/auth/passkeys/challenge", {});
    options.challenge = bytes(options.challenge);
    options.allowCredentials = listed(options.allowCredentials);
    const credential = plain(await navigator.credentials.get({ publicKey: options }));
    return (await ask("/auth/passkeys", { credential, next: told.next, locale: told.locale })).next;
  };
  addEventListener("submit", async (event) => {
    const form = event.target;
    const kind = form.dataset && form.dataset.passkey;
    if (!kind) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const problem = form.querySelector("[data-problem]");
    problem.textContent = "";
    try {
      const told = Object.fromEntries(new FormData(form));
      location.assign(await (kind === "new" ? make(told) : use(told)));
    } catch (error) {
      const known = error.name === "Error" && error.message;
      problem.textContent = known || problem.dataset.problem;
    }
  }, true);
})();
