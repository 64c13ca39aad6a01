// The weights of a head as a table: the row looks, the column is looked at. What the mask forbids stays empty.
import { h } from "./dom";
import { number, say } from "./language";

const most = 20; // tokens in the table: a long text would make it endless

export class Weights {
  readonly element = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": { tr: "Dikkat ağırlıkları", en: "Attention weights" } });

  constructor(private readonly picked: (row: number, column: number) => void) {}

  put(tokens: readonly string[], weights: Float32Array, at: readonly [number, number]): void {
    const T = tokens.length;
    const from = Math.max(0, T - most);
    const looked = weights.subarray(0, T * T);
    // With the mask of a language model no word looks ahead; a classifier has none.
    let masked = true;
    for (let i = 0; i < T; ++i) for (let j = i + 1; j < T; ++j) if (looked[i * T + j] !== 0) masked = false;
    // From here on the colour is dark enough (in the dark: light enough) for letters of the other shade, at 4.5 : 1.
    const turn = document.documentElement.dataset.theme === "dark" ? 0.55 : 0.84;
    const table = h("table", { class: "weights" },
      h("caption", {}, say(from === 0
        ? { tr: "Satır bakar, sütuna bakılır. Bir satırın toplamı 1'dir.", en: "The row looks at the columns. Each row sums to 1." }
        : { tr: `Satır bakar, sütuna bakılır. Son ${most} token görünüyor.`, en: `The row looks at the columns. These are the last ${most} tokens.` })),
      h("thead", {}, h("tr", {}, h("td", {}), ...tokens.slice(from).map((t) => h("th", { scope: "col" }, h("span", {}, t))))),
    );
    const body = h("tbody");
    tokens.forEach((token, i) => {
      if (i < from) return;
      const row = h("tr", {}, h("th", { scope: "row" }, token));
      for (let j = from; j < T; ++j) {
        const w = looked[i * T + j]!;
        if (masked && j > i) {
          row.append(h("td", { class: "masked" }, h("span", { class: "hidden" }, say({ tr: "maske", en: "mask" }))));
          continue;
        }
        const cell = h("td", { class: i === at[0] && j === at[1] ? "at" : "", onclick: () => this.picked(i, j) }, number(w, 2));
        cell.style.background = `color-mix(in srgb, var(--accent) ${Math.round(100 * w)}%, var(--paper))`;
        if (w >= turn) cell.classList.add("strong");
        row.append(cell);
      }
      body.append(row);
    });
    table.append(body);
    const scrolled = this.element.scrollLeft;
    this.element.replaceChildren(table);
    this.element.scrollLeft = scrolled;
  }
}
