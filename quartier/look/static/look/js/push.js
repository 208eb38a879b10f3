// <section data-push="address" hidden>: being told at once in this browser. The server draws the box; here the browser
// is asked, and says by the address of its push service who it is. Where it cannot, nothing is shown. The box may be
// drawn anew with the page around it.
const found = () => document.querySelector("[data-push]");
const able = "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;
const apple = /iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone;

const NARROW = matchMedia("(max-width: 30em)");

const token = () =>
  document.querySelector("[name=csrfmiddlewaretoken]")?.value ??
  JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];

const told = (subscription) => {
  const { endpoint = "", keys = {} } = subscription?.toJSON() ?? {};
  return { endpoint, p256dh: keys.p256dh ?? "", auth: keys.auth ?? "" };
};

const draw = async (what, subscription) => {
  const box = found();
  if (!box) return;
  const answer = await fetch(box.dataset.push, {
    method: "POST",
    headers: { "X-CSRFToken": token(), "HX-Request": "true" },
    body: new URLSearchParams({ do: what, ...told(subscription), ...(NARROW.matches && { narrow: "yes" }) }),
    redirect: "error",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  box.innerHTML = await answer.text();
  const asked = box.querySelector("[data-push-do=on]");
  if (asked && !able) {
    box.querySelector("[data-push-home]").hidden = false;
    asked.hidden = true;
  }
  box.hidden = false;
};

const same = (subscription, key) => {
  const has = new Uint8Array(subscription.options.applicationServerKey ?? []);
  return btoa(String.fromCharCode(...has)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") === key;
};

const run = async (what, box) => {
  const { pushManager } = await navigator.serviceWorker.ready;
  let subscription = await pushManager.getSubscription();
  if (what === "on") {
    if ((await Notification.requestPermission()) !== "granted") {
      box.querySelector("[data-push-denied]").hidden = false;
      return;
    }
    const { key } = box.querySelector("[data-key]").dataset;
    // The service has another key now: what was subscribed with the old one takes nothing any more.
    if (subscription && !same(subscription, key)) {
      await subscription.unsubscribe();
      subscription = null;
    }
    subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  }
  await draw(what, subscription);
  if (what === "off") await subscription?.unsubscribe();
};

const press = async (button) => {
  const box = found();
  button.setAttribute("aria-busy", "true");
  try {
    await run(button.dataset.pushDo, box);
  } catch {
    const denied = box.querySelector("[data-push-denied]");
    if (denied && Notification.permission === "denied") denied.hidden = false;
    else await draw("on", null).catch(() => {});
  } finally {
    button.removeAttribute("aria-busy");
  }
};

const begin = async () => {
  if (!found()?.hidden) return;
  if (able) {
    await navigator.serviceWorker.register("/worker.js");
    const { pushManager } = await navigator.serviceWorker.ready;
    await draw("state", await pushManager.getSubscription());
  } else if (apple) {
    await draw("state", null);
  }
};

// Nothing of this holds the page up, and without it everything comes as before.
const soon = () => begin().catch(() => {});
soon();
document.addEventListener("htmx:afterSettle", soon);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-push-do]");
  if (button) press(button);
});
