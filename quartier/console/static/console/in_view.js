// On a phone the keyboard takes half of the screen: the field with the focus and its question stand above it, and
// below what is kept at the top.
const PHONE = matchMedia("(max-width: 48em)");
const GAP = 8;
// What has come to the foot of the page while one types in a field above.
const foot = () => document.getElementById("typed-danger");
const isFixed = () => foot()?.childElementCount && getComputedStyle(foot()).position === "fixed";

const inView = () => {
  const field = document.activeElement;
  if (!PHONE.matches || !field?.matches("main input, main textarea, main select")) return;
  const block = (field.closest(".field, .kinds li, .codes li") ?? field).getBoundingClientRect();
  const stick = document.querySelector(".stick");
  const isStuck = stick && getComputedStyle(stick).position === "sticky";
  const view = window.visualViewport;
  const top = Math.max(view?.offsetTop ?? 0, isStuck ? stick.getBoundingClientRect().bottom : 0) + GAP;
  const end = view ? view.offsetTop + view.height : innerHeight;
  const bottom = (isFixed() ? Math.min(end, foot().getBoundingClientRect().top) : end) - GAP;
  if (block.top < top) scrollBy(0, block.top - top);
  else if (block.bottom > bottom) scrollBy(0, Math.min(block.bottom - bottom, block.top - top));
};

// After the browser's own scrolling, which knows nothing of what stands at the top.
let waiting = 0;
const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(inView, 60);
};
document.addEventListener("focusin", soon);
window.visualViewport?.addEventListener("resize", soon);

// A keyboard that covers the foot of the page lifts what stands there.
const lift = () => {
  const { offsetTop, height } = window.visualViewport;
  foot()?.style.setProperty("--keyboard", `${Math.max(0, Math.round(innerHeight - offsetTop - height))}px`);
};
for (const name of ["resize", "scroll"]) window.visualViewport?.addEventListener(name, lift);

// The field in which one types does not lie under what has come to the foot.
export const notUnder = (place) => {
  const field = document.activeElement;
  if (!place.childElementCount || !field?.matches("main input, main textarea, main select")) return;
  const bar = isFixed() ? place : place.closest(".foot-acts");
  const under = field.getBoundingClientRect().bottom + GAP - bar.getBoundingClientRect().top;
  const pane = field.closest(".pane");
  if (under <= 0 || (!isFixed() && pane !== bar.closest(".pane"))) return;
  pane.scrollBy(0, under);
  scrollBy(0, Math.max(0, field.getBoundingClientRect().bottom + GAP - bar.getBoundingClientRect().top));
};
