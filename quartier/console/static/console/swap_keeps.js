// What htmx draws anew takes nothing from under a hand: the focus goes on where it was, or to what does the same now, and
// what stands below keeps its place on the screen.
const SEEN = "button, a[href], input:not([type=hidden]), select, textarea, summary, [tabindex]";
const same = (name, value) => (value ? `[${name}="${CSS.escape(value)}"]` : "");
let had = null;

const signOf = (at) => ({
  id: at.id,
  keys: at.getAttribute("aria-keyshortcuts"),
  name: at.getAttribute("name"),
  value: at.getAttribute("value"),
  href: at.getAttribute("href"),
});

const places = (root) => [...root.querySelectorAll(SEEN)].filter((one) => one.checkVisibility() && !one.disabled);

// `place`: the number that it had among what can be reached, for when nothing is the same; -1 for none.
const find = (root, { id, keys, name, value, href }, place) => {
  const all = places(root);
  const wanted = [id && `#${CSS.escape(id)}`, same("aria-keyshortcuts", keys), name && value && same("name", name) + same("value", value), same("href", href)];
  for (const one of wanted.filter(Boolean)) {
    const found = all.find((each) => each.matches(one));
    if (found) return found;
    const folded = [...root.querySelectorAll(one)].map((each) => each.closest("details:not([open])")).find(Boolean);
    if (folded) return folded.querySelector("summary");
  }
  // In the bar another button may end a call: there the bar itself is where one goes on.
  return root.id === "line" || place < 0 ? null : all[Math.min(place, all.length - 1)];
};

const isLost = () => !document.activeElement || document.activeElement === document.body;

// Keeps the focus in the part `selector` while `change` draws it anew.
export const keepFocus = (selector, change) => {
  const root = document.querySelector(selector);
  const at = document.activeElement;
  const sign = root?.contains(at) && at !== root ? signOf(at) : null;
  const place = sign ? places(root).indexOf(at) : -1;
  change();
  if (sign && isLost()) restore(document.querySelector(selector), sign, place);
};

const restore = (root, sign, place) => {
  if (!root) return;
  const found = find(root, sign, place);
  if (found) return found.focus({ preventScroll: true });
  root.tabIndex = -1;
  root.focus({ preventScroll: true });
};

// ---- what htmx swaps ----

// Pressed and then disabled, it has lost the focus before the answer comes.
let last = null;
document.addEventListener("focusin", (event) => (last = event.target));

const height = () => document.querySelector(".stick")?.offsetHeight ?? 0;
const top = () => document.getElementById("main")?.getBoundingClientRect().top ?? 0;
const turn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

// What comes above of what is read moves it, where the browser does not see to that by itself (Safari).
const movesPage = () => !CSS.supports("overflow-anchor", "auto");
const belowOf = (at) => {
  for (let one = at; one && one !== document.body; one = one.parentElement)
    if (one.nextElementSibling) return one.nextElementSibling;
  return null;
};
let read = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  had = read = null;
  if (target && event.detail.shouldSwap && movesPage() && target.getBoundingClientRect().bottom <= height()) {
    const below = belowOf(target);
    if (below) read = { below, top: below.getBoundingClientRect().top };
  }
  if (!target?.id || !event.detail.shouldSwap) return;
  const at = isLost() && last?.disabled ? last : document.activeElement;
  const sign = at && target.contains(at) ? signOf(at) : null;
  had = { id: target.id, height: height(), top: top(), sign, place: sign ? places(target).indexOf(at) : -1 };
});
document.addEventListener("htmx:afterSwap", () => {
  if (read?.below.isConnected) scrollBy({ top: read.below.getBoundingClientRect().top - read.top, behavior: "instant" });
  read = null;
});
document.addEventListener("htmx:afterSettle", async (event) => {
  if (!had || (event.detail.target?.id ?? event.target.id) !== had.id) return;
  const { id, sign, place, top: before, height: was } = had;
  had = null;
  if (sign && isLost()) restore(document.getElementById(id), sign, place);
  if (id !== "line" || scrollY === 0 || height() === was) return;
  // The bar is kept at the top of a phone: what is read below it does not move when a row comes or goes. Most browsers
  // see to it by themselves, a moment later.
  await turn();
  const by = top() - before;
  if (by) scrollBy({ top: by, behavior: "instant" });
});
