// Lesson 03: words to numbers. A text is cut into pieces, each piece gets a vector, and the vectors
// learn what words mean from the company that they keep. Nobody labels anything.
#include <fmt/format.h>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "damla/models/size.hpp"
#include "damla/models/skip_gram.hpp"
#include "damla/models/word_vectors.hpp"
#include "pictures.hpp"
#include "worlds/contexts.hpp"
#include "worlds/next_word.hpp"

using namespace damla;
using namespace damla::worlds;
using report::Lesson;

/// Data: sentences in which words of like meaning stand in like contexts.
struct Data {
  ContextSource source;
  std::vector<LabelledText> learn;
  std::string text, fresh;  // all sentences that are learned from; and some that are not

  explicit Data(Random& random)
      : learn(source.draw(4000, random)),
        text(text_of(learn)),
        fresh(text_of(source.draw(1000, random))) {}
};

/// Three ways to cut a text, learned from the sentences and 6,000 forms of nouns, and tried on what
/// they never saw. Returns byte pairs' tokens for a word.
double compare_tokenizers(Lesson& lesson, const Data& data) {
  const std::vector<std::string> forms = turkish_noun_forms(7000);
  const std::string seen =
      fmt::format("{} {}", data.text, fmt::join(forms.begin(), forms.begin() + 6000, " "));
  const std::string fresh =
      fmt::format("{} {}", data.fresh, fmt::join(forms.begin() + 6000, forms.end(), " "));
  const auto characters = CharacterTokenizer::from_text(seen);
  const auto words = WordTokenizer::from_text(seen);
  const auto pairs = BytePairTokenizer::train(seen, {.vocab_size = 1500});

  CutsTable table{fresh, words.encode(fresh).size()};
  table.add("character", characters);
  table.add("word", words);
  const double tokens_per_word = table.add("byte pair", pairs);
  table.show(lesson);
  return tokens_per_word;
}

/// Claim 9: each token becomes a vector, and that makes many numbers.
void many_inputs(Lesson& lesson, double tokens_per_word) {
  const double dimensions = static_cast<double>(gpt2_small.channels);
  const double inputs_per_word = tokens_per_word * dimensions;
  show_inputs(lesson, tokens_per_word, dimensions);
  lesson.claim(claims::many_inputs, 300 * inputs_per_word);
}

/// Claim 13: the text labels itself, as each word is the answer to the words before it.
void labels_of_itself(Lesson& lesson, const Data& data, const WordTokenizer& words) {
  const Tokens stream = words.encode("<başla> " + data.text);
  const Tokens answers(stream.begin() + 1, stream.end());
  // Words, and marks such as . and ,
  const double n = static_cast<double>(split_words(data.text, {}).size());
  fmt::print("Labels: {} feelings, given by somebody; {} next words, given by the text\n",
             data.learn.size(), answers.size());
  lesson.claim(claims::text_labels_itself, static_cast<double>(answers.size()) / n);
}

/// The loop, with a learning rate that stays: `learn` goes forward and backward, which leaves the
/// gradients, and the optimizer takes a small step.
void descend(auto& model, Index steps, auto learn) {
  AdamW optimizer{.learning_rate = Scalar(0.01)};
  for (Index step = 0; step < steps; ++step) {
    zero_gradients(model);
    const double loss = learn();
    optimizer.step(model);
    if (step % (steps / 4) == 0) fmt::print("step {:4}: loss {:.3f}\n", step, loss);
  }
}

/// Vectors from company: a word's vector is to tell its neighbours from words drawn at random.
Matrix learn_from_company(const std::vector<Tokens>& sentences, Index vocab_size, Index steps,
                          Random& random) {
  const SkipGramPairs pairs(sentences, vocab_size, 5);
  fmt::print("{} pairs of neighbours, given by the text\n", pairs.pairs.size());
  SkipGram model(vocab_size, 16, random);
  SkipGramBatch batch;
  descend(model, steps, [&] {
    // 512 pairs of neighbours, and 5 random words for each.
    pairs.draw(batch, 512, 5, random);
    const double loss = model.forward(batch);
    model.backward(batch);
    return loss;
  });
  return model.words.weight.value;
}

/// For comparison, vectors from labels: a classifier of feelings.
Matrix learn_from_labels(const std::vector<Tokens>& sentences, const Tokens& feelings,
                         Index vocab_size, Index steps, Random& random) {
  BagClassifier model(vocab_size, 16, 2, random);
  const TokenBatch all = TokenBatch::of(sentences, feelings);
  CrossEntropy cross_entropy;
  descend(model, steps, [&] {
    const Matrix& logits = model.forward(all);
    const double loss = cross_entropy.forward(logits, all.targets);
    model.backward(all, cross_entropy.backward(logits, all.targets));
    return loss;
  });
  return model.embedding.weight.value;
}

/// Claim 7: words of like meaning stand in like company, and so their vectors come to lie side by
/// side.
void meaning(Lesson& lesson, const Data& data, const WordTokenizer& words, Random& random) {
  std::vector<Tokens> sentences;
  Tokens feelings;
  for (const LabelledText& t : data.learn) {
    sentences.push_back(words.encode(t.text));
    feelings.push_back(t.label);
  }
  const Index V = words.vocab_size();
  const Matrix company = learn_from_company(sentences, V, lesson.fast ? 800 : 2000, random);
  const Matrix labels = learn_from_labels(sentences, feelings, V, lesson.fast ? 80 : 200, random);

  const Token a = words.token("müthiş"), b = words.token("harika");
  const Index worse = std::max(neighbour_rank(company, a, b), neighbour_rank(company, b, a));
  lesson.claim(claims::words_are_neighbours, static_cast<double>(worse));
  show_nearest(lesson, words, company, labels);
  draw_meaning(lesson, words, data.source, company, labels);
}

void words_to_numbers(Lesson& lesson) {
  Random random(lesson.seed);
  const Data data(random);
  many_inputs(lesson, compare_tokenizers(lesson, data));
  const auto words = WordTokenizer::from_text(data.text, {.special_tokens = {"<başla>"}});
  labels_of_itself(lesson, data, words);
  meaning(lesson, data, words, random);
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"03_words_to_numbers", "Words to numbers: tokenizers, vectors, and what words mean."}, argc,
      argv, words_to_numbers);
}
