// A form is sent once, even when somebody taps twice; what is wrong gets the focus.
document.addEventListener("submit", (event) => {
  const sent = event.target.closest("form");
  if (!sent || event.defaultPrevented) return;
  if (sent.dataset.sent) {
    event.preventDefault();
    return;
  }
  const button = event.submitter;
  if (sent.method === "dialog" || sent.target) return;
  sent.dataset.sent = "yes";
  // After this turn, so that the button's own value is still sent; and not where it goes to a frame, so that this page
  // stays (`target` may be set by whoever hears of it later).
  setTimeout(() => (sent.target ? free(sent) : button?.setAttribute("aria-busy", "true")));
});

// A field that depends on a choice appears with it: data-shown-with="urgency date other" names the radios and the
// values with which it is shown. What is wrong stays in sight; without this script everything does.
const follow = () => {
  for (const part of document.querySelectorAll("[data-shown-with]")) {
    const [name, ...values] = part.dataset.shownWith.split(" ");
    const chosen = part.closest("form").querySelector(`[name="${name}"]:checked`);
    const wanted = values.includes(chosen?.value) && !chosen.closest("[hidden]");
    part.hidden = !wanted && !part.querySelector(".has-error");
  }
};
follow();
document.addEventListener("change", follow);
addEventListener("pageshow", follow);

// A browser writes a date in its own order: in the language of the page, with its day, it stands beside the box.
const inWords = (box) => {
  let words = box.parentElement.querySelector("[data-date-words]");
  if (!words) {
    words = document.createElement("p");
    words.className = "soft";
    words.dataset.dateWords = "";
    words.setAttribute("role", "status");
    box.after(words);
  }
  const chosen = box.valueAsDate;
  const way = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  words.textContent = chosen ? chosen.toLocaleDateString(document.documentElement.lang, way) : "";
};
const isDate = (box) => box.matches?.("input[type=date]");
document.addEventListener("input", (event) => isDate(event.target) && inWords(event.target));
for (const box of document.querySelectorAll("input[type=date]")) if (box.value) inWords(box);

const free = (form) => {
  delete form.dataset.sent;
  for (const busy of form.querySelectorAll("button[aria-busy]")) busy.removeAttribute("aria-busy");
};
// The back button shows the page as it was left.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
// Only the form that asked is answered: a part that comes later frees none that is still being sent, and a form that
// looks something up is free again whatever came.
document.addEventListener("htmx:afterRequest", (event) => {
  const asked = event.detail.elt?.closest?.("form[data-sent]");
  if (asked) free(asked);
});

// When a whole page comes, the browser does this by itself (autofocus).
document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector?.(".oops")?.focus());
