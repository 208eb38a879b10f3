// One letter does what it says, unless somebody types or has turned it off (the choice stays on this computer).
import "./menu_closes.js";

const OFF = "quartier.keys.off";
const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

const rows = () => [...document.querySelectorAll("[data-card]")].filter((one) => one.checkVisibility());
const current = () => document.activeElement?.closest("[data-card]");

const move = (by) => {
  const all = rows();
  if (all.length === 0) return;
  const at = all.indexOf(current());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  next.querySelector("[data-open]").focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
};

const keys = {
  j: () => move(1),
  k: () => move(-1),
  o: () => current()?.querySelector("[data-open]").click(),
  t: () => current()?.querySelector("[data-take]")?.click(),
  n: () => document.querySelector("[data-take]") && location.assign(document.getElementById("board").dataset.take),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => {
    listWhatIsThere();
    dialog()?.showModal();
  },
};
// On every page with the list; the others are keys of the board.
const EVERYWHERE = ["?"];
const dialog = () => document.getElementById("keys");

// The keys of the line are those of whoever is on it, and some of a button that is not always there.
const listWhatIsThere = () => {
  const standing = document.getElementById("line")?.dataset.standing ?? "offline";
  const isSeen = (key) => [...document.querySelectorAll(`[aria-keyshortcuts="${key}"]`)].some((one) => one.checkVisibility());
  for (const part of document.querySelectorAll("[data-keys-of-line]")) part.hidden = standing === "offline";
  for (const row of document.querySelectorAll("[data-key-seen]")) row.hidden = !isSeen(row.dataset.keySeen);
};
document.addEventListener("click", (event) => event.target.closest?.("[commandfor=keys]") && listWhatIsThere(), true);

const isOff = () => localStorage.getItem(OFF) === "yes";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || isOff()) return;
  const act = keys[event.key];
  const isHere = EVERYWHERE.includes(event.key) ? dialog() : document.getElementById("board");
  if (!act || !isHere) return;
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
