// On a phone the keyboard takes half of the screen: the field with the focus and its question stand above it, and
// below what is kept at the top.
const PHONE = matchMedia("(max-width: 48em)");
const GAP = 8;

const inView = () => {
  const field = document.activeElement;
  if (!PHONE.matches || !field?.matches("main input, main textarea, main select")) return;
  const block = (field.closest(".field, .kinds li, .codes li") ?? field).getBoundingClientRect();
  const stick = document.querySelector(".stick");
  const isStuck = stick && getComputedStyle(stick).position === "sticky";
  const view = window.visualViewport;
  const top = Math.max(view?.offsetTop ?? 0, isStuck ? stick.getBoundingClientRect().bottom : 0) + GAP;
  const bottom = (view ? view.offsetTop + view.height : innerHeight) - GAP;
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
