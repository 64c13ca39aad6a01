// Lesson 08: predict, draw, append; and a small model that learns a text of one's own.
import { Bars } from "../bars";
import { button, field, h, select, slider } from "../dom";
import type { Candidate } from "../engine";
import { Far } from "../far";
import { keep, number, say } from "../language";
import { Settings } from "../link";
import type { Room } from "../room";
import { Trainer, training } from "../trainer";

const visible = (text: string): string => text.replaceAll(" ", "␣").replaceAll("\n", "⏎");

export const writer: Room = {
  id: "write",
  name: { tr: "Kelime kelime", en: "One at a time" },
  title: { tr: "Her seferinde bir kelime", en: "One word at a time" },
  lead: {
    tr: "Model yalnızca sıradakini tahmin eder. Tahminlerden birini çekin, metne ekleyin, yeniden sorun: Böylece bütün bir metin yazar.",
    en: "The model only predicts what comes next. Draw one of its guesses, append it, ask again: that is how it writes a whole text.",
  },
  tries: [
    { tr: "Sıcaklığı 0,2 yapın, sonra 2. Metin nasıl değişiyor?", en: "Set the temperature to 0.2, then to 2. How does the text change?" },
    { tr: "Top-k'yi 1 yapın: Hep en olası olanı alan, her defasında aynı metni yazar.", en: "Set top-k to 1: always taking the likeliest writes the same text every time." },
    { tr: "Kendi metninizi yapıştırın ve modeli bir dakika eğitin. Önce neyi öğreniyor: harfleri, kelimeleri, anlamı?", en: "Paste a text of your own and train for a minute. What does it learn first: letters, words, meaning?" },
  ],
  open(told) {
    const settings = new Settings({ ...training, prompt: "", temperature: 1, k: 0, p: 1, pieces: "characters", text: "" });
    const s = settings.values;
    const far = new Far("Writer");
    let text = "";
    let own_text = s.text; // longer ones do not fit into the link
    const sampling = () => [s.temperature, s.k, s.p] as const;

    const story = h("textarea", { id: "story", spellcheck: "false" });
    story.addEventListener("input", () => {
      settings.set("prompt", story.value.length <= 300 ? story.value : "");
      trainer.trouble.textContent = "";
      void trainer.look();
    });
    const bars = new Bars({ tr: "Adaylar", en: "Candidates" }, [{ tr: "token", en: "token" }, { tr: "olasılık", en: "probability" }]);
    const size = h("p", { class: "counter" });
    const own = h("textarea", { id: "own-text", spellcheck: "false" });

    let drawing = false; // a run of draws, until pressed again
    async function draw(): Promise<boolean> {
      try {
        const token = await far.call("draw", story.value, ...sampling());
        story.value += token;
        story.scrollTop = story.scrollHeight;
        await trainer.look();
        return true;
      } catch (error) {
        trainer.trouble.textContent = (error as Error).message;
        return false;
      }
    }
    async function draws(): Promise<void> {
      drawing = !drawing;
      more.textContent = say(drawing ? { tr: "Dur", en: "Stop" } : { tr: "Yaz", en: "Write" });
      for (let i = 0; drawing && i < 200 && element.isConnected; ++i) {
        if (!(await draw())) break;
        await new Promise(requestAnimationFrame);
      }
      drawing = false;
      more.textContent = say({ tr: "Yaz", en: "Write" });
    }
    const more = button({ tr: "Yaz", en: "Write" }, () => void draws(), { "data-do": "write" });
    const changed = () => void trainer.look();

    const trainer: Trainer<"Writer"> = new Trainer({
      far,
      settings,
      loss: { tr: "kayıp", en: "loss" },
      make: async () => {
        text = own_text || (await far.of("lessonText", s.seed));
        own.value = text;
        await far.make(s.seed, text, own_text ? s.pieces : "words");
        const parameters = await far.call("parameters");
        keep(size, () => (size.textContent = say({ tr: `${parameters.toLocaleString("tr")} parametre`, en: `${parameters.toLocaleString("en")} parameters` })));
        story.value ||= s.prompt || (own_text ? text.slice(0, 12) : "Onlar eski");
      },
      read: () => [["next", story.value, ...sampling()]],
      show: ([candidates]: [Candidate[]]) => {
        bars.put(candidates.slice(0, 12).map((c) => ({ name: visible(c.token), value: c.p, out: !c.kept })));
        told();
      },
    });

    const element = h(
      "div",
      { class: "stage" },
      h("div", {},
        h("div", { class: "card" },
          trainer.controls,
          trainer.trouble,
          field({ tr: "Metin", en: "Text" }, story),
          h("p", {}),
          h("div", { class: "controls" },
            button({ tr: "Bir tane çek", en: "Draw one" }, () => void draw(), { "data-do": "draw", class: "main" }),
            more,
            button({ tr: "Sil", en: "Clear" }, () => {
              story.value = "";
              changed();
            }),
          ),
          bars.element,
        ),
      ),
      h("div", {},
        h("div", { class: "card" },
          h("h2", {}, { tr: "Nasıl çekilsin?", en: "How to draw?" }),
          slider({ tr: "Sıcaklık", en: "Temperature" }, { min: 0.1, max: 2, step: 0.1, value: s.temperature }, (v) => number(v, 1), (v) => (settings.set("temperature", v), changed())).element,
          slider({ tr: "Top-k", en: "Top-k" }, { min: 0, max: 20, step: 1, value: s.k }, (v) => (v === 0 ? say({ tr: "hepsi", en: "all" }) : String(v)), (v) => (settings.set("k", v), changed())).element,
          slider({ tr: "Top-p", en: "Top-p" }, { min: 0.1, max: 1, step: 0.05, value: s.p }, (v) => number(v, 2), (v) => (settings.set("p", v), changed())).element,
        ),
        h("div", { class: "card" }, trainer.figures, trainer.curve.element, size),
        h("div", { class: "card" },
          h("details", {},
            h("summary", {}, { tr: "Kendi metniniz", en: "A text of your own" }),
            field({ tr: "Model bu metinden öğrenir", en: "The model learns from this text" }, own),
            h("div", { class: "settings" }, field({ tr: "Parçalar", en: "Pieces" }, select<string>(
              [
                ["characters", { tr: "karakter", en: "characters" }],
                ["words", { tr: "kelime", en: "words" }],
                ["pairs", { tr: "bayt çifti", en: "byte pairs" }],
              ],
              s.pieces,
              (v) => settings.set("pieces", v),
            ))),
            h("div", { class: "controls" },
              button({ tr: "Bu metni öğren", en: "Learn this text" }, () => {
                own_text = own.value;
                settings.set("text", own_text.length <= 2000 ? own_text : "");
                settings.set("prompt", "");
                story.value = "";
                trainer.reset();
              }, { "data-do": "learn" }),
              button({ tr: "Dersin metni", en: "The lesson's text" }, () => {
                own_text = "";
                settings.set("text", "");
                story.value = "";
                trainer.reset();
              }),
            ),
          ),
        ),
      ),
    );
    return {
      element,
      trainer,
      questions: [
        {
          ask: { tr: "“Onlar eski” ile başlayan metni iki kez yazdırsak aynı mı çıkar?", en: "If it writes on from “Onlar eski” twice, will the two texts be the same?" },
          options: [
            { tr: "Evet, model aynı", en: "Yes, the model is the same" },
            { tr: "Hayır, her kelime çekilir", en: "No, each word is drawn" },
            { tr: "Top-k 1 ise evet, yoksa çoğu kez hayır", en: "With top-k 1 yes, else mostly no" },
          ],
          right: () => 2,
          because: {
            tr: "Model olasılıkları söyler, zarı biz atarız. Hep en olası seçilirse zar kalmaz.",
            en: "The model says probabilities; we throw the dice. If the likeliest is always taken, no dice are left.",
          },
        },
      ],
      again: () => trainer.again(),
      end: () => {
        drawing = false;
        trainer.end();
      },
    };
  },
};
