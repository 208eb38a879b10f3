// A page whose purpose is one form: one types there at once, and no single letter leads away from it.
export const oneForm = () => document.querySelector("form[data-one-form]");

const FIELDS = "input:not([type=hidden], [type=submit]), textarea, select";

const startTyping = () => {
  // What is wrong has the focus, and so has what an address names.
  if (!oneForm() || document.querySelector("[autofocus]") || location.hash) return;
  if (document.activeElement !== document.body) return;
  const fields = [...oneForm().querySelectorAll(FIELDS)].filter((one) => !one.disabled && one.checkVisibility());
  const first = fields[0];
  const chosen = fields.find((one) => one.type === "radio" && one.name === first?.name && one.checked);
  (chosen ?? first)?.focus({ preventScroll: true });
};
startTyping();
