// Lesson 02: where no line helps. A network, its neurons, and what becomes of it without their bend.
import { button, choice, field, h, select, slider } from "../dom";
import { Far } from "../far";
import { number, percent, say } from "../language";
import { Settings } from "../link";
import { colours, Picture, Shade } from "../paint";
import { Plane } from "../plane";
import { join, none, pack, unpack } from "../points";
import type { Room } from "../room";
import { Trainer, training } from "../trainer";

const size = 60;
const small = 20;
const lo = -3;
const hi = 3;

export const curve: Room = {
  id: "curve",
  name: { tr: "Eğri", en: "Curve" },
  title: { tr: "En iyi sınır bir çizgi olmayabilir", en: "The best border need not be a line" },
  lead: {
    tr: "Hiçbir çizgi bu noktaları ayıramaz. Her nöron bir çizgi çizer ve onu büker; ağ bükülmüş çizgileri birleştirip bir sınır kurar.",
    en: "No line separates these points. Each neuron draws a line and bends it; the network puts the bent lines together into a border.",
  },
  tries: [
    {
      tr: "XOR'u tanh ile eğitin, sonra aktivasyonu “yok” yapın. Çizgilerin toplamı yine çizgidir: Ağ her noktaya %50 der.",
      en: "Train XOR with tanh, then set the activation to “none”. A sum of lines is a line: the network says 50 % for every point.",
    },
    { tr: "Nöron sayısını 1, 2, 3, 4 yapın. XOR kaç nöronla çözülüyor?", en: "Give it 1, 2, 3, 4 neurons. How many does XOR need?" },
    { tr: "Sarmalda bir katmanı iki katmanla karşılaştırın.", en: "On the spirals, compare one layer with two." },
    { tr: "“Kendi noktalarım”ı seçin ve ayrılması zor bir şekil çizin.", en: "Choose “my own points” and draw a shape that is hard to separate." },
  ],
  open(told) {
    const settings = new Settings({
      ...training, speed: "frame", shape: "xor", width: 8, depth: 1, bend: "tanh", tap: "1", x: 0, y: 0, points: "",
    });
    const s = settings.values;
    const far = new Far("Curve");
    const scale = [100, 100] as const;
    let base = none();
    let added = unpack(s.points, scale);
    let accuracy = NaN;
    let drawn = 0; // when the neurons were
    let best = NaN;

    const plane = new Plane(
      { lo, hi, digits: 1, name: () => "x" },
      { lo, hi, digits: 1, name: () => "y" },
      (x, y) => add(x, y, Number(s.tap)),
      size,
    );
    const right = h("p", { class: "big-figure" });
    const limit = h("p", { class: "counter" });
    const neurons = h("div", { class: "neurons" });
    let pictures: { picture: Picture; values: Float32Array | null }[] = [];

    function add(x: number, y: number, label: number): void {
      added = join(added, { xy: Float32Array.of(x, y), label: Int32Array.of(label) });
      settings.set("points", pack(added, scale));
      best = NaN;
      void put().then(() => trainer.look(), (e: Error) => (trainer.trouble.textContent = e.message));
    }
    async function put(): Promise<void> {
      const points = join(base, added);
      plane.xy = points.xy;
      plane.label = points.label;
      if (points.label.length > 0) await far.call("setPoints", points.xy, points.label);
    }
    function use(wanted: string): void {
      added = none();
      settings.set("points", "");
      settings.set("shape", wanted);
      shape.value = wanted;
      trainer.reset();
    }
    /** A small picture for each neuron, a row for each layer. */
    function lay(): void {
      for (const { picture } of pictures) picture.end();
      pictures = [];
      neurons.replaceChildren();
      for (let layer = 0; layer < s.depth; ++layer) {
        const row = h("div", { class: "layer", role: "group", "aria-label": { tr: `${layer + 1}. katman`, en: `Layer ${layer + 1}` } });
        for (let i = 0; i < s.width; ++i) {
          const shade = new Shade(small);
          const one: { picture: Picture; values: Float32Array | null } = {
            values: null,
            picture: new Picture(1, (pen, width, height) => {
              if (!one.values) return;
              const c = colours();
              let most = 1e-6;
              for (const v of one.values) most = Math.max(most, Math.abs(v));
              pen.drawImage(shade.draw(one.values, (v) => v / most, { paper: c.paper, low: c.zero, high: c.one, strength: 0.9 }), 0, 0, width, height);
            }),
          };
          one.picture.says(say({ tr: `${layer + 1}. katmanın ${i + 1}. nöronu: düzlemin neresinde artı, neresinde eksi`, en: `Neuron ${i + 1} of layer ${layer + 1}: where in the plane it is positive and where negative` }));
          pictures.push(one);
          row.append(one.picture.canvas);
        }
        neurons.append(h("p", { class: "over", "aria-hidden": "true" }, { tr: `${layer + 1}. katman`, en: `layer ${layer + 1}` }), row);
      }
    }

    const trainer: Trainer<"Curve"> = new Trainer({
      far,
      settings,
      loss: { tr: "kayıp", en: "loss" },
      make: async () => {
        lay();
        await far.make(s.seed, s.width, s.depth, s.bend);
        base = s.shape === "own" ? none() : await far.of("points", s.shape, 400, s.seed);
        best = s.shape === "own" || added.label.length > 0 ? NaN : await far.of("bestAccuracy", s.shape);
        await put();
      },
      read: () => [
        ["grid", size, lo, hi],
        // New points of the shape measure what was learnt, where there are any.
        ...(s.shape !== "own" && added.label.length === 0 ? ([["freshAccuracy", s.shape]] as const) : plane.label.length > 0 ? ([["accuracy"]] as const) : []),
        // Many small pictures: not in every frame.
        ...(performance.now() - drawn < 150 && trainer.steps > 0 ? [] : pictures).map((_, i) => ["neuron", Math.floor(i / s.width), i % s.width, small, lo, hi] as const),
      ],
      show: ([grid, ...rest]: [Float32Array, ...(number | Float32Array)[]]) => {
        const share = typeof rest[0] === "number" ? rest[0] : NaN;
        const each = rest.filter((r) => typeof r !== "number");
        plane.grid = grid;
        accuracy = share;
        right.textContent = percent(share);
        limit.textContent = Number.isFinite(best)
          ? say({ tr: `Yeni noktalarda. Olabilecek en iyi: ${percent(best)}`, en: `On fresh points. The best possible: ${percent(best)}` })
          : "";
        if (each.length === pictures.length) {
          drawn = performance.now();
          pictures.forEach((one, i) => {
            one.values = each[i]!;
            one.picture.draw();
          });
        }
        plane.picture.says(
          say({
            tr: `İki sınıftan ${plane.label.length} nokta. Ağın sınırı noktaların ${percent(share)} kadarını doğru ayırıyor.`,
            en: `${plane.label.length} points of two classes. The network's border is right about ${percent(share)} of them.`,
          }),
        );
        plane.picture.draw();
        told();
      },
    });

    const anew = () => trainer.reset();
    const shape = select<string>(
      [
        ["xor", { tr: "XOR", en: "XOR" }],
        ["rings", { tr: "halkalar", en: "rings" }],
        ["target", { tr: "hedef tahtası", en: "a target" }],
        ["spirals", { tr: "sarmallar", en: "spirals" }],
        ["moons", { tr: "hilaller", en: "moons" }],
        ["own", { tr: "kendi noktalarım", en: "my own points" }],
      ],
      s.shape,
      use,
    );
    const x = slider({ tr: "x", en: "x" }, { min: lo, max: hi, step: 0.1, value: s.x }, (v) => number(v, 1), (v) => (settings.set("x", v), spot()));
    const y = slider({ tr: "y", en: "y" }, { min: lo, max: hi, step: 0.1, value: s.y }, (v) => number(v, 1), (v) => (settings.set("y", v), spot()));
    const spot = () => {
      plane.spot = [s.x, s.y];
      plane.picture.draw();
    };

    const element = h(
      "div",
      { class: "stage" },
      h(
        "div",
        { class: "card" },
        trainer.controls,
        trainer.trouble,
        h("p", { class: "keys" },
          h("span", {}, h("span", { class: "key one" }), { tr: "1. sınıf", en: "class 1" }),
          h("span", {}, h("span", { class: "key zero" }), { tr: "0. sınıf", en: "class 0" }),
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
          h("div", { class: "settings" },
            field({ tr: "Noktalar", en: "Points" }, shape),
            field({ tr: "Aktivasyon", en: "Activation" }, select<string>(
              [["tanh", { tr: "tanh", en: "tanh" }], ["relu", { tr: "ReLU", en: "ReLU" }], ["gelu", { tr: "GELU", en: "GELU" }], ["none", { tr: "yok", en: "none" }]],
              s.bend,
              (v) => (settings.set("bend", v), anew()),
            )),
            slider({ tr: "Katmandaki nöron", en: "Neurons in a layer" }, { min: 1, max: 12, step: 1, value: s.width }, String, (v) => (settings.set("width", v), anew())).element,
            slider({ tr: "Gizli katman", en: "Hidden layers" }, { min: 1, max: 3, step: 1, value: s.depth }, String, (v) => (settings.set("depth", v), anew())).element,
          ),
          h("div", { class: "row" }, h("div", {}, h("p", {}, { tr: "Doğru bildiği", en: "Right" }), right, limit)),
          trainer.figures,
          trainer.curve.element,
        ),
        h("div", { class: "card" }, h("h2", {}, { tr: "Her nöronun gördüğü", en: "What each neuron sees" }), neurons),
        h(
          "div",
          { class: "card" },
          choice(
            { tr: "Düzleme dokunmak bir nokta ekler", en: "A tap on the plane adds a point" },
            [["1", { tr: "1. sınıf", en: "class 1" }], ["0", { tr: "0. sınıf", en: "class 0" }]],
            s.tap,
            (v) => settings.set("tap", v),
          ),
          h("details", {},
            h("summary", {}, { tr: "Dokunmadan eklemek", en: "Adding without a tap" }),
            h("div", { class: "settings" }, x.element, y.element),
            h("div", { class: "controls" },
              button({ tr: "Bu noktayı ekle", en: "Add this point" }, () => add(s.x, s.y, Number(s.tap)), { "data-do": "add" }),
            ),
          ),
          h("p", {}),
          button({ tr: "Hepsini sil", en: "Remove all" }, () => use("own")),
        ),
      ),
    );
    return {
      element,
      trainer,
      questions: [
        {
          ask: { tr: "Köşelerde dört bulut, karşılıklı köşeler aynı sınıftan. Tek bir düz çizgi en çok kaçını doğru ayırır?", en: "Four clouds in the corners; opposite corners are of one class. How much can a single straight line get right at best?" },
          options: [
            { tr: "yarısını", en: "half" },
            { tr: "dörtte üçünü", en: "three quarters" },
            { tr: "hepsini", en: "all" },
          ],
          right: () => 1,
          because: {
            tr: "Bir çizgi en çok bir köşeyi kesip ayırabilir: dört buluttan üçü. Eğitilen tek bir çizgi onu bile yapmaz; yanlış tarafta çok emin olmaktansa her noktaya %50 der.",
            en: "At best a line cuts off one corner: three clouds of four. A line that is trained does not even do that; it says 50 % everywhere rather than be very sure on the wrong side.",
          },
        },
        {
          ask: { tr: "Sekiz nöronlu ağ XOR'da yüzde kaç doğru bilecek?", en: "What percentage of XOR will a network of eight neurons get right?" },
          number: { min: 50, max: 100, digits: 1, unit: { tr: "yüzde", en: "percent" }, truth: () => 100 * accuracy },
          because: {
            tr: "Sekiz bükülmüş çizgi iki köşeyi çevrelemeye yeter. Bulutların birkaç noktası gerçekten karşı tarafa düşer; onları kimse bilemez.",
            en: "Eight bent lines are enough to fence in two corners. A few points of the clouds really lie on the other side; nobody can know those.",
          },
          train: true,
        },
        {
          ask: { tr: "Bükme kalkarsa (aktivasyon yok), sekiz nöron ne yapar?", en: "Without the bend (no activation), what do eight neurons do?" },
          options: [
            { tr: "Aynısını, biraz daha yavaş", en: "The same, a little slower" },
            { tr: "Bir çizgiden fazlasını yapamaz", en: "No more than one line" },
            { tr: "Hiç öğrenemez, kayıp artar", en: "They cannot learn; the loss grows" },
          ],
          right: () => 1,
          because: {
            tr: "Çizgilerin toplamı yine bir çizgidir. Aktivasyonu “yok” yapıp eğitin.",
            en: "A sum of lines is a line again. Set the activation to “none” and train.",
          },
        },
      ],
      again: () => {
        lay();
        trainer.again();
      },
      end: () => trainer.end(),
    };
  },
};
