// node tokens.mjs FOLDERS: whether Hugging Face's tokenizers read tokenizer.json as damla means it: the same tokens of each text in
// cases.json, and the same text from them.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

const readers = {};
try {
  const {Tokenizer} = await import('@huggingface/tokenizers');
  readers.JavaScript = folder => {
    const json = name => JSON.parse(readFileSync(path.join(folder, name)));
    const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
    return {
      encode: async text => tokenizer.encode(text, {add_special_tokens: false}).ids,
      decode: async ids => ids.length ? tokenizer.decode(ids, {skip_special_tokens: false}) : '',
    };
  };
} catch { }
try {
  const {Tokenizer} = createRequire(import.meta.url)('tokenizers');
  readers.Rust = folder => {
    const tokenizer = Tokenizer.fromFile(path.join(folder, 'tokenizer.json'));
    return {
      encode: async text => (await tokenizer.encode(text, null, {addSpecialTokens: false})).getIds(),
      decode: ids => tokenizer.decode(ids, false),
    };
  };
} catch { }
if (Object.keys(readers).length === 0) {
  console.log('skipped: neither @huggingface/tokenizers nor tokenizers is there: npm install in tests/hub/oracles');
  process.exit(77);
}

const root = process.argv[2];
let wrong = 0;
for (const name of readdirSync(root).sort()) {
  const folder = path.join(root, name);
  if (!existsSync(path.join(folder, 'cases.json'))) continue;
  const cases = JSON.parse(readFileSync(path.join(folder, 'cases.json')));
  for (const [language, read] of Object.entries(readers)) {
    const tokenizer = read(folder);
    let tokens = 0, texts = 0, shown = 0;
    for (const c of cases) {
      const ids = await tokenizer.encode(c.text), text = await tokenizer.decode(c.tokens);
      const same = JSON.stringify(ids) === JSON.stringify(c.tokens);
      tokens += same;
      texts += text === c.decoded;
      if (!same && ++shown <= 5) console.log('  tokens of', JSON.stringify(c.text), c.tokens.join(' '), 'there', ids.join(' '));
      if (text !== c.decoded && ++shown <= 5) console.log('  text', JSON.stringify(c.decoded), 'there', JSON.stringify(text));
    }
    wrong += 2 * cases.length - tokens - texts;
    console.log(`${name}, ${language}: the same tokens for ${tokens} of ${cases.length} texts, the same text for ${texts}`);
  }
}
process.exit(wrong ? 1 : 0);
