// Keeps the parts of a page that carry data-live="board case:ID" true to the database.
//
// When a topic changes, each part that shows it gets the event "live:changed"; what to do is the page's
// business (with htmx: hx-trigger="live:changed"). A part with data-live-calm is left alone while the pointer
// or the focus is in it, so that nothing moves under somebody's hand: it then carries data-live-waiting, and
// gets its event as soon as it is left, or when something with data-live-now inside it is pressed. So does every part
// in which a dialogue, or a menu with data-live-hold, is open.
//
// Nothing is fetched while the tab is hidden. Without event streams, every part is refreshed each 15 seconds.

const SETTLE = 150; // ms to gather changes in
const POLL = 15_000;
const SILENCE = 40_000; // the server gives a sign every 15 s
const HIDDEN = 20_000; // a tab hidden for so long gives its stream back
const address = document.querySelector("[data-live-url]")?.dataset.liveUrl ?? "/live/";

const changed = new Set();
let source = null;
let listening = ""; // the topics of the open stream
let heard = performance.now() - Math.min(performance.now(), 300_000); // the page is as old as its navigation
let failures = 0;
let settling, retrying, watching, hiding, polling;

const parts = () => [...document.querySelectorAll("[data-live]")];
const topicsOf = (part) => part.dataset.live.split(/[\s,]+/).filter(Boolean);
const topics = () => [...new Set(parts().flatMap(topicsOf))].sort();

function isBusy(part) {
  if (part.querySelector("dialog[open], details[data-live-hold][open]")) return true;
  return part.hasAttribute("data-live-calm") && (part.matches(":hover") || part.contains(document.activeElement));
}

function tell(part) {
  part.removeAttribute("data-live-waiting");
  part.dispatchEvent(new CustomEvent("live:changed", { bubbles: true, detail: { topics: topicsOf(part) } }));
}

function flush() {
  settling = undefined;
  if (document.hidden) return;
  for (const part of parts()) {
    if (!topicsOf(part).some((topic) => changed.has(topic))) continue;
    if (isBusy(part)) {
      part.setAttribute("data-live-waiting", "");
      part.dispatchEvent(new CustomEvent("live:waiting", { bubbles: true }));
    } else tell(part);
  }
  changed.clear();
}

function note(...names) {
  for (const name of names) changed.add(name);
  settling ??= setTimeout(flush, SETTLE);
}

function hear() {
  heard = performance.now();
  failures = 0;
  clearTimeout(watching);
  watching = setTimeout(again, SILENCE);
}

function disconnect() {
  source?.close();
  source = null;
  listening = "";
  clearTimeout(watching);
  clearTimeout(retrying);
  retrying = undefined;
}

function again() {
  disconnect();
  failures += 1;
  // From the third failure on, ask instead of listening, and try the stream now and then.
  if (failures > 2) startPolling();
  retrying = setTimeout(connect, Math.min(1000 * 2 ** failures, 60_000) * (0.5 + Math.random()));
}

function connect() {
  const names = topics();
  if (names.length === 0 || document.hidden) return disconnect();
  if (!window.EventSource) return startPolling();
  if (source && listening === names.join()) return;
  disconnect();
  listening = names.join();
  const age = Math.round(performance.now() - heard);
  source = new EventSource(`${address}?topics=${encodeURIComponent(listening)}&age=${age}`);
  source.addEventListener("ready", () => {
    stopPolling();
    hear();
  });
  source.addEventListener("beat", hear);
  source.addEventListener("changed", (event) => {
    hear();
    note(event.data);
  });
  source.addEventListener("error", again);
}

function startPolling() {
  polling ??= setInterval(() => note(...topics()), POLL);
}

function stopPolling() {
  clearInterval(polling);
  polling = undefined;
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(hiding);
  if (document.hidden) {
    hiding = setTimeout(disconnect, HIDDEN);
  } else {
    if (changed.size) note();
    connect();
  }
});

function release(event) {
  const part = event.target.closest?.("[data-live-waiting]");
  // What has the focus or the pointer next is known only after the event.
  if (part) setTimeout(() => part.hasAttribute("data-live-waiting") && !isBusy(part) && tell(part));
}
document.addEventListener("focusout", release);
document.addEventListener("pointerout", release);
document.addEventListener("toggle", release, true);
document.addEventListener("close", release, true);
document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-live-now]")?.closest("[data-live-waiting]");
  if (part) tell(part);
});

// A page that replaces its parts may show other topics afterwards.
new MutationObserver(() => {
  if (topics().join() !== listening && !retrying) connect();
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-live"] });

addEventListener("pagehide", disconnect);
addEventListener("pageshow", connect);
connect();
