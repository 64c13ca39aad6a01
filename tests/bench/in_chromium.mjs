// in_chromium.mjs PROGRAM.js [ARGUMENT …]: runs a program of emscripten in a worker of Chromium, with this one's standard input and
// output. It needs npm ci in playground.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { chromium } = createRequire(new URL("../../playground/package.json", import.meta.url))("playwright-core");
const [program, ...args] = process.argv.slice(2);

// A worker may wait for an answer of its server: that is how it waits for a line.
const worker = `
  const ask = (path, text) => { const request = new XMLHttpRequest(); request.open("POST", path, false); request.send(text); return request; };
  let line = "", at = 0;
  var Module = {
    arguments: ${JSON.stringify(args)},
    print: (text) => ask("/print", text),
    printErr: (text) => ask("/print", text),
    stdin() {
      if (at < line.length) return line.charCodeAt(at++);
      if (line) return (line = ""), (at = 0), undefined;  // what there is, first
      const answer = ask("/line");
      if (answer.status === 204) return null;
      line = answer.responseText;
      return line.charCodeAt(at++);
    },
  };
  importScripts("/program.js");`;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const server = createServer(async (request, response) => {
  let text = "";
  for await (const part of request) text += part;
  if (request.url === "/") response.setHeader("Content-Type", "text/html").end("<!doctype html><script>new Worker('/worker.js')</script>");
  else if (request.url === "/worker.js") response.setHeader("Content-Type", "text/javascript").end(worker);
  else if (request.url === "/program.js") response.setHeader("Content-Type", "text/javascript").end(readFileSync(program));
  else if (request.url.endsWith(".wasm")) response.setHeader("Content-Type", "application/wasm").end(readFileSync(program.replace(/js$/, "wasm")));
  else if (request.url === "/print") console.log(text), response.end();
  else if (request.url === "/line") {
    const { value, done } = await lines.next();
    done ? response.writeHead(204).end() : response.end(value + "\n");
    if (done) await browser.close(), server.close();
  } else response.writeHead(204).end(); // the icon
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--disable-dev-shm-usage", ...(process.getuid() === 0 ? ["--no-sandbox"] : [])],
});
const page = await browser.newPage();
page.on("console", (message) => console.error(message.text()));
page.on("pageerror", (error) => console.error(String(error)));
await page.goto(`http://127.0.0.1:${server.address().port}/`);
