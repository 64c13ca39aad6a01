// Probabilities as a table whose rows have bars: read by the eye as a chart, by a screen reader as a table.
import { h } from "./dom";
import { number, probability, say, type Text } from "./language";

export interface Bar {
  name: string;
  value: number;
  second?: number; // beside it, as the truth beside the model
  out?: boolean; // not to be chosen
}

const least = 1e-5; // where the logarithmic scale begins

export class Bars {
  readonly element = h("table", { class: "bars" });
  logarithmic = false;
  private readonly body = h("tbody");

  /** `heads`: what stands in the column of words, and over one or two columns of figures. */
  constructor(
    caption: Text,
    private readonly heads: readonly Text[],
    private readonly figure: (value: number) => string = probability,
  ) {
    this.element.append(
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)), h("td", {}))),
      this.body,
    );
  }

  private share(value: number, most: number): number {
    if (!(value > 0)) return 0;
    return Math.max(0.004, this.logarithmic ? 1 - Math.log10(value) / Math.log10(least) : value / most);
  }

  put(bars: readonly Bar[], most = Math.max(1e-9, ...bars.map((b) => Math.max(b.value, b.second ?? 0)))): void {
    const two = this.heads.length > 2;
    while (this.body.rows.length > bars.length) this.body.deleteRow(-1);
    bars.forEach((bar, i) => {
      let row = this.body.rows[i];
      if (!row) {
        row = h("tr", {}, h("th", { scope: "row" }), h("td", { class: "value" }), two ? h("td", { class: "value" }) : null,
          h("td", { class: "amount" }, h("div", { class: two ? "track two" : "track", "aria-hidden": "true" }, h("div", { class: "fill" }), two ? h("div", { class: "fill second" }) : null)));
        this.body.append(row);
      }
      row.className = bar.out ? "out" : "";
      row.cells[0]!.textContent = bar.name;
      row.cells[1]!.textContent = this.figure(bar.value) + (bar.out ? say({ tr: " (elendi)", en: " (cut)" }) : "");
      if (two) row.cells[2]!.textContent = bar.second === undefined ? "–" : this.figure(bar.second);
      const fills = row.querySelectorAll<HTMLElement>(".fill");
      fills[0]!.style.width = `${100 * this.share(bar.value, most)}%`;
      if (fills[1]) fills[1].style.width = `${100 * this.share(bar.second ?? 0, most)}%`;
    });
  }
}

export const cosine = (value: number): string => number(value, 2);
