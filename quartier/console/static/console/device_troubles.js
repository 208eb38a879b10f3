// What is wrong with the microphone or the headset, as the bar says it. Whoever works with keys is brought to the button
// that tries again, unless they are typing elsewhere, and goes on afterwards where they were.
let shown = "";
let before = null;

const isFree = (at, bar) => !at || at === document.body || bar.contains(at);

export const showTroubles = (bar, trouble) => {
  const at = document.activeElement;
  const wasHere = Boolean(at?.closest("[data-trouble]"));
  for (const one of bar.querySelectorAll("[data-trouble]")) one.hidden = one.dataset.trouble !== trouble;
  const isNew = trouble !== shown;
  shown = trouble;
  if (!isNew) return;
  const again = bar.querySelector("[data-trouble]:not([hidden]) [data-phone-do=try]");
  if (again && isFree(at, bar)) {
    if (!wasHere) before = at === document.body ? null : at;
    again.focus({ preventScroll: true });
  } else if (!again && wasHere) {
    const to = before?.isConnected && before.checkVisibility() ? before : bar;
    if (to === bar) bar.tabIndex = -1;
    to.focus({ preventScroll: true });
    before = null;
  }
};
