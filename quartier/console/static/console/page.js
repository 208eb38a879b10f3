// A page about one thing says that something changed; it draws itself again when nobody is at it.
const part = document.querySelector("#live[data-live]");

part?.addEventListener("live:changed", async () => {
  const answer = await fetch(location.href, { redirect: "manual" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  if (!fresh || part.querySelector("details[open], dialog[open]")) return;
  part.replaceChildren(...fresh.childNodes);
});
