// Words of the page's language, which the layout wrote into a template element.
const words = document.getElementById("live-words")?.dataset ?? {};
const drift = words.server ? Date.parse(words.server) - Date.now() : 0;

export const say = (name, values = {}) =>
  (words[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

// The server's time, which a drill can set.
export const now = () => Date.now() + drift;
