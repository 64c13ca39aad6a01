import type { Room } from "../room";
import { curve } from "./curve";
import { line } from "./line";
import { next_word } from "./next_word";
import { words } from "./words";

/** In the order of the lessons. */
export const rooms: readonly Room[] = [line, curve, words, next_word];
