// <button data-copy="what" data-copied="Copied"> copies, and says so. Where a browser cannot, the button goes.
if (!navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = true;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  button.after(told);
  told.textContent = ` ${button.dataset.copied ?? ""}`;
  setTimeout(() => told.remove(), 4000);
});
