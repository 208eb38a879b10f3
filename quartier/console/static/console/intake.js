// What is typed is saved a moment later, and the page says so. When another page saved first, both texts are
// shown, and what is typed on is kept beside the other's words until one of both is chosen; signed out, everything stays
// on the page and is saved after the next sign-in. On the page of a call the form comes and goes with the call (`begin`,
// `end`).
import { arrives, isTouched, leaves } from "./draft_reload.js";
import { notUnder } from "./in_view.js";
import "./place_keys.js";
import { keepFocus } from "./swap_keeps.js";
import { clear, mark } from "./wrong_fields.js";

const WAIT = 600;
const AGAIN = 4000;
const SENDING = 30_000; // ms until what was sent counts as lost
let [form, known, state, version] = [null];
let [timer, changes] = [0, 0];
let kept = 0; // how many of the changes the server has
// Saves of this page in their order: they may arrive in another one, the last breath before the save that was under way.
const page = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 12)}`;
let revision = 0;
let running = null;
let isBeside = false; // another page saved first: what is typed here is kept beside its words
let mustChoose = false; // both texts are shown, and nothing is sent before one is chosen
let isElsewhere = false; // sent without what was typed here last, which nothing keeps any more
let isUntold = false; // kept beside without an answer that says so
let tried = -1; // how many of the changes were sent as a request, whether or not the answer came
let sending = false;
let isLater = false; // "Finish later": a colleague may go on with it from now
let dangerSaid = ""; // what was answered about words of danger, for what is being sent

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
  if (dangerSaid) body.set("danger", dangerSaid);
  if (isLater) body.set("later", "yes");
  return fetch(to, { method: "POST", body, redirect: "manual", ...more });
};
const isRefused = (answer) => answer.type === "opaqueredirect" || answer.status === 403;
// Signed in again elsewhere, it arrives with the second try.
const deliver = async (...given) => {
  const answer = await post(...given);
  return isRefused(answer) && (await renew()) ? post(...given) : answer;
};

const timed = (words, at) => words.replace("{time}", at);
// The server has what was sent, here or beside. Of a page whose words are beside the version stays the old one: it never
// takes the place of the words that were saved first.
const showBoth = ({ html, version: newest, is_saved: isSaved }) => {
  isBeside = !isSaved;
  if (isSaved) version.value = newest;
  const place = document.getElementById("overtaken");
  const wasEmpty = !place.querySelector("button");
  keepFocus("#overtaken", () => (place.innerHTML = html));
  mustChoose = Boolean(place.querySelector("button"));
  if (mustChoose && wasEmpty) place.scrollIntoView({ block: "nearest" });
};

// Words of danger in what was typed are pointed out at the foot, and not again with each letter; the field in which one
// types stays in sight. Sent, it is asked about, once for each time.
const showDanger = (html, asks = false) => {
  const place = document.getElementById("typed-danger");
  if (!asks && Boolean(html) === (place.childElementCount > 0)) return;
  place.innerHTML = html;
  htmx.process(place);
  if (asks) place.querySelector("[data-asks]").focus();
  else notUnder(place);
};

// It was sent, and what was typed here since is not in it.
const sentWithout = (address) => {
  isElsewhere = true;
  const place = document.getElementById("overtaken");
  place.replaceChildren(form.querySelector("[data-elsewhere]").content.cloneNode(true));
  place.querySelector("a").href = address;
  place.scrollIntoView({ block: "nearest" });
  tell("bad", form.dataset.onlyHere);
};

// True when the server has what is on the page. `isLeaving`: the call has gone on, perhaps to somebody whose form this is
// now; it is kept beside their words, or comes too late for that, and is not asked about here any more.
const save = async (isLeaving) => {
  clearTimeout(timer);
  if (isElsewhere || sending || !form) return false;
  const here = form;
  const sent = changes;
  tell("saving", form.dataset.saving);
  let words = form.dataset.unsaved;
  try {
    const answer = await deliver(form.dataset.draft, { keepalive: true }, isLeaving);
    if (form !== here) return false;
    if (answer.status === 204 || (isLeaving && answer.status === 404)) {
      isUntold = true;
      kept = sent;
      return true;
    }
    if (answer.ok || answer.status === 409) {
      const saved = await answer.json();
      kept = sent;
      if ("html" in saved) showBoth(saved);
      else version.value = saved.version;
      if ("danger" in saved) showDanger(saved.danger);
      if (sent !== changes) return true;
      if (isBeside) tell("bad", timed(form.dataset.beside, saved.at));
      else tell("saved", timed(form.dataset.savedAt, saved.at));
      return true;
    }
    if (answer.status === 410) {
      const { sent: address } = await answer.json();
      if (tried === changes) location.assign(address);
      else sentWithout(address);
      return false;
    }
    if ([400, 413].includes(answer.status)) words = form.dataset.tooLong;
    if (isRefused(answer)) words = form.dataset.signedOut;
    if (answer.status === 404) words = form.dataset.taken;
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
  if (isElsewhere) return;
  // What was saved is not what stands here now.
  if (!sending) tell("saving", form.dataset.saving);
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
  // The way that they chose is not there now: whoever is on the phone says another one, and until then they are called.
  if (form.elements.channel.selectedIndex < 0) form.elements.channel.value = "call";
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
// Alt and a digit tick a kind and lead to what exactly is needed, or untick it and lead to the tick; a mouse leads nowhere.
const detailed = (event) => {
  const box = event.target.closest?.("[data-key]");
  if (!box || !form?.contains(box) || event.detail > 0 || document.activeElement === box) return;
  (box.checked ? document.querySelector(`[data-ticks="${box.id}"]`) : box)?.focus();
};
document.addEventListener("click", detailed);
document.addEventListener("input", typed);
document.addEventListener("change", typed);

// What is read out is another sentence when the help is for somebody else, with their name where it is known.
const consentWords = () => {
  const isOther = form.elements.for_other.checked;
  for (const words of form.querySelectorAll("[data-consent]"))
    words.hidden = (words.dataset.consent === "other") !== isOther;
  const name = form.elements.person_name.value.trim();
  for (const words of form.querySelectorAll('[data-consent="other"]'))
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
  if (isElsewhere) return tell("bad", form.dataset.onlyHere);
  if (mustChoose) return tell("bad", form.dataset.choose);
  const sent = changes;
  const isAgain = tried === sent;
  tried = sent;
  tell("saving", form.dataset.sending);
  const more = { headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(SENDING) };
  const answer = await deliver(form.getAttribute("action") ?? location.href, more);
  if (isRefused(answer)) return tell("bad", form.dataset.signedOut);
  if ([400, 413].includes(answer.status)) return tell("bad", form.dataset.tooLong);
  if (answer.status === 404) return tell("bad", form.dataset.taken);
  if (!answer.ok && ![409, 422].includes(answer.status)) throw new Error(String(answer.status));
  const said = await answer.json();
  if (said.sent) {
    if (said.before && !isAgain && kept < changes) return sentWithout(said.sent);
    kept = changes;
    return said.sent;
  }
  if (!("html" in said)) version.value = said.version;
  kept = sent;
  if ("html" in said) showBoth(said);
  if (answer.status === 409) tell("bad", form.dataset.choose);
  else if (said.danger) {
    tell("bad", form.dataset.asks);
    showDanger(said.danger, true);
  } else if (said.wrong) {
    tell("bad", form.dataset.wrong);
    mark(form, said.wrong);
  } else return sendNow(); // another page had saved the same
};
// What cannot be saved stays on the page.
const leaveIt = async (address) => {
  isLater = true;
  try {
    if (isElsewhere || (await run())) follow(address);
  } finally {
    isLater = false;
  }
};
const send = async (event) => {
  event.preventDefault();
  event.stopPropagation();
  if (sending) return;
  if (event.submitter?.name === "later") return leaveIt(event.submitter.dataset.to);
  dangerSaid = event.submitter?.name === "danger" ? event.submitter.value : "";
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
  dangerSaid = "";
  if (form !== here) return;
  rest(false);
  if (kept < changes) timer = setTimeout(run, AGAIN);
};
addEventListener("pageshow", () => form && rest(false));

// The page goes: what is not saved yet is sent now, and the page that comes next knows of it. It knows of what was saved
// too: it may have been drawn before that was there.
addEventListener("pagehide", () => {
  if (!form || !changes || isElsewhere) return;
  clearTimeout(timer);
  if (kept < changes) post(form.dataset.draft, { keepalive: true }, true).catch(() => {});
  leaves(form, page, revision, isBeside);
});

// ---- one of both texts is chosen ----

// What was typed until then is kept first. Only what was on the page when it was pressed counts as shown.
const choose = async (event) => {
  const choice = event.target;
  if (choice.id !== "resolve" || !form || kept >= changes) return;
  event.preventDefault();
  const { value } = event.submitter;
  const shown = document.querySelector("#overtaken [name=shown]").value;
  await run();
  const button = document.querySelector(`#overtaken button[value="${value}"]`);
  if (kept < changes || !button) return;
  document.querySelector("#overtaken [name=shown]").value = shown;
  choice.requestSubmit(button);
};
// Before anybody else hears of it: it is sent a moment later.
document.addEventListener("submit", choose, true);

// What stands beside the form was drawn anew, and the form stays.
export const renewed = () => {
  known = document.getElementById("known");
  if (isUntold) changed();
  isUntold = false;
};

// What was typed or ticked before this script was there, on a slow line or a slow machine: heard now as if it had been.
const hearTheEarly = () => {
  for (const field of form.querySelectorAll("input[name], select[name], textarea[name]"))
    if (isTouched(field)) field.dispatchEvent(new Event("input", { bubbles: true }));
};

export const begin = (given) => {
  form = given;
  isUntold = false;
  renewed();
  state = form.querySelector("[data-state]");
  version = form.elements.version;
  clearTimeout(timer);
  [changes, kept, tried] = [0, 0, -1];
  isBeside = mustChoose = isElsewhere = sending = false;
  other();
  // Nothing is saved before the page has what the one before has sent.
  running = arrives(given).then((came) => came && form === given && other());
  form.classList.add("is-live");
  form.querySelector("#id_kinds").addEventListener("keydown", digit);
  form.addEventListener("submit", send);
  hearTheEarly();
};

export const end = () => {
  clearTimeout(timer);
  form = null;
};

// The call has gone on: what is typed and not saved yet is saved now, and whoever has the call goes on from it, or finds it
// beside what they have typed. True when nothing is left.
export const isKept = () => !form || kept >= changes;
export const flush = async () => isKept() || run(true);

// After the number one types at once, while the caller speaks: the name, or what is needed of somebody known.
const startTyping = () => {
  const name = form.elements.caller_name;
  if (document.activeElement !== document.body || location.hash) return;
  (name.value ? document.getElementById("id_kinds_0") : name).focus({ preventScroll: true });
};

if (document.getElementById("intake")) {
  begin(document.getElementById("intake"));
  // The page of a call says for itself where one goes on.
  if (!document.getElementById("call-owner")) startTyping();
}
