// What the other one of the visit writes appears while the page is open; nothing else on it moves.
document.addEventListener("live:changed", async ({ target }) => {
  try {
    // With nothing new the answer is empty: to have the whole page is a look at an address, and is written down.
    const shown = { "X-Requested-With": "fetch", "X-Shown": target.dataset.shown };
    const answer = await fetch(location.pathname, { headers: shown });
    if (answer.status === 204) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(target.id);
    if (!fresh) return;
    target.dataset.shown = fresh.dataset.shown;
    if (fresh.textContent === target.textContent) return;
    target.replaceChildren(...fresh.childNodes);
    const last = target.querySelector("li:last-child");
    const news = document.getElementById("exchange-news");
    if (last && news && !last.matches(".mine")) news.textContent = last.textContent;
  } catch {
    // The next words, or the next look at the page, bring them.
  }
});
