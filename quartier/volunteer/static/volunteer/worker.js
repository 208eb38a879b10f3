// The service worker: shows what is pushed, keeps the volunteer's pages for when there is no network, and sends later,
// once, what was answered meanwhile. It touches nothing but the volunteer's pages and the files they need.
const PAGES = "pages-1";
const FILES = "files-1";
const MINE = /^\/[a-z]{2}\/volunteer\//;
const HOME = /^\/[a-z]{2}\/volunteer\/$/;
const OFFER = /^\/[a-z]{2}\/volunteer\/offer\/[^/]+\/$/;
const LEAVING = /^\/[a-z]{2}\/volunteer\/leave\/$/;
const SIGNING_OUT = /^\/[a-z]{2}\/(sign-out(\/everywhere)?|console\/line\/sign-out)\/$/;
// Where somebody of the team is asked whether they really leave.
const ASKING = /^\/[a-z]{2}\/console\/line\/sign-out\/$/;
const FILE = /^\/static\/(look\/(?!vendor)|volunteer\/)/;
const HASHED = /\.[0-9a-f]{12}\.[^/]+$/;
const MOST_FILES = 80;
const PATIENCE = 6000; // ms; then what is kept is shown
const ANSWER = 10000; // ms; then an answer waits for a better moment
const PHOTOGRAPH = 60000; // ms; the same, where there is a photograph to send
const STALE = 3 * 86400000; // ms; the server remembers longer what it was sent
const ON_WAY = 15 * 60000; // ms; who said "I am leaving" longer ago is there by now

// ---- what waits to be sent: { once, at (ms), path, what, body }; with a photograph, `parts` (names and values, some of
// them files) in place of `body` ----

const open = () =>
  new Promise((done, failed) => {
    const asked = indexedDB.open("quartier", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("later", { keyPath: "once" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

const stored = async (mode, work) => {
  const db = await open();
  try {
    return await new Promise((done, failed) => {
      const change = db.transaction("later", mode);
      const asked = work(change.objectStore("later"));
      change.oncomplete = () => done(asked?.result);
      change.onabort = change.onerror = () => failed(change.error);
    });
  } finally {
    db.close();
  }
};

const waiting = async () => (await stored("readonly", (rows) => rows.getAll())).sort((a, b) => a.at - b.at);
const drop = (once) => stored("readwrite", (rows) => rows.delete(once));

const wait = async (item) => {
  // What was paid is never replaced: each may carry a photograph of its own.
  for (const other of item.parts ? [] : await waiting()) {
    const both = [other.what, item.what];
    const changed = both.every((what) => what === "yes" || what === "no");
    if (other.path === item.path && (changed || both.every((what) => what === item.what))) await drop(other.once);
  }
  await stored("readwrite", (rows) => rows.put(item));
  await self.registration.sync?.register("later").catch(() => {});
};

// ---- pages that are kept ----

const keep = async (address, answer) => {
  const until = Number(answer.headers.get("Quartier-Keep") ?? 0) * 1000;
  const pages = await caches.open(PAGES);
  if (!answer.ok || until <= Date.now()) {
    await pages.delete(address);
    return;
  }
  const headers = { "Content-Type": "text/html; charset=utf-8", "Quartier-Until": until, "Quartier-At": Date.now() };
  await pages.put(address, new Response(await answer.text(), { headers }));
};

const kept = async (address) => {
  const pages = await caches.open(PAGES);
  const found = await pages.match(address);
  if (found && Number(found.headers.get("Quartier-Until")) > Date.now()) return found;
  if (found) await pages.delete(address);
  return undefined;
};

// Names and addresses go when their time is over, even if nobody opens their page again; and those of which the
// volunteer's own page no longer speaks.
const tidy = async (home) => {
  const pages = await caches.open(PAGES);
  for (const { url } of await pages.keys()) {
    const { pathname } = new URL(url);
    if (!(await kept(url)) || (home && OFFER.test(pathname) && !home.includes(pathname))) await pages.delete(url);
  }
};

const forget = async () => {
  await caches.delete(PAGES);
  await stored("readwrite", (rows) => rows.clear());
  for (const shown of await self.registration.getNotifications()) shown.close();
  const subscription = await self.registration.pushManager.getSubscription();
  await subscription?.unsubscribe();
};

// Whoever is only asked whether they leave is still there, and so is what is kept for them. Where nothing comes back, it
// goes all the same: somebody wants nothing of theirs left on this computer.
const signsOut = async (event) => {
  let answer;
  try {
    const body = new URLSearchParams(await event.request.text());
    answer = await fetch(event.request.url, { method: "POST", body, credentials: "same-origin" });
  } catch {
    event.waitUntil(forget());
    return Response.error();
  }
  if (!answer.redirected) return answer;
  if (!ASKING.test(new URL(answer.url).pathname)) event.waitUntil(forget());
  return Response.redirect(answer.url, 303);
};

// ---- asking the server ----

const within = (ms, asked) =>
  Promise.race([asked, new Promise((_, late) => setTimeout(() => late(new TypeError("too slow")), ms))]);

const plain = (url) => new URL(url).origin + new URL(url).pathname;

// A page as it was, which says so: `app.js` reads it.
const asItWas = async (url, answer) => {
  const mine = (await waiting()).filter(({ path }) => path === new URL(url).pathname);
  const later = mine.map(({ what }) => what);
  const ticks = mine.findLast(({ what }) => what === "list")?.body;
  const at = Number(answer.headers.get("Quartier-At"));
  const said = JSON.stringify({ at, later, ticks }).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const words = (await answer.text()).replace("<head>", `<head><meta name="quartier-kept" content="${said}">`);
  return new Response(words, { headers: { "Content-Type": "text/html; charset=utf-8" } });
};

const page = async (event) => {
  const { url } = event.request;
  const address = plain(url);
  const before = await kept(address);
  const asked = fetch(event.request).then(async (answer) => {
    const own = HOME.test(new URL(url).pathname);
    // Their own page is theirs no more: signed out from elsewhere, or suspended. Neither is what was kept beside it.
    if (own && ((before && answer.type === "opaqueredirect") || answer.status === 403)) {
      event.waitUntil(caches.delete(PAGES));
      return answer;
    }
    // That the team is being told is said once: the page that is kept does not say it again.
    if (answer.type === "opaqueredirect" || new URL(url).searchParams.has("danger")) return answer;
    const copy = answer.clone();
    const home = answer.ok && own;
    event.waitUntil(keep(address, copy).then(async () => tidy(home ? await (await kept(address))?.text() : "")));
    event.waitUntil(send());
    return answer;
  });
  if (!before) {
    return asked.catch(async () => {
      const away = await kept(`${self.location.origin}/${url.split("/")[3]}/volunteer/away/`);
      return away ? asItWas(url, away) : Response.error();
    });
  }
  asked.catch(() => {});
  return within(PATIENCE, asked).catch(() => asItWas(url, before));
};

const filled = (parts) => {
  const form = new FormData();
  for (const [name, value] of parts) form.append(name, value);
  return form;
};

const post = ({ path, body, parts, part }) =>
  within(
    parts ? PHOTOGRAPH : ANSWER,
    fetch(path, {
      method: "POST",
      headers: part ? { "Quartier-Part": part } : {},
      body: parts ? filled(parts) : new URLSearchParams(body),
      redirect: "manual",
      credentials: "same-origin",
    }),
  );

const answered = async (request, otherwise) => {
  const path = new URL(request.url).pathname;
  const several = request.headers.get("Content-Type")?.startsWith("multipart/");
  const form = several ? await request.formData() : new URLSearchParams(await request.text());
  const once = crypto.randomUUID();
  form.set("once", once);
  form.set("at", Date.now());
  const what = /^[a-z_]+$/.exec(form.get("do") ?? "")?.[0] ?? "";
  // An empty file is what a form without a photograph sends.
  const parts = several && [...form].filter(([, value]) => typeof value === "string" || value.size);
  const part = request.headers.get("Quartier-Part");
  const item = { once, at: Date.now(), path, what, part, ...(several ? { parts } : { body: form.toString() }) };
  try {
    return await post(item);
  } catch {
    await wait(item);
    return otherwise(path);
  }
};

const toThePage = (path) => Response.redirect(path, 303);
// A script has sent it, and shows that it is kept.
const accepted = () => new Response(null, { status: 202 });

// The page was open for so long that its form is not taken any more: a fresh one is.
const again = async (item) => {
  const fresh = await (await fetch(item.path)).text();
  const token = fresh.match(/name="csrfmiddlewaretoken" value="([^"]+)"/)?.[1];
  if (!token) return post(item);
  const renew = ([name, value]) => [name, name === "csrfmiddlewaretoken" ? token : value];
  if (item.parts) return post({ ...item, parts: item.parts.map(renew) });
  const body = new URLSearchParams([...new URLSearchParams(item.body)].map(renew));
  return post({ ...item, body: body.toString() });
};

// How it came out: on the page if it is open, else, when it is not what was answered, as a notification.
const tell = async (item, refused) => {
  const answer = await fetch(item.path);
  const words = await answer.clone().text();
  await keep(self.location.origin + item.path, answer);
  const open = (await self.clients.matchAll({ type: "window" })).filter(
    (one) => new URL(one.url).pathname === item.path,
  );
  for (const one of open) one.postMessage({ sent: item.path, refused });
  const other = refused || (item.what === "yes" && answer.headers.get("Quartier-State") !== "visit");
  const title = words.match(/<h1[^>]*>([^<]+)/)?.[1].replaceAll("&#x27;", "'").replaceAll("&amp;", "&").trim();
  if (other && !open.length && title && Notification.permission === "granted") {
    await self.registration.showNotification(title, { tag: item.path, data: { url: item.path }, icon: ICON });
  }
};

// One after the other, in one tab or worker at a time. What the server has answered, whatever it said, is not sent
// again; what it could not answer is. Each carries a key of its own, by which the server takes it once.
const send = () =>
  navigator.locks.request("later", { ifAvailable: true }, async (mine) => {
    if (!mine) return;
    for (const item of await waiting()) {
      const late = Date.now() - item.at > (item.what === "on_way" ? ON_WAY : STALE);
      let refused = false;
      if (!late) {
        let answer = await post(item);
        if (answer.status === 403) answer = await again(item);
        if (answer.status === 429 || answer.status >= 500) throw new TypeError(`${answer.status}`);
        refused = answer.status === 422;
      }
      await drop(item.once);
      await tell(item, refused);
    }
  }).catch((error) => {
    if (!(error instanceof TypeError)) throw error;
  });

const file = async (request) => {
  const files = await caches.open(FILES);
  const before = await files.match(request);
  if (before && HASHED.test(request.url)) return before;
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      await files.put(request, answer.clone());
      for (const old of (await files.keys()).slice(0, -MOST_FILES)) await files.delete(old);
    }
    return answer;
  } catch (error) {
    if (before) return before;
    throw error;
  }
};

// ---- a call that rings in a page of the team that nobody looks at ----

const RING = "quartier-ring";
let ringing = Promise.resolve();

// One after the other: a call that is over at once must not leave its notification behind.
const showRing = ({ title, body, answer, language }, client) => {
  const actions = [{ action: "answer", title: answer }];
  const said = { body, tag: RING, lang: language, icon: ICON, requireInteraction: true, actions, data: { client } };
  ringing = ringing.then(() => self.registration.showNotification(title, said)).catch(() => {});
  return ringing;
};

const closeRing = () => {
  ringing = ringing.then(async () => {
    for (const shown of await self.registration.getNotifications({ tag: RING })) shown.close();
  });
  return ringing;
};

// To the page that rings, which answers if that is what was pressed.
const goToRing = async (id, action) => {
  const page = id && (await self.clients.get(id));
  if (!page) return;
  await page.focus().catch(() => {});
  if (action === "answer") page.postMessage({ ring: "answer" });
};

// ---- what happens ----

const ICON = "/static/volunteer/icon-192.png";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), tidy()])));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  const opened = request.mode === "navigate";
  if (request.method === "POST" && LEAVING.test(url.pathname)) {
    event.waitUntil(forget());
  } else if (request.method === "POST" && SIGNING_OUT.test(url.pathname)) {
    event.respondWith(signsOut(event));
  } else if (request.method === "POST" && opened && OFFER.test(url.pathname)) {
    event.respondWith(answered(request, toThePage));
  } else if (request.method === "POST" && request.headers.get("Quartier-Part") && OFFER.test(url.pathname)) {
    event.respondWith(answered(request, accepted));
  } else if (request.method === "GET" && opened && MINE.test(url.pathname)) {
    event.respondWith(page(event));
  } else if (request.method === "GET" && FILE.test(url.pathname)) {
    event.respondWith(file(request));
  }
});

self.addEventListener("sync", (event) => event.tag === "later" && event.waitUntil(send()));

self.addEventListener("message", (event) => {
  const { keep: pages = [], files = [], send: now, ring, ringOver } = event.data ?? {};
  if (now) event.waitUntil(send());
  if (ring) event.waitUntil(showRing(ring, event.source?.id));
  if (ringOver) event.waitUntil(closeRing());
  for (const url of files.filter((each) => FILE.test(new URL(each).pathname))) {
    event.waitUntil(file(new Request(url)).catch(() => {}));
  }
  for (const url of pages) {
    event.waitUntil(
      kept(plain(url)).then(async (found) => found ?? keep(plain(url), await fetch(url))).catch(() => {}),
    );
  }
});

self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  const { title, body, url, tag, language } = said;
  event.waitUntil(
    Promise.all([
      self.registration.showNotification(title, { body, tag, renotify: true, lang: language, icon: ICON, data: { url } }),
      tidy(),
    ]),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  if (event.notification.tag === RING) {
    event.waitUntil(goToRing(event.notification.data?.client, event.action));
    return;
  }
  const url = new URL(event.notification.data?.url || "/", self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil(
    (async () => {
      const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      const there = open.find((one) => one.url === url.href);
      return there ? there.focus() : self.clients.openWindow(url.href);
    })(),
  );
});

self.addEventListener("pushsubscriptionchange", (event) => {
  const { oldSubscription: old, newSubscription } = event;
  if (!old) return;
  event.waitUntil(
    (async () => {
      const fresh = newSubscription ?? (await self.registration.pushManager.subscribe(old.options));
      const { endpoint, keys } = fresh.toJSON();
      const body = JSON.stringify({ old: old.endpoint, endpoint, keys });
      await fetch("/push/renew/", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    })(),
  );
});
