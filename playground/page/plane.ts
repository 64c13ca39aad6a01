// A plane of two numbers: how sure the model is everywhere (shade), where it is undecided (line), and the examples.
import { number } from "./language";
import { colours, Picture, Shade, type Colours } from "./paint";

export interface Range {
  lo: number;
  hi: number;
  digits: number;
  name: () => string;
}

export class Plane {
  readonly picture: Picture;
  xy: Float32Array = new Float32Array();
  label: Int32Array = new Int32Array();
  grid: Float32Array | null = null;
  spot: [number, number] | null = null;
  most = Infinity; // so many points are drawn, the last ones
  private readonly shade: Shade;
  private box = { left: 0, top: 0, width: 1, height: 1 };

  constructor(
    private readonly x: Range,
    private readonly y: Range,
    pressed: (x: number, y: number) => void,
    private readonly size = 60,
  ) {
    this.shade = new Shade(size);
    this.picture = new Picture(1.15, (pen, width, height) => this.paint(pen, width, height));
    const canvas = this.picture.canvas;
    canvas.classList.add("plane");
    canvas.addEventListener("click", (event) => {
      const { left, top, width, height } = this.box;
      const u = (event.offsetX - left) / width;
      const v = 1 - (event.offsetY - top) / height;
      if (u >= 0 && u <= 1 && v >= 0 && v <= 1) pressed(x.lo + u * (x.hi - x.lo), y.lo + v * (y.hi - y.lo));
    });
  }

  private at(x: number, y: number): [number, number] {
    const { left, top, width, height } = this.box;
    return [
      left + ((x - this.x.lo) / (this.x.hi - this.x.lo)) * width,
      top + (1 - (y - this.y.lo) / (this.y.hi - this.y.lo)) * height,
    ];
  }

  private paint(pen: CanvasRenderingContext2D, width: number, height: number): void {
    const c = colours();
    const size = parseFloat(getComputedStyle(this.picture.canvas).fontSize);
    this.box = { left: size * 4.2, top: size * 0.6, width: width - size * 4.8, height: height - size * 3.6 };
    const { left, top, width: w, height: h } = this.box;
    const clip = () => (pen.beginPath(), pen.rect(left, top, w, h), pen.clip());
    if (this.grid) {
      // The grid's outer values belong to the very edges: half a cell of the picture lies outside.
      const [dx, dy] = [w / (this.size - 1), h / (this.size - 1)];
      pen.save();
      clip();
      const shaded = this.shade.draw(this.grid, (p) => 2 * p - 1, { paper: c.paper, low: c.zero, high: c.one, strength: 0.6 });
      pen.drawImage(shaded, left - dx / 2, top - dy / 2, w + dx, h + dy);
      pen.restore();
    }
    this.axes(pen, c, size);
    pen.save();
    clip();
    if (this.grid) this.border(pen, c, size);
    const r = Math.max(3.2, size * 0.24);
    for (let i = Math.max(0, this.label.length - this.most); i < this.label.length; ++i)
      mark(pen, c, this.label[i]!, ...this.at(this.xy[2 * i]!, this.xy[2 * i + 1]!), r);
    if (this.spot) {
      const [px, py] = this.at(...this.spot);
      pen.strokeStyle = c.ink;
      pen.lineWidth = Math.max(2, size / 8);
      pen.beginPath();
      pen.arc(px, py, r * 2.2, 0, 7);
      pen.moveTo(px - r * 3.4, py);
      pen.lineTo(px + r * 3.4, py);
      pen.moveTo(px, py - r * 3.4);
      pen.lineTo(px, py + r * 3.4);
      pen.stroke();
    }
    pen.restore();
  }

  private axes(pen: CanvasRenderingContext2D, c: Colours, size: number): void {
    const { left, top, width, height } = this.box;
    pen.strokeStyle = c.quiet;
    pen.lineWidth = 1;
    pen.strokeRect(left, top, width, height);
    pen.fillStyle = c.ink;
    pen.font = `${size * 0.9}px system-ui, sans-serif`;
    pen.textBaseline = "top";
    for (let i = 0; i <= 4; ++i) {
      const x = this.x.lo + (i / 4) * (this.x.hi - this.x.lo);
      pen.textAlign = i === 4 ? "right" : "center";
      pen.fillText(number(x, this.x.digits), left + (i / 4) * width, top + height + size * 0.4);
    }
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (let i = 0; i <= 4; ++i) {
      const y = this.y.lo + (i / 4) * (this.y.hi - this.y.lo);
      pen.fillText(number(y, this.y.digits), left - size * 0.4, top + (1 - i / 4) * height);
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.fillText(this.x.name(), left + width / 2, top + height + size * 1.7);
    pen.save();
    pen.translate(0, top + height / 2);
    pen.rotate(-Math.PI / 2);
    pen.fillText(this.y.name(), 0, 0);
    pen.restore();
  }

  /** Where the grid passes ½: in each of its cells a straight piece between two edges. */
  private border(pen: CanvasRenderingContext2D, c: Colours, size: number): void {
    const n = this.size;
    const g = this.grid!;
    const { left, top, width, height } = this.box;
    const put = (row: number, column: number): [number, number] => [
      left + (column / (n - 1)) * width,
      top + (1 - row / (n - 1)) * height,
    ];
    pen.strokeStyle = c.ink;
    pen.lineWidth = Math.max(2.5, size / 6);
    pen.lineCap = "round";
    pen.beginPath();
    for (let row = 0; row + 1 < n; ++row)
      for (let column = 0; column + 1 < n; ++column) {
        const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]] as const;
        const ends: [number, number][] = [];
        for (let k = 0; k < 4; ++k) {
          const [r0, c0] = corners[k]!;
          const [r1, c1] = corners[(k + 1) % 4]!;
          const p = g[r0 * n + c0]! - 0.5;
          const q = g[r1 * n + c1]! - 0.5;
          if (p > 0 !== q > 0) ends.push(put(r0 + ((r1 - r0) * p) / (p - q), c0 + ((c1 - c0) * p) / (p - q)));
        }
        for (let k = 0; k + 1 < ends.length; k += 2) {
          pen.moveTo(...ends[k]!);
          pen.lineTo(...ends[k + 1]!);
        }
      }
    pen.stroke();
  }
}

/** Class 1 is a disc, class 0 a square: told apart without colours, too. */
export function mark(pen: CanvasRenderingContext2D, c: Colours, label: number, x: number, y: number, r: number): void {
  pen.fillStyle = label === 1 ? c.one : c.zero;
  pen.strokeStyle = c.paper;
  pen.lineWidth = 1;
  pen.beginPath();
  if (label === 1) pen.arc(x, y, r, 0, 7);
  else pen.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7);
  pen.fill();
  pen.stroke();
}
