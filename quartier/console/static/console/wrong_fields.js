// What is wrong with a form that stays on the page: said beside each field, until something else is typed there.
const blockOf = (form, name) => {
  const own = document.getElementById(`id_${name}`) ?? [form.elements[name]].flat()[0];
  const box = own instanceof RadioNodeList ? own[0] : own;
  return { box, block: box?.closest(".field, .kinds li, fieldset") ?? null };
};

const focusable = (box) => (box.matches("input, select, textarea") ? box : box.querySelector("input, select, textarea"));

export const clear = (form, name) => {
  for (const mark of document.querySelectorAll("#intake p.error, p.error[data-of]")) {
    if (name && mark.dataset.of !== name && mark.id !== `id_${name}_error`) continue;
    mark.closest(".has-error")?.classList.remove("has-error");
    mark.remove();
  }
  const boxes = name ? [form.elements[name]] : [...form.elements];
  for (const box of boxes) {
    if (!(box instanceof Element) || !box.hasAttribute("aria-invalid")) continue;
    box.removeAttribute("aria-invalid");
    const rest = (box.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.endsWith("_error"));
    if (rest.length) box.setAttribute("aria-describedby", rest.join(" "));
    else box.removeAttribute("aria-describedby");
  }
};

// `wrong`: texts by field. The first of them on the page gets the focus.
export const mark = (form, wrong) => {
  clear(form);
  const found = [];
  for (const [name, text] of Object.entries(wrong)) {
    const { box, block } = blockOf(form, name);
    if (!block) continue;
    const said = form.querySelector("[data-wrong-mark]").content.firstElementChild.cloneNode(true);
    said.id = `id_${name}_error`;
    said.dataset.of = name;
    said.querySelector("span").textContent = text;
    block.classList.add("has-error");
    const title = block.querySelector(":scope > .label, :scope > legend");
    if (title) title.after(said);
    else if (block.matches(".kinds li")) block.append(said);
    else block.prepend(said);
    const field = focusable(box);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${said.id}`.trim());
    const fold = block.closest("details");
    if (fold) fold.open = true;
    found.push(field);
  }
  found.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  found[0]?.focus();
};
