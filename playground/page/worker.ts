// The library at work, away from the page: the page asks, the worker answers, one thing at a time.
import start from "damla-engine";

import type { Answer, Asked } from "./far";

type Callable = Record<string, (...args: unknown[]) => unknown>;

let engine: Promise<Record<string, Callable & { new (...args: unknown[]): Callable }>>;
let model: Callable | null = null;
let each = 1; // steps in a call that takes about `slice` ms
const slice = 15;

/** As many of `wanted` steps as fit in `budget` ms; at least one. */
function train(wanted: number, budget: number): { loss: number; steps: number; ms: number } {
  const begun = performance.now();
  let steps = 0;
  let loss = NaN;
  while (steps < wanted) {
    const n = Math.min(each, wanted - steps);
    const before = performance.now();
    loss = model!.step!(n) as number;
    steps += n;
    const took = performance.now() - before;
    if (n === each) each = Math.max(1, Math.min(each * 2, Math.floor((each * slice) / Math.max(took, 0.1))));
    if (performance.now() - begun + took > budget) break;
  }
  return { loss, steps, ms: performance.now() - begun };
}

async function answer(asked: Asked): Promise<unknown> {
  if (asked.do === "start") {
    engine = start({
      instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
        void WebAssembly.instantiate(asked.module, imports).then(done);
        return {};
      },
    });
    await engine;
    return;
  }
  const damla = await engine;
  switch (asked.do) {
    case "make": {
      model?.delete?.();
      model = null;
      each = 1;
      const made = new damla[asked.kind]!(...asked.args);
      model = made;
      return;
    }
    case "of":
      return damla[asked.kind]![asked.name]!(...asked.args);
    case "call":
      return model![asked.name]!(...asked.args);
    case "train":
      return { ...train(asked.steps, asked.budget), read: asked.read.map(([name, ...args]) => model![name]!(...args)) };
  }
}

onmessage = async ({ data }: MessageEvent<{ id: number; asked: Asked }>) => {
  let reply: Answer;
  try {
    reply = { id: data.id, value: await answer(data.asked) };
  } catch (error) {
    reply = { id: data.id, error: error instanceof Error ? error.message : String(error) };
  }
  postMessage(reply);
};
