// A notification of the system while a call rings and nobody looks at the page: for whoever has ticked it, and whose
// browser agrees. It says the language of the caller and the name of the line, nothing about anybody. The worker shows
// it, since Chrome on Android knows no other way; where there is none, the page does.
const CHOICE = "quartier.ring-notice";
const TAG = "quartier-ring";
const canNotify = "Notification" in globalThis;
let shown = null; // a notification that the page shows itself
let isShown = false;

const isWanted = () => canNotify && Notification.permission === "granted" && localStorage[CHOICE] === "on";

const worker = async () => (await navigator.serviceWorker?.getRegistration("/"))?.active ?? null;

const draw = () => {
  for (const box of document.querySelectorAll("[data-ring-notice]")) {
    box.checked = isWanted();
    box.disabled = !canNotify;
    const denied = box.closest("[data-ring-choice]")?.querySelector("[data-ring-denied]");
    if (denied) denied.hidden = canNotify && Notification.permission !== "denied";
  }
};

// Ticking is the press by which the browser is asked.
const choose = async (box) => {
  if (!box.checked) localStorage[CHOICE] = "off";
  else if ((await Notification.requestPermission()) === "granted") {
    localStorage[CHOICE] = "on";
    await navigator.serviceWorker?.register("/worker.js").catch(() => {});
  }
  draw();
};

// `words`: title, body, answer (what the button says), language of the page.
export const open = async (words, answer) => {
  if (isShown || !isWanted() || !document.hidden) return;
  isShown = true;
  const active = await worker();
  if (!isShown) return;
  if (active) {
    active.postMessage({ ring: words });
    return;
  }
  try {
    shown = new Notification(words.title, { body: words.body, lang: words.language, tag: TAG, requireInteraction: true });
    shown.addEventListener("click", () => {
      window.focus();
      close();
      answer();
    });
  } catch {
    // Chrome on Android without a worker: the title and the bell are what is left.
  }
};

export const close = async () => {
  if (!isShown) return;
  isShown = false;
  shown?.close();
  shown = null;
  (await worker())?.postMessage({ ringOver: true });
};

// `answer()`: the button of the notification was pressed.
export const begin = (answer) => {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.ring === "answer" && answer());
  document.addEventListener("change", (event) => event.target.matches?.("[data-ring-notice]") && choose(event.target));
  document.addEventListener("htmx:afterSettle", draw);
  addEventListener("pagehide", close);
  draw();
};
