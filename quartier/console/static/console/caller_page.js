// What stands below the bar is about one caller. When a call is answered while the page is still about another one, that
// page is put away at once, and it is said why; a page of another call that somebody reads on purpose says that it is one.
const place = () => document.getElementById("line-other");
const pageCall = () => document.getElementById("call-owner")?.dataset.call ?? "";
const isAbout = (standing) => ["ringing", "accepting", "in_call"].includes(standing);
let said = "";
let isLeaving = false;
let stays = ""; // the call that was answered while something on this page would have been lost

// Whether somebody has written anything on this page that is about one caller.
const isWritten = () =>
  Boolean(pageCall()) &&
  [...document.querySelectorAll("main textarea, main input:not([type=hidden], [type=checkbox], [type=radio])")].some((one) =>
    one.matches("textarea") ? one.value.trim() : one.value !== one.defaultValue,
  );

const say = (name, { address = "", caller = "" } = {}) => {
  const key = [name, address, caller].join();
  if (!place() || said === key) return;
  said = key;
  place().replaceChildren();
  if (!name) return;
  const words = document.getElementById(`line-other-${name}`).content.cloneNode(true);
  const link = words.querySelector("a");
  link.href = address;
  link.hidden = !address;
  const with_ = words.querySelector("[data-with]");
  if (with_) with_.textContent = caller;
  const kept = words.querySelector("[data-if-written]");
  if (kept) kept.hidden = !isWritten();
  place().append(words);
};

const put = (away) => {
  isLeaving = away;
  document.body.toggleAttribute("data-caller-changes", away);
  // What was typed is saved by the page itself; what is typed from now on is meant for the other caller.
  for (const one of document.querySelectorAll("main, .jump, #line-risk")) one.inert = away;
};

// The page of `address` was asked for: until it is there, nothing of this one is shown. `open` asks for it once more.
export const leave = (address, open) => {
  put(true);
  say("opens", { address });
  place()?.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    open();
  });
};

// Something is being written here that no server has yet: the page stays, and says what it is.
export const stay = (call) => (stays = call);

// `call`: the one in the bar, whose page is `address`.
export const compare = ({ standing, call, address }) => {
  if (isLeaving) return;
  if (stays && stays === call && standing === "in_call" && !pageCall()) return say("stays", { address });
  const isOther = isAbout(standing) && call && pageCall() && pageCall() !== call;
  const caller = document.getElementById("file-title")?.textContent.trim();
  say(isOther ? "differs" : "", isOther ? { address: standing === "in_call" ? address : "", caller } : {});
};

// The page came back from the memory of the browser.
addEventListener("pageshow", (event) => {
  if (!event.persisted || !isLeaving) return;
  put(false);
  say("");
});
