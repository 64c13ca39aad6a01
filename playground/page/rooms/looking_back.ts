// Lesson 05: each word looks back at the words it needs.
import { Bars } from "../bars";
import { field, h } from "../dom";
import type { Look, Pair } from "../engine";
import { Far } from "../far";
import { Heads } from "../heads";
import { Settings } from "../link";
import type { Room } from "../room";
import { Trainer, training } from "../trainer";

export const looking_back: Room = {
  id: "look",
  name: { tr: "Geriye bakmak", en: "Looking back" },
  title: { tr: "Kelimeler birbirine bakıyor", en: "Words look at each other" },
  lead: {
    tr: "“Biz kalabalık okuldan sabah …” Sonraki kelimeyi bilmek için “biz”e ve “okuldan”a bakmak gerekir. Model nereye bakacağını kendi öğreniyor.",
    en: "“Biz kalabalık okuldan sabah …” (We, from the crowded school, in the morning …). To know the verb you have to look back at “biz” and “okuldan”. The model learns where to look.",
  },
  tries: [
    { tr: "Eğitirken son satıra bakın: Hangi kafa özneye, hangisi yere bakmaya başlıyor?", en: "Watch the last row while it trains: which head begins to look at the subject, which at the place?" },
    { tr: "“Biz” yerine “Onlar” yazın. Fiilin eki değişiyor mu?", en: "Write “Onlar” (they) in place of “Biz” (we). Does the verb's ending change?" },
    { tr: "Bir kelime çifti seçin ve ağırlığı sayılarıyla izleyin: sorgu · anahtar, bölü √d, softmax.", en: "Choose a pair of words and follow its weight in numbers: query · key, over √d, softmax." },
    { tr: "Boş köşe maskedir: Hiçbir kelime kendisinden sonrakine bakamaz.", en: "The empty corner is the mask: no word may look at a later one." },
  ],
  open(told) {
    const settings = new Settings({ ...training, text: "", head: 0, layer: 0 });
    const s = settings.values;
    const far = new Far("LookingBack");
    let begun = "";
    let many = 1;
    const heads = new Heads(() => {
      settings.set("head", heads.head);
      settings.set("layer", heads.layer);
      trainer.again();
      void trainer.look();
    }, true);
    heads.head = s.head;
    heads.layer = s.layer;

    const input = h("input", { type: "text", id: "look-text", spellcheck: "false", autocomplete: "off", lang: "tr" });
    input.addEventListener("change", () => {
      settings.set("text", input.value === begun ? "" : input.value);
      trainer.trouble.textContent = "";
      heads.row = heads.column = 0;
      void trainer.look();
    });
    const bars = new Bars({ tr: "Sıradaki kelime", en: "The next word" }, [{ tr: "kelime", en: "word" }, { tr: "olasılık", en: "probability" }]);
    const list = h("p", { class: "counter", lang: "tr" });

    const trainer: Trainer<"LookingBack"> = new Trainer({
      far,
      settings,
      loss: { tr: "kayıp", en: "loss" },
      make: async () => {
        begun ||= await far.of("sentence");
        input.value = s.text || begun;
        await far.make(s.seed);
        many = await far.call("heads");
        heads.head = Math.min(heads.head, many - 1);
        heads.layer = Math.min(heads.layer, (await far.call("layers")) - 1);
        list.textContent = (await far.call("words")).join(" ");
      },
      limit: () => far.call("steps"),
      read: () => [
        ["look", input.value],
        ["after", input.value],
        ["pair", input.value, heads.layer, heads.head, heads.row, heads.column],
      ],
      show: ([look, after, pair]: [Look, { word: string; p: number }[], Pair]) => {
        if (heads.put(look, many)) return void trainer.look(); // another pair than was asked for
        heads.pair(pair);
        bars.put(after.slice(0, 6).map((a) => ({ name: a.word, value: a.p })), 1);
        told();
      },
    });

    const element = h(
      "div",
      { class: "stage even" },
      h("div", { class: "card" },
        trainer.controls,
        trainer.trouble,
        field({ tr: "Cümle", en: "Sentence" }, input),
        h("details", {}, h("summary", {}, { tr: "Modelin bildiği kelimeler", en: "The words that the model knows" }), list),
        h("p", {}),
        bars.element,
        trainer.figures,
        trainer.curve.element,
      ),
      h("div", { class: "card" }, heads.element),
    );
    return {
      element,
      trainer,
      questions: [
        {
          ask: { tr: "“Biz kalabalık okuldan sabah …” Fiili bilmek için hangi kelimelere bakmak gerekir?", en: "“Biz kalabalık okuldan sabah …” Which words do you need to know the verb?" },
          options: [
            { tr: "yalnızca sabah", en: "only sabah (in the morning)" },
            { tr: "biz ve okuldan", en: "biz (we) and okuldan (from school)" },
            { tr: "kalabalık ve sabah", en: "kalabalık (crowded) and sabah" },
          ],
          right: () => 1,
          because: {
            tr: "Ek özneye uyar (biz: -k), fiil yerin hâline uyar (okuldan: çıkmak). Eğitin ve son satırın ağırlıklarına bakın.",
            en: "The ending agrees with the subject (biz: -k), the verb with the case of the place (from school: çıkmak, to leave). Train, and watch the weights of the last row.",
          },
          train: true,
        },
      ],
      again: () => trainer.again(),
      end: () => trainer.end(),
    };
  },
};
