// Lesson 07: the next word, beside the truth about it.
import { Bars } from "../bars";
import { choice, field, h } from "../dom";
import { Far } from "../far";
import { number, say } from "../language";
import { Settings } from "../link";
import type { Room } from "../room";
import { Trainer, training } from "../trainer";

const always = ["kutu", "balkon", "zebra"];

export const next_word: Room = {
  id: "next",
  name: { tr: "Sonraki kelime", en: "Next word" },
  title: { tr: "Hangi kelime gelir?", en: "Which word comes next?" },
  lead: {
    tr: "Model, bir programın yazdığı metni okuyor. Programı biz yazdığımız için sıradaki kelimenin gerçek olasılığı bellidir. Model ona ne kadar yaklaşacak?",
    en: "The model reads a text that a program writes. We wrote the program, so the true probability of every next word is known. How near will the model come?",
  },
  tries: [
    { tr: "Eğitirken çubuklara bakın: Önce sık kelimeler yerini bulur, balkon ile zebra gibi seyrekler sonra.", en: "Watch the bars while it trains: frequent words find their place first, rare ones such as balkon and zebra later." },
    { tr: "Kesik çizgi kaybın tabanıdır: Programın bütün kurallarını bilen de bundan aşağı inemez, çünkü kelimeler rastgele çekilir.", en: "The dashed line is the floor under the loss: even a reader who knows all the rules cannot go below it, because words are drawn at random." },
    { tr: "Cümleyi başka bir hayvanla kurun: “Köpeklerin uyumayı sevdiği yerlerden biri”.", en: "Write the sentence about another animal: “Köpeklerin uyumayı sevdiği yerlerden biri”." },
  ],
  open(told) {
    const settings = new Settings({ ...training, text: "", scale: "log" });
    const s = settings.values;
    const far = new Far("NextWord");
    let floor = NaN;
    let box = NaN;

    const bars = new Bars({ tr: "Sıradaki kelime", en: "The next word" }, [
      { tr: "kelime", en: "word" },
      { tr: "model", en: "model" },
      { tr: "gerçek", en: "truth" },
    ]);
    const above = h("p", { class: "big-figure" });
    const input = h("input", { type: "text", id: "next-text", spellcheck: "false", autocomplete: "off", lang: "tr" });
    input.addEventListener("change", () => {
      settings.set("text", input.value === begun ? "" : input.value);
      trainer.trouble.textContent = "";
      void trainer.look();
    });
    let begun = "";
    let measured = 0; // the step at which the loss on fresh words was asked for
    let over = NaN;

    const trainer: Trainer<"NextWord"> = new Trainer({
      far,
      settings,
      loss: { tr: "kayıp", en: "loss" },
      make: async () => {
        measured = -100;
        begun ||= await far.of("begun");
        input.value = s.text || begun;
        await far.make(s.seed);
      },
      floor: async () => (floor = await far.call("floor")),
      limit: () => far.call("steps"),
      after: () => {
        measured = -100;
        void trainer.look();
      },
      read: () => {
        // To measure on fresh words takes as long as some steps.
        if (trainer.steps - measured < 50) return [["after", input.value]];
        measured = trainer.steps;
        return [["after", input.value], ["freshLoss"]];
      },
      show: ([words, fresh]: [{ word: string; p: number; truth: number }[], number?]) => {
        if (fresh !== undefined) over = fresh - floor;
        box = words.find((w) => w.word === "kutu")?.p ?? NaN;
        above.textContent = say({ tr: `${number(over, 3)} nat`, en: `${number(over, 3)} nats` });
        const wanted = [...words].sort((a, b) => Math.max(b.p, b.truth) - Math.max(a.p, a.truth));
        const shown = wanted.filter((w, i) => i < 9 || (always.includes(w.word) && w.truth > 0));
        // In the order of the truth, so that the bars stay where they are.
        shown.sort((a, b) => b.truth - a.truth);
        bars.logarithmic = s.scale === "log";
        bars.put(shown.map((w) => ({ name: w.word, value: w.p, second: w.truth })), 1);
        told();
      },
    });

    const element = h(
      "div",
      { class: "stage" },
      h(
        "div",
        { class: "card" },
        trainer.controls,
        trainer.trouble,
        field({ tr: "Şimdiye kadar", en: "So far" }, input),
        h("p", { class: "keys" },
          h("span", {}, h("span", { class: "key bar-model" }), { tr: "model", en: "model" }),
          h("span", {}, h("span", { class: "key bar-truth" }), { tr: "gerçek", en: "truth" }),
        ),
        bars.element,
        choice(
          { tr: "Çubukların ölçeği", en: "Scale of the bars" },
          [["log", { tr: "logaritmik", en: "logarithmic" }], ["plain", { tr: "düz", en: "linear" }]],
          s.scale,
          (v) => (settings.set("scale", v), trainer.again()),
        ),
      ),
      h(
        "div",
        { class: "card" },
        h("div", { class: "row" }, h("div", {}, h("p", {}, { tr: "Yeni kelimelerde kayıp, tabanın bu kadar üstünde", en: "On fresh words the loss is above its floor by" }), above)),
        trainer.figures,
        trainer.curve.element,
        h("p", { class: "counter" }, { tr: "Kesik çizgi: olabilecek en düşük kayıp.", en: "Dashed line: the lowest loss that is possible." }),
      ),
    );
    return {
      element,
      trainer,
      questions: [
        {
          ask: { tr: "“Kedilerin uyumayı sevdiği yerlerden biri …” Metni yazan program burada %70 olasılıkla “kutu” der. Eğitilmiş model yüzde kaç diyecek?", en: "“Kedilerin uyumayı sevdiği yerlerden biri …” (One of the places where cats like to sleep is …). The program says “kutu” (box) here with 70 %. What will the trained model say?" },
          number: { min: 0, max: 100, digits: 1, unit: { tr: "yüzde", en: "percent" }, truth: () => 100 * box },
          because: {
            tr: "Kimse modele olasılık söylemedi. Yalnızca hangi kelimenin geldiğini gördü; şaşkınlığını azaltmanın en iyi yolu gerçek olasılıkları söylemektir.",
            en: "Nobody told the model a probability. It only saw which word came; the best way to be less surprised is to say the true probabilities.",
          },
          train: true,
        },
        {
          ask: { tr: "Yeterince eğitirsek kayıp sıfıra iner mi?", en: "If we train long enough, will the loss fall to zero?" },
          options: [
            { tr: "Evet, model sonunda hep bilir", en: "Yes, in the end it always knows" },
            { tr: "Hayır, bir tabanda durur", en: "No, it stops at a floor" },
            { tr: "Hayır, bir süre sonra artar", en: "No, after a while it grows" },
          ],
          right: () => 1,
          because: {
            tr: `Kelimeler rastgele çekilir. Gerçek olasılıkları bilen de şaşırır; ortalama şaşkınlığı kaybın tabanıdır.`,
            en: `The words are drawn at random. Even a reader who knows the true probabilities is surprised; that average surprise is the floor.`,
          },
        },
      ],
      again: () => trainer.again(),
      end: () => trainer.end(),
    };
  },
};
