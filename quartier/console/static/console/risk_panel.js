// What to say in danger stays on the page of its call until the danger is over, open or folded as it was left.
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

document.addEventListener("click", (event) => {
  if (!panel()) return;
  const to = event.target.closest?.("[data-part-link]");
  if (event.target.closest?.("#line-risk summary")) keep(!panel().open);
  // On a phone whoever goes to the form, or to the file, sees it at once.
  else if (to && to.dataset.partLink !== "script" && PHONE.matches) fold();
  else if (event.target.closest?.(".who-danger")) {
    panel().open = true;
    keep(true);
  }
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!PARTS.includes(event.detail.target?.id)) return;
  // The bar names the danger too.
  document.getElementById("line")?.dispatchEvent(new CustomEvent("live:changed"));
  if (!panel()) return;
  // Just pressed: it is read now.
  if (event.detail.requestConfig?.verb === "post") keep(true);
  else restore();
});
restore();
