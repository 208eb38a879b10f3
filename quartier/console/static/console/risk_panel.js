// What to say in danger stays on the page of its call until the danger is over, open or folded as it was left. Just
// heard, it is brought before the eyes and has the focus; folded, one goes on where one was.
const PHONE = matchMedia("(max-width: 48em)");
const PARTS = ["line-risk", "line-risk-live"];
const panel = () => document.querySelector("#line-risk details");
const key = () => `quartier.risk.${panel().dataset.call}`;

const keep = (isOpen) => sessionStorage.setItem(key(), isOpen ? "open" : "folded");
const fold = () => {
  panel().open = false;
  keep(false);
};
// While the notes are written, what came of the call comes first.
const isNoting = () => Boolean(document.querySelector("[data-noting]"));
const restore = () => {
  const left = panel() && sessionStorage.getItem(key());
  if (left) panel().open = left === "open" && !isNoting();
};

// ---- before the eyes ----

const SETTLES_MS = 3000;
let broughtAt = 0;
let back = null; // what had the focus on the page

// Below what is kept at the top, whatever grows there meanwhile.
const place = () => {
  const stick = document.querySelector(".stick");
  const isStuck = stick && getComputedStyle(stick).position === "sticky";
  const top = isStuck ? stick.offsetHeight : 0;
  const seen = panel().closest(".risk").getBoundingClientRect();
  if (seen.top < top || seen.bottom > innerHeight) scrollBy({ top: seen.top - top, behavior: "instant" });
};
const summary = () => panel().querySelector("summary");
const bring = (was) => {
  if (was?.matches("main *")) back = was;
  keep(true);
  panel().open = true;
  summary().focus({ preventScroll: true });
  broughtAt = Date.now();
  place();
};
const goBack = () => {
  const was = back;
  back = null;
  if (!was?.isConnected) return;
  was.focus({ preventScroll: true });
  was.scrollIntoView({ block: "center", behavior: "instant" });
};
// The bar and the strip above come a moment later.
document.addEventListener("htmx:afterSettle", () => {
  if (panel() && Date.now() - broughtAt < SETTLES_MS && document.activeElement === summary()) place();
});

// On another page of the call, such as a concern that is being written, the panel comes there: nobody leaves the page.
const fetchPanel = async (link) => {
  const was = document.activeElement;
  const address = new URL(link.href);
  address.hash = "";
  address.searchParams.set("part", "risk");
  await htmx.ajax("GET", address.pathname + address.search, { target: "#line-risk", swap: "innerHTML" });
  if (panel()) bring(was);
  else location.assign(link.href);
};

document.addEventListener("click", (event) => {
  const danger = event.target.closest?.(".who-danger");
  if (danger && !panel() && document.getElementById("line-risk")) {
    event.preventDefault();
    fetchPanel(danger);
    return;
  }
  if (!panel()) return;
  const to = event.target.closest?.("[data-part-link]");
  if (event.target.closest?.("#line-risk summary")) {
    keep(!panel().open);
    if (panel().open) setTimeout(goBack);
  }
  // On a phone whoever goes to the form, or to the file, sees it at once.
  else if (to && to.dataset.partLink !== "script" && PHONE.matches) fold();
  else if (danger) {
    event.preventDefault();
    bring(document.activeElement);
  }
});
// A press takes the focus before it clicks.
let before = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "line-risk") before = document.activeElement;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!PARTS.includes(event.detail.target?.id)) return;
  // The bar names the danger too.
  document.getElementById("line")?.dispatchEvent(new CustomEvent("live:changed"));
  if (!panel()) {
    // It was a mistake.
    if (event.detail.requestConfig?.verb === "post") goBack();
    return;
  }
  // Just pressed: it is read now.
  if (event.detail.requestConfig?.verb === "post") bring(before);
  else restore();
});
restore();
