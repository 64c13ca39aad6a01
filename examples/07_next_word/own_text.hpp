#pragma once

// Lesson 07 on a text of the user's own.

#include <fmt/format.h>

#include <cmath>

#include "damla/damla.hpp"
#include "damla/data/windows.hpp"
#include "damla/models/ngram.hpp"
#include "report/lesson.hpp"

namespace damla {

/// Those of --steps, or as many as go through the text ten times, at most 1500.
inline Index own_steps(const report::Lesson& lesson, TokenSpan train) {
  const std::string& asked = lesson.option("--steps");
  if (asked.empty())
    return std::min<Index>(lesson.fast ? 150 : 1500, 10 * std::ssize(train) / 512 + 1);
  if (asked.size() > 7 || asked.find_first_not_of("0123456789") != std::string::npos ||
      std::stoi(asked) < 1)
    throw Error(
        fmt::format("--steps is \"{}\", but needs to be a whole number from 1 to 9999999", asked));
  return std::stoi(asked);
}

/// The model on the held-out text, beside two that only count words.
inline void show_perplexities(report::Lesson& lesson, Gpt<>& model, const TextSplit& text) {
  const TextWindows windows(text.held_out, model.options.context);
  const WordCounts counts(text.train, model.options.vocab_size);
  double unigram = 0, bigram = 0, unknown = 0;
  const auto n = static_cast<double>(windows.targets.size());
  for (std::size_t i = 0; i < windows.targets.size(); ++i) {
    unigram -= std::log(counts.unigram(windows.targets[i])) / n;
    bigram -= std::log(counts.bigram(windows.tokens[i], windows.targets[i])) / n;
    unknown += 100.0 * (windows.targets[i] == WordTokenizer::unknown) / n;
  }
  const Mean gpt = mean_of_windows(window_losses(model, windows), windows.T);
  lesson.table("Perplexity on the held-out text", "Ayrılmış metinde şaşkınlık (perplexity)",
               {{"model", "perplexity / şaşkınlık"},
                {"how often each word came (add-one) / her kelimenin sıklığı (bir ekleyerek)",
                 fmt::format("{:.1f}", std::exp(unigram))},
                {"how often behind the word before (Witten-Bell) / önceki kelimeden sonraki "
                 "sıklığı (Witten-Bell)",
                 fmt::format("{:.1f}", std::exp(bigram))},
                {"GPT", fmt::format("{:.1f}", std::exp(gpt.mean))}});
  report::say(
      "{:.1f} % of the held-out words are not in the vocabulary; for all three they are one word, "
      "<unk>.\n\n",
      "Ayrılmış kelimelerin %{:.1f} kadarı sözlükte yok; üç model için de tek kelimedir: "
      "<unk>.\n\n",
      unknown);
}

/// The beginning, and 40 words more. The unknown word is never drawn.
inline Tokens go_on(Gpt<>& model, Tokens story, Random& random) {
  if (story.empty()) throw Error("--prompt has no words");
  for (const Token token : story)
    if (token == WordTokenizer::unknown)
      report::say("(a word of the beginning is not in the vocabulary: the model reads <unk>)\n",
                  "(başlangıçtaki bir kelime sözlükte yok: model <unk> okuyor)\n");
  for (int i = 0; i < 40; ++i) {
    const TokenSpan seen = TokenSpan(story).last(
        std::min(story.size(), static_cast<std::size_t>(model.options.context)));
    auto next = candidates(model.forward(seen, std::ssize(seen)).bottomRows(1),
                           {.temperature = 0.8, .top_k = 40});
    std::erase_if(next, [](const Candidate& c) { return c.token == WordTokenizer::unknown; });
    story.push_back(sample(next, random));
  }
  return story;
}

/// Trains a GPT on the text of --data, measures it beside counting on the tenth that it has not
/// read, goes on with --prompt.
inline void own_text(report::Lesson& lesson, Random& random) {
  const std::string path = lesson.option("--data");
  if (path.empty())
    throw Error("--prompt goes with --data FILE: a model of your text goes on with it");
  const std::string text = read_text(path);
  const auto words = WordTokenizer::from_text(text, {.casing = Casing::keep, .vocab_limit = 8000});
  const Tokens tokens = words.encode(text);
  if (tokens.size() < 3000)
    throw Error(fmt::format(
        "{}: the text has {} words and marks, but a model needs at least 3000 to learn from", path,
        tokens.size()));
  const TextSplit split = split_text(tokens);
  Gpt<> model(
      {.vocab_size = words.vocab_size(), .context = 32, .channels = 64, .heads = 4, .layers = 2},
      random);
  const Index steps = own_steps(lesson, split.train);
  report::say(
      "{} words and marks to learn from, {} held out; {} different, {} parameters, {} steps\n",
      "öğrenmek için {} kelime ve işaret, ayrılmış {}; {} farklı, {} parametre, {} adım\n",
      split.train.size(), split.held_out.size(), words.vocab_size(), parameter_count(model), steps);
  train_language_model(model, split.train, {.steps = steps, .batch = 16}, random);
  show_perplexities(lesson, model, split);
  const Tokens begun = lesson.flag("--prompt")
                           ? words.encode(lesson.option("--prompt"))
                           : Tokens(split.held_out.begin(), split.held_out.begin() + 5);
  fmt::print("{}\n", words.decode(go_on(model, begun, random)));
}

}  // namespace damla
