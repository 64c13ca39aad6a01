// hub_folders OUT: writes a model's folder for each kind of tokenizer, and beside it what damla
// makes of hard texts (cases.json) and of some tokens (logits.json): for tokens.mjs and logits.py.
#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "damla/hub/model_folder.hpp"

using namespace damla;

namespace {

const std::vector<std::string> texts = {
    "",
    " ",
    "Damlaya damlaya göl olur.",
    "Gençlerbirliği'nin kupası var mı? Ankara’da, 1923'te; Ali’nin 'güzel' dediği \"ev\".",
    "I don't think they'll say we've 'S, it's 10 o'clock; rock 'n' roll",
    "IŞIK ışık İzmir ızgara İSTANBUL'DA ÇĞIÖŞÜ çğıöşü DİYARBAKIR’lı",
    "'da başta, sonda' '' ''' ’’ 'a' ’b’ c'd'e f’g’h",
    "1.000.000,50 TL; 3,5. 1.2.3 12:30 1/2 ½ ² Ⅳ ٣٤٥ 1234567890123 %50 12'si 3,a a,3",
    "🎈👨‍👩‍👧 ❤️ ❤️'da ❤️’da 🇹🇷 👍🏽 #️⃣ :-) "
    "¯\\_(ツ)_/¯",
    "int main() { return x[0]->y; }  // tamam\n\t\tfoo(a, \"b\\n\");\r\n    #include <a.h>\n\n\n",
    "def f(x):\n    return {'a': [1, 2.5, -3e-7]}  # yorum\n",
    "   üç   boşluk  \n \n\n\tsekme\t\t \n  ",
    "a\u00a0b\u2003c\u3000d\u2028e\u2029f\u0085g\u200bh\u1680i\u202f",
    "go\u0308l gu\u0306l s\u0327arkı \u0307x \u0301 e\u0301\u0323 q\u0323a x\u0301\u0302\u0303'da",
    "I\u0307zmir i\u0307 \u0130 \u0131 o\u0308'nin",
    "\uFEFFbaşta \uFEFF ortada\uFEFFve sonda\uFEFF",
    "日本語のテキスト 한국어 العربية עברית ไทย हिन्दी ภาษา\u0e49 कि\u0940",
    "가각힣 \u1100\u1161\u11a8 \u212b \u2126 ﬁ ﷺ ẞ ß ǅ ǆ",
    "<|endoftext|> <son><soru> x<son>y <SON> <s <son <unk> </son> <|endoftext|><|endoftext|>",
    "…” « alıntı » “iç” ( a ) [ b ] { c } %5 % 5 a.b a . b , c ! ? ; : …",
    "_____----=====.....!!!???*** ^^^ ~~~ \u0001\u0002 \u007f",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "http://örnek.com/yol?q=1&r=%20#x e-posta@örnek.com.tr 2024-01-31T12:00:00Z",
    "## ##a a## ## b \uFFFD \uFFFC",
};

/// The texts, and mixtures of their pieces.
std::vector<std::string> cases() {
  const std::vector<std::string> pieces = {
      " ",      "  ",     "\n",     "\t",    "\r\n",    "'",       "’",
      "da",     "Ali",    "İ",      "I",     "ı",       "ğ",       "1",
      "23",     "4567",   ".",      ",",     "!",       "…",       "(",
      ")",      "“",      "”",      "«",     "»",       "%",       "\u0301",
      "\u0307", "\u0327", "ş",      "e",     "g\u0306", "❤\uFE0F", "🎈",
      "日",     "\u00a0", "\uFEFF", "<son>", "<",       ">",       "'s",
      "'re",    "\u0085", "_",      "#",     "½",       "٣",       "<|endoftext|>",
      "क",      "\u093f", "\u200d", "A",     "-"};
  std::vector<std::string> all = texts;
  Random random(7);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (Index n = 1 + random.below(12); n > 0; --n) text += random.pick(pieces);
    all.push_back(text);
  }
  return all;
}

void write(const std::string& path, const nlohmann::json& json) {
  std::ofstream(path, std::ios::binary) << json.dump() << '\n';
}

void write_folder(const std::string& folder, const AnyTokenizer& tokenizer, bool tied) {
  Random random(3);
  Gpt<> model({.vocab_size = tokenizer.vocab_size(),
               .context = 20,
               .channels = 24,
               .heads = 3,
               .layers = 3,
               .tied = tied,
               .init_std = 0.3},
              random);
  model.visit_parameters([&](std::string_view, Parameter& p) {  // norms and biases count too
    if (p.value.rows() == 1) random.fill_uniform(p.value, -1, 1);
  });
  save_model_folder(folder, model, tokenizer, {{"title", "küçük"}});

  nlohmann::json list;
  for (const std::string& text : cases()) {
    const Tokens tokens = tokenizer.visit([&](const auto& t) {
      if constexpr (requires { t.encode_with_special(text); }) return t.encode_with_special(text);
      else return t.encode(text);
    });
    list.push_back({{"text", text}, {"tokens", tokens}, {"decoded", tokenizer.decode(tokens)}});
  }
  write(folder + "/cases.json", list);

  Tokens tokens(20);
  for (Token& t : tokens) t = static_cast<Token>(random.below(tokenizer.vocab_size()));
  nlohmann::json rows;
  const Matrix& logits = model.forward(tokens, std::ssize(tokens));
  for (Index r = 0; r < logits.rows(); ++r)
    rows.push_back(std::vector<Scalar>(logits.row(r).begin(), logits.row(r).end()));
  write(folder + "/logits.json", {{"tokens", tokens}, {"logits", rows}});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fmt::print("hub_folders OUT\n"), 2;
  const std::string out = std::string(argv[1]) + "/";
  std::string corpus;
  for (int i = 0; i < 3; ++i)  // so that pairs occur more than once
    for (const std::string& text : texts) corpus += text + "\n";

  write_folder(out + "characters", CharacterTokenizer::from_text(corpus), true);
  const std::vector<std::string> special = {"<|endoftext|>", "<son>", "<soru>"};
  write_folder(out + "words", WordTokenizer::from_text(corpus, {.special_tokens = special}), true);
  write_folder(out + "words_cased",
               WordTokenizer::from_text(corpus, {.casing = Casing::keep, .vocab_limit = 150}),
               false);
  write_folder(out + "byte_pairs",
               BytePairTokenizer::train(corpus, {.vocab_size = 600, .special_tokens = special}),
               true);
  write_folder(out + "byte_pairs_gpt2",
               BytePairTokenizer::train(corpus, {.vocab_size = 600,
                                                 .pre_tokenization = PreTokenization::gpt2,
                                                 .special_tokens = {"<|endoftext|>"}}),
               false);
}
