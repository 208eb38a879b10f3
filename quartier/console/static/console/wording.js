// The words of a message while they are written: what can be filled in becomes buttons, how many SMS it takes, how it
// arrives. Counted as the server does it (`lib/sms.py`, `messaging/wording.py`), with the server's own tables.
const data = JSON.parse(document.getElementById("wording-data").textContent);
const single = new Set(data.gsm);
const double = new Set(data.double);
const UNWANTED =
  // eslint-disable-next-line no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;

const own = (values, name) => (Object.hasOwn(values, name) ? values[name] : undefined);
const fill = (text, values) => text.replace(/\{([A-Za-z_]+)\}/g, (whole, name) => own(values, name) ?? whole);

const clean = (typed) =>
  typed.replace(/\r\n?/g, "\n").replace(UNWANTED, "").normalize("NFC").trim().replace(/[\u2028\u2029]/g, "\n");
const tidy = (part, typed) =>
  part === "mail" ? clean(typed).trim() : clean(typed).replace(/[ \t\n]+/g, " ").trim();

const inGsm = (one) => single.has(one) || double.has(one);
const bare = (one) => {
  const [first] = inGsm(one) ? [one] : one.normalize("NFD");
  return single.has(first) ? first : one;
};

const plain = (text) => {
  const spaced = [...text.replaceAll("«\u00a0", '"').replaceAll("\u00a0»", '"')]
    .map((one) => own(data.plain, one) ?? one)
    .join("");
  const letters = [...spaced.normalize("NFC")].map(bare);
  return letters.every(inGsm) ? letters.join("") : spaced;
};

const segments = (widths, alone, each) => {
  if (widths.reduce((sum, width) => sum + width, 0) <= alone) return 1;
  let count = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > each) {
      count += 1;
      used = 0;
    }
    used += width;
  }
  return count;
};

const size = (text) => {
  const letters = [...text];
  const strange = [...new Set(letters)].filter((one) => !single.has(one) && !double.has(one));
  const encoding = strange.length ? "UCS-2" : "GSM-7";
  const widths = letters.map((one) => ((strange.length ? one.codePointAt(0) > 0xffff : double.has(one)) ? 2 : 1));
  const [alone, each] = strange.length ? [70, 67] : [160, 153];
  const units = widths.reduce((sum, width) => sum + width, 0);
  return { encoding, strange, units, segments: segments(widths, alone, each) };
};

const counted = (said) => {
  const { encoding, strange, units, segments: count } = size(said);
  const lines = [data.count[count === 1 ? "one" : "many"], ...(strange.length ? [data.count.because] : [])];
  const values = { segments: count, units, room: data.room[encoding], letters: strange.slice(0, 3).join(" ") };
  return { words: fill(lines.join(" "), values), isLong: count > 1 };
};

const element = (name, ...inside) => {
  const made = document.createElement(name);
  made.append(...inside);
  return made;
};

const opened = (address, words) => {
  const button = element("span", words);
  button.className = "wording-open";
  return element("p", button, element("small", address));
};

const paragraphs = (text, words) =>
  text.split("\n\n").flatMap((block) => {
    const lines = block.trim().split("\n");
    const last = lines.at(-1).trim();
    const isAddress = /^https?:\/\/\S+$/.test(last);
    if (isAddress) lines.pop();
    const drawn = lines.flatMap((line, place) => (place ? [element("br"), line] : [line]));
    return [...(lines.some(Boolean) ? [element("p", ...drawn)] : []), ...(isAddress ? [opened(last, words)] : [])];
  });

const draw = (section) => {
  const language = section.dataset.language;
  const values = data.values[language];
  const said = {};
  for (const box of section.querySelectorAll("[data-part]")) {
    const { part } = box.dataset;
    said[part] = fill(tidy(part, box.value), values);
    const count = section.querySelector(`[data-count="${part}"]`);
    if (!count) continue;
    const { words, isLong } = counted(plain(said[part]));
    count.textContent = words;
    count.classList.toggle("is-long", isLong);
    section.querySelector(`[data-bubble="${part}"]`).textContent = plain(said[part]);
  }
  section.querySelector("[data-subject]").textContent = said.subject;
  section.querySelector("[data-mail]").replaceChildren(...paragraphs(said.mail ?? said.text, data.open[language]));
};

for (const section of document.querySelectorAll("[data-language]")) {
  let box = section.querySelector("[data-part]");
  for (const code of section.querySelectorAll("[data-fill]")) {
    const button = element("button", code.textContent);
    button.type = "button";
    button.className = "chip";
    button.addEventListener("click", () => {
      box.setRangeText(code.textContent, box.selectionStart, box.selectionEnd, "end");
      box.focus();
      draw(section);
    });
    code.replaceWith(button);
  }
  section.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-part]")) box = event.target;
  });
  section.addEventListener("input", () => draw(section));
}
