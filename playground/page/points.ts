// Points in a link: x, y and class of each, as whole numbers: 850.350.1_1150.650.0
export function pack(xy: Float32Array, label: Int32Array, scale: readonly [number, number]): string {
  return Array.from(label, (l, i) => `${Math.round(xy[2 * i]! * scale[0])}.${Math.round(xy[2 * i + 1]! * scale[1])}.${l}`).join("_") || "_";
}

export function unpack(text: string, scale: readonly [number, number]): { xy: Float32Array; label: Int32Array } {
  const points = text
    .split("_")
    .map((point) => point.split(".").map(Number))
    .filter((p) => p.length === 3 && p.every(Number.isFinite));
  return {
    xy: Float32Array.from(points.flatMap(([x, y]) => [x! / scale[0], y! / scale[1]])),
    label: Int32Array.from(points, (p) => (p[2] === 1 ? 1 : 0)),
  };
}
