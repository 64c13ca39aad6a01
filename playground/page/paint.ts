// Canvases that follow their element's width, the screen's pixels and the page's colours.
export interface Colours {
  paper: string;
  ink: string;
  quiet: string;
  one: string; // class 1, arabesk
  zero: string; // class 0, rap
  accent: string;
}

let known: Colours | null = null;

export function colours(): Colours {
  if (known) return known;
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return (known = { paper: of("paper"), ink: of("ink"), quiet: of("quiet"), one: of("one"), zero: of("zero"), accent: of("accent") });
}
/** The theme has changed. */
export function recolour(): void {
  known = null;
}

function rgb(hex: string): [number, number, number] {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

/** n × n values as a picture, the first row at the bottom: from −1 (`low`) over 0 (paper) to 1 (`high`). */
export class Shade {
  private readonly canvas = document.createElement("canvas");
  private readonly image: ImageData;
  private readonly pixels: Uint32Array;
  private table = new Uint32Array(255);
  private of = "";

  constructor(private readonly n: number) {
    this.canvas.width = this.canvas.height = n;
    this.image = new ImageData(n, n);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  private colour(paper: string, low: string, high: string, strength: number): void {
    const wanted = paper + low + high + strength;
    if (wanted === this.of) return;
    this.of = wanted;
    const from = rgb(paper);
    for (let i = 0; i < 255; ++i) {
      const end = rgb(i < 127 ? low : high);
      const share = (Math.abs(i - 127) / 127) * strength;
      const [r, g, b] = from.map((f, k) => Math.round(f + share * (end[k]! - f)));
      this.table[i] = (255 << 24) | (b! << 16) | (g! << 8) | r!; // little-endian, as everything that runs wasm
    }
  }

  draw(values: Float32Array, map: (value: number) => number, ends: { paper: string; low: string; high: string; strength: number }): HTMLCanvasElement {
    this.colour(ends.paper, ends.low, ends.high, ends.strength);
    const n = this.n;
    for (let row = 0; row < n; ++row)
      for (let column = 0; column < n; ++column) {
        const value = Math.max(-1, Math.min(1, map(values[row * n + column]!)));
        this.pixels[(n - 1 - row) * n + column] = this.table[Math.round(127 + 127 * value)]!;
      }
    this.canvas.getContext("2d")!.putImageData(this.image, 0, 0);
    return this.canvas;
  }
}

export class Picture {
  readonly canvas = document.createElement("canvas");
  private readonly watcher: ResizeObserver;

  /** `ratio`: width / height. `paint` draws in CSS pixels. */
  constructor(
    private readonly ratio: number,
    private readonly paint: (pen: CanvasRenderingContext2D, width: number, height: number) => void,
  ) {
    this.canvas.setAttribute("role", "img");
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.canvas);
    pictures.add(this);
  }

  draw(): void {
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    const height = Math.round(width / this.ratio);
    const scale = Math.min(devicePixelRatio || 1, 2);
    if (this.canvas.width !== Math.round(width * scale) || this.canvas.height !== Math.round(height * scale)) {
      this.canvas.width = Math.round(width * scale);
      this.canvas.height = Math.round(height * scale);
    }
    const pen = this.canvas.getContext("2d")!;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.paint(pen, width, height);
  }

  says(text: string): void {
    if (this.canvas.getAttribute("aria-label") !== text) this.canvas.setAttribute("aria-label", text);
  }

  end(): void {
    this.watcher.disconnect();
    pictures.delete(this);
  }
}

const pictures = new Set<Picture>();

/** After a change of theme or size. */
export function repaint(): void {
  for (const picture of pictures)
    if (picture.canvas.isConnected) picture.draw();
    else picture.end();
}

export function release(): void {
  for (const picture of pictures) if (!picture.canvas.isConnected) picture.end();
}
