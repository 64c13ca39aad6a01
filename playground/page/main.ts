import { button, h } from "./dom";
import { Guesses } from "./guesses";
import { forget, keep, say, speak, type Language, type Text } from "./language";
import * as link from "./link";
import { recolour, release, repaint } from "./paint";
import type { Opened, Room } from "./room";
import { rooms } from "./rooms/all";

const own_language: Language = navigator.languages.find((l) => /^(tr|en)\b/.test(l))?.slice(0, 2) === "en" ? "en" : "tr";
const dark = matchMedia("(prefers-color-scheme: dark)");

let settings = page_settings();
let opened: Opened | null = null;
let guesses: Guesses | null = null;
let shown: string | null = null;

function page_settings() {
  return new link.Settings<{ lang: string; big: boolean; theme: string; class: boolean }>({ lang: own_language, big: false, theme: "auto", class: false });
}

function dress(): void {
  const theme = settings.values.theme === "auto" ? (dark.matches ? "dark" : "light") : settings.values.theme;
  document.documentElement.dataset.theme = theme;
  recolour();
  document.documentElement.dataset.size = settings.values.big ? "big" : "usual";
}
/** The pictures take their colours and letters from the page. */
function redraw(): void {
  opened?.trainer?.curve.anew();
  opened?.again();
  guesses?.again();
  repaint();
}

const pressed = (text: Text, name: string, on: () => boolean, change: () => void) => {
  const b = button(text, () => {
    change();
    b.setAttribute("aria-pressed", String(on()));
  }, { "data-do": name });
  b.setAttribute("aria-pressed", String(on()));
  return b;
};

const main = h("main", { id: "main", tabindex: -1 });
const nav = h("nav", { "aria-label": { tr: "Odalar", en: "Rooms" } });
const tools = h("div", { class: "tools", role: "group", "aria-label": { tr: "Görünüm", en: "View" } });

function put_tools(): void {
  const copied = h("span", { class: "copied", role: "status" });
  const language = keep(button({ tr: "English", en: "Türkçe" }, () => {
    settings.set("lang", settings.values.lang === "tr" ? "en" : "tr");
    speak(settings.values.lang as Language);
    title();
    redraw();
  }, { "data-do": "language" }), (b) => (b.lang = say({ tr: "en", en: "tr" })));
  tools.replaceChildren(
    language,
    pressed({ tr: "Projektör", en: "Projector" }, "big", () => settings.values.big, () => {
      settings.set("big", !settings.values.big);
      dress();
      redraw();
    }),
    pressed({ tr: "Koyu", en: "Dark" }, "dark", () => document.documentElement.dataset.theme === "dark", () => {
      settings.set("theme", document.documentElement.dataset.theme === "dark" ? "light" : "dark");
      dress();
      redraw();
    }),
    pressed({ tr: "Sınıf", en: "Class" }, "class", () => settings.values.class, () => {
      settings.set("class", !settings.values.class);
      ask();
    }),
    button({ tr: "Bağlantı", en: "Link" }, () => {
      void navigator.clipboard?.writeText(link.whole()).then(() => {
        copied.textContent = say({ tr: "kopyalandı", en: "copied" });
        setTimeout(() => (copied.textContent = ""), 2000);
      });
    }, { "data-do": "copy", title: { tr: "Bütün ayarları tutan bağlantıyı kopyalar", en: "Copies the link, which holds all settings" } }),
    copied,
  );
}

function ask(): void {
  if (!guesses) return;
  if (settings.values.class) guesses.open();
  else guesses.close();
}

function title(): void {
  const room = rooms.find((r) => r.id === shown);
  document.title = room ? `${say(room.name)} · damla` : "damla";
}

function open(room: Room): void {
  opened?.end();
  opened = null;
  guesses = null;
  shown = room.id;
  settings = page_settings();
  dress();
  speak(settings.values.lang as Language);
  put_tools();
  for (const a of nav.querySelectorAll("a"))
    if (a.dataset.room === room.id) {
      a.setAttribute("aria-current", "page");
      a.parentElement!.parentElement!.scrollLeft = a.offsetLeft - 100; // on a phone not all rooms are in sight
    } else a.removeAttribute("aria-current");

  opened = room.open(() => guesses?.again());
  const { trainer, questions, element } = opened;
  guesses = new Guesses(questions, (locked) => trainer?.lock(locked), () => void trainer?.run());
  main.replaceChildren(
    h("h1", {}, room.title),
    h("p", { class: "lead" }, room.lead),
    guesses.element,
    element,
    h("section", { class: "tries" }, h("h2", {}, { tr: "Deneyin", en: "Try" }), h("ul", {}, ...room.tries.map((text) => h("li", {}, text)))),
  );
  document.documentElement.dataset.room = room.id;
  title();
  forget();
  release();
  ask();
  trainer?.reset();
}

function arrive(first: boolean): void {
  if (!first && link.own()) return;
  const { room } = link.read();
  link.arrived();
  open(rooms.find((r) => r.id === room) ?? rooms[0]!);
  scrollTo(0, 0);
  if (!first) main.focus({ preventScroll: true });
}

/** The settings of the page go along into the next room, those of the room stay behind. */
function go(event: Event): void {
  const room = (event.currentTarget as HTMLElement).dataset.room!;
  event.preventDefault();
  const kept = new URLSearchParams();
  const now = new URLSearchParams(link.whole().split("?")[1] ?? "");
  for (const name of ["lang", "big", "theme", "class"]) if (now.has(name)) kept.set(name, now.get(name)!);
  const query = kept.toString();
  location.hash = `#/${room}${query ? `?${query}` : ""}`;
}

speak(own_language);
nav.append(
  h("ol", {}, ...rooms.map((room) => h("li", {}, h("a", { href: `#/${room.id}`, "data-room": room.id, onclick: go }, room.name)))),
);
document.body.prepend(
  h("a", { class: "skip", href: "#main", onclick: (e) => (e.preventDefault(), main.focus()) }, { tr: "İçeriğe geç", en: "Skip to the content" }),
  h("header", {}, h("p", { class: "brand" }, "damla"), nav, tools),
  main,
  h("footer", {}, {
    tr: "Burada gördüğünüz her sayıyı damla kitaplığının C++ kodu bu sayfanın içinde hesaplar. Hiçbir şey bir yere gönderilmez; sayfa internetsiz de çalışır.",
    en: "Every number you see here is computed by the C++ code of the damla library, inside this page. Nothing is sent anywhere; the page works offline.",
  }),
);

addEventListener("hashchange", () => arrive(false));
dark.addEventListener("change", () => (dress(), redraw()));
// Space and the right arrow train, as long as no control has the keyboard.
addEventListener("keydown", (event) => {
  const at = document.activeElement;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || (at !== document.body && at !== main)) return;
  const what = event.key === " " ? "play" : event.key === "ArrowRight" ? "step" : null;
  const b = what && opened?.trainer?.controls.querySelector<HTMLButtonElement>(`[data-do=${what}]`);
  if (!b || b.disabled) return;
  event.preventDefault();
  b.click();
});
arrive(true);
