// Keys that the operator sends to the other side during a call: a menu of a doctor, an interpreters' line. With the
// dialog open the keyboard sends them too. What stands in the display was really sent.
const KEYS = "0123456789*#";
const dialog = () => document.getElementById("line-keypad");
let call = "";

const keyOf = (event) => {
  if (event.key.length === 1 && KEYS.includes(event.key)) return event.key;
  // On a Belgian keyboard digits need Shift: without it the place counts.
  return /^Digit(\d)$/.exec(event.code)?.[1] ?? "";
};

const say = (name) => {
  const said = dialog()?.querySelector("[data-keypad-said]");
  if (said) said.textContent = name ? dialog().dataset[name] : "";
};

// `press(key)`: tell the phone, which may be in another page.
export const begin = (press) => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#line-keypad [data-key]");
    if (button) press(button.dataset.key);
  });
  document.addEventListener("keydown", (event) => {
    const key = dialog()?.open && !event.ctrlKey && !event.metaKey && !event.altKey ? keyOf(event) : "";
    if (!key || event.repeat) return;
    event.preventDefault();
    press(key);
  });
};

export const showKeys = (seen) => {
  const box = dialog();
  if (!box) return;
  const talks = seen.talk === "talking";
  if (seen.call !== call) {
    call = seen.call;
    say("");
  }
  if (!talks && box.open) box.close();
  for (const one of document.querySelectorAll("[commandfor=line-keypad]")) one.disabled = !talks;
  const display = box.querySelector("[data-keypad-sent]");
  if (display.textContent !== seen.keys) display.textContent = seen.keys;
  if (seen.keysRefused) say("refused");
};
