// What is typed is saved a moment later, and the page says so. When another page saved first, both texts are
// shown; signed out, everything stays on the page and is saved after the next sign-in. On the page of a call the form
// comes and goes with the call (`begin`, `end`).
import "./in_view.js";

const WAIT = 600;
const AGAIN = 4000;
let form = null;
let known, state, version;
let timer = 0;
let changes = 0;
let kept = 0; // how many of the changes the server has
let running = null;
let stopped = false;

const tell = (kind, words) => {
  state.lastElementChild.textContent = words;
  state.classList.toggle("tag-done", kind === "saved");
  state.classList.toggle("tag-stop", kind === "bad");
};

// After signing in again in another tab the page needs a new token, but keeps its own words.
const renew = async () => {
  const answer = await fetch(location.href, { redirect: "manual" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("#intake input[name=csrfmiddlewaretoken]")?.value;
  if (!token) return false;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  return true;
};

const post = () =>
  fetch(form.dataset.draft, { method: "POST", body: new FormData(form), redirect: "manual", keepalive: true });

const overtaken = (answer) => {
  stopped = true;
  version.value = answer.version;
  const place = document.getElementById("overtaken");
  place.innerHTML = answer.html;
  place.scrollIntoView({ block: "nearest" });
  tell("bad", form.dataset.unsaved);
};

// True when the server has what is on the page.
const save = async () => {
  clearTimeout(timer);
  if (stopped) return false;
  const sent = changes;
  tell("saving", form.dataset.saving);
  let words = form.dataset.unsaved;
  try {
    let answer = await post();
    if ((answer.type === "opaqueredirect" || answer.status === 403) && (await renew())) answer = await post();
    if (answer.ok) {
      const saved = await answer.json();
      version.value = saved.version;
      kept = sent;
      if (sent === changes) tell("saved", form.dataset.savedAt.replace("{time}", saved.at));
      return true;
    }
    if (answer.status === 409) {
      overtaken(await answer.json());
      return false;
    }
    if (answer.status === 410) {
      location.assign((await answer.json()).sent);
      return false;
    }
    if ([400, 413].includes(answer.status)) words = form.dataset.tooLong;
    if (answer.type === "opaqueredirect" || answer.status === 403) words = form.dataset.signedOut;
  } catch {
    // No network: said below, tried again.
  }
  tell("bad", words);
  timer = setTimeout(run, AGAIN);
  return false;
};
// One at a time, so that a save never overtakes the one before.
const run = () => (running = (running ?? Promise.resolve()).then(save, save));

const changed = () => {
  changes += 1;
  clearTimeout(timer);
  timer = setTimeout(run, WAIT);
};

let asking = 0;
const ask = () => {
  clearTimeout(asking);
  asking = setTimeout(() => known.dispatchEvent(new CustomEvent("beside")), WAIT);
};

// The side is not drawn again while somebody chooses there.
const drawn = (event) => {
  if (event.target !== known) return;
  const hand = known.contains(document.activeElement) && document.activeElement.matches("input, a");
  if (hand || !event.detail.xhr.responseText.includes("<h2>")) event.detail.shouldSwap = false;
};
document.addEventListener("htmx:beforeSwap", drawn);

const fill = (choice) => {
  const { name, language, channel, email, shared } = choice.dataset;
  if (name === undefined) return;
  form.elements.caller_name.value = name;
  form.elements.language.value = language;
  form.elements.channel.value = channel;
  form.elements.email.value = email;
  form.elements.phone_is_shared.checked = shared === "yes";
};

const typed = (event) => {
  const field = event.target;
  if (!form || field.form !== form) return;
  if (field.dataset.ticks && field.value.trim()) document.getElementById(field.dataset.ticks).checked = true;
  if (field.name === "caller" && event.type === "change") fill(field);
  if (field.name === "for_other") other();
  changed();
  if (field.dataset.beside !== undefined || field.name === "for_other") ask();
};
document.addEventListener("input", typed);
document.addEventListener("change", typed);

const other = () => document.getElementById("other").classList.toggle("is-on", form.elements.for_other.checked);

// A digit alone chooses a kind while the focus is among the kinds.
const digit = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.type !== "checkbox") return;
  const box = event.currentTarget.querySelector(`[data-key="${event.key}"]`);
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.click();
};

// Sent only when the server has every word, so that being signed out costs nothing.
let sending = false;
const send = async (event) => {
  if (sending) return;
  event.preventDefault();
  event.stopPropagation();
  clearTimeout(timer);
  if (await run()) {
    sending = true;
    form.requestSubmit();
  }
};
addEventListener("pageshow", () => (sending = false));

// What stands beside the form was drawn anew.
export const renewed = () => {
  known = document.getElementById("known");
};

export const begin = (given) => {
  form = given;
  renewed();
  state = form.querySelector("[data-state]");
  version = form.elements.version;
  clearTimeout(timer);
  [changes, kept, running, stopped, sending] = [0, 0, null, false, false];
  other();
  form.classList.add("is-live");
  form.querySelector("#id_kinds").addEventListener("keydown", digit);
  form.addEventListener("submit", send);
};

export const end = () => {
  clearTimeout(timer);
  form = null;
};

// What is typed and not saved yet is saved now; whoever gets the call next goes on from it. True when nothing is left.
export const flush = async () => !form || kept >= changes || run();

if (document.getElementById("intake")) begin(document.getElementById("intake"));
