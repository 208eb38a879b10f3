// The bar of the line on every page of the console. One page of this browser holds the phone, the others see what
// it does; the bar itself is drawn by the server, and comes again whenever something has changed.
import { look, renew, watch } from "./bar_follows.js";
import * as callerPage from "./caller_page.js";
import { showTroubles } from "./device_troubles.js";
import * as headset from "./headset_test.js";
import * as keypad from "./keypad.js";
import { showQuality } from "./quality_lamp.js";
import * as ring from "./ring.js";
import * as notice from "./ring_notice.js";
import "./risk_panel.js";
import * as shell from "./shell.js";

const LOCK = "quartier-phone";
const channel = new BroadcastChannel(LOCK);
const bar = () => document.getElementById("line");
const words = () => bar()?.dataset ?? {};
// Sentences and an address that this page came with, also when another page is shown in its frame.
const given = { ...document.getElementById("line-words")?.dataset };

let phone = null; // the phone itself, in the page that holds it
let seen = { line: "off", talk: "", call: "", muted: false, trouble: "", keys: "", keysRefused: false, quality: null };
let holding = null;
let drift = 0;
let isQuiet = false; // what rings now was declined
let early = null; // a call that was answered here before this browser was rung for it
let isMore = false; // what can be done with a call is unfolded, on a phone

const send = (message) => {
  channel.postMessage(message);
  receive(message);
};

// What the bar cannot know from the server: whether the phone is there, rings, is muted, and what is wrong with it.
const show = () => {
  const here = bar();
  document.documentElement.dataset.phone = seen.talk || seen.line;
  if (!here) return;
  here.toggleAttribute("data-more", isMore);
  here.querySelector("#line-more")?.setAttribute("aria-expanded", String(isMore));
  const state = here.querySelector("[data-phone-state]");
  if (state) {
    const ready = phone || shell.isFramed() ? words().ready : given.otherTab;
    const said = { ready, connecting: words().connecting }[seen.line] ?? words().nowhere;
    if (state.textContent !== said) state.textContent = said;
    if ("unlessReady" in state.dataset) state.hidden = seen.line === "ready";
  }
  showTroubles(here, seen.trouble);
  // Another microphone that fails leaves the one in use; a call that does not come back here is heard by nobody.
  const isUnheard = seen.voiceless || !seen.talk;
  for (const one of here.querySelectorAll("[data-if-unheard]")) one.hidden = !isUnheard;
  for (const one of here.querySelectorAll("[data-phone-do=mute]")) one.setAttribute("aria-pressed", String(seen.muted));
  for (const one of here.querySelectorAll("[data-if-muted]")) one.hidden = !seen.muted;
  for (const one of here.querySelectorAll("[data-mute-word]")) {
    one.classList.toggle("is-off", (one.dataset.muteWord === "on") !== Boolean(seen.muted));
  }
  for (const one of here.querySelectorAll("[data-phone-do=answer]")) {
    // The bar may know of a call a moment before this browser is rung: the answer is kept until it is.
    const comes = seen.line === "ready" && !seen.talk;
    const rings = here.dataset.phone !== "browser" || seen.talk === "ringing" || comes;
    one.disabled = !rings || Boolean(one.closest("[data-declined]"));
    if (early && comes) one.setAttribute("aria-busy", "true");
    else one.removeAttribute("aria-busy");
  }
  keypad.showKeys(seen);
  showQuality(seen);
};

const titled = () => {
  if (!bar()) return;
  const plain = document.title.replace(/^☎ .*? · /, "");
  const wanted = seen.talk === "ringing" ? `☎ ${words().rings} · ${plain}` : plain;
  if (document.title !== wanted) document.title = wanted;
};

// A call that does not ring here after so long was taken by somebody else, or is gone.
const COMES_MS = 5000;
const answerSoon = (call) => {
  early = call;
  show();
  setTimeout(() => {
    if (early !== call) return;
    early = null;
    show();
  }, COMES_MS);
};

const act = {
  answer: ({ call }) => {
    if (phone?.state.talk) phone.answer();
    else if (call) answerSoon(call);
  },
  mute: () => phone?.mute(!phone.state.muted),
  leave: () => phone?.leave(),
  listen: () => phone?.listen(),
  quiet: () => {
    isQuiet = true;
    ring.stop();
    notice.close();
  },
  try: () => phone?.tryVoice(),
  press: ({ key }) => phone?.press(key),
  devices: () => phone?.changeDevices(),
};

const receive = (message) => {
  if (message.state) {
    seen = message.state;
    show();
    titled();
  }
  if (message.act) act[message.act]?.(message);
  if (message.hello && phone) channel.postMessage({ state: phone.state });
};
channel.addEventListener("message", (event) => receive(event.data));

// ---- the phone, in one page of this browser ----

const credentials = async () => {
  const asked = { Accept: "application/json", ...headers() };
  const answer = await fetch(where, { method: "POST", headers: asked, redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 403) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};
let where = "";

const headers = () => JSON.parse(document.body.getAttribute("hx-headers"));

// How a call was heard is kept with it. What does not arrive is not sent again: the next report says how it goes on.
const report = (call, fields) => {
  const address = given.quality?.replace(/[0-9a-f-]{36}/, call);
  if (!address || !call) return;
  const body = new URLSearchParams(fields);
  fetch(address, { method: "POST", headers: headers(), body, keepalive: true }).catch(() => {});
};

const rings = () => {
  if (phone?.state.talk !== "ringing" || isQuiet || !document.hidden) {
    notice.close();
    return;
  }
  const { language } = phone.state;
  const body = given[`ring${language.slice(0, 1).toUpperCase()}${language.slice(1)}`] ?? given.ring;
  const said = { title: given.line, body, answer: given.answer, language: document.documentElement.lang };
  notice.open(said, () => phone?.answer());
};
document.addEventListener("visibilitychange", rings);

const hold = async (signal) => {
  const { Phone } = await import("./phone.js");
  if (signal.aborted) return;
  const sound = document.createElement("audio");
  sound.id = "line-sound";
  document.documentElement.append(sound);
  phone = new Phone(credentials, sound, report);
  phone.addEventListener("state", () => {
    send({ state: { ...phone.state } });
    if (phone.state.talk === "ringing" && early && early === phone.state.call) {
      early = null;
      phone.answer();
    }
    if (phone.state.talk !== "ringing") isQuiet = false;
    if (phone.state.talk === "ringing" && !isQuiet) ring.start();
    else ring.stop();
    rings();
  });
  // Heard from the first moment: whoever goes off while the line is still being asked for a password is off.
  const over = new Promise((done) => signal.addEventListener("abort", done));
  signal.addEventListener("abort", () => phone.stop());
  await phone.start();
  // The question for the microphone comes before anybody waits for it; a call that comes back asks by itself.
  if (!signal.aborted && !phone.state.talk) phone.tryVoice();
  await over;
  ring.stop();
  rings();
  phone = null;
  sound.remove();
};

const want = (wanted) => {
  if (shell.isFramed()) return;
  if (!wanted) {
    holding?.abort();
    holding = null;
  } else if (!holding) {
    holding = new AbortController();
    const { signal } = holding;
    if (!navigator.locks) {
      receive({ state: { ...seen, trouble: "insecure" } });
      return;
    }
    // Whoever waits for the lock takes the phone over as soon as the page that has it is gone.
    navigator.locks.request(LOCK, { signal }, () => hold(signal)).catch((error) => {
      if (error.name !== "AbortError") console.info(`phone: ${error.message}`);
    });
  }
};

// ---- what the server says ----

// What is kept while it is typed may be left, but for what nobody has if it is not sent.
const isUnsent = (box) =>
  box.closest("[data-unkept]") ? box.value !== "" : !box.closest("#intake, [data-autosave]") && box.value !== box.defaultValue;
const isWritten = () => [...document.querySelectorAll("textarea")].some(isUnsent);

const go = (address) => {
  callerPage.leave(address, () => go(address));
  if (phone) shell.open(address, gone);
  else location.assign(address);
};

const gone = async (address) => {
  if ((await credentials().catch(() => true)) === null) location.replace(address);
};

// The line says that no call goes on, and the phone is still on one: a goodbye that never arrived.
const IDLE = ["offline", "available", "paused", "wrap_up"];
const LET_GO = 3000;
let lettingGo;
const letGo = () => {
  clearTimeout(lettingGo);
  const over = () => IDLE.includes(words().standing) && seen.talk === "talking";
  if (over()) lettingGo = setTimeout(() => over() && send({ act: "leave" }), LET_GO);
};

let before = "";
let callBefore = "";
const read = () => {
  const here = bar();
  if (!here) return;
  where = here.dataset.credentials;
  if (here.dataset.now) drift = Date.parse(here.dataset.now) - Date.now();
  want(here.dataset.phone === "browser");
  if (shell.isFramed()) channel.postMessage({ wanted: here.dataset.phone === "browser" });
  const { standing, address, call } = here.dataset;
  // Whoever has just answered sees the page of the call, unless something on this page would be lost.
  const answered = standing === "in_call" && before && (before !== "in_call" || callBefore !== call);
  if (answered && address && location.pathname !== address && !document.hidden) {
    if (isWritten()) callerPage.stay(call);
    else go(address);
  }
  if (standing === "in_call") document.querySelector(".said [data-message=until-call]")?.remove();
  // Alerts are folded while somebody is on a call.
  if (before && before !== standing) document.getElementById("alerts")?.dispatchEvent(new CustomEvent("live:changed"));
  [before, callBefore] = [standing, call];
  callerPage.compare(here.dataset);
  letGo();
  show();
  tick();
};
channel.addEventListener("message", ({ data }) => "wanted" in data && want(data.wanted));

const tick = () => {
  for (const one of document.querySelectorAll("[data-since-s], [data-until-s]")) {
    const { sinceS, untilS } = one.dataset;
    const now = Date.now() + drift;
    const seconds = Math.max(0, Math.floor((sinceS ? now - Date.parse(sinceS) : Date.parse(untilS) - now) / 1000));
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (one.textContent !== text) one.textContent = text;
  }
};
setInterval(tick, 1000);

// ---- what can be done with a call, and what is seldom pressed without one, folded away on a phone ----

// Whoever works with keys goes on where the sheet was opened: what had the focus is hidden. After this turn, so that the
// button is still the one that sends its form.
const goBack = () => {
  const at = document.activeElement;
  const more = document.getElementById("line-more");
  const isLost = at === document.body || at?.closest("dialog:not([open])") || (!isMore && at?.closest("#line-sheet"));
  if (isLost && more?.checkVisibility()) more.focus();
};
const unfold = (on) => {
  if (isMore === on) return;
  isMore = on;
  if (!on && document.activeElement?.closest("#line-sheet")) setTimeout(goBack);
  // What is open in it would hold back every change of the bar, unseen.
  if (!on) for (const one of document.querySelectorAll("#line-sheet details[open]")) one.open = false;
  show();
};
document.addEventListener("close", (event) => event.target.id?.startsWith("line-") && setTimeout(goBack), true);
document.addEventListener("focusin", (event) => {
  if (!event.target.closest("#line-more, #line-sheet, dialog")) unfold(false);
});
document.addEventListener("click", (event) => {
  const at = event.target.closest?.("#line-more, #line-sheet");
  if (at?.id === "line-more") unfold(!isMore);
  else if (!at || (event.target.closest("button, a") && !event.target.closest("[data-push]"))) unfold(false);
});
// A finger on what cannot be pressed makes no click everywhere. What it pressed has its click before the sheet is gone.
document.addEventListener("pointerup", (event) => {
  if (!event.target.closest?.("#line-more, #line-sheet")) setTimeout(unfold, 0, false);
});
addEventListener("pagehide", () => unfold(false));
document.addEventListener("submit", (event) => event.target.closest("#line-sheet") && unfold(false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isMore || document.querySelector("dialog[open]")) return;
  unfold(false);
  document.getElementById("line-more")?.focus();
});

// ---- not now ----

// It is over here at once, whoever is asked next; what was pressed is sent before the buttons rest.
document.addEventListener("submit", (event) => {
  const here = event.target.closest?.(".ringing");
  if (!here) return;
  send({ act: "quiet" });
  setTimeout(() => {
    here.dataset.declined = "";
    for (const one of here.querySelectorAll("button")) one.disabled = true;
  });
});
// It was not sent: it can be pressed again.
document.addEventListener("htmx:afterRequest", (event) => {
  const here = document.querySelector("#line .ringing[data-declined]");
  if (!here || event.detail.target?.id !== "line" || !event.detail.failed) return;
  delete here.dataset.declined;
  for (const one of here.querySelectorAll("button")) one.disabled = false;
  show();
});

// What lives inside the bar, or the board, hears for itself: what is around it need not be drawn again for each change
// of the line.
const WAITS = ["line-owed", "board-waits"];
document.addEventListener(
  "live:changed",
  (event) => {
    if (event.target.id === "line-colleagues") renew();
    else if (event.target.id === "line-also") look();
    else if (WAITS.includes(event.target.id)) event.target.checkVisibility() && event.target.dispatchEvent(new CustomEvent("renew"));
    else return;
    event.stopPropagation();
  },
  true,
);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-phone-do]");
  if (button?.dataset.phoneDo === "bell") ring.once();
  else if (button) send({ act: button.dataset.phoneDo, call: words().call });
  if (seen.trouble === "unheard") send({ act: "listen" });
});

watch();

// Whoever has opened or folded the alerts finds them so when they come again.
let alerts = null;
document.addEventListener("click", (event) => {
  const bar = event.target.closest?.("#alerts summary")?.parentElement;
  if (bar) alerts = { open: !bar.open, standing: words().standing };
});
document.addEventListener("htmx:afterSwap", () => {
  const bar = document.querySelector("#alerts > details");
  if (bar && alerts && alerts.standing === words().standing) bar.open = alerts.open;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "line" || event.target.id === "line") read();
});
// Signed out meanwhile, or a page of another kind: the bar stays as it is.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "line" && !event.detail.xhr.responseText.includes('id="line"')) event.detail.shouldSwap = false;
});

shell.keep(() => Boolean(phone), gone);
keypad.begin((key) => send({ act: "press", key }));
headset.begin(() => send({ act: "devices" }));
notice.begin(() => phone?.answer());
channel.postMessage({ hello: true });
read();
// A key that is pressed before all of this page has come is meant for it.
if (shell.isFramed()) {
  window.focus();
  // A browser gives the focus by itself only in the page around it.
  if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
}
