// node llama.mjs FOLDERS: whether llama.cpp, as node-llama-cpp brings it, reads damla's GGUF files as damla means them: the same tokens
// of each text, and the same likeliest token, with the same probability, behind each prompt.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

let llama;
try {
  const {getLlama} = await import('node-llama-cpp');
  llama = await getLlama({gpu: false, build: 'never', logLevel: 'error', progressLogs: false});
} catch (missing) {
  console.log(`skipped: node-llama-cpp is not there (${missing.message.split('\n')[0]}): npm install in tests/hub/oracles`);
  process.exit(77);
}
// llama.cpp rounds what it multiplies with weights, too, to 11 bits for F16 and to 8 for BF16 and Q8_0, and looks GELU up in a table of F16. So
// log-probabilities may differ by this, and the likeliest token where the second is nearer than twice this.
const tolerance = {f32: 3e-3, f16: 3e-3, bf16: 0.08, q8_0: 0.08};
const root = process.argv[2];
const json = file => JSON.parse(readFileSync(path.join(root, file)));
let wrong = 0;

for (const name of readdirSync(root).filter(name => existsSync(path.join(root, name, 'model.gguf'))).sort()) {
  const model = await llama.loadModel({modelPath: path.join(root, name, 'model.gguf'), vocabOnly: true});
  // Qwen's vocabulary has the piece </s>, which is no special token, but is one for llama.cpp by its looks.
  const cases = json(`${name}/cases.json`).filter(c => !name.includes('qwen3') || !c.text.includes('</s>'));
  // llama.cpp does not normalise: where damla does, it gets texts in form C.
  const nfc = JSON.stringify(json(`${name}/tokenizer.json`).normalizer ?? '').includes('NFC');
  const there = text => model.tokenize(nfc ? text.normalize('NFC') : text, true).join(' ');
  const differ = cases.filter(c => there(c.text) !== c.tokens.join(' '));
  for (const c of differ.slice(0, 5)) console.log('  tokens of', JSON.stringify(c.text), c.tokens.join(' '), 'there', there(c.text));
  console.log(`${name}: the same tokens for ${cases.length - differ.length} of ${cases.length} texts`);
  wrong += differ.length;
  await model.dispose();
}

for (const file of readdirSync(path.join(root, 'gguf')).filter(name => name.endsWith('.gguf')).sort()) {
  const name = file.slice(0, -'.gguf'.length), limit = tolerance[name.split('.')[1]];
  const model = await llama.loadModel({modelPath: path.join(root, 'gguf', file)});
  const exact = {experimentalKvCacheKeyType: 'F32', experimentalKvCacheValueType: 'F32'};
  const context = await model.createContext({contextSize: 64, threads: 1, ...exact});
  const sequence = context.getSequence();
  let places = 0, equal = 0, near = 0, worst = 0;
  for (const {tokens, prompt, log_p, gap} of json(`gguf/${name}.json`)) {
    await sequence.clearHistory();
    const asked = {generateNext: {probabilities: true}};
    const results = await sequence.controlledEvaluate(tokens.slice(0, -1).map((token, i) => i + 1 < prompt ? token : [token, asked]));
    for (let i = prompt - 1; i + 1 < tokens.length; ++i) {
      const p = results[i].next.probabilities, best = p.keys().next().value, at = i + 1 - prompt;
      worst = Math.max(worst, Math.abs(Math.log(p.get(tokens[i + 1])) - log_p[at]));
      ++places;
      if (best === tokens[i + 1]) ++equal;
      else if (gap[at] <= 2 * limit) ++near;
    }
  }
  console.log(`${name}: the same likeliest token at ${equal} of ${places} places, ${near} of the others near ties; ` +
              `log-probabilities differ by at most ${worst.toExponential(1)}`);
  if (equal + near < places || near > places / 50 || !(worst > 0 && worst < limit)) ++wrong;
  await model.dispose();
}
process.exit(wrong ? 1 : 0);
