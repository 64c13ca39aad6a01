// Both languages stand side by side wherever the page says something; a switch puts the other one in place.
export interface Text {
  tr: string;
  en: string;
}
export type Language = keyof Text;

const places = new Set<{ node: Node; put: () => void }>();
let language: Language = "tr";

export const current = (): Language => language;
export const say = (text: Text): string => text[language];

/** Keeps what `put` writes into `node` in the page's language, for as long as the node is in the page. */
export function keep<N extends Node>(node: N, put: (node: N) => void): N {
  put(node);
  places.add({ node, put: () => put(node) });
  return node;
}

export function speak(wanted: Language): void {
  language = wanted;
  document.documentElement.lang = wanted;
  for (const place of places)
    if (place.node.isConnected) place.put();
    else places.delete(place);
}

/** Forgets the places of a room that has been left. */
export function forget(): void {
  for (const place of places) if (!place.node.isConnected) places.delete(place);
}

export function number(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return "–";
  return value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
}

/** Small probabilities keep two digits that say something. */
export function probability(p: number): string {
  if (p === 0) return "0";
  if (p < 1e-6) return `< ${number(1e-6, 6)}`;
  const digits = p <= 0 || p >= 0.01 ? 3 : Math.min(6, 1 - Math.floor(Math.log10(p)));
  return number(p, digits);
}

export function percent(share: number, digits = 1): string {
  if (!Number.isFinite(share)) return "–";
  const figure = number(100 * share, digits);
  return language === "tr" ? `%${figure}` : `${figure} %`;
}
