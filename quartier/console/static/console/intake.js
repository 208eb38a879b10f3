// What is typed is saved a moment later, and the page says so. When another page saved first, both texts are
// shown; signed out, everything stays on the page and is saved after the next sign-in. On the page of a call the form
// comes and goes with the call (`begin`, `end`).
import { arrives, leaves } from "./draft_reload.js";
import "./in_view.js";
import { clear, mark } from "./wrong_fields.js";

const WAIT = 600;
const AGAIN = 4000;
const SENDING = 30_000; // ms until what was sent counts as lost
let form = null;
let known, state, version;
let timer = 0;
let changes = 0;
let kept = 0; // how many of the changes the server has
// Saves of this page in their order: they may arrive in another one, the last breath before the save that was under way.
const page = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 12)}`;
let revision = 0;
let running = null;
let stopped = false;
let sending = false;

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

const post = (to = form.dataset.draft, more = {}, isLeaving = false) => {
  const body = new FormData(form);
  revision += 1;
  body.set("page", page);
  body.set("revision", revision);
  if (isLeaving) body.set("leaving", "yes");
  return fetch(to, { method: "POST", body, redirect: "manual", ...more });
};
const isRefused = (answer) => answer.type === "opaqueredirect" || answer.status === 403;
// Signed in again elsewhere, it arrives with the second try.
const deliver = async (...given) => {
  const answer = await post(...given);
  return isRefused(answer) && (await renew()) ? post(...given) : answer;
};

const overtaken = (answer) => {
  stopped = true;
  version.value = answer.version;
  const place = document.getElementById("overtaken");
  place.innerHTML = answer.html;
  place.scrollIntoView({ block: "nearest" });
  tell("bad", form.dataset.unsaved);
};

// True when the server has what is on the page. `isLeaving`: the call has gone on, perhaps to somebody whose form this is
// now; it is kept beside their words, or comes too late for that, and is not asked about here any more.
const save = async (isLeaving) => {
  clearTimeout(timer);
  if (stopped || sending) return false;
  const sent = changes;
  tell("saving", form.dataset.saving);
  let words = form.dataset.unsaved;
  try {
    const answer = await deliver(form.dataset.draft, { keepalive: true }, isLeaving);
    if (answer.status === 204 || (isLeaving && answer.status === 404)) {
      kept = sent;
      return true;
    }
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
    if (isRefused(answer)) words = form.dataset.signedOut;
  } catch {
    // No network: said below, tried again.
  }
  tell("bad", words);
  timer = setTimeout(run, AGAIN);
  return false;
};
// One at a time, so that a save never overtakes the one before.
const run = (isLeaving = false) => {
  const next = () => save(isLeaving);
  running = (running ?? Promise.resolve()).then(next, next);
  return running;
};

const changed = () => {
  changes += 1;
  // What was saved is not what stands here now.
  if (!stopped && !sending) tell("saving", form.dataset.saving);
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
  if (field.name === "for_other") {
    // The yes was given to the other sentence.
    form.elements.consent.checked = false;
    other();
  }
  if (field.name === "person_name") consentWords();
  clear(form, field.name === "place_choice" ? "place" : field.name);
  changed();
  if (field.dataset.beside !== undefined || field.name === "for_other") ask();
};
document.addEventListener("input", typed);
document.addEventListener("change", typed);

// What is read out is another sentence when the help is for somebody else, with their name where it is known.
const consentWords = () => {
  const isOther = form.elements.for_other.checked;
  for (const words of form.querySelectorAll("[data-consent]"))
    words.hidden = (words.dataset.consent === "other") !== isOther;
  const words = form.querySelector('[data-consent="other"]');
  const name = form.elements.person_name.value.trim();
  words.textContent = name ? words.dataset.named.replaceAll("{name}", () => name) : words.dataset.unnamed;
};

const other = () => {
  document.getElementById("other").classList.toggle("is-on", form.elements.for_other.checked);
  consentWords();
};

// A digit alone chooses a kind while the focus is among the kinds.
const digit = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.type !== "checkbox") return;
  const box = event.currentTarget.querySelector(`[data-key="${event.key}"]`);
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.click();
};

// ---- sending ----

// It is seen at once that it is being sent, and it is sent once. What is wrong is said on this page; what did not arrive
// stays on it.
const rest = (on) => {
  sending = on;
  for (const button of form.querySelectorAll("[data-send]")) {
    for (const name of ["aria-busy", "aria-disabled"]) {
      if (on) button.setAttribute(name, "true");
      else button.removeAttribute(name);
    }
  }
};
const follow = (address) => {
  // A link, so that a page that holds the phone goes on holding it.
  const link = document.createElement("a");
  link.href = address;
  form.append(link);
  link.click();
  link.remove();
};
const sendNow = async () => {
  if (stopped) return tell("bad", form.dataset.unsaved);
  const sent = changes;
  tell("saving", form.dataset.sending);
  const more = { headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(SENDING) };
  const answer = await deliver(form.getAttribute("action") ?? location.href, more);
  if (isRefused(answer)) return tell("bad", form.dataset.signedOut);
  if ([400, 413].includes(answer.status)) return tell("bad", form.dataset.tooLong);
  if (!answer.ok && ![409, 422].includes(answer.status)) throw new Error(String(answer.status));
  const said = await answer.json();
  if (said.sent) {
    kept = changes;
    return said.sent;
  }
  version.value = said.version;
  kept = sent;
  if (answer.status === 409) overtaken(said);
  else if (said.wrong) {
    tell("bad", form.dataset.wrong);
    mark(form, said.wrong);
  } else return sendNow(); // another page had saved the same
};
const send = async (event) => {
  event.preventDefault();
  event.stopPropagation();
  if (sending) return;
  rest(true);
  tell("saving", form.dataset.sending);
  clearTimeout(timer);
  const here = form;
  try {
    await running;
    clearTimeout(timer);
    const address = await sendNow();
    if (address) return follow(address);
  } catch {
    tell("bad", form.dataset.unsent);
  }
  if (form !== here) return;
  rest(false);
  if (kept < changes) timer = setTimeout(run, AGAIN);
};
addEventListener("pageshow", () => form && rest(false));

// The page goes: what is not saved yet is sent now, and the page that comes next knows of it.
addEventListener("pagehide", () => {
  if (!form || kept >= changes || stopped) return;
  clearTimeout(timer);
  post(form.dataset.draft, { keepalive: true }, true).catch(() => {});
  leaves(form, page, revision);
});

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
  [changes, kept, stopped, sending] = [0, 0, false, false];
  other();
  // Nothing is saved before the page has what the one before has sent.
  running = arrives(given).then((came) => came && form === given && other());
  form.classList.add("is-live");
  form.querySelector("#id_kinds").addEventListener("keydown", digit);
  form.addEventListener("submit", send);
};

export const end = () => {
  clearTimeout(timer);
  form = null;
};

// The call has gone on: what is typed and not saved yet is saved now, and whoever has the call goes on from it, or finds it
// beside what they have typed. True when nothing is left.
export const flush = async () => !form || kept >= changes || run(true);

if (document.getElementById("intake")) begin(document.getElementById("intake"));
