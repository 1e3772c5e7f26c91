// Makes elements. Text is only ever set as text: names come from chats and may hold anything.

export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "onclick") made.addEventListener("click", value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

export const byId = id => document.getElementById(id);
export const show = (id, ...children) => byId(id).replaceChildren(...children);
export const nothing = text => element("p", { class: "empty" }, text);

/** A row of buttons of which one is pressed. */
export function segments(id, choices, chosen, choose) {
  const known = choices.some(([word]) => word === chosen) ? choices : [...choices, [chosen, chosen]];
  show(id, ...known.map(([word, label]) =>
    element("button", { type: "button", "aria-pressed": String(word === chosen), onclick: () => choose(word) }, label)));
}

/** A bar that shows a share, for the eye only: the number stands beside it. */
export function bar(share, colour) {
  const fill = element("i");
  fill.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  if (colour) fill.style.background = colour;
  return element("span", { class: "bar", "aria-hidden": "true" }, fill);
}
