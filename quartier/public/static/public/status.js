// When something about the case changes, the page is fetched again and shown in place, unless somebody types. With its
// whole address: what one has just sent is confirmed there, and brings such a change itself.
document.addEventListener("live:changed", async (event) => {
  const here = event.target;
  try {
    const answer = await fetch(location.pathname + location.search, { headers: { "X-Requested-With": "fetch" } });
    const text = await answer.text();
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const parts = fresh.querySelector("[data-live]");
    if (!parts) return location.reload(); // the link was closed
    const news = fresh.querySelector("h1")?.textContent ?? "";
    here.replaceChildren(...parts.childNodes);
    document.title = fresh.title;
    document.getElementById("news").textContent = news;
  } catch {
    // The next change, or the next look at the page, brings it.
  }
});
