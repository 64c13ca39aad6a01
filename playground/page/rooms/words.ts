// Lesson 03: where a text is cut, and which words stand near each other.
import { Bars, cosine } from "../bars";
import { button, field, h } from "../dom";
import type { Neighbour, Piece, Place } from "../engine";
import { Far } from "../far";
import { forget, keep, say, type Text } from "../language";
import { Settings } from "../link";
import { colours, Picture } from "../paint";
import type { Room } from "../room";
import { Trainer, training } from "../trainer";

const names: Record<string, Text> = {
  characters: { tr: "karakter", en: "characters" },
  words: { tr: "kelime", en: "words" },
  pairs: { tr: "bayt çifti", en: "byte pairs" },
};

/** Spaces and line ends are pieces, too. */
const visible = (text: string): string => text.replaceAll(" ", "␣").replaceAll("\n", "⏎");

export const words: Room = {
  id: "words",
  name: { tr: "Kelimeler", en: "Words" },
  title: { tr: "Kelimelerden sayılara", en: "From words to numbers" },
  lead: {
    tr: "Bir ağ okuyamaz; toplar ve çarpar. Metin önce parçalara kesilir, sonra her parça bir vektör olur. Anlamı benzeyen kelimeler birbirine yaklaşır.",
    en: "A network cannot read; it adds and multiplies. A text is cut into pieces, and each piece becomes a vector. Words of similar meaning move together.",
  },
  tries: [
    { tr: "“evlerimizden” yazın. Bayt çifti ekleri kimse öğretmeden buldu mu?", en: "Type “evlerimizden” (from our houses). Did the byte pairs find the endings, without a teacher?" },
    { tr: "Adınızı yazın. Hangi tokenizer onu bilmiyor?", en: "Type your name. Which tokenizer does not know it?" },
    { tr: "Eğitimin başında ve sonunda “müthiş”in komşularına bakın.", en: "Look at the neighbours of “müthiş” (terrific) before and after training." },
  ],
  open(told) {
    const settings = new Settings({ ...training, text: "evlerimizden çıktık, müthiş bir köfte yedik.", word: "müthiş", pairs: 1500, learn: "" });
    const s = settings.values;

    // The tokenizers.
    const cutter = new Far("Tokenizers");
    const cut_trouble = h("p", { class: "trouble", role: "alert", lang: "en" });
    const rows = h("div", { class: "cuts" });
    let own = s.learn; // longer ones do not fit into the link
    let ready: Promise<void> = Promise.resolve();
    let asked = 0;
    const failed = (error: Error) => {
      rows.replaceChildren();
      cut_trouble.textContent = error.message;
    };
    function learn(): void {
      cut_trouble.textContent = "";
      rows.replaceChildren(h("p", { class: "counter", role: "status" }, { tr: "Tokenizer'lar öğreniyor …", en: "The tokenizers are learning …" }));
      ready = (async () => {
        const text = own || (await cutter.of("lessonText"));
        if (!learnt.value) learnt.value = text;
        await cutter.make(text, s.pairs);
      })();
      void ready.then(cut, failed);
    }
    async function cut(): Promise<void> {
      const mine = (asked += 1);
      await ready;
      cut_trouble.textContent = "";
      const made: [string, Piece[], number][] = [];
      for (const kind of await cutter.call("kinds")) made.push([kind, await cutter.call("pieces", kind, s.text), await cutter.call("size", kind)]);
      if (mine !== asked) return;
      forget();
      rows.replaceChildren(
        ...made.map(([kind, pieces, size]) =>
          h("div", { class: "cut" },
            h("h3", {}, names[kind] ?? kind, " ", keep(h("small", {}), (e) => (e.textContent = say({
              tr: `${pieces.length} token, sözlükte ${size.toLocaleString("tr")}`,
              en: `${pieces.length} tokens, ${size.toLocaleString("en")} in the vocabulary`,
            })))),
            h("ol", { class: "pieces" }, ...pieces.map((p) => h("li", { class: p.text === "<unk>" || p.text === "�" ? "unknown" : "" }, h("span", {}, visible(p.text)), h("small", {}, String(p.id))))),
          ),
        ),
      );
    }
    const text = h("textarea", { id: "cut-text", spellcheck: "false", lang: "tr", class: "short" });
    text.value = s.text;
    text.addEventListener("input", () => {
      settings.set("text", text.value);
      void cut().catch(failed);
    });
    const learnt = h("textarea", { id: "cut-learnt", spellcheck: "false", lang: "tr" });

    // The vectors.
    const far = new Far("Vectors");
    let places: Place[] = [];
    let near: Neighbour[] = [];
    const known = h("datalist", { id: "known-words" });
    const word = h("input", { type: "text", id: "word", list: "known-words", autocomplete: "off", spellcheck: "false", lang: "tr" });
    word.value = s.word;
    word.addEventListener("change", () => {
      settings.set("word", word.value.trim());
      trainer.trouble.textContent = "";
      void trainer.look();
    });
    const bars = new Bars({ tr: "En yakın kelimeler", en: "The nearest words" }, [{ tr: "kelime", en: "word" }, { tr: "kosinüs", en: "cosine" }], cosine);
    const map = new Picture(1.3, (pen, width, height) => {
      if (places.length === 0) return;
      const c = colours();
      const size = parseFloat(getComputedStyle(map.canvas).fontSize);
      pen.font = `${size}px system-ui, sans-serif`;
      pen.textBaseline = "middle";
      const xs = places.map((p) => p.x);
      const ys = places.map((p) => p.y);
      const span = (v: number[]): [number, number] => {
        const a = Math.min(...v);
        const b = Math.max(...v);
        return [(a + b) / 2, Math.max(b - a, 1e-6)];
      };
      const [mx, wx] = span(xs);
      const [my, wy] = span(ys);
      const close = new Set(near.map((n) => n.word));
      const weight = (word: string) => (word === s.word ? 2 : close.has(word) ? 1 : 0);
      const written: [number, number, number][] = []; // where a name stands no other is written over it
      for (const p of [...places].sort((a, b) => weight(b.word) - weight(a.word))) {
        const x = width / 2 + ((p.x - mx) / wx) * (width - size * 9) - size * 3;
        const y = height / 2 - ((p.y - my) / wy) * (height - size * 2.5);
        const w = weight(p.word);
        pen.fillStyle = w === 2 ? c.one : w === 1 ? c.accent : c.quiet;
        pen.font = `${w > 0 ? "bold " : ""}${size}px system-ui, sans-serif`;
        pen.beginPath();
        pen.arc(x, y, size * (w === 2 ? 0.35 : 0.22), 0, 7);
        pen.fill();
        const end = x + size * 0.5 + pen.measureText(p.word).width;
        if (written.some(([l, r, at]) => x < r && end > l && Math.abs(at - y) < size)) continue;
        written.push([x, end, y]);
        pen.fillText(p.word, x + size * 0.5, y);
      }
    });

    const trainer: Trainer<"Vectors"> = new Trainer({
      far,
      settings,
      loss: { tr: "kayıp", en: "loss" },
      make: async () => {
        await far.make(s.seed);
        if (!known.firstChild) known.append(...(await far.call("words")).map((w) => h("option", { value: w })));
      },
      read: () => [["neighbours", s.word, 8], ["plane"]],
      show: ([neighbours, plane]: [Neighbour[], Place[]]) => {
        near = neighbours;
        places = plane;
        bars.put(near.map((n) => ({ name: n.word, value: n.cosine })), 1);
        map.says(say({
          tr: `${places.length} kelime iki boyutta. ${s.word} kelimesine en yakın olanlar: ${near.slice(0, 5).map((n) => n.word).join(", ")}.`,
          en: `${places.length} words in two dimensions. Nearest to ${s.word}: ${near.slice(0, 5).map((n) => n.word).join(", ")}.`,
        }));
        map.draw();
        told();
      },
    });
    learn();

    const element = h(
      "div",
      {},
      h("div", { class: "card" },
        h("h2", {}, { tr: "1 · Nereden kesmeli?", en: "1 · Where to cut?" }),
        cut_trouble,
        field({ tr: "Metin", en: "Text" }, text),
        rows,
        h("details", {},
          h("summary", {}, { tr: "Tokenizer'ların öğrendiği metin", en: "The text that the tokenizers learnt from" }),
          field({ tr: "Buraya kendi metninizi de koyabilirsiniz", en: "You can put a text of your own here" }, learnt),
          h("p", {}),
          button({ tr: "Bu metinden öğren", en: "Learn from this text" }, () => {
            own = learnt.value;
            settings.set("learn", own.length <= 2000 ? own : "");
            learn();
          }, { "data-do": "learn" }),
        ),
      ),
      h("div", { class: "stage even", style: "margin-top: 1.2rem" },
        h("div", { class: "card" },
          h("h2", {}, { tr: "2 · Bir kelimeyi komşuları anlatır", en: "2 · A word is known by its neighbours" }),
          trainer.controls,
          trainer.trouble,
          map.canvas,
        ),
        h("div", { class: "card" },
          field({ tr: "Kelime", en: "Word" }, word),
          known,
          bars.element,
          trainer.figures,
          trainer.curve.element,
        ),
      ),
    );
    return {
      element,
      trainer,
      questions: [
        {
          ask: { tr: "Bayt çifti tokenizer'ı “evlerimizden”i nereden keser?", en: "Where do byte pairs cut “evlerimizden” (from our houses)?" },
          options: [
            { tr: "ev · lerimizden", en: "ev · lerimizden" },
            { tr: "e · v · l · e · r · i · m · i · z · d · e · n", en: "e · v · l · e · r · i · m · i · z · d · e · n" },
            { tr: "hiç kesmez", en: "nowhere" },
          ],
          right: () => 0,
          because: {
            tr: "Ek zinciri başka kelimelerin sonunda sık geçer; yan yana en sık duran çiftler birleştirildikçe bütün bir parça olur. Dilbilgisini kimse öğretmedi.",
            en: "The chain of endings occurs at the end of many words; as the most frequent pairs are merged, it becomes one piece. Nobody taught it grammar.",
          },
        },
        {
          ask: { tr: "Eğitimden sonra “müthiş”e en yakın kelime hangi türden olacak?", en: "After training, what kind of word will be nearest to “müthiş” (terrific)?" },
          options: [
            { tr: "yanında geçen bir kelime (köfte, film)", en: "one that stands beside it (köfte, film)" },
            { tr: "yerine geçebilecek bir övgü (harika)", en: "praise that could take its place (harika)" },
            { tr: "zıddı (berbat)", en: "its opposite (berbat)" },
          ],
          right: () => 1,
          because: {
            tr: "İki övgü aynı komşularla durur: Yedik, izledik, sevindik. Aynı komşuları bilmek zorunda olan vektörler aynı yöne döner.",
            en: "Two words of praise stand beside the same neighbours. Vectors that have to know the same neighbours turn the same way.",
          },
          train: true,
        },
      ],
      again: () => trainer.again(),
      end: () => {
        cutter.end();
        trainer.end();
      },
    };
  },
};
