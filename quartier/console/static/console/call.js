// The page of a call: one step of the script at a time, what was heard ticks what it means in the form, and what came of
// the call is kept while it is typed. When somebody else gets the call, the page follows: nothing typed is lost.
import { watch } from "../look/js/autosave.js";
import "./in_view.js";
import * as intake from "./intake.js";
import { keepFocus } from "./swap_keeps.js";

const PHONE = matchMedia("(max-width: 48em)");
const main = document.getElementById("main");
const key = `quartier.step.${location.pathname}`;
const steps = () => [...main.querySelectorAll(".step")];
const links = () => [...main.querySelectorAll("[data-steps] a")];
const standing = () => document.getElementById("line")?.dataset.standing;
const isOver = () => standing() === "wrap_up";
const after = () => main.querySelector("[data-after]");
let at = Number(sessionStorage.getItem(key) ?? 0);
// Where they were when the call went on, or ended: a call that comes back goes on there.
const left = `${key}.left`;

// ---- the script ----

// From the page that says that a request was taken, one comes back to the last sentences.
const address = new URL(location.href);
if (address.searchParams.get("step") === "close") {
  at = main.querySelectorAll(".step:not(#step-after)").length - 1;
  address.searchParams.delete("step");
  history.replaceState(history.state, "", address);
}

// Nothing to go back to from the first step, and nothing after the last: the button rests in its place, and hands the
// focus on to the other.
const bound = (count) => {
  const buttons = [...main.querySelectorAll("[data-step-by]")];
  const isOut = (one) => at + Number(one.dataset.stepBy) < 0 || at + Number(one.dataset.stepBy) >= count;
  const focused = buttons.find((one) => one === document.activeElement);
  for (const one of buttons) one.disabled = isOut(one);
  if (focused?.disabled) buttons.find((one) => !one.disabled)?.focus({ preventScroll: true });
};

const show = (next) => {
  const all = steps();
  const wasInside = all.some((step) => step.contains(document.activeElement));
  const before = at;
  at = Math.min(all.length - 1, Math.max(0, next));
  sessionStorage.setItem(key, at);
  all.forEach((step, place) => (step.hidden = place !== at));
  bound(all.length);
  links().forEach((link, place) => (place === at ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current")));
  const current = links()[at];
  const row = current?.closest("[data-steps]");
  if (row) row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
  const say = all[at]?.querySelector(".say");
  const now = document.querySelector("[data-say-now]");
  now.textContent = say?.textContent ?? "";
  now.lang = say?.lang ?? "";
  now.parentElement.hidden = !say || main.dataset.part !== "intake";
  // Whoever was at the sentence before is at this one; whoever is elsewhere hears it read, and stays.
  if (before !== at && wasInside) focusSay();
  else if (before !== at) {
    const aloud = document.querySelector("[data-say-aloud]");
    aloud.lang = say?.lang ?? "";
    aloud.textContent = say?.textContent ?? "";
  }
};
const showAfter = () => {
  if (at < steps().length - 1) sessionStorage.setItem(left, at);
  part("script");
  show(steps().length - 1);
  // What came of it comes first now; what is to be done in danger is a press away.
  main.toggleAttribute("data-noting", Boolean(after()) && isOver());
  document.querySelector("#line-risk details")?.removeAttribute("open");
  if (isNowhere()) focusSay();
  if (PHONE.matches && isOver()) scrollTo(0, 0);
};

// ---- on a phone the script, the form and the file are shown one after the other ----

const part = (name) => {
  main.dataset.part = name;
  for (const link of document.querySelectorAll(".jump [data-part-link]")) {
    if (link.dataset.partLink === name) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  show(at);
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-steps] a");
  const by = event.target.closest?.("[data-step-by]");
  const heard = event.target.closest?.("[data-heard]");
  const to = event.target.closest?.("[data-part-link]");
  if (to) {
    part(to.dataset.partLink);
    if (PHONE.matches) scrollTo(0, 0);
    else return;
  } else if (link) show(links().indexOf(link));
  else if (by) show(at + Number(by.dataset.stepBy));
  else if (heard?.dataset.heard === "risk") document.getElementById("line-risk-heard")?.click();
  else if (heard) {
    const box = main.querySelector(`#intake [name=kinds][value="${heard.dataset.heard}"]`);
    if (!box) return;
    part("intake");
    if (!box.checked) box.click();
    main.querySelector(`#intake [data-ticks="${box.id}"]`)?.focus();
  } else return;
  event.preventDefault();
});

// ---- what came of the call ----

// Only what belongs to the choice is asked for.
const came = () => {
  const chosen = after()?.querySelector("input[name=after-came]:checked")?.value;
  for (const one of after()?.querySelectorAll("[data-came]") ?? []) one.hidden = one.dataset.came !== chosen;
};
main.addEventListener("change", (event) => event.target.closest("[data-after]") && came());

const TYPED = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest(TYPED)) return;
  if (event.target.closest("#id_kinds") || document.querySelector("dialog[open]")) return;
  const code = after()?.checkVisibility() && after().querySelector(`[data-code-key="${CSS.escape(event.key)}"]`);
  if (!code) return;
  event.preventDefault();
  code.focus();
  code.click();
});

// While the notes are written the digits are theirs: with Alt, none ticks a need in the form beside them.
document.addEventListener(
  "keydown",
  (event) => {
    const at = event.target.closest("#intake") ? null : event.target.closest("#step-after, [data-noting]");
    if (!event.altKey || event.ctrlKey || !at || !/^Digit[1-9]$/.test(event.code)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

const tell = async (event) => {
  const form = event.target.closest("[data-after]");
  if (!form) return;
  const { said, wrong } = await event.detail.clone().json();
  form.querySelector("[data-said]").textContent = said;
  for (const one of form.querySelectorAll("[data-wrong-of]")) {
    one.textContent = wrong[one.dataset.wrongOf] ?? "";
    one.hidden = !one.textContent;
  }
};
main.addEventListener("quartier:saved", tell);
main.addEventListener("quartier:refused", tell);

const wrong = () => {
  const summary = after().querySelector(".oops");
  summary?.focus({ preventScroll: true });
  summary?.scrollIntoView({ block: "center" });
};

// ---- who has the call ----

// The last step has nothing to say: there the step itself is where one goes on, and a digit chooses what came of it.
const focusSay = () => {
  const say = main.querySelector(".step:not([hidden]) .say") ?? main.querySelector(".step:not([hidden])");
  say?.setAttribute("tabindex", "-1");
  say?.focus({ preventScroll: true });
};
const isNowhere = () => {
  const at = document.activeElement;
  return !at || at === document.body || at.id === "line" || !at.checkVisibility();
};
// Whoever has just answered goes on at once, with what to say first: no key that is pressed there ticks anything. Nobody
// who is somewhere already is called away.
const focusFirst = () => {
  const isThisCall = document.getElementById("line")?.dataset.call === document.getElementById("call-owner").dataset.call;
  if (!isNowhere() || standing() !== "in_call" || !isThisCall) return;
  focusSay();
};

// Another choice is offered once the call has gone to a colleague; what is chosen stays chosen.
const renewChoices = (swap) => {
  const chosen = after()?.querySelector("input[name=after-came]:checked")?.value;
  swap("#after-draft");
  swap("#after-promise");
  swap("[data-after] .codes");
  const same = chosen && after()?.querySelector(`input[name=after-came][value="${CSS.escape(chosen)}"]`);
  if (same) same.checked = true;
};

// What is being typed, or played, stays as it is; the rest comes from the page as it is now.
const AGAIN = 4000;
const read = async () => {
  const answer = await fetch(location.href, { redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};
const swapFrom = (fresh) => (selector, keeps = () => false) => {
  const [old, next] = [main.querySelector(selector), fresh.querySelector(`main ${selector}`)];
  if (!old || !next || keeps(old, next)) return;
  keepFocus(`main ${selector}`, () => old.replaceWith(next));
  htmx.process(next);
};
// The page as it is now, once everything typed here is kept: also what was typed while it came. What follows it in the
// same turn loses nothing. `null`: it cannot be kept yet.
const readWhenKept = async () => {
  for (;;) {
    if (!(await intake.flush())) return null;
    const fresh = await read();
    if (intake.isKept()) return fresh;
  }
};
const follow = async () => {
  const fresh = await readWhenKept();
  if (!fresh) {
    setTimeout(look, AGAIN);
    return;
  }
  const swap = swapFrom(fresh);
  const note = after();
  const isAtSay = document.activeElement.matches(".step .say");
  const ready = fresh.querySelector("[data-after] [name=ready]");
  if (note && ready) note.querySelector("[name=ready]").hidden = ready.hidden;
  const had = main.querySelector("#intake");
  swap(".pane.script", () => note);
  if (note) renewChoices(swap);
  swap(".pane.file", (old) => [...old.querySelectorAll("audio")].some((one) => !one.paused));
  swap(".pane.intake", (old, next) => old.id === "intake" && old.dataset.draft === next.dataset.draft);
  swap("#call-owner");
  if (after() && !note) watch(after());
  // What the choice between two texts is sent with: it comes and goes with the form.
  main.querySelector("#resolve")?.remove();
  main.append(...fresh.querySelectorAll("main #resolve"));
  const form = main.querySelector("#intake");
  if (!form) intake.end();
  else if (form === had) intake.renewed();
  else intake.begin(form);
  came();
  if (isOver()) showAfter();
  else show(at);
  if (isAtSay) focusSay();
  else if (form && form !== had) focusFirst();
};

// A colleague who had the call writes on: their note comes by itself, not at each of their words.
const NOTES_PAUSE_MS = 2000;
let notesAt = 0;
const renewNotes = async () => {
  const fresh = await read();
  const swap = swapFrom(fresh);
  swap("#call-notes");
  swap("#after-promise");
  notesAt = Date.now();
};

let following = Promise.resolve();
const look = () => {
  following = following.then(async () => {
    const here = document.getElementById("call-owner");
    const answer = await fetch(here.dataset.address, { redirect: "error" });
    if (!answer.ok) return;
    const { owner, noted } = await answer.json();
    if (owner !== here.dataset.owner) await follow();
    else if (noted !== here.dataset.noted) {
      const wait = notesAt + NOTES_PAUSE_MS - Date.now();
      if (wait > 0) return void setTimeout(look, wait);
      await renewNotes();
      here.dataset.noted = noted;
    }
  }).catch((error) => console.info(`call: ${error.message}`));
};
main.addEventListener("live:changed", (event) => event.target.id === "call-owner" && look());

const showAgain = () => {
  const before = sessionStorage.getItem(left);
  const isThisCall = document.getElementById("line")?.dataset.call === document.getElementById("call-owner").dataset.call;
  if (before === null || standing() !== "in_call" || !isThisCall) return;
  sessionStorage.removeItem(left);
  show(Number(before));
};

let over = isOver();
let stood = standing();
document.addEventListener("htmx:afterSwap", () => {
  // The bar may know of it after the form has come.
  if (standing() !== stood) focusFirst();
  stood = standing();
  if (isOver() && !over) showAfter();
  if (!isOver()) main.removeAttribute("data-noting");
  showAgain();
  over = isOver();
});

came();
part("script");
showAgain();
if (over) showAfter();
else if (after() && "wrong" in after().dataset) show(steps().length - 1);
// What is wrong is seen, below what is kept at the top; it had no place on the screen when the page came.
if (after() && "wrong" in after().dataset) wrong();
focusFirst();
