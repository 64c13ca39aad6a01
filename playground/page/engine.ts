// What playground/engine binds: the library's own models, in the worker. Every array is a copy.
export interface Songs {
  xy: Float32Array;
  label: Int32Array;
}
export interface Piece {
  text: string;
  id: number;
}
export interface Neighbour {
  word: string;
  cosine: number;
}
export interface Place {
  word: string;
  x: number;
  y: number;
}
export interface Look {
  tokens: string[];
  weights: Float32Array[]; // layers · heads, each (T, T)
}
export interface Pair {
  q: Float32Array;
  k: Float32Array;
  dot: number;
  scaled: number;
  weight: number;
}
export interface Candidate {
  token: string;
  p: number;
  kept: number; // 0: cut by the rules
}

interface Trained {
  step(n: number): number;
}

export interface Line extends Trained {
  setSongs(xy: Float32Array, label: Int32Array): void;
  setLearningRate(rate: number): void;
  weights(): Float32Array;
  gradient(): Float32Array;
  probability(x: number, y: number): number;
  grid(n: number): Float32Array;
  accuracy(): number;
  freshAccuracy(): number;
}
export interface Curve extends Trained {
  setPoints(xy: Float32Array, label: Int32Array): void;
  setLearningRate(rate: number): void;
  accuracy(): number;
  freshAccuracy(shape: string): number;
  parameters(): number;
  grid(n: number, lo: number, hi: number): Float32Array;
  neuron(layer: number, index: number, n: number, lo: number, hi: number): Float32Array;
}
export interface Tokenizers {
  kinds(): string[];
  pieces(kind: string, text: string): Piece[];
  size(kind: string): number;
}
export interface Vectors extends Trained {
  words(): string[];
  neighbours(word: string, k: number): Neighbour[];
  plane(): Place[];
}
export interface LookingBack extends Trained {
  steps(): number;
  layers(): number;
  heads(): number;
  words(): string[];
  look(text: string): Look;
  pair(text: string, layer: number, head: number, i: number, j: number): Pair;
  after(text: string): { word: string; p: number }[];
}
export interface NextWord extends Trained {
  steps(): number;
  freshLoss(): number;
  floor(): number;
  after(words: string): { word: string; p: number; truth: number }[];
}
export interface Writer extends Trained {
  parameters(): number;
  next(prompt: string, temperature: number, topK: number, topP: number): Candidate[];
  draw(prompt: string, temperature: number, topK: number, topP: number): string;
}
export interface Leash extends Trained {
  figures(): Record<string, number>;
  sample(k: number): string[];
  setBeta(beta: number): void;
}
export interface MyModel {
  tokens(text: string): Piece[];
  layers(): number;
  heads(): number;
  context(): number;
  parameters(): number;
  look(text: string): Look;
  draw(prompt: string, temperature: number, topK: number, topP: number): string;
  next(prompt: string, temperature: number, topK: number, topP: number): Candidate[];
}

export interface Engine {
  Line: { new (seed: number): Line; lessonSongs(seed: number, n: number): Songs; bestAccuracy(): number; readSongs(csv: string): Songs };
  Curve: {
    new (seed: number, width: number, depth: number, activation: string): Curve;
    points(kind: string, n: number, seed: number): Songs;
    bestAccuracy(kind: string): number;
  };
  Tokenizers: { new (text: string, pairs: number): Tokenizers; lessonText(): string };
  Vectors: { new (seed: number): Vectors };
  LookingBack: { new (seed: number): LookingBack; sentence(): string };
  NextWord: { new (seed: number): NextWord; begun(): string };
  Writer: { new (seed: number, text: string, pieces: string): Writer; lessonText(seed: number): string };
  Leash: { new (seed: number, beta: number): Leash };
  MyModel: { new (files: { name: string; bytes: Uint8Array }[]): MyModel };
}

export type Kind = keyof Engine;
export type Model<K extends Kind> = InstanceType<Engine[K]>;
