// The list in the shop: each tick is sent at once, or kept by the worker until there is a network. Without this file, the
// button under the list sends it.
const form = document.querySelector("form[data-ticks]");
const said = form?.querySelector("[data-said]");
const kept = JSON.parse(document.querySelector("meta[name=quartier-kept]")?.content ?? "null");
const PAUSE = 700; // ms; several ticks in a row are one message

// The page is as it was; what was ticked since then waits to be sent, and is shown all the same.
if (form && kept?.ticks) {
  const ticks = new URLSearchParams(kept.ticks);
  const shown = new Set(ticks.getAll("shown"));
  for (const box of form.querySelectorAll("input[type=checkbox]")) {
    if (shown.has(box.value)) box.checked = ticks.getAll(box.name).includes(box.value);
  }
  for (const box of form.querySelectorAll("input[name^=instead-]")) box.value = ticks.get(box.name) ?? box.value;
  said.textContent = said.dataset.later;
}

if (form && "serviceWorker" in navigator) {
  let timer = 0;
  const send = async () => {
    try {
      const answer = await fetch(location.pathname, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "Quartier-Part": "list" },
        redirect: "manual",
      });
      if (answer.ok) said.textContent = answer.status === 202 ? said.dataset.later : said.dataset.kept;
      else location.reload();
    } catch {
      // No worker, and no network: the button stays.
      form.querySelector("[data-keep]").hidden = false;
    }
  };
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  });
  addEventListener("pagehide", () => timer && send());
  form.querySelector("[data-keep]").hidden = true;
}
