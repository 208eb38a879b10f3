// A page that is reloaded in the middle of a word: what was not saved yet is sent with its last breath, and the page that
// comes shows it. Kept in the tab alone, and nothing of what was typed: only which save of which page it was.
const TRIES = [100, 200, 400, 800, 1500, 3000, 5000];
const keyOf = (form) => `quartier.leaving.${form.dataset.draft}`;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// `isBeside`: what it sends is kept beside the words of another page.
export const leaves = (form, page, revision, isBeside) =>
  sessionStorage.setItem(keyOf(form), JSON.stringify({ page, revision, isBeside, version: form.elements.version.value }));

const hasBeside = (form, sent) => {
  const arrived = form.querySelector("[data-arrived]")?.dataset.arrived ?? "";
  const found = arrived.split(" ").find((one) => one.startsWith(`${sent.page}:`));
  return Boolean(found) && Number(found.split(":")[1]) >= sent.revision;
};

// Whether this form was drawn with what the page before has sent, or with what somebody has saved since.
const has = (form, sent) => {
  if (hasBeside(form, sent) || sent.isBeside) return hasBeside(form, sent);
  const { page, revision } = form.elements.version.dataset;
  if (page === sent.page) return Number(revision) >= sent.revision;
  return Number(form.elements.version.value) > Number(sent.version);
};

// Whether it says something else than the page that was drawn.
export const isTouched = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected && one.defaultSelected);
  return field.value !== field.defaultValue;
};

const take = (form, fresh) => {
  for (const next of fresh.elements) {
    const field = next.id && next.name ? document.getElementById(next.id) : null;
    if (!field || field.form !== form || isTouched(field)) continue;
    if (next.type === "checkbox" || next.type === "radio") field.checked = field.defaultChecked = next.checked;
    else if (next.matches("select")) field.value = next.value;
    else field.value = field.defaultValue = next.value;
  }
  form.elements.version.value = fresh.elements.version.value;
  for (const part of ["#found", "#overtaken"]) {
    form.querySelector(part)?.replaceChildren(...(fresh.querySelector(part)?.childNodes ?? []));
  }
};

// Done when this page has what the page before has sent. True when something came.
export const arrives = async (form) => {
  const before = sessionStorage.getItem(keyOf(form));
  sessionStorage.removeItem(keyOf(form));
  if (before === null) return false;
  const sent = JSON.parse(before);
  if (has(form, sent)) return false;
  for (const ms of TRIES) {
    await pause(ms);
    const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
    if (!answer?.ok) continue;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("intake");
    if (fresh?.dataset.draft !== form.dataset.draft) return false;
    if (!has(fresh, sent)) continue;
    take(form, fresh);
    return true;
  }
  return false;
};
