// The page of a call: one step of the script at a time, and what was heard ticks what it means in the form.
const steps = [...document.querySelectorAll(".step")];
const links = [...document.querySelectorAll("[data-steps] a")];
const key = `quartier.step.${location.pathname}`;
let at = Number(sessionStorage.getItem(key) ?? 0);

const show = (next) => {
  at = Math.min(steps.length - 1, Math.max(0, next));
  sessionStorage.setItem(key, at);
  steps.forEach((step, place) => (step.hidden = place !== at));
  links.forEach((link, place) => (place === at ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current")));
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-steps] a");
  const by = event.target.closest?.("[data-step-by]");
  const heard = event.target.closest?.("[data-heard]");
  if (link) show(links.indexOf(link));
  else if (by) show(at + Number(by.dataset.stepBy));
  else if (heard?.dataset.heard === "risk") document.getElementById("line-risk-heard")?.click();
  else if (heard) {
    const box = document.querySelector(`#intake [name=kinds][value="${heard.dataset.heard}"]`);
    if (!box) return;
    if (!box.checked) box.click();
    document.getElementById(`id_detail_${heard.dataset.heard}`)?.focus();
  } else return;
  event.preventDefault();
});

// After the call comes what came of it; and only what belongs to the choice is asked for.
const after = document.querySelector("[data-after]");
const came = () => {
  const chosen = after?.querySelector("input[name=after-came]:checked")?.value;
  for (const part of after?.querySelectorAll("[data-came]") ?? []) part.hidden = part.dataset.came !== chosen;
};
after?.addEventListener("change", came);
came();
const isOver = () => document.getElementById("line")?.dataset.standing === "wrap_up";
let over = isOver();
document.addEventListener("htmx:afterSwap", () => {
  if (isOver() && !over) show(steps.length - 1);
  over = isOver();
});

show(over || (after && "wrong" in after.dataset) ? steps.length - 1 : at);
