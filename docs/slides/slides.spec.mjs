// What out/slides.html does in Chromium, opened as a file.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const file = pathToFileURL(fileURLToPath(new URL("../../out/slides.html", import.meta.url))).href;
let browser, context, page, errors;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--disable-dev-shm-usage", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
  context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  page = await context.newPage();
  errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("request", (request) => /^(file|data|about):/.test(request.url()) || errors.push(`asks the network for ${request.url()}`));
});
after(() => browser.close());

const open = async (place) => {
  await page.goto("about:blank");
  await page.goto(file + place);
  await page.waitForSelector("section.present");
};
const title = () => page.textContent("section.present :is(h1, h2)");

for (const language of ["en", "tr"])
  test(`${language}: each slide fits, its picture loads, and it has notes`, async () => {
    await open(`?lang=${language}`);
    const slides = await page.locator(".slides > section").count();
    for (let i = 0; i < slides; ++i) {
      await page.evaluate((n) => (location.hash = `#/${n}`), i);
      await page.waitForFunction((n) => document.querySelectorAll(".slides > section")[n].matches(".present"), i);
      const found = await page.evaluate(async () => {
        const slide = document.querySelector("section.present");
        const images = [...slide.querySelectorAll("img")];
        await Promise.all(images.map((image) => image.decode()));
        return {
          over: slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth,
          described: images.every((image) => image.alt.length >= 20),
          notes: slide.querySelector("aside.notes").textContent.trim().length > 0,
        };
      });
      assert.deepEqual(found, { over: false, described: true, notes: true }, `slide ${i + 1}`);
    }
    assert.deepEqual(errors, []);
  });

test("L and the button change the language and stay on the slide", async () => {
  await open("?lang=en#/4");
  assert.equal(await title(), "Learning means finding the line");
  await page.keyboard.press("l");
  await page.waitForURL("**?lang=tr#/4");
  assert.equal(await title(), "Öğrenmek, çizgiyi bulmaktır");
  await page.click("#language");
  await page.waitForURL("**?lang=en#/4");
});

test("S opens the speaker's window, which follows", async () => {
  await open("?lang=en#/4");
  const [speaker] = await Promise.all([context.waitForEvent("page"), page.keyboard.press("s")]);
  await speaker.waitForFunction(() => document.body.textContent.includes("01_rap_or_arabesk"));
  await page.bringToFront();
  await page.keyboard.press("ArrowRight");
  await speaker.waitForFunction(() => document.body.textContent.includes("Danceability"));
});
