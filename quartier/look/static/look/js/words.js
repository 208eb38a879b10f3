// Words of the page's language, which the layout wrote into a template element.
const words = document.getElementById("live-words")?.dataset ?? {};
const drift = words.server ? Date.parse(words.server) - Date.now() : 0;

export const say = (name, values = {}) =>
  (words[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

// A time of day as the server writes it (`clock_time`): in the zone of the group, whatever this computer is set to.
export const clockTime = (moment) => {
  const given = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: words.zone || undefined };
  const parts = new Intl.DateTimeFormat("en", given).formatToParts(moment);
  const [hour, minute] = ["hour", "minute"].map((name) => parts.find((one) => one.type === name).value);
  const at = Number(hour);
  const isWhole = minute === "00";
  switch (document.documentElement.lang.slice(0, 2)) {
    case "fr":
      return `${at}\u00a0h${isWhole ? "" : `\u00a0${minute}`}`;
    case "nl":
    case "de": {
      const unit = document.documentElement.lang.startsWith("nl") ? "uur" : "Uhr";
      return `${at}${isWhole ? "" : `.${minute}`}\u00a0${unit}`;
    }
    default:
      if (isWhole && at % 12 === 0) return at ? "noon" : "midnight";
      return `${at % 12 || 12}${isWhole ? "" : `.${minute}`}\u00a0${at < 12 ? "am" : "pm"}`;
  }
};

// The server's time, which a drill can set.
export const now = () => Date.now() + drift;
