// damla inspect FOLDER [TEXT]: how large a model is, and a page that shows what it does with a
// text.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "command/command.hpp"
#include "command/model.hpp"
#include "damla/core/files.hpp"
#include "damla/models/inside.hpp"
#include "damla/models/size.hpp"
#include "damla/text/unicode.hpp"
#include "inspect_page.hpp"  // inspect.html, as CMake embeds it

namespace damla::command {

namespace {

using nlohmann::json;

/// What the page holds of attention at most: 64 tokens in 12 layers of 12 heads.
constexpr Index most_weights = 12 * 12 * 64 * 65 / 2;
/// More would be too small to be seen.
constexpr Index most_tokens = 256;

/// A name, and what stands beside it: a line of the table.
struct Row {
  std::string name, value;
};

/// 1234567 → "1 234 567", as both languages read it.
std::string grouped(Index n) {
  std::string digits = std::to_string(n);
  for (auto i = std::ssize(digits) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), " ");
  return digits;
}

std::string architecture(const GptOptions&) {
  return say(
      "GPT-2: token embedding + learned positions, pre-norm blocks of causal attention and "
      "GELU",
      "GPT-2: token gömmesi + öğrenilen konumlar, önce normlu, geriye bakan dikkat ve GELU "
      "blokları");
}
std::string architecture(const LlamaOptions& o) {
  return fmt::format(
      "{}: {}",
      o.qk_norm    ? "Qwen3"
      : o.qkv_bias ? "Qwen2"
                   : "Llama",
      say("token embedding, pre-norm blocks of causal attention with rotary positions and SwiGLU",
          "token gömmesi, önce normlu, döner konumlu ve geriye bakan dikkat ve SwiGLU blokları"));
}

std::string heads_text(const GptOptions& o) {
  return say("{} a layer, {} channels each", "katman başına {}, her biri {} kanal", o.heads,
             o.channels / o.heads);
}
std::string heads_text(const LlamaOptions& o) {
  return say("{} a layer, {} channels each; {} of keys and values",
             "katman başına {}, her biri {} kanal; anahtar ve değer için {}", o.heads, o.head_size,
             o.key_value_heads);
}

std::vector<Row> size_rows(const auto& m) {
  const auto& o = m.model.options;
  const ParameterCounts n = parameters_by_part(o);
  const auto part = [&](const char* name, Index count) {
    const double share = 100 * static_cast<double>(count) / static_cast<double>(n.sum());
    return Row{fmt::format("  {}", name),
               say("{} ({:.0f} %)", "{} (%{:.0f})", grouped(count), share)};
  };
  std::vector<Row> rows{
      {say("architecture", "mimari"), architecture(o)},
      {say("layers", "katman"), grouped(o.layers)},
      {say("heads", "kafa"), heads_text(o)},
      {say("channels", "kanal"), grouped(o.channels)},
      {say("context", "bağlam"), fmt::format("{} token{}", grouped(o.context), say("s", ""))},
      {say("vocabulary", "sözlük"),
       grouped(m.tokenizer.vocab_size()) + " " + kind_text(m.tokenizer)},
      {say("parameters", "parametre"), grouped(n.sum())},
      part(say("token embedding", "token gömmesi"), n.token_embedding),
      part(say("positions", "konumlar"), n.positions),
      part(say("attention", "dikkat"), n.attention),
      part(say("feed-forward", "ileri besleme"), n.feed_forward),
      part(say("norms", "normlar"), n.norms),
      part(say("output head", "çıkış başlığı"), n.head)};
  if (o.tied)
    rows.back().value = say("none of its own: the token embedding, transposed (tied)",
                            "kendine ait yok: token gömmesinin devriği (bağlı)");
  const auto weights = static_cast<double>(sizeof(Scalar)) * static_cast<double>(n.sum());
  rows.push_back({say("memory of the weights", "ağırlıkların belleği"), size_text(weights)});
  rows.push_back({say("  to generate", "  üretmek için"),
                  size_text(generation_memory(o)) + say(" at the full context, cache included",
                                                        ", bağlam doluyken, önbellekle")});
  rows.push_back({say("  to train", "  eğitmek için"),
                  size_text(training_memory(o, 8)) + say(" with a batch of 8", ", 8'lik yığınla")});
  for (const auto& [name, value] : m.settings)
    rows.push_back({visible(name, " "), visible(value, " ")});
  return rows;
}

/// To n digits behind the point: a page needs no more.
double rounded(double x, int n) {
  const double scale = std::pow(10, n);
  return std::round(x * scale) / scale;
}

/// Per head and token, the weights of the tokens that it may see, in ten-thousandths.
json attention_of(const Matrix& weights, Index heads) {
  const Index T = weights.cols();
  json all = json::array();
  for (Index h = 0; h < heads; ++h) {
    json head = json::array();
    for (Index t = 0; t < T; ++t) {
      json row = json::array();
      for (Index s = 0; s <= t; ++s) row.push_back(std::lround(1e4 * weights(h * T + t, s)));
      head.push_back(std::move(row));
    }
    all.push_back(std::move(head));
  }
  return all;
}

/// What the page shows of a text: numbers, and the pieces that they are about.
template <class Model>
class PageData {
 public:
  PageData(ModelFolder<Model>& m, const Tokens& tokens) : m_(m), tokens_(tokens) {
    const Inside inside = look_into(m.model, tokens);
    json losses = json::array(), attention = json::array(), lens = json::array();
    for (const double loss : inside.losses) losses.push_back(rounded(loss, 4));
    for (const Matrix& weights : inside.attention)
      attention.push_back(attention_of(weights, m.model.options.heads));
    for (const Matrix& stream : inside.stream) lens.push_back(lens_of(logit_lens(m.model, stream)));
    for (const Token t : tokens) add_piece(t);
    data["tokens"] = tokens, data["losses"] = losses, data["attention"] = attention;
    data["lens"] = lens, data["likeliest"] = likeliest_of(inside.logits);
    data["chance"] = std::log(static_cast<double>(m.tokenizer.vocab_size()));
  }
  json data;

 private:
  void add_piece(Token t) { data["pieces"][std::to_string(t)] = visible(m_.tokenizer.piece(t)); }

  /// Per token: the five likeliest to follow, each with its probability.
  json likeliest_of(const Matrix& logits) {
    json all = json::array();
    for (Index t = 0; t < logits.rows(); ++t) {
      json five = json::array();
      for (const Candidate& c : candidates(logits.row(t))) {
        if (five.size() == 5) break;
        add_piece(c.token);
        five.push_back({c.token, rounded(c.probability, 4)});
      }
      all.push_back(std::move(five));
    }
    return all;
  }

  /// Per token: the likeliest to follow, its probability, and the rank of the one that does (0 at
  /// the end, where nobody knows).
  json lens_of(const Matrix& logits) {
    json row = json::array();
    for (std::size_t t = 0; t < tokens_.size(); ++t) {
      const std::vector<Candidate> all = candidates(logits.row(static_cast<Index>(t)));
      std::ptrdiff_t rank = 0;
      if (t + 1 < tokens_.size())
        rank = 1 + std::distance(all.begin(), std::find_if(all.begin(), all.end(), [&](auto& c) {
                                   return c.token == tokens_[t + 1];
                                 }));
      add_piece(all.front().token);
      row.push_back({all.front().token, rounded(all.front().probability, 4), rank});
    }
    return row;
  }

  ModelFolder<Model>& m_;
  const Tokens& tokens_;
};

/// The page with its data, of which no "<" is left that could end the script around it.
std::string page_with(const json& data) {
  std::string page(inspect_page, sizeof inspect_page), text;
  for (const char c : data.dump(-1, ' ', false, json::error_handler_t::replace))
    if (c == '<') text += "\\u003c";
    else text += c;
  constexpr std::string_view place = "{{data}}";
  return page.replace(page.find(place), place.size(), text);
}

struct Inspect {
  std::string folder, text, output = "inspect.html";
  bool with_text = false;

  void run() {
    visit_model_folder(folder, [&](auto& m) { look_at(m); });
  }
  void look_at(auto& m) const {
    const std::vector<Row> rows = size_rows(m);
    for (const Row& row : rows) print(fmt::format("{:<24} {}\n", row.name, row.value));
    if (with_text) write_page(m, rows);
  }

  void write_page(auto& m, const std::vector<Row>& rows) const {
    Tokens tokens = m.tokenizer.encode(text_argument(text));
    if (tokens.empty())
      throw Error(say("the text is empty: the model needs at least one token to look at",
                      "metin boş: modelin bakabilmesi için en az bir token gerekir"));
    const std::string notice = cut(tokens, m.model.options);
    json data = PageData(m, tokens).data;
    data["turkish"] = say("en", "tr") == std::string_view("tr");
    data["folder"] = visible(folder, " "), data["notice"] = notice;
    data["sizes"] = json::array();
    for (const Row& row : rows) data["sizes"].push_back({row.name, row.value});
    write_file_whole(output, page_with(data));
    print("\n" + notice + (notice.empty() ? "" : "\n"));
    print(say("{}: open this page in a browser\n", "{}: bu sayfayı bir tarayıcıda açın\n", output));
  }

  /// Leaves as many tokens as the model sees at once, and as a page can show. Returns what to say
  /// about it: nothing where all are left.
  static std::string cut(Tokens& tokens, const auto& o) {
    const auto all = std::ssize(tokens);
    Index most = std::min({all, o.context, most_tokens});
    while (most > 1 && o.layers * o.heads * most * (most + 1) / 2 > most_weights) --most;
    if (most == all) return "";
    tokens.resize(static_cast<std::size_t>(most));
    const char* why = most == o.context ? say("the model sees no more at once",
                                              "model bir arada daha çoğunu görmez")
                                        : say("a page can show no more of this model",
                                              "bir sayfa bu modelin daha çoğunu gösteremez");
    return say("The text has {} tokens, of which the first {} are shown: {}.",
               "Metin {} token; ilk {} tanesi gösteriliyor: {}.", all, most, why);
  }
};

}  // namespace

void add_inspect(CLI::App& app) {
  const auto c = std::make_shared<Inspect>();
  CLI::App* verb =
      app.add_subcommand("inspect", say("How large a model is, and what it does with a text",
                                        "Bir model ne kadar büyük, bir metinle ne yapıyor"));
  add_folder(verb, c->folder);
  CLI::Option* text = verb->add_option(say("TEXT", "METİN"), c->text,
                                       say("A text to look at in a page; - for the standard input",
                                           "Bir sayfada bakılacak metin; standart girdi için -"));
  verb->add_option("-o,--output", c->output, say("The page", "Sayfa"))
      ->capture_default_str()
      ->needs(text);
  verb->footer(
      say("Examples:\n"
          "  damla inspect model\n"
          "  damla inspect model \"Damlaya damlaya göl olur\" -o page.html\n",
          "Örnekler:\n"
          "  damla inspect model\n"
          "  damla inspect model \"Damlaya damlaya göl olur\" -o sayfa.html\n"));
  verb->callback([c, text] {
    c->with_text = text->count() > 0;
    c->run();
  });
}

}  // namespace damla::command
