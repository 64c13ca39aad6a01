// Lesson 03. Words to numbers: a text is cut into pieces, each piece gets a vector, and the vectors
// learn what words mean from the company that they keep; nobody labels anything (claims 7, 9 and 13
// of the lecture).
#include <fmt/ranges.h>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "damla/models/size.hpp"
#include "damla/models/skip_gram.hpp"
#include "damla/models/word_vectors.hpp"
#include "damla/text/cuts.hpp"
#include "report/lesson.hpp"
#include "report/picture.hpp"
#include "worlds/contexts.hpp"
#include "worlds/next_word.hpp"

using namespace damla;
using namespace damla::worlds;
using report::Lesson;
using Rows = std::vector<std::vector<std::string>>;

/// Three ways to cut a text, learned from sentences and 6,000 forms of nouns. Returns byte pairs'
/// tokens for a fresh word.
double compare_tokenizers(Lesson& lesson, const std::string& sentences,
                          const std::string& fresh_sentences) {
  const std::vector<std::string> forms = turkish_noun_forms(7000);
  const std::string seen =
      fmt::format("{} {}", sentences, fmt::join(forms.begin(), forms.begin() + 6000, " "));
  const std::string fresh =
      fmt::format("{} {}", fresh_sentences, fmt::join(forms.begin() + 6000, forms.end(), " "));
  const auto characters = CharacterTokenizer::from_text(seen);
  const auto words = WordTokenizer::from_text(seen);
  const auto pairs = BytePairTokenizer::train(seen, {.vocab_size = 1500});
  Rows rows{{"", "vocabulary", "tokens per word", "unknown", "müthiş", "evlerimizden",
             "Gençlerbirliği'nin"}};
  const double n = static_cast<double>(words.encode(fresh).size());
  const auto add = [&](const char* name, const auto& tokenizer) {
    const Tokens tokens = tokenizer.encode(fresh);
    const double length = static_cast<double>(tokens.size()),
                 unknown = static_cast<double>(std::ranges::count(tokens, 0));
    rows.push_back({name, fmt::format("{}", tokenizer.vocab_size()),
                    fmt::format("{:.2f}", length / n),
                    fmt::format("{:.1f} %", 100 * unknown / length)});
    for (std::size_t i = 4; i < rows[0].size(); ++i)
      rows.back().push_back(cuts(tokenizer, " " + rows[0][i]));
  };
  add("character", characters), add("word", words), add("byte pair", pairs);
  lesson.table("Three tokenizers, on what they never saw", "Üç tokenizer, hiç görmedikleri metinde",
               rows);
  return static_cast<double>(pairs.encode(fresh).size()) / n;
}

/// The loop of all learning: `pass` goes forward and backward, which leaves the gradients; the
/// optimizer takes a small step.
void descend(auto& model, Index steps, auto pass) {
  AdamW optimizer{.learning_rate = Scalar(0.01)};
  for (Index step = 0; step < steps; ++step) {
    zero_gradients(model);
    const double loss = pass();
    optimizer.step(model);
    if (step % (steps / 4) == 0) fmt::print("step {:4}: loss {:.3f}\n", step, loss);
  }
}

void words_to_numbers(Lesson& lesson) {
  Random random(lesson.seed);
  const ContextSource source;
  const std::vector<LabelledText> learn = source.draw(4000, random);
  const std::string text = text_of(learn), fresh = text_of(source.draw(1000, random));

  // 1. A text is cut into tokens, and each token becomes a vector: that makes many numbers.
  const double per_word = compare_tokenizers(lesson, text, fresh);
  const double dimensions = static_cast<double>(gpt2_small.channels),
               inputs = per_word * dimensions;  // of a word
  Rows rows{{"text", "words", "tokens", fmt::format("inputs (× {})", dimensions)}};
  for (const auto& [name, n] :
       {std::pair("sentence / cümle", 10), {"page / sayfa", 300}, {"book / kitap", 80000}})
    rows.push_back({name, std::to_string(n), fmt::format("{:.0f}", n * per_word),
                    fmt::format("{:.0f}", n * inputs)});
  lesson.table("Inputs: tokens × dimensions", "Girdiler: token × boyut", rows);
  lesson.claim(claims::many_inputs, 300 * inputs);

  // 2. The text labels itself: each word is the answer to the words before it.
  const WordTokenizer words = WordTokenizer::from_text(text, {.special_tokens = {"<başla>"}});
  const Tokens stream = words.encode("<başla> " + text), answers(stream.begin() + 1, stream.end());
  std::vector<Tokens> sentences;
  Tokens feelings;
  for (const LabelledText& t : learn)
    sentences.push_back(words.encode(t.text)), feelings.push_back(t.label);
  const SkipGramPairs pairs(sentences, words.vocab_size(), 5);
  fmt::print(
      "Labels: {} feelings, given by somebody; {} next words and {} neighbours, given by the "
      "text\n",
      feelings.size(), answers.size(), pairs.pairs.size());
  const double n =
      static_cast<double>(split_words(text, {}).size());  // words, and marks such as . , :
  lesson.claim(claims::text_labels_itself, static_cast<double>(answers.size()) / n);

  // 3. Words of like meaning stand in like company, and so their vectors come to lie side by side.
  SkipGram skip_gram(words.vocab_size(), 16, random);
  SkipGramBatch batch;
  descend(skip_gram, lesson.fast ? 800 : 2000, [&] {
    pairs.draw(batch, 512, 5, random);  // 512 pairs of neighbours, and 5 random words for each
    const double loss = skip_gram.forward(batch);
    skip_gram.backward(batch);
    return loss;
  });
  BagClassifier classifier(words.vocab_size(), 16, 2,
                           random);  // for comparison: vectors learned from labelled feelings
  const TokenBatch all = TokenBatch::of(sentences);
  CrossEntropy cross_entropy;
  descend(classifier, lesson.fast ? 80 : 200, [&] {
    const Matrix& logits = classifier.forward(all);
    const double loss = cross_entropy.forward(logits, feelings);
    classifier.backward(all, cross_entropy.backward(logits, feelings));
    return loss;
  });
  const Matrix &company = skip_gram.words.weight.value, &labels = classifier.embedding.weight.value;
  const Token a = words.token("müthiş"), b = words.token("harika");
  const auto worse =
      static_cast<double>(std::max(neighbour_rank(company, a, b), neighbour_rank(company, b, a)));
  lesson.claim(claims::words_are_neighbours, worse);
  Rows table{{"word", "nearest: skip-gram", "nearest: classifier"}};
  std::vector<std::string> shown;
  for (const std::string word : {"müthiş", "berbat", "köfte", "kedi", "roman"}) {
    table.push_back({word, "", ""});
    for (const Neighbour& near : nearest(company, words.token(word), 5))
      table.back()[1] += words.piece(near.word) + " ";
    for (const Neighbour& near : nearest(labels, words.token(word), 5))
      table.back()[2] += words.piece(near.word) + " ";
    for (std::size_t i = 0; i < 4; ++i) shown.push_back(source.group_of(word)->words[i]);
  }
  lesson.table("The five nearest words", "En yakın beş kelime", table);
  const Tokens tokens = words.encode(fmt::format("{}", fmt::join(shown, " ")));
  const auto draw_cosines = [&](const char* name, const char* says, const char* says_tr,
                                const Matrix& vectors) {
    const Matrix cosine = cosines(vectors_of(vectors, tokens));
    report::draw_heat_map(lesson.picture(name, says, says_tr), {.title = says_tr}, shown, shown,
                          cosine);
  };
  draw_cosines("skip_gram", "Cosines, learned from company", "Kosinüsler: komşulardan öğrenilen",
               company);
  draw_cosines("classifier", "Cosines, learned from labels", "Kosinüsler: etiketlerden öğrenilen",
               labels);
  shown.resize(8);  // those of praise and blame
  report::draw_words(lesson.picture("map", "A map of adjectives", "Sıfatların haritası"),
                     {.title = "Sıfatlar"}, shown,
                     principal_components(vectors_of(company, TokenSpan(tokens).first(8)), 2));
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"03_words_to_numbers", "Words to numbers: tokenizers, vectors, and what words mean."}, argc,
      argv, words_to_numbers);
}
