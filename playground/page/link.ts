// The link holds every setting: #/room?name=value&…; a setting that is as it was given at first is left out.
export type Value = string | number | boolean;

export function read(): { room: string; values: URLSearchParams } {
  const [room = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  return { room, values: new URLSearchParams(query) };
}

let later: ReturnType<typeof setTimeout> | undefined;
let last = "";

/** Whether the address was changed by this page itself. */
export const own = (): boolean => location.hash === last;

function write(room: string, values: URLSearchParams, at_once: boolean): void {
  const query = values.toString();
  last = `#/${room}${query ? `?${query}` : ""}`;
  const put = () => history.replaceState(null, "", last);
  clearTimeout(later);
  // A slider that is dragged changes a setting many times a second, more often than browsers allow the address to change.
  if (at_once) put();
  else later = setTimeout(put, 200);
}

/** Settings of the page or a room: read from the link, written into it when they change. */
export class Settings<S extends Record<string, Value>> {
  readonly values: S;

  constructor(private readonly first: S) {
    this.values = { ...first };
    const given = read().values;
    for (const name of Object.keys(first) as (keyof S & string)[]) {
      const text = given.get(name);
      if (text === null) continue;
      const kind = typeof first[name];
      if (kind === "number" && Number.isFinite(Number(text)) && text !== "") this.put(name, Number(text));
      if (kind === "boolean") this.put(name, text === "1");
      if (kind === "string") this.put(name, text);
    }
  }

  private put(name: keyof S, value: Value): void {
    (this.values as Record<keyof S, Value>)[name] = value;
  }

  set<K extends keyof S & string>(name: K, value: S[K]): void {
    this.put(name, value);
    const { room, values } = later_read();
    if (value === this.first[name]) values.delete(name);
    else values.set(name, typeof value === "boolean" ? (value ? "1" : "0") : String(value));
    write(room, values, false);
  }
}

/** What the address says, or is about to say. */
function later_read(): { room: string; values: URLSearchParams } {
  if (!last) return read();
  const [room = "", query = ""] = last.replace(/^#\/?/, "").split("?", 2);
  return { room, values: new URLSearchParams(query) };
}

/** A room has been opened: from here on its settings are written to its own address. */
export function arrived(): void {
  clearTimeout(later);
  last = location.hash;
}

export function whole(): string {
  return location.href.split("#")[0] + (last || location.hash);
}
