// damla generate FOLDER PROMPT: text that goes on from a beginning.

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>

#include "command/command.hpp"
#include "command/model.hpp"
#include "damla/generate/compact_model.hpp"
#include "damla/generate/text_stream.hpp"
#include "damla/text/unicode.hpp"

namespace damla::command {

namespace {

struct Generate {
  std::string folder, prompt, weights = "f32";
  Index tokens = 200, times = 1;
  SamplingOptions sampling{.temperature = 0.8, .top_k = 40};
  std::uint64_t seed = 1;

  void run() {
    ModelFolder<CompactModel> m = load_compact_folder(folder, weight_type(weights));
    const std::string text = text_argument(prompt);
    Tokens begin = beginning(m.tokenizer, text);
    if (begin.empty()) begin = {m.tokenizer.end_of_text().value_or(0)};
    watch_interrupt();
    constexpr Index at_once = 16;
    for (Index first = 0; first < times && !interrupted(); first += at_once)
      write(m, text, begin, first, std::min(times, first + at_once));
    if (interrupted()) throw Interrupted{};
  }

  /// The texts [first, last) together: the first is seen as it grows, the others when all are done.
  void write(ModelFolder<CompactModel>& m, const std::string& text, const Tokens& begin,
             Index first, Index last) const {
    std::vector<BatchText> texts;
    std::vector<std::string> written;
    std::deque<TextStream<AnyTokenizer>> streams;
    for (Index i = first; i < last; ++i) {
      written.push_back(i > 0 ? "\n---\n" + text : text);
      TextStream<AnyTokenizer>& stream = streams.emplace_back(m.tokenizer);
      if (!text.empty()) stream.begin_behind(begin);
      GenerateOptions options;
      options.max_new_tokens = tokens, options.sampling = sampling;
      options.stop = m.tokenizer.ends_of_text();
      options.on_token = [&, i](Token t) {
        if (i == first) print(stream.add(t));
        else written[static_cast<std::size_t>(i - first)] += stream.add(t);
        return !interrupted();
      };
      texts.push_back({begin, options, Random(seed, static_cast<std::uint64_t>(i))});
    }
    print(written.front());
    generate_batch(m.model, texts);
    written.front().clear();
    for (std::size_t i = 0; i < written.size(); ++i) print(written[i] + streams[i].rest() + "\n");
  }
};

}  // namespace

void add_weights(CLI::App* verb, std::string& weights) {
  verb->add_option("--weights", weights,
                   say("How weights are kept: f32; f16 or bf16 in half, q8_0 in a quarter of its "
                       "memory, and as much faster",
                       "Ağırlıklar nasıl tutulur: f32; f16 ve bf16 onun yarısı, q8_0 çeyreği kadar "
                       "yer tutar, o kadar da hızlıdır"))
      ->check(CLI::IsMember({"f32", "f16", "bf16", "q8_0"}))
      ->capture_default_str();
}

void add_sampling(CLI::App* verb, SamplingOptions& o, std::uint64_t& seed) {
  const char* group = say("How a token is chosen", "Token nasıl seçilir");
  verb->add_option("--temperature", o.temperature,
                   say("0: always the likeliest; 1: as the model says",
                       "0: hep en olası olan; 1: modelin dediği gibi"))
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->group(group);
  verb->add_option(
          "--top-k", o.top_k,
          say("Only so many of the likeliest; 0: all", "Yalnız en olası bu kadarı; 0: hepsi"))
      ->check(CLI::Range(Index{0}, Index{1000000}))
      ->capture_default_str()
      ->group(group);
  verb->add_option("--top-p", o.top_p,
                   say("Only the likeliest with this share together",
                       "Yalnız toplamı bu paya ulaşan en olasılar"))
      ->check(CLI::Range(1e-6, 1.0))
      ->capture_default_str()
      ->group(group);
  verb->add_option("--repetition-penalty", o.repetition_penalty,
                   say("Over 1: less of what was said", "1'den büyükse söylenenler azalır"))
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->group(group);
  verb->add_option("--seed", seed, say("Seed of the random numbers", "Rastgele sayıların tohumu"))
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->group(group);
}

Tokens beginning(const AnyTokenizer& tokenizer, const std::string& text) {
  Tokens tokens = tokenizer.encode(text);
  if (const auto begin = tokenizer.begin_of_text()) tokens.insert(tokens.begin(), *begin);
  return tokens;
}

std::string text_argument(const std::string& text) {
  if (text == "-") return read_texts({"-"}).front();
  if (!valid_utf8(text)) throw Error(say("the text is no UTF-8", "metin UTF-8 değil"));
  return text;
}

void add_write(CLI::App& app) {
  {
    const auto c = std::make_shared<Generate>();
    CLI::App* verb = app.add_subcommand(
        "generate", say("Text that goes on from a beginning", "Bir başlangıcı sürdüren metin"));
    add_folder(verb, c->folder);
    verb->add_option(
        say("PROMPT", "İSTEM"), c->prompt,
        say("The beginning; - for the standard input", "Başlangıç; standart girdi için -"));
    verb->add_option("-n,--tokens", c->tokens,
                     say("At most so many tokens", "En çok bu kadar token"))
        ->check(CLI::Range(Index{1}, Index{100000000}))
        ->capture_default_str();
    verb->add_option("--times", c->times,
                     say("So many texts, 16 of them at once", "Bu kadar metin, 16'sı bir arada"))
        ->check(CLI::Range(Index{1}, Index{1000000}))
        ->capture_default_str();
    add_weights(verb, c->weights);
    add_sampling(verb, c->sampling, c->seed);
    verb->footer(say("Example:\n  damla generate model \"Bir gün\" -n 100 --temperature 0.6\n",
                     "Örnek:\n  damla generate model \"Bir gün\" -n 100 --temperature 0.6\n"));
    verb->callback([c] { c->run(); });
  }
}

}  // namespace damla::command
