// Points that somebody added, in a link: x, y and class of each, as whole numbers: 850.350.1_1150.650.0
import type { Songs } from "./engine";

export function pack({ xy, label }: Songs, scale: readonly [number, number]): string {
  if (label.length > 200) return ""; // links have an end
  return Array.from(label, (l, i) => `${Math.round(xy[2 * i]! * scale[0])}.${Math.round(xy[2 * i + 1]! * scale[1])}.${l}`).join("_");
}

export function unpack(text: string, scale: readonly [number, number]): Songs {
  const points = text
    .split("_")
    .map((point) => point.split(".").map(Number))
    .filter((p) => p.length === 3 && p.every(Number.isFinite));
  return {
    xy: Float32Array.from(points.flatMap(([x, y]) => [x! / scale[0], y! / scale[1]])),
    label: Int32Array.from(points, (p) => (p[2] === 1 ? 1 : 0)),
  };
}

export const none = (): Songs => ({ xy: new Float32Array(), label: new Int32Array() });

export function join(a: Songs, b: Songs): Songs {
  return { xy: Float32Array.from([...a.xy, ...b.xy]), label: Int32Array.from([...a.label, ...b.label]) };
}
