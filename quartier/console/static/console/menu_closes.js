// "More" in the menu closes by itself: with a tap beside it, Escape, a choice, and when the page is left.
const open = () => document.querySelector(".nav-more[open]");
const close = () => open()?.removeAttribute("open");

document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest?.(".nav-more")) close();
});
document.addEventListener("click", (event) => event.target.closest?.(".nav-more a") && close());
document.addEventListener("focusin", (event) => event.target.closest?.(".nav-more") || close());
document.addEventListener("keydown", (event) => {
  const menu = open();
  if (event.key !== "Escape" || !menu || document.querySelector("dialog[open]")) return;
  close();
  menu.querySelector("summary").focus();
});
addEventListener("pagehide", close);

// On a phone the menu is one row that can be moved sideways: where one is stands in sight.
const here = document.querySelector(".deskbar .nav :is([aria-current], .here)");
const row = here?.closest(".deskbar");
if (row) row.scrollLeft += here.getBoundingClientRect().right - row.clientWidth + 48;
