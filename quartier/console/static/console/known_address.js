// Where the request goes as long as a household that we know is chosen, said beside the fields for another address.
const tell = () => {
  const line = document.querySelector("[data-known-address]");
  if (!line) return;
  const address = document.querySelector('input[name="case"]:checked')?.dataset.address ?? "";
  // The same said once more would be read aloud once more.
  const words = line.querySelector("b");
  if (words.textContent !== address) words.textContent = address;
  line.hidden = !address;
};
document.addEventListener("change", (event) => event.target.name === "case" && tell());
document.addEventListener("htmx:afterSettle", tell);
