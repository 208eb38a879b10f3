// A form is sent once, even when somebody taps twice; what is wrong gets the focus.
const form = (event) => event.target.closest?.("form");

document.addEventListener("submit", (event) => {
  const sent = form(event);
  if (!sent || event.defaultPrevented) return;
  if (sent.dataset.sent) {
    event.preventDefault();
    return;
  }
  const button = event.submitter;
  if (sent.method === "dialog" || sent.target) return;
  sent.dataset.sent = "yes";
  // After this turn, so that the button's own value is still sent.
  setTimeout(() => button?.setAttribute("aria-busy", "true"));
});

const again = (root) => {
  for (const sent of root.querySelectorAll("form[data-sent]")) delete sent.dataset.sent;
  for (const busy of root.querySelectorAll("button[aria-busy]")) busy.removeAttribute("aria-busy");
};
addEventListener("pageshow", () => again(document)); // the back button shows the page as it was left
document.addEventListener("htmx:afterRequest", () => again(document));

const firstError = () => document.querySelector(".oops")?.focus();
firstError();
document.addEventListener("htmx:afterSettle", firstError);
