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
  // After this turn, so that the button's own value is still sent.
  setTimeout(() => button?.setAttribute("aria-busy", "true"));
});

const again = () => {
  for (const sent of document.querySelectorAll("form[data-sent]")) {
    delete sent.dataset.sent;
    for (const busy of sent.querySelectorAll("button[aria-busy]")) busy.removeAttribute("aria-busy");
  }
};
addEventListener("pageshow", again); // the back button shows the page as it was left
document.addEventListener("htmx:afterRequest", again);

// When a whole page comes, the browser does this by itself (autofocus).
document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector?.(".oops")?.focus());
