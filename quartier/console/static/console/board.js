// The board moves by itself, but never under a pointer or the focus: then it says how many are new.
const board = () => document.getElementById("board");
const ids = (root) => new Set([...root.querySelectorAll("[data-card]")].map((one) => one.dataset.card));

document.addEventListener("live:waiting", async (event) => {
  const part = event.target;
  if (part !== board()) return;
  const answer = await fetch(part.getAttribute("hx-get"), { headers: { "HX-Request": "true" }, redirect: "error" });
  if (!answer.ok || part !== board()) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const known = ids(part);
  const count = [...ids(fresh)].filter((id) => !known.has(id)).length;
  const news = part.querySelector(".news");
  const { newOne, newMore, changed } = part.dataset;
  const words = count === 0 ? changed : count === 1 ? newOne : newMore.replace("{count}", count);
  const button = news.querySelector("button");
  if (button.textContent !== words) button.textContent = words;
  news.hidden = false;
});

// What somebody opened or scrolled stays as it was.
let kept = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target !== board()) return;
  const answer = event.detail.xhr;
  if (!answer.responseText.includes('id="board"')) {
    event.detail.shouldSwap = false; // signed out meanwhile: the page stays as it is
    return;
  }
  kept = {
    open: [...board().querySelectorAll("details[open][data-keep]")].map((one) => one.dataset.keep),
    scroll: board().querySelector("[data-keep-scroll]")?.scrollLeft ?? 0,
  };
});
document.addEventListener("htmx:afterSwap", () => {
  if (!kept || !board()) return;
  for (const name of kept.open) board().querySelector(`details[data-keep="${name}"]`)?.setAttribute("open", "");
  const lanes = board().querySelector("[data-keep-scroll]");
  if (lanes) lanes.scrollLeft = kept.scroll;
  kept = null;
});
