// The page and its worker: it is kept, it says when it is an old copy, and shows how things stand once there is a
// network again. <template id="away-words"> holds the words.
const AGAIN = 5000; // ms
const kept = JSON.parse(document.querySelector("meta[name=quartier-kept]")?.content ?? "null");
const words = document.getElementById("away-words")?.dataset;
const main = document.querySelector("main");

const notice = (name) => {
  const found = document.getElementById(name).content.cloneNode(true);
  if (kept) {
    const time = found.querySelector("time");
    const at = new Date(kept.at);
    const today = at.toDateString() === new Date().toDateString();
    const said = { hour: "2-digit", minute: "2-digit", ...(today ? {} : { weekday: "long" }) };
    if (time) time.textContent = at.toLocaleString(document.documentElement.lang, said);
  }
  return found;
};

// A call for help shows nowhere on the page that it was pressed on.
const QUIET = "minute";
const said = kept?.later.filter((what) => what !== QUIET) ?? [];

if (kept && main) {
  // Ticks of a list are shown where they are: see `ticks.js`.
  if (said.some((what) => what !== "list")) main.prepend(notice("away-later"));
  if (!document.body.querySelector("[data-away]")) main.prepend(notice("away-kept"));
  // What was answered is answered: the buttons would only ask again.
  if (said.some((what) => what !== "list" && what !== "paid")) document.querySelector(".decision")?.setAttribute("hidden", "");
}

// What was kept without a network, and the server could not take.
if (main && sessionStorage.getItem("refused") === location.pathname) {
  sessionStorage.removeItem("refused");
  main.prepend(notice("away-refused"));
}

if ("serviceWorker" in navigator && words) {
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.sent !== location.pathname) return;
    if (data.refused) sessionStorage.setItem("refused", data.sent);
    location.reload();
  });
  const send = async () => (await serviceWorker.ready).active.postMessage({ send: true });
  // "Online" is said when there is a network, not when it carries: so it is tried, and tried again.
  const back = async () => {
    if (document.visibilityState === "hidden") return;
    try {
      await fetch("/worker.js", { method: "HEAD", cache: "no-store" });
    } catch {
      return;
    }
    await send();
    if (kept && !kept.later.length) location.reload();
  };
  addEventListener("online", back);
  if (kept) {
    document.addEventListener("visibilitychange", back);
    setInterval(back, AGAIN);
  }
  serviceWorker
    .register("/worker.js")
    .then(() => serviceWorker.ready)
    .then(({ active }) => {
      // What came before the worker was there: from the browser's own cache, as a rule.
      const files = performance.getEntriesByType("resource").map(({ name }) => name);
      const pages = [location.href, new URL(words.page, location.href).href];
      active.postMessage({ send: true, files, keep: kept ? [] : pages });
    })
    .catch(() => {});
}
