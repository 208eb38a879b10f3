// <form data-autosave="/address"> is sent there a moment after each change, until the server has it.
// [data-saved] in the form says how it stands; nothing typed is ever lost from the page. What the server refuses for good
// (409) is the page's business: `quartier:refused`. Saves may arrive in another order than they were sent, the last breath
// of a page before the save that was under way: each says `page` and `revision`, so that the server keeps the newest.
import { clockTime, now, say } from "./words.js";

const WAIT = 700;
const AGAIN = 4000;
const page = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 12)}`;
let revision = 0;

const tell = (form, state) => {
  const label = form.querySelector("[data-saved]");
  if (!label) return;
  label.textContent = say(state, { time: clockTime(now()) });
  label.classList.toggle("tag-done", state === "saved");
  label.classList.toggle("tag-stop", state === "unsaved");
};

export const watch = (form) => {
  let timer = 0;
  let version = 0;
  const save = async () => {
    clearTimeout(timer);
    timer = 0;
    const sent = version;
    tell(form, "saving");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "fetch" },
        keepalive: true,
        redirect: "error",
      });
      if (answer.status === 409) {
        form.dispatchEvent(new CustomEvent("quartier:refused", { bubbles: true, detail: answer }));
        form.querySelector("[data-saved]")?.replaceChildren();
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      form.dispatchEvent(new CustomEvent("quartier:saved", { bubbles: true, detail: answer }));
      if (sent === version) tell(form, "saved");
    } catch {
      tell(form, "unsaved");
      clearTimeout(timer);
      timer = setTimeout(save, AGAIN);
    }
  };
  const changed = () => {
    version += 1;
    tell(form, "saving");
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  };
  form.addEventListener("formdata", ({ formData }) => {
    revision += 1;
    formData.set("page", page);
    formData.set("revision", revision);
  });
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = 0;
  });
  // The page goes: what is not sent yet is sent with its last breath, also while a save is under way. A telephone puts a
  // page away without another word.
  const breathe = () => timer && save();
  addEventListener("pagehide", breathe);
  document.addEventListener("visibilitychange", () => document.hidden && breathe());
};

document.querySelectorAll("form[data-autosave]").forEach(watch);
