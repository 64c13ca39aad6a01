// Class mode: first a guess, then the answer. The teacher counts hands or takes in numbers; they appear as a chart when revealed.
import { button, fresh, h } from "./dom";
import { keep, number, say, type Text } from "./language";

export interface Question {
  ask: Text;
  options?: readonly Text[];
  right?: () => number | null; // the option that is right; null as long as the model does not know
  number?: { min: number; max: number; digits: number; unit: Text; truth: () => number };
  because: Text;
  train?: boolean; // whether the answer comes from training
}

export class Guesses {
  readonly element: HTMLElement;
  private index = 0;
  private update: () => void = () => {};

  constructor(
    private readonly questions: readonly Question[],
    private readonly locked: (locked: boolean) => void,
    private readonly train: () => void,
  ) {
    this.element = h("section", { class: "guesses", "aria-label": { tr: "Sınıfın tahminleri", en: "The class's guesses" } });
  }

  open(): void {
    this.put(this.questions[this.index % this.questions.length]!);
  }
  close(): void {
    this.update = () => {};
    this.element.replaceChildren();
    this.locked(false);
  }
  /** The model has learnt on: where the truth comes from it, the mark moves. */
  again(): void {
    this.update();
  }

  private put(question: Question): void {
    this.update = () => {};
    this.locked(question.train === true);
    const body = question.options ? this.counts(question) : this.numbers(question);
    this.element.replaceChildren(
      h("p", { class: "over" }, { tr: "Önce tahmin", en: "First a guess" }, ` · ${(this.index % this.questions.length) + 1}/${this.questions.length}`),
      h("h2", {}, question.ask),
      ...body,
    );
  }

  private buttons(question: Question, reveal: () => void): HTMLElement {
    const answer = h("p", { class: "because", role: "status" });
    const shown = button({ tr: "Göster", en: "Reveal" }, () => {
      shown.disabled = true;
      this.locked(false);
      reveal();
      keep(answer, () => (answer.textContent = say(question.because)));
      if (question.train) this.train();
    }, { class: "main", "data-do": "reveal" });
    return h(
      "div",
      {},
      h(
        "div",
        { class: "controls" },
        shown,
        button({ tr: "Yeniden sor", en: "Ask again" }, () => this.put(question)),
        this.questions.length > 1
          ? button({ tr: "Sonraki soru", en: "Next question" }, () => ((this.index += 1), this.open()), { "data-do": "next-question" })
          : null,
      ),
      answer,
    );
  }

  private counts(question: Question): HTMLElement[] {
    const options = question.options!;
    const inputs = options.map(() => h("input", { type: "number", min: 0, max: 999, value: 0, id: fresh(), inputmode: "numeric" }));
    const bars = options.map(() => h("div", { class: "bar" }));
    const marks = options.map(() => h("strong", { class: "right" }));
    const list = h("ol", { class: "options" });
    options.forEach((option, i) =>
      list.append(
        h(
          "li",
          {},
          h("div", { class: "option" },
            h("label", { for: inputs[i]!.id }, option, " ", marks[i]!),
            inputs[i]!,
            button({ tr: "+1", en: "+1" }, () => {
              inputs[i]!.value = String((inputs[i]!.valueAsNumber || 0) + 1);
              this.update();
            }, { "aria-label": { tr: `+1: ${option.tr}`, en: `+1: ${option.en}` } }),
          ),
          h("div", { class: "track" }, bars[i]!),
        ),
      ),
    );
    const reveal = () => {
      this.update = () => {
        const counts = inputs.map((input) => Math.max(0, input.valueAsNumber || 0));
        const most = Math.max(1, ...counts);
        const right = question.right?.() ?? null;
        bars.forEach((bar, i) => {
          bar.style.width = `${(100 * counts[i]!) / most}%`;
          bar.classList.toggle("is-right", i === right);
          marks[i]!.textContent = i === right ? `✓ ${say({ tr: "doğru", en: "right" })}` : "";
        });
      };
      list.classList.add("revealed");
      for (const input of inputs) input.addEventListener("input", () => this.update());
      this.update();
    };
    return [list, this.buttons(question, reveal)];
  }

  private numbers(question: Question): HTMLElement[] {
    const { min, max, digits, unit, truth } = question.number!;
    const guesses: number[] = [];
    const input = h("input", { type: "number", min, max, step: 10 ** -digits, id: fresh(), inputmode: "decimal" });
    const many = keep(h("span", {}), (e) => (e.textContent = say({ tr: `${guesses.length} tahmin`, en: `${guesses.length} guesses` })));
    const chart = h("div", { class: "dots", role: "img" });
    chart.hidden = true;
    const form = h(
      "form",
      {
        class: "controls",
        onsubmit: (event) => {
          event.preventDefault();
          if (input.value === "" || !input.checkValidity()) return;
          guesses.push(input.valueAsNumber);
          input.value = "";
          input.focus();
          many.textContent = say({ tr: `${guesses.length} tahmin`, en: `${guesses.length} guesses` });
          this.update();
        },
      },
      h("div", { class: "field" }, h("label", { for: input.id }, { tr: `Tahmin (${unit.tr})`, en: `Guess (${unit.en})` }), input),
      h("button", { type: "submit" }, { tr: "Ekle", en: "Add" }),
      many,
    );
    const bins = 20;
    const reveal = () => {
      chart.hidden = false;
      this.update = () => {
        const true_value = truth();
        const columns = Array.from({ length: bins }, () => 0);
        for (const g of guesses) columns[Math.max(0, Math.min(bins - 1, Math.floor(((g - min) / (max - min)) * bins)))]! += 1;
        const most = Math.max(4, ...columns);
        chart.replaceChildren(
          h("div", { class: "columns" }, ...columns.map((n) => {
            const column = h("div", { class: "bar" });
            column.style.height = `${(100 * n) / most}%`;
            return column;
          })),
          h("div", { class: "ends" }, h("span", {}, number(min, digits)), h("span", {}, number(max, digits))),
        );
        if (Number.isFinite(true_value)) {
          const place = (100 * Math.max(0, Math.min(1, (true_value - min) / (max - min))));
          const line = h("div", { class: "truth" });
          line.style.left = `${place}%`;
          const tag = h("span", { class: place > 70 ? "left" : "" }, say({ tr: "model: ", en: "model: " }) + number(true_value, digits));
          line.append(tag);
          chart.append(line);
        }
        const sorted = [...guesses].sort((a, b) => a - b);
        const middle = sorted[Math.floor(sorted.length / 2)];
        chart.setAttribute("aria-label", say({
          tr: `${guesses.length} tahmin${middle === undefined ? "" : `, ortancası ${number(middle, digits)}`}; model ${number(true_value, digits)}`,
          en: `${guesses.length} guesses${middle === undefined ? "" : `, median ${number(middle, digits)}`}; the model ${number(true_value, digits)}`,
        }));
      };
      this.update();
    };
    return [form, chart, this.buttons(question, reveal)];
  }
}
