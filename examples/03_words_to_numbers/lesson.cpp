// Lesson 03: words to numbers. A text is cut into pieces, each piece gets a vector, and the vectors
// learn from the company that words keep what they mean, and what their suffixes do. Nobody labels
// anything.
#include <fmt/format.h>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "damla/models/size.hpp"
#include "damla/models/skip_gram.hpp"
#include "damla/models/word_vectors.hpp"
#include "pictures.hpp"
#include "worlds/contexts.hpp"
#include "worlds/next_word.hpp"
#include "worlds/places.hpp"

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
  table.add("character / karakter", characters);
  table.add("word / kelime", words);
  const double tokens_per_word = table.add("byte pair / bayt çifti", pairs);
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
  report::say("Labels: {} feelings, given by somebody; {} next words, given by the text\n",
              "Etiketler: birinin verdiği {} duygu, metnin verdiği {} sonraki kelime\n",
              data.learn.size(), answers.size());
  lesson.claim(claims::text_labels_itself, static_cast<double>(answers.size()) / n);
}

/// Vectors from company: a word's vector is to tell its neighbours from words drawn at random. The
/// loop with a learning rate that stays.
Matrix learn_from_company(const std::vector<Tokens>& sentences, Index vocab_size, Index channels,
                          Index steps, Random& random) {
  const SkipGramPairs pairs(sentences, vocab_size, 5);
  report::say("{} pairs of neighbours, given by the text\n", "{} komşu çifti; metin verdi\n",
              pairs.pairs.size());
  SkipGram model(vocab_size, channels, random);
  AdamW optimizer{.learning_rate = Scalar(0.01)};
  SkipGramBatch batch;
  for (Index step = 0; step < steps; ++step) {
    zero_gradients(model);
    // 512 pairs of neighbours, and 5 random words for each.
    pairs.draw(batch, 512, 5, random);
    const double loss = model.forward(batch);
    model.backward(batch);
    optimizer.step(model);
    if (step % (steps / 4) == 0)
      report::say("step {:4}: loss {:.3f}\n", "adım {:4}: kayıp {:.3f}\n", step, loss);
  }
  return model.words.weight.value;
}

/// Claim 7, meaning: words of like meaning stand in like company, and so their vectors come to lie
/// side by side.
void meaning(Lesson& lesson, const Data& data, const WordTokenizer& words, Random& random) {
  std::vector<Tokens> sentences;
  for (const LabelledText& t : data.learn) sentences.push_back(words.encode(t.text));
  const Matrix vectors =
      learn_from_company(sentences, words.vocab_size(), 16, lesson.fast ? 800 : 2000, random);

  const Token a = words.token("müthiş"), b = words.token("harika");
  const Index worse = std::max(neighbour_rank(vectors, a, b), neighbour_rank(vectors, b, a));
  lesson.claim(claims::words_are_neighbours, static_cast<double>(worse));
  show_nearest(lesson, words, vectors);
  draw_meaning(lesson, words, data.source, vectors);
}

/// The word whose vector points most nearly the way of base + direction, the base itself left out.
Token nearest_to_sum(const Matrix& vectors, Token base, const Matrix& direction) {
  Matrix with_sum(vectors.rows() + 1, vectors.cols());
  with_sum << vectors, vectors.row(base) + direction;
  const std::vector<Neighbour> two = nearest(with_sum, static_cast<Token>(vectors.rows()), 2);
  return two[0].word == base ? two[1].word : two[0].word;
}

/// Claim 7, grammar: a suffix is a direction. It is found on half of the nouns, and tried on the
/// others, of which each has one right answer among all words.
void grammar(Lesson& lesson, Random& random) {
  PlaceSource source;
  source.verbs_fit = !lesson.flag("--any-verb");
  std::vector<std::string> texts;
  for (int i = 0; i < 12000; ++i) texts.push_back(source.draw(random));
  const auto words = WordTokenizer::from_text(fmt::format("{}", fmt::join(texts, " ")));
  std::vector<Tokens> sentences;
  for (const std::string& text : texts) sentences.push_back(words.encode(text));
  const Matrix vectors =
      learn_from_company(sentences, words.vocab_size(), 32, lesson.fast ? 800 : 3000, random);

  random.shuffle(source.places);
  const std::size_t half = source.places.size() / 2;
  SuffixTable table{words.vocab_size()};
  double worst = 100;
  for (const Inflection& inflection : std::span(source.inflections).subspan(1)) {
    const auto token = [&](std::size_t i, const Inflection& form) {
      return words.token(source.form(source.places[i], form));
    };
    // The direction: the mean of evde − ev, okulda − okul, … over the first half.
    Matrix direction = Matrix::Zero(1, vectors.cols());
    for (std::size_t i = 0; i < half; ++i)
      direction +=
          (vectors.row(token(i, inflection)) - vectors.row(token(i, source.inflections[0]))) /
          static_cast<Scalar>(half);
    std::vector<std::string> found, right;
    for (std::size_t i = half; i < source.places.size(); ++i) {
      const Token base = token(i, source.inflections[0]);
      found.push_back(words.piece(nearest_to_sum(vectors, base, direction)));
      right.push_back(source.form(source.places[i], inflection));
    }
    worst = std::min(worst, table.add(inflection.name, found, right));
  }
  table.show(lesson);
  lesson.claim(claims::grammar_is_a_direction, worst, source.verbs_fit);
  draw_suffixes(lesson, words, source, vectors);
}

void words_to_numbers(Lesson& lesson) {
  Random random(lesson.seed);
  const Data data(random);
  many_inputs(lesson, compare_tokenizers(lesson, data));
  const auto words = WordTokenizer::from_text(data.text, {.special_tokens = {"<başla>"}});
  labels_of_itself(lesson, data, words);
  meaning(lesson, data, words, random);
  grammar(lesson, random);
}

int main(int argc, char** argv) {
  return report::run_lesson(
      {"03_words_to_numbers",
       "Words to numbers: tokenizers, vectors, what words mean, and what suffixes do.",
       "Kelimelerden sayılara: tokenizer, vektörler, kelimelerin anlamı, eklerin yaptığı.",
       {{"--any-verb", "", "A failed design: verbs that do not ask for a noun's form",
         "Başarısız tasarım: ismin hâlini istemeyen fiiller"}}},
      argc, argv, words_to_numbers);
}
