// Lesson 07: one word at a time. Predict, append, repeat: how a model that only knows the next word writes whole sentences, how
// temperature, top-k and top-p change them, and why remembering keys and values gives the same text sooner.
#include <fmt/core.h>

#include <cmath>
#include <set>

#include "damla/damla.hpp"
#include "damla/report/lesson.hpp"
#include "damla/report/picture.hpp"
#include "damla/synthetic/agreement.hpp"
#include "damla/synthetic/people.hpp"

using namespace damla;
using namespace damla::report;

namespace {

/// Sentences about who went where, small talk and forms, in random order.
std::string corpus(Index sentences, Random& random) {
  std::string text;
  for (Index i = 0; i < sentences; ++i)
    text += (i % 10 == 0 ? PeopleWorld::form() : i % 3 == 0 ? PeopleWorld::small_talk(random) : agreement_sentence(random).text()) + " ";
  return text;
}

double seconds_of(auto&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void one_word_at_a_time(Lesson& lesson) {
  Random random(lesson.seed);
  const std::string text = corpus(6000, random);
  const auto words = WordTokenizer::from_text(text, {.casing = Casing::keep});
  Gpt<> model({.vocab_size = words.vocab_size(), .context = 64, .channels = 48, .heads = 4, .layers = 2}, random);
  const double loss = train_language_model(model, words.encode(text), {.steps = lesson.fast ? 250 : 400, .batch = 16}, random);
  fmt::print("trained to a loss of {:.3f} nats a word\n", loss);

  // Predict, append, repeat. At each step: what may come next, and what is drawn.
  const std::string prompt = lesson.option("--prompt").empty() ? "Onlar eski" : lesson.option("--prompt");
  Tokens story = words.encode(prompt);
  std::vector<std::vector<std::string>> steps{{"so far", "first", "second", "third", "drawn"}};
  std::vector<Candidate> first_step;
  for (int step = 0; step < 6; ++step) {
    const std::vector<Candidate> next = candidates(model.forward(story, std::ssize(story)).bottomRows(1));
    if (step == 0) first_step = next;
    const Token drawn = sample(next, random);
    std::vector<std::string> row{words.decode(story)};
    for (std::size_t k = 0; k < 3; ++k) row.push_back(fmt::format("{} {:.2f}", words.piece(next[k].token), next[k].probability));
    row.push_back(words.piece(drawn));
    steps.push_back(row);
    story.push_back(drawn);
  }
  lesson.table("Predict, append, repeat", "Tahmin et, ekle, tekrarla", steps);

  // The first step's candidates under three temperatures.
  const Tokens start = words.encode(prompt);
  const Matrix logits = model.forward(start, std::ssize(start)).bottomRows(1);
  std::vector<std::string> labels;
  std::vector<Series> bars;
  double entropy[3] = {0, 0, 0};
  for (std::size_t k = 0; k < 8; ++k) labels.push_back(words.piece(first_step[k].token));
  for (const auto& [i, temperature] : {std::pair{0, 0.5}, {1, 1.0}, {2, 2.0}}) {
    Series series{fmt::format("T = {}", temperature), {}, std::vector<double>(8)};
    for (const Candidate& c : candidates(logits, {.temperature = temperature})) {
      if (c.probability > 0) entropy[i] -= c.probability * std::log(c.probability);
      for (std::size_t k = 0; k < 8; ++k)
        if (first_step[k].token == c.token) series.y[k] = c.probability;
    }
    bars.push_back(series);
  }
  draw_bars(lesson.picture("temperature", "The next word after the prompt, at three temperatures", "Verilen sözden sonraki kelime, üç sıcaklıkta"),
            {.title = prompt + " …", .x = "", .y = "P"}, labels, bars);
  lesson.claim({.number = 16, .says = "a higher temperature spreads the choice: least gain of entropy per step of 0.5, 1, 2",
                .says_tr = "sıcaklık arttıkça seçim yayılır: 0,5 → 1 → 2 adımlarında en küçük entropi artışı",
                .measured = std::min(entropy[1] - entropy[0], entropy[2] - entropy[1]), .low = 0.01, .unit = "nats"});

  std::vector<std::vector<std::string>> variety{{"rule", "different texts of 40", "one of them"}};
  for (const auto& [name, rule] : {std::pair<const char*, SamplingOptions>{"greedy", {.temperature = 0}}, {"temperature 0.5", {.temperature = 0.5}},
                                   {"top-k 3", {.top_k = 3}}, {"top-p 0.8", {.top_p = 0.8}}, {"temperature 1.5", {.temperature = 1.5}}}) {
    std::set<std::string> different;
    GenerateOptions options;
    options.max_new_tokens = 8, options.sampling = rule, options.stop = {words.token(".")};
    for (int i = 0; i < 40; ++i) different.insert(words.decode(generate(model, start, options, random)));
    variety.push_back({name, std::to_string(different.size()), prompt + " " + *different.begin()});
  }
  lesson.table("How the next word is chosen", "Sonraki kelime nasıl seçilir", variety);

  // With the keys and values of earlier words kept, a new word costs one row. The text must be the same.
  Tokens plain = start, cached = start;
  double difference = 0;
  GptCache cache = model.make_cache();
  const double slow = seconds_of([&] {
    while (std::ssize(plain) < 60) plain.push_back(candidates(model.forward(plain, std::ssize(plain)).bottomRows(1), {.temperature = 0})[0].token);
  });
  const double quick = seconds_of([&] {
    while (std::ssize(cached) < 60)
      cached.push_back(candidates(model.forward_next(TokenSpan(cached).subspan(static_cast<std::size_t>(cache.length())), cache), {.temperature = 0})[0].token);
  });
  GptCache again = model.make_cache();
  const Matrix all = model.forward(plain, std::ssize(plain));
  for (Index t = 0; t < std::ssize(plain); ++t)
    difference = std::max(difference, static_cast<double>((model.forward_next(TokenSpan(plain).subspan(static_cast<std::size_t>(t), 1), again) - all.row(t)).cwiseAbs().maxCoeff()));
  Index same = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) same += plain[i] == cached[i] ? 1 : 0;
  fmt::print("{}\nwithout cache {:.1f} ms, with cache {:.1f} ms\n", words.decode(cached), 1e3 * slow, 1e3 * quick);
  lesson.claim({.number = 16, .says = "predict, append, repeat: words that are the same with and without the cache", .says_tr = "tahmin et, ekle, tekrarla: önbellekle ve önbelleksiz aynı olan kelimeler",
                .measured = 100.0 * static_cast<double>(same) / static_cast<double>(plain.size()), .low = 100, .high = 100, .unit = "%"});
  lesson.claim({.number = 16, .says = "largest difference of a logit with and without the cache", .says_tr = "önbellekle ve önbelleksiz logit farkının en büyüğü", .measured = difference, .high = 1e-4});
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"07_one_word_at_a_time", "Generation: predict, append, repeat", {{"--prompt", "TEXT", "How the text begins (default: “Onlar eski”)"}}}, argc, argv,
                    one_word_at_a_time);
}
