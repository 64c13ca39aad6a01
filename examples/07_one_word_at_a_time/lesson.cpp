// Lesson 07: one word at a time. Predict, append, repeat: how a model that only knows the next word
// writes whole sentences, how temperature, top-k and top-p change them, and why remembering keys
// and values gives the same text sooner.
#include <fmt/core.h>

#include <cmath>
#include <set>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "worlds/agreement.hpp"
#include "worlds/people.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// Sentences about who went where, small talk and forms, in random order.
std::string corpus(Index sentences, Random& random) {
  std::string text;
  for (Index i = 0; i < sentences; ++i) {
    if (i % 10 == 0) text += PeopleWorld::form() + " ";
    else if (i % 3 == 0) text += PeopleWorld::small_talk(random) + " ";
    else text += agreement_sentence(random).text() + " ";
  }
  return text;
}

/// The word that is drawn at temperature 0 after the last row of logits.
Token likeliest(const Matrix& logits) {
  return candidates(logits.bottomRows(1), {.temperature = 0})[0].token;
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
  Gpt<> model(
      {.vocab_size = words.vocab_size(), .context = 64, .channels = 48, .heads = 4, .layers = 2},
      random);
  const Index training_steps = lesson.fast ? 250 : 400;
  const double loss = train_language_model(model, words.encode(text),
                                           {.steps = training_steps, .batch = 16}, random);
  fmt::print("trained to a loss of {:.3f} nats a word\n", loss);

  // Predict, append, repeat. At each step: what may come next, and what is drawn.
  const std::string prompt =
      lesson.option("--prompt").empty() ? "Onlar eski" : lesson.option("--prompt");
  const Tokens start = words.encode(prompt);
  Tokens story = start;
  std::vector<std::vector<std::string>> steps{{"so far", "first", "second", "third", "drawn"}};
  for (int step = 0; step < 6; ++step) {
    const std::vector<Candidate> next =
        candidates(model.forward(story, std::ssize(story)).bottomRows(1));
    const Token drawn = sample(next, random);
    steps.push_back({words.decode(story)});
    for (std::size_t k = 0; k < 3; ++k)
      steps.back().push_back(
          fmt::format("{} {:.2f}", words.piece(next[k].token), next[k].probability));
    steps.back().push_back(words.piece(drawn));
    story.push_back(drawn);
  }
  lesson.table("Predict, append, repeat", "Tahmin et, ekle, tekrarla", steps);

  // The first step's candidates under three temperatures.
  const Matrix logits = model.forward(start, std::ssize(start)).bottomRows(1);
  const std::vector<Candidate> first_step = candidates(logits);
  std::vector<std::string> labels;
  std::vector<Series> bars;
  double entropy[3] = {0, 0, 0};
  for (std::size_t k = 0; k < 8; ++k) labels.push_back(words.piece(first_step[k].token));
  for (const auto& [i, temperature] : {std::pair{0, 0.5}, {1, 1.0}, {2, 2.0}}) {
    const std::vector<Candidate> next =
        candidates(logits, {.temperature = temperature});  // in the same order
    Series series{fmt::format("T = {}", temperature), {}, std::vector<double>(8)};
    for (std::size_t k = 0; k < 8 && k < next.size(); ++k) series.y[k] = next[k].probability;
    for (const Candidate& c : next)
      if (c.probability > 0) entropy[i] -= c.probability * std::log(c.probability);
    bars.push_back(series);
  }
  draw_bars(lesson.picture("temperature", "The next word after the prompt, at three temperatures",
                           "Verilen sözden sonraki kelime, üç sıcaklıkta"),
            {.title = prompt + " …", .x = "", .y = "P"}, labels, bars);
  lesson.claim(claims::temperature_spreads,
               std::min(entropy[1] - entropy[0], entropy[2] - entropy[1]));

  std::vector<std::vector<std::string>> variety{{"rule", "different texts of 40", "one of them"}};
  for (const auto& [name, rule] :
       {std::pair<const char*, SamplingOptions>{"greedy", {.temperature = 0}},
        {"temperature 0.5", {.temperature = 0.5}},
        {"top-k 3", {.top_k = 3}},
        {"top-p 0.8", {.top_p = 0.8}},
        {"temperature 1.5", {.temperature = 1.5}}}) {
    std::set<std::string> different;
    GenerateOptions options;
    options.max_new_tokens = 8, options.sampling = rule, options.stop = {words.token(".")};
    for (int i = 0; i < 40; ++i)
      different.insert(words.decode(generate(model, start, options, random)));
    variety.push_back({name, std::to_string(different.size()), prompt + " " + *different.begin()});
  }
  lesson.table("How the next word is chosen", "Sonraki kelime nasıl seçilir", variety);

  // With the keys and values of earlier words kept, a new word costs one row. The text must be the
  // same.
  Tokens plain = start, cached = start;
  double difference = 0;
  TransformerCache cache = model.make_cache();
  const double slow = seconds_of([&] {
    while (std::ssize(plain) < 60)
      plain.push_back(likeliest(model.forward(plain, std::ssize(plain))));
  });
  const double quick = seconds_of([&] {
    while (std::ssize(cached) < 60) {
      const TokenSpan unread = TokenSpan(cached).subspan(static_cast<std::size_t>(cache.length()));
      cached.push_back(likeliest(model.forward_next(unread, cache)));
    }
  });
  TransformerCache again = model.make_cache();
  const Matrix all = model.forward(plain, std::ssize(plain));
  Index same = 0;
  for (std::size_t t = 0; t < plain.size(); ++t) {
    const Matrix& row = model.forward_next(TokenSpan(plain).subspan(t, 1), again);
    difference =
        std::max(difference,
                 static_cast<double>((row - all.row(static_cast<Index>(t))).cwiseAbs().maxCoeff()));
    same += plain[t] == cached[t] ? 1 : 0;
  }
  fmt::print("{}\nwithout cache {:.1f} ms, with cache {:.1f} ms\n", words.decode(cached),
             1e3 * slow, 1e3 * quick);
  lesson.claim(claims::cache_keeps_words,
               100.0 * static_cast<double>(same) / static_cast<double>(plain.size()));
  lesson.claim(claims::cache_keeps_logits, difference);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"07_one_word_at_a_time",
                     "Generation: predict, append, repeat",
                     {{"--prompt", "TEXT", "How the text begins (default: “Onlar eski”)"}}},
                    argc, argv, one_word_at_a_time);
}
