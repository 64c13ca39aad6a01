import type { Question } from "./guesses";
import type { Text } from "./language";
import type { Trainer } from "./trainer";

/** What an open room gives to the page. */
export interface Opened {
  element: HTMLElement;
  trainer?: Trainer<any>;
  questions: readonly Question[];
  again(): void; // draws once more: the language or the theme has changed
  end(): void;
}

export interface Room {
  id: string;
  name: Text;
  title: Text;
  lead: Text;
  tries: readonly Text[]; // what is worth a try
  open(told: () => void): Opened; // told: the figures have changed
}
