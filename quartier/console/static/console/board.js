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

// A button of a card loads the page again: the focus and the place on the page go on where they were, and what is gone
// gives the focus to what stands there now.
const RETURN_KEY = "quartier.board.return";
const cards = () => [...document.querySelectorAll("[data-card]")];
document.addEventListener("submit", (event) => {
  const card = event.target.closest("#board [data-card]");
  if (!card) return;
  const given = {
    address: location.href,
    card: card.dataset.card,
    place: cards().indexOf(card),
    top: scrollY,
    left: board().querySelector("[data-keep-scroll]")?.scrollLeft ?? 0,
    open: [...board().querySelectorAll("details[open][data-keep]")].map((one) => one.dataset.keep),
  };
  sessionStorage.setItem(RETURN_KEY, JSON.stringify(given));
});
const comeBack = () => {
  const given = JSON.parse(sessionStorage.getItem(RETURN_KEY) ?? "null");
  sessionStorage.removeItem(RETURN_KEY);
  if (given?.address !== location.href || !board()) return;
  for (const name of given.open) board().querySelector(`details[data-keep="${name}"]`)?.setAttribute("open", "");
  const lanes = board().querySelector("[data-keep-scroll]");
  if (lanes) lanes.scrollLeft = given.left;
  const all = cards();
  const same = all.find((one) => one.dataset.card === given.card);
  const card = same ?? all[Math.min(given.place, all.length - 1)];
  scrollTo(0, given.top);
  card?.querySelector("[data-open]").focus({ preventScroll: true });
  card?.scrollIntoView({ block: "nearest", inline: "nearest" });
};
comeBack();

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
