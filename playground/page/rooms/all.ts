import type { Room } from "../room";
import { curve } from "./curve";
import { leash } from "./leash";
import { line } from "./line";
import { looking_back } from "./looking_back";
import { my_model } from "./my_model";
import { next_word } from "./next_word";
import { words } from "./words";
import { writer } from "./writer";

/** In the order of the lessons. */
export const rooms: readonly Room[] = [line, curve, words, looking_back, next_word, writer, leash, my_model];
