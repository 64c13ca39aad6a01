// One page of out/playground.html in Chromium, and what it must never do.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { pathToFileURL } from "node:url";

export const file = pathToFileURL("out/playground.html").href;
let browser: Browser;

export function useBrowser(): void {
  before(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--disable-dev-shm-usage", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    });
  });
  after(() => browser.close());
}

/** Opens a room, does `work`, and finds nothing in the console. */
export async function on(hash: string, work: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({ locale: "tr-TR", viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => /^(file|blob|data):/.test(request.url()) || said.push(`asked for ${request.url()}`));
  page.setDefaultTimeout(120_000);
  try {
    await page.goto(file + hash);
    await page.waitForSelector("h1");
    await work(page);
    assert.deepEqual(said, [], "the console");
    assert.equal(await trouble(page), "", "what the page complains of");
  } finally {
    await context.close();
  }
}

export const trouble = (page: Page): Promise<string> =>
  page.evaluate(() => [...document.querySelectorAll(".trouble")].map((e) => e.textContent).join(""));

export const press = (page: Page, name: string): Promise<void> => page.click(`[data-do="${name}"]`);

/** Steps so far. */
export const steps = (page: Page): Promise<number> =>
  page.evaluate(() => Number(/(?:adım|step) ([\d.,]+)/.exec(document.querySelector(".figures .counter")?.textContent ?? "")?.[1]?.replace(/\D/g, "") ?? NaN));

export async function train(page: Page, wanted: number, ms = 240_000): Promise<void> {
  await press(page, "play");
  await page.waitForFunction(
    (n) => Number(/(?:adım|step) ([\d.,]+)/.exec(document.querySelector(".figures .counter")?.textContent ?? "")?.[1]?.replace(/\D/g, "") ?? NaN) >= n,
    wanted,
    { timeout: ms },
  );
  if (await page.isEnabled('[data-do="play"]')) await press(page, "play");
  await page.waitForTimeout(300);
}

/** The first number in a text, as either language writes it. */
export function figure(text: string | null): number {
  const found = /[-−]?\d[\d.,]*/.exec(text ?? "")?.[0] ?? "NaN";
  return Number(found.replace(/\.(?=\d{3}\b.*,)/g, "").replace(",", ".").replace("−", "-"));
}

/** How many milliseconds of the processor each task of the page's own thread took during `work`. */
export async function page_tasks(page: Page, work: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: any[] };
  const threads = new Set(traceEvents.filter((e) => e.name === "thread_name" && e.args.name === "CrRendererMain").map((e) => `${e.pid}.${e.tid}`));
  return traceEvents.filter((e) => e.name === "RunTask" && e.tdur !== undefined && threads.has(`${e.pid}.${e.tid}`)).map((e) => e.tdur / 1000);
}

/** The rows of a table of bars: name and figures. */
export const bars = (page: Page): Promise<{ name: string; figures: string[] }[]> =>
  page.$$eval(".bars tbody tr", (rows) =>
    rows.map((row) => ({ name: row.querySelector("th")!.textContent!, figures: [...row.querySelectorAll("td.value")].map((c) => c.textContent!) })),
  );
