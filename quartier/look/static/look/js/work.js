// Small conveniences of work and volunteer pages: keys, dialogs, putting a message away.
import "./clocks.js";
import "./autosave.js";
import "./copy.js";

// Alt and a letter, digit or arrow presses the control that names it in aria-keyshortcuts; a box gets the focus, and of a
// group what is chosen in it.
const LETTER = /^[A-Z0-9]$/;
const keyOf = (event) => {
  const typed = event.key.toUpperCase();
  if (LETTER.test(typed)) return typed;
  // A Mac writes another character with Alt, and digits of a Belgian keyboard need Shift: the place counts then.
  const place = /^(?:Key|Digit)(.)$/.exec(event.code);
  return place ? place[1] : event.key;
};

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing || event.getModifierState("AltGraph")) return;
  const wanted = `Alt+${keyOf(event)}`;
  const found = [...document.querySelectorAll("[aria-keyshortcuts]")].find(
    (one) => one.getAttribute("aria-keyshortcuts").split(" ").includes(wanted) && one.checkVisibility(),
  );
  if (!found) return;
  event.preventDefault();
  if (found.matches("input:not([type=radio], [type=checkbox]), textarea, select, [tabindex='-1']")) found.focus();
  else if (found.matches("[data-focus-within]")) (found.querySelector(":checked") ?? found.querySelector("input")).focus();
  else {
    found.scrollIntoView({ block: "nearest" });
    found.click();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  if (button.dataset.dismiss !== undefined) button.closest(".toast, .notice")?.remove();
  // Browsers that do not know `command` yet.
  const target = button.getAttribute("commandfor");
  if (target && !("commandForElement" in HTMLButtonElement.prototype)) {
    const dialog = document.getElementById(target);
    if (button.getAttribute("command") === "show-modal") dialog?.showModal();
    if (button.getAttribute("command") === "close") dialog?.close();
  }
});
