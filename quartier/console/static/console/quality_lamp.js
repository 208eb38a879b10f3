// The lamp of the quality in the bar, in words, and what it says on a press. The page leaves an empty #line-quality in
// the bar, which has its room from the beginning and is drawn anew now and then; the sentences stand in the dialog.
const dialog = () => document.getElementById("line-quality-more");
const LEVELS = ["good", "weak", "bad", "unheard"];

const lamp = (place) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quality-lamp";
  button.setAttribute("commandfor", "line-quality-more");
  button.setAttribute("command", "show-modal");
  const dot = document.createElement("span");
  dot.className = "quality-dot";
  dot.setAttribute("aria-hidden", "true");
  const word = document.createElement("span");
  word.setAttribute("role", "status");
  button.append(dot, word);
  place.replaceChildren(button);
  return button;
};

const number = (value) => (value === null || value === undefined ? "?" : String(Math.round(value)));

export const showQuality = (seen) => {
  const place = document.getElementById("line-quality");
  const words = dialog();
  // Without a microphone nothing that is measured says what the caller hears: nothing.
  const unheard = seen.voiceless ? { ...seen.quality, level: "unheard" } : null;
  const quality = seen.talk === "talking" ? unheard ?? seen.quality : null;
  if (!quality) place?.replaceChildren();
  if (!quality || !words) return;
  if (place) {
    const button = place.querySelector("button") ?? lamp(place);
    button.dataset.level = quality.level;
    const word = words.dataset[quality.level];
    const said = button.querySelector("[role=status]");
    if (said.textContent !== word) said.textContent = word;
    // Where there is room for the dot alone, its word stands under the pointer.
    button.title = word;
  }
  for (const level of LEVELS) {
    for (const one of words.querySelectorAll(`[data-level="${level}"]`)) one.hidden = level !== quality.level;
  }
  for (const one of words.querySelectorAll("[data-measured]")) one.textContent = number(quality[one.dataset.measured]);
};
