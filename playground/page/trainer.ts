// The training loop as the page sees it: it asks for some steps, shows what came, and asks again. So a pause is at hand at any time,
// and the page waits for nobody.
import { button, choice, field, h } from "./dom";
import type { Kind } from "./engine";
import type { Far, Read, Taught } from "./far";
import { keep, number, say, type Text } from "./language";
import type { Settings } from "./link";
import { CurveOfLoss } from "./curve_of_loss";

export const training = { seed: 1, speed: "fast" };
export type Training = typeof training;

export interface Lessons<K extends Kind> {
  far: Far<K>;
  settings: Settings<any>;
  make: () => Promise<void>; // the model, new
  read: () => Read[]; // what to ask after each round of steps
  show: (read: any) => void; // what came, in the order of `read`
  loss: Text;
  floor?: () => Promise<number>;
  limit?: () => Promise<number>; // of steps: a schedule that ends
  after?: () => void; // once the training rests
}

const speeds = {
  slow: { steps: 1, budget: 20, pause: 400 },
  frame: { steps: 1, budget: 20, pause: 0 },
  fast: { steps: 1e6, budget: 30, pause: 0 },
};
type Speed = keyof typeof speeds;

const start: Text = { tr: "Eğit", en: "Train" };
const preparing: Text = { tr: "model hazırlanıyor …", en: "the model is being made …" };
const finished: Text = { tr: "Bitti", en: "Done" };
const stop: Text = { tr: "Durdur", en: "Pause" };

export class Trainer<K extends Kind> {
  readonly controls: HTMLElement;
  readonly curve: CurveOfLoss;
  readonly figures: HTMLElement;
  readonly trouble = h("p", { class: "trouble", role: "alert", lang: "en" });
  steps = 0;
  loss = NaN;
  private rate = 0; // steps a second
  private playing = false;
  private limit = Infinity;
  private locked = false;
  private making = true;
  private ended = false;
  private turn = 0; // of runs and resets: what an older one asked for comes too late
  private ready: Promise<unknown> = Promise.resolve();
  private last: any[] | null = null;
  private readonly play: HTMLButtonElement;
  private readonly single: HTMLButtonElement;
  private readonly counter: HTMLElement;
  private readonly news = h("p", { class: "hidden", "aria-live": "polite" });

  constructor(private readonly room: Lessons<K>) {
    this.curve = new CurveOfLoss(room.loss);
    this.play = h("button", { type: "button", class: "main", "data-do": "play", onclick: () => this.toggle() });
    this.single = button({ tr: "Bir adım", en: "One step" }, () => void this.one(), { "data-do": "step" });
    this.counter = h("p", { class: "counter" });
    keep(this.play, () => this.label());
    keep(this.counter, () => this.count());
    const seed = h("input", { type: "number", class: "seed", min: 0, max: 999999, step: 1, value: room.settings.values.seed, inputmode: "numeric" });
    seed.addEventListener("change", () => {
      if (!seed.checkValidity() || seed.value === "") return void (seed.value = String(room.settings.values.seed));
      room.settings.set("seed", seed.valueAsNumber);
      this.reset();
    });
    this.controls = h(
      "div",
      { class: "controls", role: "group", "aria-label": { tr: "Eğitim", en: "Training" } },
      this.play,
      this.single,
      button({ tr: "Baştan", en: "Reset" }, () => this.reset(), { "data-do": "reset" }),
      choice<Speed>(
        { tr: "Hız", en: "Speed" },
        [
          ["slow", { tr: "yavaş", en: "slow" }],
          ["frame", { tr: "orta", en: "medium" }],
          ["fast", { tr: "hızlı", en: "fast" }],
        ],
        this.speed(),
        (v) => room.settings.set("speed", v),
      ),
      field({ tr: "Tohum", en: "Seed" }, seed),
    );
    this.figures = h("div", { class: "figures" }, this.counter, this.news);
  }

  private speed(): Speed {
    const wanted = this.room.settings.values.speed as string;
    return wanted in speeds ? (wanted as Speed) : "fast";
  }

  private label(): void {
    const done = this.steps >= this.limit;
    this.play.textContent = say(done ? finished : this.playing ? stop : start);
    for (const b of [this.play, this.single]) b.disabled = this.locked || this.making || done;
  }

  /** In class mode the training waits for the guesses. */
  lock(locked: boolean): void {
    this.locked = locked;
    if (locked) this.pause();
    this.label();
  }

  private count(): void {
    if (this.making) return void (this.counter.textContent = say(preparing));
    const loss = Number.isFinite(this.loss) ? number(this.loss, 4) : "–";
    const rate = this.playing && this.rate > 0 ? ` · ${number(this.rate, this.rate < 10 ? 1 : 0)}` : "";
    this.counter.textContent = say({
      tr: `adım ${this.steps.toLocaleString("tr")} · ${say(this.room.loss)} ${loss}${rate && `${rate} adım/sn`}`,
      en: `step ${this.steps.toLocaleString("en")} · ${say(this.room.loss)} ${loss}${rate && `${rate} steps/s`}`,
    });
  }

  /** What a room shows, once more: after a change of language, or of what it looks at. */
  again(): void {
    if (this.last) this.room.show(this.last);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else void this.run();
  }

  pause(): void {
    this.playing = false;
    this.label();
  }

  private fail(error: unknown): void {
    this.pause();
    this.trouble.textContent = error instanceof Error ? error.message : String(error);
  }

  /** The model anew; what changes a setting calls this, too. */
  reset(): void {
    const went_on = this.playing;
    this.pause();
    const now = (this.turn += 1);
    this.trouble.textContent = "";
    this.steps = 0;
    this.loss = NaN;
    this.making = true;
    this.label();
    this.count();
    this.ready = (async () => {
      await this.room.make();
      if (this.room.floor) this.curve.floor = await this.room.floor();
      this.limit = (await this.room.limit?.()) ?? Infinity;
      if (this.turn !== now || this.ended) return;
      this.making = false;
      this.curve.clear();
      this.count();
      this.label();
      await this.look();
      if (went_on) void this.run();
    })().catch((error) => {
      this.fail(error);
      this.counter.textContent = "";
    });
  }

  /** Asks the model as it is now, without a step. */
  async look(): Promise<void> {
    const read: any[] = [];
    try {
      for (const [name, ...args] of this.room.read()) read.push(await (this.room.far as any).call(name, ...args));
    } catch (error) {
      return this.fail(error);
    }
    if (this.ended) return;
    this.last = read;
    this.room.show(read);
  }

  private take(taught: Taught): void {
    this.steps += taught.steps;
    this.loss = taught.loss;
    const rate = (1000 * taught.steps) / Math.max(taught.ms, 0.1);
    this.rate = this.rate > 0 ? 0.9 * this.rate + 0.1 * rate : rate;
    this.curve.add(this.steps, taught.loss);
    this.count();
    this.last = taught.read;
    this.room.show(taught.read);
  }

  async one(): Promise<void> {
    this.pause();
    await this.ready;
    const now = this.turn;
    try {
      const taught = await this.room.far.train(1, 20, this.room.read());
      if (this.turn !== now || this.ended) return;
      this.take(taught);
      this.rest();
    } catch (error) {
      this.fail(error);
    }
  }

  private rest(): void {
    this.room.after?.();
    this.news.textContent = this.counter.textContent;
  }

  async run(): Promise<void> {
    if (this.playing) return;
    this.playing = true;
    this.label();
    const now = (this.turn += 1);
    await this.ready;
    try {
      while (this.playing && !this.ended && this.turn === now && this.steps < this.limit) {
        const { steps, budget, pause } = speeds[this.speed()];
        const taught = await this.room.far.train(Math.min(this.steps === 0 ? 1 : steps, this.limit - this.steps), budget, this.room.read());
        if (this.turn !== now || this.ended) return;
        this.take(taught);
        if (pause > 0) await new Promise((done) => setTimeout(done, pause));
        await new Promise(document.hidden ? (done) => setTimeout(done, 100) : requestAnimationFrame);
      }
    } catch (error) {
      this.fail(error);
    }
    this.pause();
    this.count();
    this.rest();
  }

  end(): void {
    this.ended = true;
    this.playing = false;
    this.curve.end();
    this.room.far.end();
  }
}
