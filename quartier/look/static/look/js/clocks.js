// The age of each wait, brought up to date once a minute without moving or announcing anything.
import { now, say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const NBSP = "\u00a0";

const age = (minutes) => {
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  let text;
  if (minutes < 1) return say("now");
  if (hours < 1) text = say("minutes", { minutes });
  else if (days > 1) text = say("days", { days });
  else if (days === 1) text = say("day");
  else if (minutes % 60) text = say("hoursMinutes", { hours, minutes: String(minutes % 60).padStart(2, "0") });
  else text = say("hours", { hours });
  return text.replaceAll(" ", NBSP);
};

const shape = (name, attributes) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const draw = (clock) => {
  const minutes = Math.max(0, Math.floor((now() - Date.parse(clock.dataset.since)) / 60000));
  const promise = Number(clock.dataset.promise);
  const used = promise > 0 ? Math.min(100, Math.round((minutes / promise) * 100)) : 0;
  const state = used >= 100 ? "late" : used >= 50 ? "soon" : "new";
  const text = state === "late" ? `${age(minutes)}, ${clock.dataset.late}` : age(minutes);
  const label = clock.lastElementChild;
  if (label.textContent !== text) label.textContent = text;
  if (state === "late" && !clock.classList.contains("clock-late")) {
    clock.querySelector("svg").replaceChildren(
      shape("circle", { class: "face", cx: 12, cy: 12, r: 11 }),
      shape("path", { class: "bang", d: "M12 6v7.5M12 17.6v.1" }),
    );
  }
  clock.querySelector(".used")?.setAttribute("stroke-dasharray", `${used} 100`);
  for (const name of ["new", "soon", "late"]) clock.classList.toggle(`clock-${name}`, name === state);
};

const all = () => document.querySelectorAll(".clock[data-since]").forEach(draw);
setInterval(all, 60000);
document.addEventListener("visibilitychange", () => document.hidden || all());
