// The site as a reader's browser shows it, from files: ./go site --check.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const { chromium } = createRequire(new URL("../playground/package.json", import.meta.url))("playwright-core");
const site = fileURLToPath(new URL("../out/site", import.meta.url));
const pages = ["en", "tr"].flatMap((language) => readdirSync(join(site, language)).filter((f) => f.endsWith(".html")).map((f) => `${language}/${f}`));
let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--disable-dev-shm-usage", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
});
after(() => browser.close());

/** A tab in which `work` opens pages; nothing may appear in the console, and nothing be asked of a network. */
async function tab(work, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const said = [];
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && said.push(`${page.url()}: ${m.text()}`));
  page.on("pageerror", (error) => said.push(`${page.url()}: ${error}`));
  page.on("requestfailed", (request) => said.push(`${page.url()}: ${request.url()} does not load`));
  page.on("request", (request) => /^(file|blob|data):/.test(request.url()) || said.push(`${page.url()} asks for ${request.url()}`));
  try {
    await work(page, (name) => page.goto(pathToFileURL(join(site, name.split(/[?#]/)[0])).href + (/[?#].*/.exec(name)?.[0] ?? "")));
    assert.deepEqual(said, []);
  } finally {
    await context.close();
  }
}

const files = (folder) => readdirSync(folder).flatMap((f) => (statSync(join(folder, f)).isDirectory() ? files(join(folder, f)) : [join(folder, f)]));

test("both languages have the same pages", () => {
  const of = (language) => pages.filter((p) => p.startsWith(language)).map((p) => p.slice(3));
  assert.deepEqual(of("en"), of("tr"));
  assert.ok(of("en").length > 20);
});

test("every link leads to a file and to a place in it", () => {
  const text = new Map();
  const read = (file) => text.get(file) ?? text.set(file, readFileSync(file, "utf8")).get(file);
  const broken = [];
  for (const file of files(site).filter((f) => f.endsWith(".html") && !/(report\/index|playground|slides)\.html$/.test(f)))
    for (const [, url] of read(file).replace(/<(script|style)[^>]*>[^]*?<\/\1>/g, "").matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      if (/^(https?|mailto|data|javascript):/.test(url) || url.includes("${")) continue;
      const [path, anchor] = url.replaceAll("&amp;", "&").split("#").map(decodeURIComponent);
      const target = path ? resolve(dirname(file), path.split("?")[0]) : file;
      const place = existsSync(target) && (!anchor || !target.endsWith(".html") || read(target).includes(`id="${anchor}"`) || read(target).includes(`name="${anchor}"`));
      // Furo adds its icons, and Doxygen links to a list that it leaves out when it is empty.
      if (!place && !/^(svg-|nested-classes$)/.test(anchor)) broken.push(`${relative(site, file)} → ${url}`);
    }
  assert.deepEqual(broken, []);
});

test("every page shows its pictures and whole lines of C++, its folds open, and no remark of the writers is seen", () =>
  tab(async (page, open) => {
    for (const name of pages) {
      await open(name);
      const seen = await page.evaluate(async () => {
        const images = [...document.images];
        await Promise.all(images.map((i) => i.decode().catch(() => {})));
        const folds = [...document.querySelectorAll("article details")];
        folds.forEach((d) => d.querySelector("summary").click());
        return {
          lang: document.documentElement.lang,
          blank: images.filter((i) => !i.naturalWidth).map((i) => i.src),
          bare: images.filter((i) => !i.alt).map((i) => i.src),
          cut: [...document.querySelectorAll("article .highlight-cpp pre")].filter((p) => p.scrollWidth > p.clientWidth).map((p) => p.innerText),
          shut: folds.filter((d) => !d.open || d.querySelector("h1, h2") || d.innerText.trim() === d.querySelector("summary").innerText.trim()).length,
          remarks: /<!--|^from examples\//m.test(document.body.innerText),
        };
      });
      assert.deepEqual(seen, { lang: name.slice(0, 2), blank: [], bare: [], cut: [], shut: 0, remarks: false }, name);
    }
  }));

for (const name of ["report/index.html", "slides.html"].filter((f) => existsSync(join(site, f))))
  test(`${name}, when it is there, loads, and its links lead somewhere`, () =>
    tab(async (page, open) => {
      await open(name);
      await page.waitForTimeout(1000);
      const links = await page.$$eval("a[href]", (all) => all.map((a) => a.href).filter((href) => href.startsWith("file:")));
      assert.deepEqual(links.filter((href) => !existsSync(fileURLToPath(href.split(/[?#]/)[0]))), []);
    }));

for (const [language, word, lesson] of [["tr", "dikkat", "05_attention"], ["tr", "kelimelerimizin", "03_words_to_numbers"], ["en", "attention", "05_attention"]])
  test(`the search finds "${word}"`, () =>
    tab(async (page, open) => {
      await open(`${language}/index.html`);
      await page.fill("input[name=q]", word);
      await page.press("input[name=q]", "Enter");
      await page.waitForSelector("ul.search li a");
      await page.waitForFunction(() => /^(Search Results|Arama Sonuçları)$/.test(document.querySelector("#search-results h2").textContent));
      const found = await page.$$eval("ul.search li a", (links) => links.map((a) => a.getAttribute("href")));
      assert.ok(found.some((href) => href.includes(lesson)), found.join(" "));
      if (language === "tr") assert.match(await page.textContent("#search-results p"), /^\d+ sayfa bulundu\.$/);
    }));

test("the other language is the same page, at the same place", () =>
  tab(async (page, open) => {
    for (const name of pages.filter((p) => !p.endsWith("/search.html"))) {
      const other = (name.startsWith("en") ? "tr" : "en") + name.slice(2);
      await open(name);
      assert.equal(await page.$eval(".language a", (a) => a.href), pathToFileURL(join(site, other)).href);
    }
    await open("en/claims.html#claim-5");
    await page.click(".language a");
    await page.waitForURL(/tr\/claims\.html#claim-5$/);
    assert.equal(await page.$eval("html", (e) => e.lang), "tr");
  }));

test("the browser's language decides on the first page", async () => {
  for (const [locale, language] of [["tr-TR", "tr"], ["de-DE", "en"]])
    await tab(async (page, open) => {
      await open("index.html");
      await page.waitForURL(new RegExp(`/${language}/index.html$`));
    }, { locale });
});

test("on a phone nothing lies outside", () =>
  tab(async (page, open) => {
    const wide = [];
    for (const name of pages) {
      await open(name);
      await page.$$eval("details", (all) => all.forEach((d) => (d.open = true)));
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 360) wide.push(`${name}: ${width}`);
    }
    assert.deepEqual(wide, []);
  }, { viewport: { width: 360, height: 740 }, hasTouch: true }));

for (const scheme of ["light", "dark"])
  test(`${scheme} colours where the system is ${scheme}; pictures keep their white ground`, () =>
    tab(async (page, open) => {
      await open("en/index.html");
      const light = (selector, property) => page.$eval(selector, (e, name) => {
        const [r, g, b] = getComputedStyle(e)[name].match(/\d+/g).map(Number);
        return (r + g + b) / 765;
      }, property);
      const letters = await Promise.all(["article p", "article h1", "article pre", "article li"].map((selector) => light(selector, "color")));
      if (scheme === "dark") assert.ok((await light("body", "backgroundColor")) < 0.2 && Math.min(...letters) > 0.6, letters.join(" "));
      else assert.ok((await light("body", "backgroundColor")) > 0.9 && Math.max(...letters) < 0.4, letters.join(" "));
      assert.ok((await light("article img", "backgroundColor")) > 0.95);
    }, { colorScheme: scheme }));
