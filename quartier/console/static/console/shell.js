// A page that holds the phone does not go away when somebody follows a link: it becomes the frame around the next
// pages, and the phone goes on in it (docs/decisions/0018). The address, the title and the way back stay true.
const NAME = "quartier-page";
let frame = null;

export const isFramed = () => window.parent !== window;

const page = () => frame.contentWindow;

// While it loads the page before is still seen. Of its full size from the first moment: what a page does on a phone
// alone is not done in a small frame that grows.
const LOADING = { position: "fixed", inset: "0", width: "100%", height: "100%", border: "0", opacity: "0", pointerEvents: "none" };

const mirror = (gone) => {
  let address;
  try {
    address = page().location.href;
  } catch {
    return; // another site: it cannot be framed, and shows its own refusal
  }
  if (address === "about:blank") return;
  if (!page().document.getElementById("line")) gone(address);
  for (const one of [...document.body.children]) if (one !== frame) one.remove();
  document.body.className = "shell";
  frame.removeAttribute("style");
  document.documentElement.lang = page().document.documentElement.lang;
  history.replaceState(null, "", address);
  const title = () => (document.title = page().document.title);
  title();
  const element = page().document.querySelector("title");
  if (element) new MutationObserver(title).observe(element, { childList: true, characterData: true, subtree: true });
  page().focus();
};

const begin = (address, gone) => {
  if (frame) return;
  history.pushState(null, "", address);
  frame = document.createElement("iframe");
  frame.name = NAME;
  frame.title = document.title;
  Object.assign(frame.style, LOADING);
  frame.addEventListener("load", () => mirror(gone));
  document.body.append(frame);
  addEventListener("popstate", () => page().location.replace(location.href));
};

export const open = (address, gone) => {
  begin(address, gone);
  frame.src = address;
};

const isHere = (link) =>
  link.origin === location.origin && (link.pathname !== location.pathname || link.search !== location.search || !link.hash);

// `holds()`: whether the phone is in this page. `gone(address)`: a page without the line was opened.
export const keep = (holds, gone) => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || frame || event.defaultPrevented || event.button || !holds()) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || !/^https?:$/.test(link.protocol) || !isHere(link)) return;
    event.preventDefault();
    open(link.href, gone);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (frame || event.defaultPrevented || !holds() || form.target || form.method === "dialog") return;
    // The address of this page, not of the form: it is what the form's request names as the page to come back to.
    begin(location.href, gone);
    form.target = NAME;
  });
};
