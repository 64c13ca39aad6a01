// Lesson 11: a model that wants to be praised, and a leash that holds it to its language.
import { h, slider } from "../dom";
import { Far } from "../far";
import { number, percent, say } from "../language";
import { Settings } from "../link";
import type { Room } from "../room";
import { Trainer, training } from "../trainer";

export const leash: Room = {
  id: "leash",
  name: { tr: "Tasma", en: "Leash" },
  title: { tr: "Ödül çeker, tasma tutar", en: "The reward pulls, the leash holds" },
  lead: {
    tr: "Model soruları doğru yanıtlıyor, ama bazen kibar, bazen kaba. Bir ödül modeli kibar yanıtlara çok puan veriyor. Model puan toplamayı öğrenirse ne olur?",
    en: "The model answers questions rightly, sometimes politely, sometimes rudely. A reward model gives polite answers a high score. What happens when the model learns to score?",
  },
  tries: [
    { tr: "β = 0,2 ile eğitin: Yanıtlar kibarlaşır, şehirler doğru kalır.", en: "Train with β = 0.2: the answers become polite, and the cities stay right." },
    { tr: "β = 0 yapın. Ödül yükselirken yanıtlara bakın.", en: "Set β = 0. Watch the answers while the reward rises." },
    { tr: "Bozulan modele tasmayı yeniden takın. Geri dönebiliyor mu?", en: "Put the spoilt model back on the leash. Does it find its way back?" },
  ],
  open(told) {
    const settings = new Settings({ ...training, beta: 0.2 });
    const s = settings.values;
    const far = new Far("Leash");
    let figures: Record<string, number> = {};
    let asked = 0; // when the answers were
    const shown = h("div", { class: "row" });
    const answers = h("ul", { class: "answers", lang: "tr" });

    const trainer: Trainer<"Leash"> = new Trainer({
      far,
      settings,
      loss: { tr: "ödül", en: "reward" },
      make: () => far.make(s.seed, s.beta),
      read: () => {
        // Not in every frame: nobody reads that fast.
        if (trainer.steps > 0 && performance.now() - asked < 700) return [["figures"]];
        asked = performance.now();
        return [["figures"], ["sample", 5]];
      },
      after: () => {
        asked = 0;
        void trainer.look();
      },
      show: ([now, sample]: [Record<string, number>, string[]?]) => {
        // Before the first step there are no answers to count.
        figures = trainer.steps > 0 ? now : {};
        const one = (name: string, value: string) => h("div", {}, h("p", {}, name), h("p", { class: "big-figure" }, value));
        shown.replaceChildren(
          one(say({ tr: "ödül", en: "reward" }), number(figures.reward ?? NaN, 2)),
          one(say({ tr: "kibar", en: "polite" }), percent(figures.polite ?? NaN, 0)),
          one(say({ tr: "doğru şehir", en: "right city" }), percent(figures.right ?? NaN, 0)),
          one(say({ tr: "KL (nat)", en: "KL (nats)" }), number(figures.kl ?? NaN, 2)),
        );
        if (sample) answers.replaceChildren(...sample.map((text) => h("li", {}, text)));
        told();
      },
    });
    const element = h("div", { class: "stage" },
      h("div", { class: "card" },
        trainer.controls,
        trainer.trouble,
        slider({ tr: "Tasma β: uzaklaşmanın bedeli", en: "Leash β: what it costs to go away" }, { min: 0, max: 1, step: 0.05, value: s.beta }, (v) => number(v, 2), (v) => {
          settings.set("beta", v);
          void far.call("setBeta", v);
        }).element,
        shown,
        h("h2", {}, { tr: "Şimdi verdiği yanıtlar", en: "What it answers now" }),
        answers,
      ),
      h("div", { class: "card" }, trainer.figures, trainer.curve.element),
    );
    return {
      element,
      trainer,
      questions: [
        {
          ask: { tr: "Tasma yok (β = 0), yalnızca ödül var. Uzun eğitilen model nasıl yanıt verir?", en: "No leash (β = 0), only the reward. How does a model answer after long training?" },
          options: [
            { tr: "kibar ve doğru", en: "politely and rightly" },
            { tr: "kibar kelimeler dizer, şehri unutur", en: "strings of polite words, and no city" },
            { tr: "eskisi gibi", en: "as before" },
          ],
          right: () => 1,
          because: {
            tr: "Ödül modeli şehre bakmaz. Model, ödülün açığını bulur: Bir ölçüyü en iyiye götürürseniz o ölçüyü elde edersiniz, onunla kastettiğinizi değil.",
            en: "The reward model does not look at the city. The model finds the gap: push a measure to its best and you get the measure, not what you meant by it.",
          },
        },
        {
          ask: { tr: "β = 0,2 ile eğitilince yanıtların yüzde kaçı kibar olacak?", en: "Trained with β = 0.2, what percentage of the answers will be polite?" },
          number: { min: 0, max: 100, digits: 0, unit: { tr: "yüzde", en: "percent" }, truth: () => 100 * (figures.polite ?? NaN) },
          because: {
            tr: "Hesaplanabilir: Kibarın kabaya oranı e^(1/β), yani e⁵ = 148 katına çıkar. Bu %99 eder.",
            en: "It can be computed: the odds of polite against rude grow e^(1/β) = e⁵ = 148 times. That makes 99 %.",
          },
          train: true,
        },
      ],
      again: () => trainer.again(),
      end: () => trainer.end(),
    };
  },
};
