// A page about one thing says that something changed; it draws itself again when nobody is at it.
const part = document.querySelector("#live[data-live]");

part?.addEventListener("live:changed", async () => {
  // With what came after the page too, so that nothing of it goes and comes back.
  const address = new URL(location.href);
  address.searchParams.set("candidates", "1");
  const answer = await fetch(address, { redirect: "manual" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  // What the page itself has unfolded comes back unfolded.
  if (!fresh || part.querySelector("details[open]:not([data-open]), dialog[open]")) return;
  part.replaceChildren(...fresh.childNodes);
});
