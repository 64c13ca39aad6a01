import uPlot from "uplot";

import { number, say, type Text } from "./language";
import { colours } from "./paint";

/** The loss over the steps; a dashed line shows what cannot be beaten, where that is known. */
export class CurveOfLoss {
  readonly element = document.createElement("div");
  floor: number | null = null;
  private plot: uPlot | null = null;
  private steps: number[] = [];
  private losses: number[] = [];
  private every = 1; // of that many points one is kept
  private skipped = 0;
  private readonly watcher = new ResizeObserver(() => this.fit());
  private drawn = 0;

  constructor(private readonly name: Text) {
    this.element.className = "loss";
    this.element.setAttribute("role", "img");
    this.watcher.observe(this.element);
  }

  clear(): void {
    this.steps = [];
    this.losses = [];
    this.every = 1;
    this.skipped = 0;
    this.draw();
  }

  add(step: number, loss: number): void {
    if (++this.skipped < this.every) return;
    this.skipped = 0;
    this.steps.push(step);
    this.losses.push(loss);
    if (this.steps.length > 600) {
      this.steps = this.steps.filter((_, i) => i % 2 === 1);
      this.losses = this.losses.filter((_, i) => i % 2 === 1);
      this.every *= 2;
    }
    this.draw();
  }

  private data(): uPlot.AlignedData {
    const floor = this.floor;
    return floor === null ? [this.steps, this.losses] : [this.steps, this.losses, this.steps.map(() => floor)];
  }

  private draw(): void {
    if (!this.plot) return;
    const had = this.plot.series.length;
    const data = this.data();
    if (data.length !== had) return this.anew();
    this.plot.setData(data);
    const now = performance.now();
    if (now - this.drawn > 500) this.describe();
  }

  private describe(): void {
    this.drawn = performance.now();
    const n = this.losses.length;
    this.element.setAttribute(
      "aria-label",
      n === 0
        ? say({ tr: `${say(this.name)}: henüz adım atılmadı`, en: `${say(this.name)}: no step yet` })
        : say({
            tr: `${say(this.name)}: ilk değer ${number(this.losses[0]!, 3)}, ${this.steps[n - 1]}. adımda ${number(this.losses[n - 1]!, 3)}`,
            en: `${say(this.name)}: ${number(this.losses[0]!, 3)} at first, ${number(this.losses[n - 1]!, 3)} after step ${this.steps[n - 1]}`,
          }),
    );
  }

  /** After a change of theme, language or size: uPlot takes its colours and fonts when it is made. */
  anew(): void {
    this.plot?.destroy();
    this.plot = null;
    this.describe();
    const width = this.element.clientWidth;
    if (width === 0) return;
    const c = colours();
    const size = parseFloat(getComputedStyle(this.element).fontSize);
    const font = `${Math.round(size * 0.9)}px system-ui, sans-serif`;
    const axis = { stroke: c.ink, font, grid: { stroke: `${c.quiet}55`, width: 1 }, ticks: { show: false } };
    const line = (stroke: string, dash?: number[]): uPlot.Series => ({
      stroke,
      width: Math.max(2, size / 7),
      points: { show: false },
      ...(dash ? { dash } : {}),
    });
    this.plot = new uPlot(
      {
        width,
        height: Math.round(Math.max(size * 10, width / 2.2)),
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: { range: (_, lo, hi) => [Math.min(0, lo), Math.max(hi * 1.05, 0.1)] } },
        axes: [
          { ...axis, size: size * 1.9, space: size * 5, values: (_, at) => at.map((v) => v.toLocaleString(document.documentElement.lang)) },
          { ...axis, size: size * 3.2, space: size * 2.4, values: (_, at) => at.map((v) => v.toLocaleString(document.documentElement.lang)) },
        ],
        series: [{}, line(c.accent), ...(this.floor === null ? [] : [line(c.ink, [6, 5])])],
      },
      this.data(),
      this.element,
    );
  }

  private fit(): void {
    if (!this.plot || this.plot.width !== this.element.clientWidth) this.anew();
  }

  end(): void {
    this.watcher.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }
}
