// hub_folders OUT [PUBLISHED…]: writes a model's folder for each kind of tokenizer, and beside it
// what damla makes of hard texts (cases.json) and of some tokens (logits.json): for tokens.mjs and
// logits.py.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "damla/hub/model_folder.hpp"
#include "damla/hub/tokenizer_json.hpp"

using namespace damla;
namespace fs = std::filesystem;

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
    "gen\u00ADçler \u200Eiki\u200F ke\u200Dli\u200Cme\u200D i\u0307yi I\u0307\u0307 i\u0315\u0307",
    "👩🏽\u200D🚀🏽 🇹🇷🇹🇷🇹 🏴\U000E0067\U000E007F "
    "❤\uFE0F\u200D🔥’da 🎈\u200D\u200D🎈 a\u200D🎈 🎈\u200Da !\u0903 !\uFF9E",
    "ΟΔΟΣ'Σ ΣΑΣ J\u030C",
};

/// What published tokenizers take for something else.
const std::vector<std::string> published_pieces = {
    "'S",          "'Ll",          "'ſ",     "\r",        "▁",      "<s>",          "</s>",
    "<0x0A>",      "<think>",      "<0xFF>", "def f(x):", "\n    ", "<|im_start|>", "<|eot_id|>",
    "İstanbul'da", " göl",         "    ",   "x1 ",       " 42",    "//",           "==",
    "a\u0301",     "\u1e9b\u0323", "각"};

/// The texts, and mixtures of their pieces.
std::vector<std::string> cases(const std::vector<std::string>& more = {}) {
  std::vector<std::string> pieces = {
      " ",      "  ",     "\n",     "\t",    "\r\n",    "'",       "’",
      "da",     "Ali",    "İ",      "I",     "ı",       "ğ",       "1",
      "23",     "4567",   ".",      ",",     "!",       "…",       "(",
      ")",      "“",      "”",      "«",     "»",       "%",       "\u0301",
      "\u0307", "\u0327", "ş",      "e",     "g\u0306", "❤\uFE0F", "🎈",
      "日",     "\u00a0", "\uFEFF", "<son>", "<",       ">",       "'s",
      "'re",    "\u0085", "_",      "#",     "½",       "٣",       "<|endoftext|>",
      "क",      "\u093f", "\u200d", "A",     "-",       "\u00AD",  "\u200C",
      "i",      "🇹",      "🏽",   "Σ"};
  pieces.insert(pieces.end(), more.begin(), more.end());
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

/// What damla makes of the texts.
void write_cases(const std::string& folder, const AnyTokenizer& tokenizer,
                 const std::vector<std::string>& all) {
  nlohmann::json list;
  for (const std::string& text : all) {
    const Tokens tokens = tokenizer.encode_with_special(text);
    list.push_back({{"text", text}, {"tokens", tokens}, {"decoded", tokenizer.decode(tokens)}});
  }
  write(folder + "/cases.json", list);
}

/// What the readers of a tokenizer.json need beside it.
void write_tokens(const std::string& folder, const AnyTokenizer& tokenizer) {
  write(folder + "/tokenizer_config.json", {{"clean_up_tokenization_spaces", false}});
  write_cases(folder, tokenizer, cases(published_pieces));
}

void write_handed_on(const std::string& folder, const AnyTokenizer& tokenizer) {
  fs::create_directories(folder);
  save_tokenizer_json(folder + "/tokenizer.json", tokenizer);
  write_tokens(folder, tokenizer);
}

/// A published tokenizer's file as it is, and as damla hands it on; of Llama 2's also the shape
/// that newer files have. No byte may be lost, even of what is no text.
void write_published(const std::string& out, const fs::path& published) {
  const AnyTokenizer tokenizer = load_tokenizer(published.string());
  const auto rules = tokenizer.visit([](const auto& inside) {
    if constexpr (requires { inside.rules(); }) return inside.rules();
    else return BytePairRules{};
  });
  Random random(11);
  for (int i = 0; i < 3000 && !rules.nfc; ++i) {
    std::string bytes;
    for (Index n = random.below(40); n > 0; --n)
      bytes += random.below(2) ? static_cast<char>(random.below(256)) : "aüş ğ\n"[random.below(9)];
    if (tokenizer.decode(tokenizer.encode(bytes)) != bytes)
      throw Error(published.string() + ": bytes are lost");
  }
  fs::create_directories(out);
  fs::copy_file(published / "tokenizer.json", out + "/tokenizer.json",
                fs::copy_options::overwrite_existing);
  write_tokens(out, tokenizer);
  write_handed_on(out + "_again", tokenizer);
  if (rules.space_in_front != SpaceInFront::every_part) return;
  auto file = nlohmann::json::parse(std::ifstream(published / "tokenizer.json"));
  file["normalizer"] = nullptr;
  file["pre_tokenizer"] = {
      {"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "first"}, {"split", false}};
  const std::string newer = out + "_newer";
  fs::create_directories(newer);
  write(newer + "/tokenizer.json", file);
  write_tokens(newer, load_tokenizer_json(newer + "/tokenizer.json"));
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

  write_cases(folder, tokenizer, cases());

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
  if (argc < 2) return fmt::print("hub_folders OUT [PUBLISHED…]\n"), 2;
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
  for (const auto& [name, rule] : {std::pair{"llama3", PreTokenization::llama3},
                                   {"qwen2", PreTokenization::qwen2},
                                   {"smollm2", PreTokenization::smollm2}}) {
    const auto trained = BytePairTokenizer::train(
        corpus, {.vocab_size = 600, .pre_tokenization = rule, .special_tokens = special});
    write_handed_on(out + "byte_pairs_" + name, trained);
  }
  // …/tokenizer-llama3/models → published_tokenizer-llama3
  for (int i = 2; i < argc; ++i) {
    const fs::path published = argv[i];
    write_published(out + "published_" + published.parent_path().filename().string(), published);
  }
}
