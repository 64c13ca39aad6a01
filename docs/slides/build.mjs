// Puts both languages' slides, their pictures and reveal.js into one file that needs no network: out/slides.html.
//     node build.mjs
// A slide is the text between two lines "---" of en.md or tr.md; what follows its line "Note:" are the speaker's notes.
import { build } from "esbuild";
import { marked } from "marked";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const read = (name) => readFileSync(join(here, name), "utf8");

/** An SVG as it is in the file, inside the attribute: two of them in one page may use the same ids. */
const picture = (name) => `data:image/svg+xml;base64,${Buffer.from(read(name)).toString("base64")}`;

const deck = (language) =>
  read(`${language}.md`).split("\n---\n").map((slide) => {
    const [shown, notes = ""] = slide.split("\nNote:\n");
    const html = marked.parse(shown).replace(/src="([^"]+\.svg)"/g, (_, name) => `src="${picture(name)}"`);
    return `<section>${html}<aside class="notes">${marked.parse(notes)}</aside></section>`;
  });

const decks = { en: deck("en"), tr: deck("tr") };
if (decks.en.length !== decks.tr.length)
  throw new Error(`en.md has ${decks.en.length} slides, tr.md ${decks.tr.length}: the switch needs as many`);

async function bundled(entry) {
  const result = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
  });
  return result.outputFiles[0].text;
}

const parts = {
  style: (await bundled("slides.css")).replaceAll("</style", "<\\/style"),
  script: (await bundled("slides.js")).replaceAll("</script", "<\\/script"),
  en: decks.en.join("\n"),
  tr: decks.tr.join("\n"),
};
const whole = read("slides.html").replace(/<!-- (\w+) -->/g, (mark, name) => parts[name] ?? mark);
const out = join(here, "../../out");
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "slides.html"), whole);
console.log(`out/slides.html: ${decks.en.length} slides, ${(Buffer.byteLength(whole) / 1e6).toFixed(2)} MB`);
