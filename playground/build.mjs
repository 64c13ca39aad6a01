// Puts the page, its styles, the worker and the library's wasm into one file that needs no network: out/playground.html.
//     node build.mjs [--tests]      (with --tests: the tests of tests/, too, for node --test)
// DAMLA_WASM names the folder of damla_playground.js and .wasm; without it, that of the preset wasm.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const engine = process.env.DAMLA_WASM ?? join(here, "../build/wasm/playground");
const out = join(here, "../out");
if (!existsSync(join(engine, "damla_playground.wasm")))
  throw new Error(`${engine} has no damla_playground.wasm: ./go playground builds it first`);

async function bundled(entry, format) {
  const result = await build({
    entryPoints: [join(here, entry)],
    alias: { "damla-engine": join(engine, "damla_playground.js") },
    bundle: true,
    minify: true,
    write: false,
    format,
    target: "es2022",
    charset: "utf8",
    external: ["fs", "path", "module", "url", "crypto", "worker_threads"], // asked for only under node
    define: format === "iife" ? { "import.meta.url": '""' } : {},
    loader: { ".css": "css" },
    legalComments: "none",
  });
  return result.outputFiles[0].text;
}

// A closing tag inside a script or a style would end it.
const inside = (text, tag) => text.replaceAll(`</${tag}`, `<\\/${tag}`);

const page = readFileSync(join(here, "page/index.html"), "utf8");
const parts = {
  style: inside(await bundled("page/style.css", "esm"), "style"),
  worker: JSON.stringify(await bundled("page/worker.ts", "iife")).replaceAll("</", "<\\/"),
  wasm: readFileSync(join(engine, "damla_playground.wasm")).toString("base64"),
  page: inside(await bundled("page/main.ts", "iife"), "script"),
};
const whole = page.replace(/<!-- (\w+) -->/g, (mark, name) => parts[name] ?? mark);
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "playground.html"), whole);
console.log(`out/playground.html: ${(Buffer.byteLength(whole) / 1e6).toFixed(2)} MB`);

if (process.argv.includes("--tests")) {
  const tests = join(here, "tests");
  await build({
    entryPoints: readdirSync(tests).filter((f) => f.endsWith(".spec.ts")).map((f) => join(tests, f)),
    outdir: join(here, "build"),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outExtension: { ".js": ".mjs" },
  });
}
