import type { Engine, Kind, Model } from "./engine";

type Methods<M> = { [N in keyof M & string]: M[N] extends (...args: any[]) => any ? N : never }[keyof M & string];
type Arguments<F> = F extends (...args: infer A) => any ? A : never;
type Result<F> = F extends (...args: any[]) => infer R ? R : never;

export type Read = readonly [name: string, ...args: unknown[]];
export type Asked =
  | { do: "start"; module: WebAssembly.Module }
  | { do: "make"; kind: string; args: unknown[] }
  | { do: "of"; kind: string; name: string; args: unknown[] }
  | { do: "call"; name: string; args: unknown[] }
  | { do: "train"; steps: number; budget: number; read: Read[] };
export interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}
export interface Taught {
  loss: number;
  steps: number;
  ms: number;
  read: unknown[];
}

let module: Promise<WebAssembly.Module> | undefined;
let code: string | undefined;

/** The library, compiled once for all rooms. */
function compiled(): Promise<WebAssembly.Module> {
  if (!module) {
    const element = document.getElementById("wasm")!;
    const text = atob(element.textContent!);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
    element.remove();
    module = WebAssembly.compile(bytes);
  }
  return module;
}

function worker(): Worker {
  code ??= URL.createObjectURL(new Blob([JSON.parse(document.getElementById("worker")!.textContent!)], { type: "text/javascript" }));
  return new Worker(code);
}

/** A model of the library in a worker of its own, which ends with the room. */
export class Far<K extends Kind> {
  private readonly worker = worker();
  private readonly waiting = new Map<number, { done: (value: any) => void; failed: (error: Error) => void }>();
  private ids = 0;

  constructor(private readonly kind: K) {
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const { done, failed } = this.waiting.get(data.id)!;
      this.waiting.delete(data.id);
      if (data.error === undefined) done(data.value);
      else failed(new Error(data.error));
    };
    void compiled().then((m) => this.ask({ do: "start", module: m }));
  }

  private async ask(asked: Asked): Promise<any> {
    if (asked.do !== "start") await compiled(); // so that the start comes first
    return new Promise((done, failed) => {
      const id = ++this.ids;
      this.waiting.set(id, { done, failed });
      this.worker.postMessage({ id, asked });
    });
  }

  make(...args: ConstructorParameters<Engine[K]>): Promise<void> {
    return this.ask({ do: "make", kind: this.kind, args });
  }
  of<N extends Methods<Engine[K]>>(name: N, ...args: Arguments<Engine[K][N]>): Promise<Result<Engine[K][N]>> {
    return this.ask({ do: "of", kind: this.kind, name, args });
  }
  call<N extends Methods<Model<K>>>(name: N, ...args: Arguments<Model<K>[N]>): Promise<Result<Model<K>[N]>> {
    return this.ask({ do: "call", name, args });
  }
  train(steps: number, budget: number, read: Read[]): Promise<Taught> {
    return this.ask({ do: "train", steps, budget, read });
  }
  /** Stops whatever it is doing. */
  end(): void {
    this.worker.terminate();
  }
}
