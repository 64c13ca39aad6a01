import { keep, say, type Text } from "./language";

type Child = Node | string | Text | null;
type Attribute = string | number | boolean | Text | ((event: Event) => void) | undefined;

const isText = (x: unknown): x is Text => typeof x === "object" && x !== null && "tr" in x && "en" in x;

/** An element: attributes (a function is a listener, `onclick`), then children. Texts follow the page's language. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (isText(value)) keep(element, (e) => e.setAttribute(name, say(value)));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children)
    if (child !== null) element.append(isText(child) ? keep(document.createTextNode(""), (t) => (t.data = say(child))) : child);
  return element;
}

let ids = 0;
export const fresh = (): string => `n${++ids}`;

/** A control with its label above it. */
export function field(label: Text, control: HTMLElement): HTMLElement {
  control.id ||= fresh();
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control);
}

export function select<V extends string>(options: readonly (readonly [V, Text])[], value: V, changed: (value: V) => void) {
  const element = h("select", { onchange: () => changed(element.value as V) });
  for (const [name, text] of options) element.append(h("option", { value: name, selected: name === value }, text));
  return element;
}

/** A choice of a few, all in sight. */
export function choice<V extends string>(label: Text, options: readonly (readonly [V, Text])[], value: V, changed: (value: V) => void) {
  const name = fresh();
  return h(
    "fieldset",
    { class: "choice" },
    h("legend", {}, label),
    ...options.map(([v, text]) =>
      h("label", {}, h("input", { type: "radio", name, value: v, checked: v === value, onchange: () => changed(v) }), h("span", {}, text)),
    ),
  );
}

/** A slider that shows its value beside its label. */
export function slider(
  label: Text,
  range: { min: number; max: number; step: number; value: number },
  show: (value: number) => string,
  changed: (value: number) => void,
) {
  const output = h("output", {});
  const input = h("input", { type: "range", min: range.min, max: range.max, step: range.step, id: fresh() });
  input.value = String(range.value);
  const put = () => {
    output.textContent = show(input.valueAsNumber);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  keep(output, put);
  input.addEventListener("input", () => (put(), changed(input.valueAsNumber)));
  const element = h("div", { class: "field" }, h("label", { for: input.id }, label, " ", output), input);
  return {
    element,
    set: (value: number) => ((input.value = String(value)), put()),
  };
}

export function button(text: Text, pressed: () => void, attributes: Record<string, Attribute> = {}) {
  return h("button", { type: "button", onclick: pressed, ...attributes }, text);
}
