// Passkeys: <button data-passkey="enter" data-begin="…" data-finish="…"> signs in; data-passkey="add" adds one.
// Without WebAuthn the button stays hidden and the code by mail or text does it all.
const able =
  globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON && globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON;

const post = async (address, body) => {
  const answer = await fetch(address, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
    },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
};

const run = async (button) => {
  const { begin, finish, passkey } = button.dataset;
  const { publicKey } = await post(begin, {});
  if (passkey === "add") {
    const made = await navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey),
    });
    await post(finish, made.toJSON());
    location.reload();
    return;
  }
  const given = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey),
  });
  const { next } = await post(finish, { ...given.toJSON(), next: button.dataset.next ?? "" });
  location.assign(next);
};

for (const button of document.querySelectorAll("button[data-passkey]")) {
  if (!able) continue;
  const said = document.getElementById(button.getAttribute("aria-describedby"));
  (button.closest("[hidden]") ?? button).hidden = false;
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      await run(button);
    } catch (error) {
      // Whoever closes the browser's own dialog knows why nothing happens.
      if (said && error.name !== "NotAllowedError") said.textContent = error.message;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
