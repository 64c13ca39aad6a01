// Lesson 08: one word at a time. Predict, append, repeat: how a model that only knows the next word
// writes whole sentences, how temperature, top-k and top-p change them, and why remembering keys
// and values gives the same text sooner.
#include <fmt/core.h>

#include <chrono>
#include <cmath>
#include <set>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "pictures.hpp"
#include "report/lesson.hpp"
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

/// At each step: what may come next, and what is drawn.
void predict_append_repeat(Lesson& lesson, Gpt<>& model, const WordTokenizer& words, Tokens story,
                           Random& random) {
  std::vector<std::vector<std::string>> steps{{"so far / şimdiye kadar", "first / birinci",
                                               "second / ikinci", "third / üçüncü",
                                               "drawn / çekilen"}};
  for (int step = 0; step < 6; ++step) {
    const Matrix& logits = model.forward(story, std::ssize(story));
    const std::vector<Candidate> next = candidates(logits.bottomRows(1));
    const Token drawn = sample(next, random);
    steps.push_back(step_row(words, story, next, drawn));
    story.push_back(drawn);
  }
  lesson.table("Predict, append, repeat", "Tahmin et, ekle, tekrarla", steps);
}

/// How spread a choice is, in nats.
double entropy(const std::vector<Candidate>& choice) {
  double sum = 0;
  for (const Candidate& c : choice)
    if (c.probability > 0) sum -= c.probability * std::log(c.probability);
  return sum;
}

/// The choice of the first word after the text, at three temperatures.
void compare_temperatures(Lesson& lesson, Gpt<>& model, const WordTokenizer& words,
                          const Tokens& text) {
  const Matrix logits = model.forward(text, std::ssize(text)).bottomRows(1);
  const std::vector<double> temperatures{0.5, 1, 2};
  std::vector<std::vector<Candidate>> choices;
  for (const double temperature : temperatures)
    choices.push_back(candidates(logits, {.temperature = temperature}));
  lesson.claim(claims::temperature_spreads, std::min(entropy(choices[1]) - entropy(choices[0]),
                                                     entropy(choices[2]) - entropy(choices[1])));
  draw_temperatures(lesson, words, words.decode(text), temperatures, choices);
}

/// Forty texts under each rule: how many of them are different.
void compare_rules(Lesson& lesson, Gpt<>& model, const WordTokenizer& words, const Tokens& start,
                   Random& random) {
  std::vector<std::vector<std::string>> variety{
      {"rule / kural", "different texts of 40 / 40 metnin farklısı", "one of them / biri"}};
  for (const auto& [name, rule] :
       {std::pair<const char*, SamplingOptions>{"greedy / açgözlü", {.temperature = 0}},
        {"temperature 0.5 / sıcaklık 0.5", {.temperature = 0.5}},
        {"top-k 3", {.top_k = 3}},
        {"top-p 0.8", {.top_p = 0.8}},
        {"temperature 1.5 / sıcaklık 1.5", {.temperature = 1.5}}}) {
    GenerateOptions options;
    options.max_new_tokens = 8, options.sampling = rule, options.stop = {words.token(".")};
    std::set<std::string> different;
    for (int i = 0; i < 40; ++i)
      different.insert(words.decode(generate(model, start, options, random)));
    variety.push_back(
        {name, std::to_string(different.size()), words.decode(start) + " " + *different.begin()});
  }
  lesson.table("How the next word is chosen", "Sonraki kelime nasıl seçilir", variety);
}

/// The word that is drawn at temperature 0 after the last row of logits.
Token likeliest(const Matrix& logits) {
  return candidates(logits.bottomRows(1), {.temperature = 0})[0].token;
}

/// The text up to 60 words. For each new word the whole text is read again.
Tokens go_on(Gpt<>& model, Tokens text) {
  while (std::ssize(text) < 60) text.push_back(likeliest(model.forward(text, std::ssize(text))));
  return text;
}

/// The same with a cache, which keeps the keys and values of earlier words: a new word costs one
/// row.
Tokens go_on_cached(Gpt<>& model, Tokens text) {
  TransformerCache cache = model.make_cache();
  while (std::ssize(text) < 60) {
    const TokenSpan unread = TokenSpan(text).subspan(static_cast<std::size_t>(cache.length()));
    text.push_back(likeliest(model.forward_next(unread, cache)));
  }
  return text;
}

/// How far the logits of a text are apart, read at once and read word by word with a cache.
double largest_difference(Gpt<>& model, const Tokens& text) {
  const Matrix all = model.forward(text, std::ssize(text));
  TransformerCache cache = model.make_cache();
  double difference = 0;
  for (Index t = 0; t < std::ssize(text); ++t) {
    const TokenSpan word = TokenSpan(text).subspan(static_cast<std::size_t>(t), 1);
    const Matrix& row = model.forward_next(word, cache);
    difference =
        std::max(difference, static_cast<double>((row - all.row(t)).cwiseAbs().maxCoeff()));
  }
  return difference;
}

/// The text must be the same with and without the cache.
void compare_cache(Lesson& lesson, Gpt<>& model, const WordTokenizer& words, const Tokens& start) {
  const auto now = [] { return std::chrono::steady_clock::now(); };
  const auto begin = now();
  const Tokens plain = go_on(model, start);
  const auto middle = now();
  const Tokens cached = go_on_cached(model, start);
  const std::chrono::duration<double, std::milli> slow = middle - begin, quick = now() - middle;
  say("{}\nwithout cache {:.1f} ms, with cache {:.1f} ms\n",
      "{}\nönbelleksiz {:.1f} ms, önbellekle {:.1f} ms\n", words.decode(cached), slow.count(),
      quick.count());
  Index same = 0;
  for (std::size_t t = 0; t < plain.size(); ++t) same += plain[t] == cached[t] ? 1 : 0;
  lesson.claim(claims::cache_keeps_words,
               100.0 * static_cast<double>(same) / static_cast<double>(plain.size()));
  lesson.claim(claims::cache_keeps_logits, largest_difference(model, plain));
}

void one_word_at_a_time(Lesson& lesson) {
  // Data: short sentences.
  Random random(lesson.seed);
  const std::string text = corpus(6000, random);
  const auto words = WordTokenizer::from_text(text, {.casing = Casing::keep});

  // Model: a GPT with two layers.
  Gpt<> model(
      {.vocab_size = words.vocab_size(), .context = 64, .channels = 48, .heads = 4, .layers = 2},
      random);

  // Loop: that of lesson 07, in one call.
  const Index training_steps = lesson.fast ? 250 : 400;
  const double loss = train_language_model(model, words.encode(text),
                                           {.steps = training_steps, .batch = 16}, random);
  say("trained to a loss of {:.3f} nats a word\n",
      "kayıp, eğitimin sonunda: kelime başına {:.3f} nat\n", loss);

  // Figures: how the prompt goes on.
  const std::string& prompt = lesson.option("--prompt");
  const Tokens start = words.encode(prompt.empty() ? "Onlar eski" : prompt);
  predict_append_repeat(lesson, model, words, start, random);
  compare_temperatures(lesson, model, words, start);
  compare_rules(lesson, model, words, start, random);
  compare_cache(lesson, model, words, start);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"08_one_word_at_a_time",
                     "Generation: predict, append, repeat",
                     "Üretmek: tahmin et, ekle, tekrarla",
                     {{"--prompt", "TEXT", "How the text begins (default: “Onlar eski”)",
                       "Metnin başlangıcı (verilmezse “Onlar eski”)"}}},
                    argc, argv, one_word_at_a_time);
}
