import "./known_address.js";

// One Tab after the place may lead to the places to choose from, or to the street: what is typed there is the street. It
// goes to its field, and no space in it ticks a place.
document.addEventListener("keydown", (event) => {
  if (event.target.name !== "place_choice" || event.ctrlKey || event.metaKey || event.altKey) return;
  if ([...event.key].length === 1 && event.key !== " ") event.target.form.elements.address.focus();
});
