// Canvases that follow their element's width, the screen's pixels and the page's colours.
export interface Colours {
  paper: string;
  ink: string;
  quiet: string;
  one: string; // class 1, arabesk
  zero: string; // class 0, rap
  accent: string;
}

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return { paper: of("paper"), ink: of("ink"), quiet: of("quiet"), one: of("one"), zero: of("zero"), accent: of("accent") };
}

export function rgb(hex: string): [number, number, number] {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

/** The colour of a value from −1 (class 0) over 0 (paper) to 1 (class 1). */
export function between(value: number, { paper, one, zero }: Colours, strength = 0.6): [number, number, number] {
  const end = rgb(value > 0 ? one : zero);
  const share = Math.min(1, Math.abs(value)) * strength;
  return rgb(paper).map((from, i) => Math.round(from + share * (end[i]! - from))) as [number, number, number];
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

/** n × n values as a picture, the first row at the bottom. */
export function shade(values: Float32Array, n: number, colour: (value: number) => [number, number, number]): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = n;
  const pen = canvas.getContext("2d")!;
  const image = pen.createImageData(n, n);
  for (let row = 0; row < n; ++row)
    for (let column = 0; column < n; ++column) {
      const [r, g, b] = colour(values[row * n + column]!);
      image.data.set([r, g, b, 255], 4 * ((n - 1 - row) * n + column));
    }
  pen.putImageData(image, 0, 0);
  return canvas;
}
