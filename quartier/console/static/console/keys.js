// One letter does what it says, unless somebody types or has turned it off (the choice stays on this computer).
import "./menu_closes.js";
import { oneForm } from "./one_form.js";

const OFF = "quartier.keys.off";
const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// Cards, and above them the lines that lead to what else waits: texts to read, calls to make and to give back.
const ROWS = "[data-card], [data-row]";
const rows = () => [...document.querySelectorAll(ROWS)].filter((one) => one.checkVisibility());
const current = () => document.activeElement?.closest(ROWS);
const opener = (row) => (row?.matches("[data-row]") ? row : row?.querySelector("[data-open]"));

const move = (by) => {
  const all = rows();
  if (all.length === 0) return;
  const at = all.indexOf(current());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  opener(next).focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
};

const keys = {
  j: () => move(1),
  k: () => move(-1),
  o: () => opener(current())?.click(),
  t: () => current()?.querySelector("[data-take]")?.click(),
  n: () => follow(list().dataset.keysTake),
  "/": () => {
    const box = document.querySelector("[data-search]");
    if (box) box.focus();
    else follow(list().dataset.keysSearch);
  },
  "?": () => {
    listWhatIsThere();
    dialog()?.showModal();
  },
};
// On every page with the list; the others are keys of the board.
const EVERYWHERE = ["?", "/", "n"];
// These lead away from a page, and so not from the form that is typed into while somebody speaks.
const LEAVES = ["/", "n"];
const dialog = () => document.getElementById("keys");
const list = () => document.querySelector("[data-keys-take]");
const isTaking = () => Boolean(document.getElementById("intake") ?? oneForm());
// A link, so that a page that holds the phone goes on holding it.
const follow = (address) => {
  const link = document.createElement("a");
  link.href = address;
  document.body.append(link);
  link.click();
  link.remove();
};

// The keys of the line are those of whoever is on it, and some of a button that is not always there.
const listWhatIsThere = () => {
  const standing = document.getElementById("line")?.dataset.standing ?? "offline";
  const isSeen = (key) => [...document.querySelectorAll(`[aria-keyshortcuts="${key}"]`)].some((one) => one.checkVisibility());
  for (const part of document.querySelectorAll("[data-keys-of-line]")) part.hidden = standing === "offline";
  for (const row of document.querySelectorAll("[data-keys-leave]")) row.hidden = isTaking();
  // As many kinds have a digit as the form shows.
  const kinds = document.querySelector("#id_kinds legend kbd")?.textContent;
  for (const row of kinds ? document.querySelectorAll("[data-keys-of-kinds] kbd") : []) row.textContent = kinds;
  for (const row of document.querySelectorAll("[data-key-seen]")) row.hidden = !isSeen(row.dataset.keySeen);
};
document.addEventListener("click", (event) => event.target.closest?.("[commandfor=keys]") && listWhatIsThere(), true);

const isOff = () => localStorage.getItem(OFF) === "yes";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || isOff()) return;
  // Caps Lock changes no key.
  const key = event.key.toLowerCase();
  const act = keys[key];
  const isHere = EVERYWHERE.includes(key) ? dialog() : document.getElementById("board");
  if (!act || !isHere || (LEAVES.includes(key) && isTaking())) return;
  event.preventDefault();
  act();
});

const choice = document.getElementById("keys-on");
if (choice) {
  choice.checked = !isOff();
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  });
}
