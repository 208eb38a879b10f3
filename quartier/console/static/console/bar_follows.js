// The bar of the line shows what is so, whatever is lost on the way: a change that is heard while an older answer is
// under way, or while a dialog of the bar is open, is asked for again; and during a call the page asks now and then.
const ASKS_EVERY = 10_000;
const RENEWS_EVERY = 3000;
const bar = () => document.getElementById("line");
const isOpen = () => Boolean(bar()?.querySelector("dialog[open], details[data-live-hold][open]"));

let heard = 0; // how many changes of the bar this page has heard of
const asked = new WeakMap(); // of each request for the bar: how many were heard when it was sent

const draw = () => {
  const here = bar();
  if (!here) return;
  // The page does so itself when the dialog is closed.
  if (isOpen()) here.setAttribute("data-live-waiting", "");
  else here.dispatchEvent(new CustomEvent("live:changed", { bubbles: true }));
};

// Whether the bar still shows what is so. Nobody's data is looked at for that.
let looking = false;
let again = false;
export const look = async () => {
  if (looking) {
    again = true;
    return;
  }
  looking = true;
  try {
    const here = bar();
    const answer = await fetch(`${here.getAttribute("hx-get")}?seen=${here.dataset.mark}`, { redirect: "manual" });
    if (answer.status === 205 && here === bar()) draw();
  } catch (error) {
    console.info(`bar: ${error.message}`);
  } finally {
    looking = false;
    if (again) {
      again = false;
      look();
    }
  }
};

// Whoever asks to whom a call can go sees who comes and goes.
export const renew = () => {
  const list = document.getElementById("line-colleagues");
  if (list?.closest("dialog")?.open) list.dispatchEvent(new CustomEvent("renew"));
};

const hear = (event) => {
  if (event.target.id === "line") heard += 1;
};
const ofBar = (event) => event.detail.target?.id === "line";

export const watch = () => {
  document.addEventListener("live:changed", hear, true);
  document.addEventListener("live:waiting", hear, true);
  document.addEventListener("htmx:beforeRequest", (event) => ofBar(event) && asked.set(event.detail.xhr, heard));
  document.addEventListener("htmx:beforeSwap", (event) => {
    // A dialog that was opened meanwhile stays open.
    if (!ofBar(event) || event.detail.requestConfig.verb !== "get" || !isOpen()) return;
    event.detail.shouldSwap = false;
    bar().setAttribute("data-live-waiting", "");
  });
  // Once the new bar listens, which it does a moment after it has come.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!ofBar(event) || (asked.get(event.detail.xhr) ?? heard) >= heard) return;
    asked.delete(event.detail.xhr);
    draw();
  });
  setInterval(() => !document.hidden && bar()?.querySelector("#line-also") && look(), ASKS_EVERY);
  setInterval(() => !document.hidden && renew(), RENEWS_EVERY);
};
