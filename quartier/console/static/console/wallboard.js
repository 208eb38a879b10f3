// The ages on the wallboard go on between two changes, to the second where somebody is on the line.
const wall = () => document.getElementById("wall");
let drift = 0;

const said = (seconds, exact) => {
  const words = wall().dataset;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(seconds / 3600);
  const two = (number) => String(number).padStart(2, "0");
  if (hours >= 48) return [String(Math.floor(hours / 24)), words.days];
  if (hours >= 1) return [`${hours}:${two(minutes % 60)}`, words.hours, `${hours} ${words.h} ${two(minutes % 60)} ${words.min}`];
  return [exact ? `${minutes}:${two(seconds % 60)}` : String(minutes), words.min];
};

const write = (element, text) => element && element.textContent !== text && (element.textContent = text);

const tick = () => {
  const now = Date.now() + drift;
  for (const one of wall().querySelectorAll("[data-since]")) {
    const exact = one.closest("[data-seconds]") !== null;
    const late = now >= Date.parse(one.dataset.lateAt);
    const [number, unit, line = `${number} ${unit}`] = said(Math.max(0, Math.floor((now - Date.parse(one.dataset.since)) / 1000)), exact);
    const after = late ? `, ${wall().dataset.late}` : "";
    one.classList.toggle("late", late && one.matches(".wall-head"));
    write(one.querySelector("[data-number]"), number);
    write(one.querySelector("[data-unit]"), unit + after);
    write(one.querySelector("[data-age]"), line.replaceAll(" ", "\u00a0") + after);
  }
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: wall().dataset.zone });
  write(document.querySelector("[data-wall-now]"), clock.format(now));
};

const read = () => {
  drift = Date.parse(wall().dataset.now) - Date.now();
  write(document.querySelector("[data-wall-open]"), wall().dataset.open);
  tick();
};

document.addEventListener("htmx:afterSwap", read);
document.addEventListener("htmx:beforeSwap", (event) => {
  // Signed out meanwhile: the board stays as it is, and its ages go on.
  if (!event.detail.xhr.responseText.includes('id="wall"')) event.detail.shouldSwap = false;
});
setInterval(tick, 1000);
read();
