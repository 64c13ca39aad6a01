// All heads of a model at a glance, one of them large, and one pair of words with its numbers.
import { h } from "./dom";
import type { Look, Pair } from "./engine";
import { number, say } from "./language";
import { Weights } from "./matrix";
import { colours, Picture, Shade } from "./paint";

export class Heads {
  readonly element: HTMLElement;
  layer = 0;
  head = 0;
  row = 0;
  column = 0;
  private look: Look | null = null;
  private heads = 1;
  private readonly overview = h("div", { class: "heads", role: "group", "aria-label": { tr: "Kafalar", en: "Heads" } });
  private readonly weights = new Weights((i, j) => this.pick(i, j));
  private readonly looks = h("select", { id: "looks", onchange: () => this.pick(Number(this.looks.value), this.column) });
  private readonly looked = h("select", { id: "looked", onchange: () => this.pick(this.row, Number(this.looked.value)) });
  private readonly numbers = h("div", { class: "pair", role: "status" });
  private pictures: Picture[] = [];

  /** `changed`: another head or pair has been chosen. */
  constructor(private readonly changed: () => void, pairs: boolean) {
    this.element = h("div", {},
      this.overview,
      this.weights.element,
      pairs
        ? h("div", {},
            h("div", { class: "settings" },
              h("div", { class: "field" }, h("label", { for: "looks" }, { tr: "Bakan kelime", en: "The word that looks" }), this.looks),
              h("div", { class: "field" }, h("label", { for: "looked" }, { tr: "Baktığı kelime", en: "The word it looks at" }), this.looked),
            ),
            this.numbers,
          )
        : null,
    );
  }

  private pick(row: number, column: number): void {
    this.row = row;
    this.column = Math.min(column, row); // nobody looks ahead
    this.changed();
  }

  /** New words: then the last one looks, which is the one that guesses. Returns whether the pair is another now. */
  put(look: Look, heads: number): boolean {
    const other = this.look === null || this.look.tokens.join(" ") !== look.tokens.join(" ");
    const count = this.look?.weights.length;
    this.look = look;
    this.heads = heads;
    const T = look.tokens.length;
    if (other) {
      this.row = T - 1;
      this.column = Math.min(this.column, T - 1);
      for (const select of [this.looks, this.looked]) select.replaceChildren(...look.tokens.map((t, i) => h("option", { value: i }, `${i + 1}. ${t}`)));
    }
    if (count !== look.weights.length || this.pictures.length === 0) this.lay();
    this.looks.value = String(this.row);
    this.looked.value = String(this.column);
    for (const picture of this.pictures) picture.draw();
    [...this.overview.children].forEach((b, i) => b.setAttribute("aria-pressed", String(i === this.layer * this.heads + this.head)));
    const one = look.weights[this.layer * heads + this.head];
    if (one) this.weights.put(look.tokens, one, [this.row, this.column]);
    return other;
  }

  private lay(): void {
    for (const picture of this.pictures) picture.end();
    this.overview.replaceChildren();
    const layers = this.look!.weights.length / this.heads;
    this.pictures = this.look!.weights.map((_, i) => {
      let shade: { n: number; of: Shade } | undefined;
      const picture = new Picture(1, (pen, width, height) => {
        const look = this.look!;
        const T = look.tokens.length;
        const c = colours();
        if (shade?.n !== T) shade = { n: T, of: new Shade(T) };
        const turned = new Float32Array(T * T);
        for (let row = 0; row < T; ++row) turned.set(look.weights[i]!.subarray(row * T, row * T + T), (T - 1 - row) * T);
        pen.imageSmoothingEnabled = false;
        pen.drawImage(shade.of.draw(turned, (v) => v, { paper: c.paper, low: c.paper, high: c.accent, strength: 1 }), 0, 0, width, height);
      });
      picture.canvas.removeAttribute("role");
      picture.canvas.setAttribute("aria-hidden", "true");
      const layer = Math.floor(i / this.heads);
      const head = i % this.heads;
      this.overview.append(
        h("button", { type: "button", "aria-pressed": false, onclick: () => {
          this.layer = layer;
          this.head = head;
          this.changed();
        } },
          picture.canvas,
          layers > 1 ? { tr: `${layer + 1}. katman, kafa ${head + 1}`, en: `layer ${layer + 1}, head ${head + 1}` } : { tr: `kafa ${head + 1}`, en: `head ${head + 1}` },
        ),
      );
      return picture;
    });
  }

  pair(pair: Pair | null): void {
    if (!pair || !this.look) return this.numbers.replaceChildren();
    const d = pair.q.length;
    const [q, k] = [this.look.tokens[this.row]!, this.look.tokens[this.column]!];
    const vector = (v: Float32Array) => `(${Array.from(v, (x) => number(x, 2)).join("; ")})`;
    this.numbers.replaceChildren(
      h("dl", {},
        h("dt", {}, say({ tr: `${q}: sorgu (query), ne arıyor?`, en: `${q}: its query, what it looks for` })), h("dd", { class: "mono" }, vector(pair.q)),
        h("dt", {}, say({ tr: `${k}: anahtar (key), ne sunuyor?`, en: `${k}: its key, what it offers` })), h("dd", { class: "mono" }, vector(pair.k)),
        h("dt", {}, say({ tr: "sorgu · anahtar", en: "query · key" })), h("dd", { class: "mono" }, number(pair.dot, 3)),
        h("dt", {}, say({ tr: `√${d} ile bölünce`, en: `divided by √${d}` })), h("dd", { class: "mono" }, number(pair.scaled, 3)),
        h("dt", {}, say({ tr: "satırın softmax'ından sonra: ağırlık", en: "after the row's softmax: the weight" })), h("dd", { class: "mono" }, h("strong", {}, number(pair.weight, 3))),
      ),
    );
  }
}
