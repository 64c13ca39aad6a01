// Lesson 01: a line between two genres.
import { button, choice, field, h, slider } from "../dom";
import type { Songs } from "../engine";
import { Far } from "../far";
import { number, percent, say, type Text } from "../language";
import { Settings } from "../link";
import { Plane } from "../plane";
import { join, none, pack, unpack } from "../points";
import type { Room } from "../room";
import { Trainer, training } from "../trainer";

const size = 60;
const tempo = { lo: 40, hi: 200, digits: 0, name: () => say({ tr: "tempo (BPM)", en: "tempo (BPM)" }) };
const energy = { lo: 0, hi: 1, digits: 2, name: () => say({ tr: "enerji", en: "energy" }) };

export const line: Room = {
  id: "line",
  name: { tr: "Çizgi", en: "Line" },
  title: { tr: "Rap mi, arabesk mi?", en: "Rap or arabesk?" },
  lead: {
    tr: "Her nokta bir şarkı: ne kadar hızlı, ne kadar enerjik? Model, türü bilinen şarkılardan ikisini ayıran çizgiyi arıyor.",
    en: "Each point is a song: how fast, how energetic? From songs whose genre is known, the model looks for the line that separates the two.",
  },
  tries: [
    {
      tr: "Eğit'e basın. Çizgi, kayıp küçüldükçe yerine oturur. Bütün modeli üç sayı belirler: w₁, w₂ ve b.",
      en: "Press Train. As the loss falls, the line settles. Three numbers are the whole model: w₁, w₂ and b.",
    },
    {
      tr: "Bir şarkıyı çizginin uzağına, sonra yakınına götürün. Model ne zaman daha emin?",
      en: "Move a song far from the line, then near it. When is the model surer?",
    },
    {
      tr: "Rap bölgesinin ortasına üç beş arabesk ekleyin. Çizgi ne kadar kayıyor?",
      en: "Add a few arabesk songs deep among the rap. How far does the line move?",
    },
    {
      tr: "Öğrenme oranını 0,01 yapın. Doğruluk hemen yerine gelir, olasılıklar ise geç.",
      en: "Set the learning rate to 0.01. The accuracy is there at once, the probabilities come late.",
    },
  ],
  open(told) {
    const settings = new Settings({ ...training, speed: "frame", rate: 1, tempo: 80, energy: 0.3, tap: "ask", base: "lesson", songs: "" });
    const s = settings.values;
    const far = new Far("Line");
    const scale = [10, 1000] as const;
    let base = none(); // the lesson's songs, or none
    let added = unpack(s.songs, scale);
    const world = () => s.base === "lesson" && added.label.length === 0;
    let accuracy = NaN;
    let best = NaN;
    let spot = NaN;

    const plane = new Plane(tempo, energy, tapped, size);
    plane.most = 400; // of the lesson's 2,000: more would hide the colours
    const formula = h("p", { class: "formula mono" });
    const answer = h("p", { class: "big-figure" });
    const right = h("p", { class: "big-figure" });
    const limit = h("p", { class: "counter" });

    function tapped(x: number, y: number): void {
      if (s.tap === "ask") move(x, y);
      else add(x, y, s.tap === "arabesk" ? 1 : 0);
    }
    function move(x: number, y: number): void {
      settings.set("tempo", Math.round(x));
      settings.set("energy", Math.round(y * 100) / 100);
      tempo_slider.set(s.tempo);
      energy_slider.set(s.energy);
      asked();
    }
    function asked(): void {
      plane.spot = [s.tempo, s.energy];
      void trainer.look();
    }
    function add(x: number, y: number, label: number): void {
      added = join(added, { xy: Float32Array.of(x, y), label: Int32Array.of(label) });
      settings.set("songs", pack(added, scale));
      void put().then(() => trainer.look(), trouble);
    }
    /** The model learns on from the songs as they are now. */
    async function put(): Promise<void> {
      const songs = join(base, added);
      plane.xy = songs.xy;
      plane.label = songs.label;
      if (songs.label.length > 0) await far.call("setSongs", songs.xy, songs.label);
    }
    /** Other songs, and a new line. */
    function use(from: "lesson" | "own", songs: Songs): void {
      added = songs;
      settings.set("base", from);
      settings.set("songs", pack(added, scale));
      trainer.reset();
    }
    const trouble = (error: Error) => void (trainer.trouble.textContent = error.message);

    const tempo_slider = slider({ tr: "Tempo", en: "Tempo" }, { min: 40, max: 200, step: 1, value: s.tempo }, (v) => `${v} BPM`, (v) => (settings.set("tempo", v), asked()));
    const energy_slider = slider({ tr: "Enerji", en: "Energy" }, { min: 0, max: 1, step: 0.01, value: s.energy }, (v) => number(v), (v) => (settings.set("energy", v), asked()));
    const rate = slider(
      { tr: "Öğrenme oranı", en: "Learning rate" },
      { min: -2, max: 1, step: 0.25, value: Math.log10(s.rate) },
      (v) => number(10 ** v, v < 0 ? 2 : 1),
      (v) => {
        settings.set("rate", Number((10 ** v).toPrecision(2)));
        void far.call("setLearningRate", s.rate);
      },
    );

    const trainer: Trainer<"Line"> = new Trainer({
      far,
      settings,
      loss: { tr: "kayıp", en: "loss" },
      make: async () => {
        await far.make(s.seed);
        await far.call("setLearningRate", s.rate);
        base = s.base === "lesson" ? await far.of("lessonSongs", s.seed, 2000) : none();
        best = world() ? await far.of("bestAccuracy") : NaN;
        await put();
      },
      read: () => [
        ["grid", size],
        ["weights"],
        ["probability", s.tempo, s.energy],
        ...(plane.label.length === 0 ? [] : ([[world() ? "freshAccuracy" : "accuracy"]] as const)),
      ],
      show: ([grid, weights, p, share = NaN]: [Float32Array, Float32Array, number, number?]) => {
        plane.grid = grid;
        plane.spot = [s.tempo, s.energy];
        accuracy = share;
        spot = p;
        const [w1, w2, b] = weights as unknown as [number, number, number];
        const signed = (v: number, d: number) => `${v < 0 ? "−" : "+"} ${number(Math.abs(v), d)}`;
        formula.textContent =
          say({ tr: "puan = ", en: "score = " }) +
          `${number(w1, 4)} · tempo ${signed(w2, 2)} · ${say({ tr: "enerji", en: "energy" })} ${signed(b, 2)}`;
        answer.textContent = p >= 0.5 ? say({ tr: `${percent(p)} arabesk`, en: `${percent(p)} arabesk` }) : `${percent(1 - p)} rap`;
        right.textContent = percent(share);
        limit.textContent = Number.isFinite(best)
          ? say({ tr: `Yeni şarkılarda. En iyi dinleyici: ${percent(best)}`, en: `On fresh songs. The best listener: ${percent(best)}` })
          : say({ tr: "Sizin şarkılarınızda", en: "On your songs" });
        plane.picture.says(
          say({
            tr: `${plane.label.length} şarkı. Yavaş ve sakin olanlar arabesk, hızlı ve canlı olanlar rap. Çizgi şarkıların ${percent(share)} kadarını doğru ayırıyor.`,
            en: `${plane.label.length} songs. The slow, calm ones are arabesk, the fast, lively ones rap. The line is right about ${percent(share)} of them.`,
          }),
        );
        plane.picture.draw();
        told();
      },
    });

    const csv = h("textarea", { id: "csv", spellcheck: "false", placeholder: "tempo;energy;genre\n85;0,35;arabesk\n118;0,7;rap" });
    const kind: Text = { tr: "Dokununca", en: "A tap" };
    const element = h(
      "div",
      { class: "stage" },
      h(
        "div",
        { class: "card" },
        trainer.controls,
        trainer.trouble,
        h("p", { class: "keys" },
          h("span", {}, h("span", { class: "key one" }), "arabesk"),
          h("span", {}, h("span", { class: "key zero" }), "rap"),
          h("span", {}, { tr: "renk: model ne kadar emin", en: "shade: how sure the model is" }),
        ),
        plane.picture.canvas,
      ),
      h(
        "div",
        {},
        h(
          "div",
          { class: "card" },
          h("h2", {}, { tr: "Bir şarkı sorun", en: "Ask about a song" }),
          h("div", { class: "settings" }, tempo_slider.element, energy_slider.element),
          answer,
          formula,
          choice(
            kind,
            [
              ["ask", { tr: "sor", en: "asks" }],
              ["arabesk", { tr: "arabesk ekle", en: "adds arabesk" }],
              ["rap", { tr: "rap ekle", en: "adds rap" }],
            ],
            s.tap,
            (v) => settings.set("tap", v),
          ),
          h("details", {},
            h("summary", {}, { tr: "Kendi şarkılarınız", en: "Songs of your own" }),
            h("div", { class: "controls" },
              button({ tr: "Bu şarkı arabesk", en: "This song is arabesk" }, () => add(s.tempo, s.energy, 1)),
              button({ tr: "Bu şarkı rap", en: "This song is rap" }, () => add(s.tempo, s.energy, 0)),
              button({ tr: "Hepsini sil", en: "Remove all" }, () => use("own", none())),
              button({ tr: "Dersin şarkıları", en: "The lesson's songs" }, () => use("lesson", none())),
            ),
            field({ tr: "CSV yapıştırın: tempo, enerji, tür", en: "Paste CSV: tempo, energy, genre" }, csv),
            button({ tr: "Bu tabloyu kullan", en: "Use this table" }, () => {
              trainer.trouble.textContent = "";
              void far.of("readSongs", csv.value).then((songs) => use("own", songs), trouble);
            }),
          ),
        ),
        h(
          "div",
          { class: "card" },
          h("div", { class: "row" }, h("div", {}, h("p", {}, { tr: "Doğru bildiği", en: "Right" }), right, limit)),
          trainer.figures,
          trainer.curve.element,
          rate.element,
        ),
      ),
    );
    return {
      element,
      trainer,
      questions: [
        {
          ask: { tr: "Model eğitilince yeni şarkıların yüzde kaçını doğru bilecek?", en: "Once it is trained, what percentage of fresh songs will the model get right?" },
          number: { min: 50, max: 100, digits: 1, unit: { tr: "yüzde", en: "percent" }, truth: () => 100 * accuracy },
          because: {
            tr: "İki tür iç içe geçiyor: Bazı şarkılar öteki tür gibi duyulur. Şarkıların ardındaki gerçeği bilen bile %88,9'dan iyisini yapamaz.",
            en: "The two genres overlap: some songs sound like the other one. Even a listener who knows the truth behind the songs gets no more than 88.9 % right.",
          },
          train: true,
        },
        {
          ask: { tr: "80 BPM, enerjisi 0,3 olan bir şarkı. Eğitilmiş model yüzde kaç arabesk diyecek?", en: "A song of 80 BPM with an energy of 0.3. What percentage of arabesk will the trained model say?" },
          number: { min: 0, max: 100, digits: 1, unit: { tr: "yüzde", en: "percent" }, truth: () => (s.tempo === 80 && s.energy === 0.3 ? 100 * spot : NaN) },
          because: {
            tr: "Şarkı çizgiden uzakta, arabesk tarafında. Uzaklık burada emin olmak demek.",
            en: "The song lies far from the line, on the arabesk side. Here distance means being sure.",
          },
          train: true,
        },
      ],
      again: () => trainer.again(),
      end: () => trainer.end(),
    };
  },
};
