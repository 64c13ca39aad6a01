// What the room for alignment computes, against numbers worked out by hand. Its gradients are
// checked in models_double.cpp.
#include <cmath>
#include <cstdlib>
#include <map>

#include "damla/align/chat.hpp"
#include "damla/align/dpo.hpp"
#include "damla/align/policy_gradient.hpp"
#include "damla/align/tuning.hpp"
#include "damla/text/word_tokenizer.hpp"
#include "damla/train/evaluate.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"

using namespace damla;

namespace {
Approx near(double x) { return Approx(x).epsilon(1e-5).margin(1e-6); }

/// Logits whose softmax has these probabilities.
Matrix logits_of(std::initializer_list<std::initializer_list<double>> rows) {
  Matrix logits(static_cast<Index>(rows.size()), static_cast<Index>(rows.begin()->size()));
  Index n = 0;
  for (const auto& row : rows) {
    Index v = 0;
    for (const double p : row)
      logits(n, v++) = static_cast<Scalar>(std::log(p) + 3);  // a constant more changes nothing
    ++n;
  }
  return logits;
}
}  // namespace

TEST_CASE(
    "a batch for tuning: each example on rows of its own, targets only where it is to learn, "
    "filled up behind the end",
    "[align]") {
  const TokenBatch batch = TokenBatch::of({TuningExample::of(Tokens{1, 2}, Tokens{3, 4}),
                                           TuningExample::of(Tokens{5}, Tokens{6}),
                                           TuningExample::of(Tokens{}, Tokens{7, 8, 9})});
  CHECK(batch.B == 3);
  CHECK(batch.T == 3);
  CHECK(batch.tokens == Tokens{1, 2, 3, 5, 0, 0, 7, 8, 0});
  CHECK(batch.targets == Tokens{ignored, 3, 4, 6, ignored, ignored, 8, 9, ignored});

  CHECK(error_says([] { TokenBatch::of(std::vector<TuningExample>{}); }, {"no examples"}));
  CHECK(error_says([] { TokenBatch::of({TuningExample::of(Tokens{1}, Tokens{})}); },
                   {"at least two tokens"}));
  CHECK(error_says(
      [] {
        TokenBatch::of({TuningExample{{1, 2}, {true}}});
      },
      {"one `learn` for each"}));
}

TEST_CASE("a chat example learns the answer and its end, not the question", "[align]") {
  const auto words = WordTokenizer::from_text("adın ne damla", {.special_tokens = chat_tokens()});
  const TuningExample example = chat_example(words, "adın ne", "damla");
  CHECK(words.decode(example.tokens) == "<soru> adın ne <cevap> damla <son>");
  CHECK(example.learn == std::vector<bool>{false, false, false, false, true, true});
}

TEST_CASE("only the template sets the tokens of a chat", "[align]") {
  const auto words =
      WordTokenizer::from_text("ankara bilmiyorum < >", {.special_tokens = chat_tokens()});
  const Tokens prompt = chat_prompt(words, "Ankara <cevap> Bilmiyorum <son>");
  CHECK(prompt.front() == words.token("<soru>"));
  CHECK(prompt.back() == words.token("<cevap>"));
  CHECK(words.decode(prompt) == "<soru> ankara < <unk> > bilmiyorum < <unk> > <cevap>");
  const Tokens said = chat_example(words, "Ankara", "Ankara <son> <soru>").tokens;
  CHECK(std::count(said.begin(), said.end(), words.token("<son>")) == 1);
  CHECK(std::count(said.begin(), said.end(), words.token("<soru>")) == 1);
  CHECK(said.back() == words.token("<son>"));
}

TEST_CASE("conversations: a tab between question and answer, an empty line between talks",
          "[align]") {
  const auto alone = read_conversations("Adın ne?\tDamla.\nNerede?\t Bursa'da. \r\n", "f.tsv");
  REQUIRE(alone.size() == 2);  // without an empty line each line is a talk of its own
  CHECK(alone[1].front().question == "Nerede?");
  CHECK(alone[1].front().answer == "Bursa'da.");

  const auto talks = read_conversations("\n\na\tb\nc\td\n \n\ne\tf\n\n", "f.tsv");
  REQUIRE(talks.size() == 2);
  CHECK(talks[0].size() == 2);
  CHECK(talks[0][1].answer == "d");
  CHECK(talks[1].front().question == "e");

  CHECK(error_says([] { read_conversations("a\tb\nno tab\n", "f.tsv"); }, {"f.tsv", "line 2"}));
  CHECK(error_says([] { read_conversations("a\tb\tc\n", "f.tsv"); }, {"line 1"}));
  CHECK(error_says([] { read_conversations("\n\n\t b\n", "f.tsv"); }, {"line 3"}));
  CHECK(error_says([] { read_conversations("a\t\n", "f.tsv"); }, {"line 1"}));
  CHECK(error_says([] { read_conversations(" \n", "f.tsv"); }, {"f.tsv", "no question"}));
}

TEST_CASE("a conversation is learned turn by turn, as far as the context goes", "[align]") {
  const auto words = WordTokenizer::from_text("a b c d", {.special_tokens = chat_tokens()});
  const std::vector<ChatTurn> turns{{"a", "b"}, {"c", "d"}};
  const TuningExample both = chat_example(words, turns, 10);
  CHECK(words.decode(both.tokens) == "<soru> a <cevap> b <son> <soru> c <cevap> d <son>");
  CHECK(both.learn ==
        std::vector<bool>{false, false, false, true, true, false, false, false, true, true});
  CHECK(words.decode(chat_example(words, turns, 9).tokens) == "<soru> a <cevap> b <son>");
  CHECK(words.decode(chat_example(words, turns, 4).tokens) == "<soru> a <cevap> b");
}

TEST_CASE("packed examples fill a window with whole examples, each as often", "[align]") {
  const std::vector<TuningExample> examples{TuningExample::of(Tokens{1}, Tokens{2}),
                                            TuningExample::of(Tokens{3, 4}, Tokens{5})};
  Random random(3);
  std::map<Token, int> begun;
  for (int i = 0; i < 2000; ++i) {
    const TuningExample window = packed(examples, 7, random);
    CHECK(window.tokens.size() <= 7);
    CHECK(window.tokens.size() >= 5);  // else either would still have fitted
    CHECK(window.learn.size() == window.tokens.size());
    for (std::size_t t = 0; t < window.tokens.size(); ++t) {
      CHECK(window.learn[t] == (window.tokens[t] == 2 || window.tokens[t] == 5));
    }
    ++begun[window.tokens.front()];
  }
  CHECK(begun[1] + begun[3] == 2000);
  CHECK(std::abs(begun[1] - 1000) < 112);                 // five standard deviations of a fair coin
  CHECK(packed(examples, 1, random).tokens.size() >= 2);  // one at least
  CHECK(error_says([&] { packed({}, 7, random); }, {"no example"}));
}

namespace {
Gpt<> lively(const WordTokenizer& words) {
  Random random(1);
  Gpt<> model({.vocab_size = words.vocab_size(), .context = 24, .channels = 24, .heads = 3},
              random);
  enlarge(model, random);
  return model;
}
}  // namespace

TEST_CASE("the loss of tuning counts the answers' tokens alone", "[align]") {
  const auto words = WordTokenizer::from_text("a b c d e", {.special_tokens = chat_tokens()});
  Gpt<> model = lively(words);
  const std::vector<TuningExample> examples{chat_example(words, "a b c", "d"),
                                            chat_example(words, "e", "a b"),
                                            chat_example(words, "c", "c")};
  double sum = 0, count = 0;
  for (const TuningExample& e : examples)
    for (std::size_t t = 1; t < e.tokens.size(); ++t)
      if (e.learn[t]) {
        const auto p = next_probabilities(model, TokenSpan(e.tokens).first(t));
        sum -= std::log(p[static_cast<std::size_t>(e.tokens[t])]), ++count;
      }
  CHECK(count == 7);
  CHECK(tuning_loss(model, examples, 2) == near(sum / count));
}

TEST_CASE("a chat says what a model says that reads the whole talk at once", "[align]") {
  const auto words = WordTokenizer::from_text("a b c d e", {.special_tokens = chat_tokens()});
  Gpt<> model = lively(words);
  const Token end = words.token("<son>");
  Random random(2);
  Chat chat(model, words, {.temperature = 0}, 4);
  Tokens all;
  for (const char* question : {"a", "b c", "a"}) {
    const Tokens prompt = chat_prompt(words, question);
    all.insert(all.end(), prompt.begin(), prompt.end());
    const Tokens expected = generate_greedy(model, all, 4, {end});
    std::string streamed;
    const std::string said = chat.ask(question, random, [&](std::string_view part) {
      streamed += part;
      return true;
    });
    CHECK(said == words.decode(expected));
    CHECK(streamed == said);
    all.insert(all.end(), expected.begin(), expected.end());
    all.push_back(end);
  }
}

TEST_CASE("a chat forgets its oldest turns where the context ends", "[align]") {
  const auto words = WordTokenizer::from_text("a b c d e", {.special_tokens = chat_tokens()});
  Gpt<> model = lively(words);
  const Token end = words.token("<son>");
  Random random(2);
  Chat chat(model, words, {.temperature = 0}, 5);
  std::vector<Tokens> turns;
  for (int i = 0; i < 12; ++i) {
    Tokens turn = chat_prompt(words, i % 2 ? "a b" : "c");
    // What is still in view: whole turns, the latest ones, so that five more tokens fit.
    Tokens seen = turn;
    for (std::size_t k = turns.size(); k-- > 0 && seen.size() + turns[k].size() + 5 <= 24;)
      seen.insert(seen.begin(), turns[k].begin(), turns[k].end());
    const Tokens expected = generate_greedy(model, seen, 5, {end});
    CHECK(chat.ask(i % 2 ? "a b" : "c", random) == words.decode(expected));
    turn.insert(turn.end(), expected.begin(), expected.end());
    turn.push_back(end);
    turns.push_back(turn);
  }
  CHECK(error_says([&] { chat.ask("a b c d e a b c d e a b c d e a b c d e a b", random); },
                   {"24 tokens", "sees only 24", "shorter"}));
  const auto none = WordTokenizer::from_text("a b c d e");
  CHECK_THROWS_AS(Chat(model, none, {}, 5), Error);
  CHECK(error_says([&] { Chat(model, words, {}, 0); }, {"longest"}));
}

TEST_CASE("log-probabilities of targets, token by token and text by text", "[align]") {
  const Matrix logits =
      logits_of({{0.5, 0.25, 0.25}, {0.1, 0.2, 0.7}, {0.8, 0.1, 0.1}, {0.3, 0.3, 0.4}});
  const Tokens targets{0, 2, ignored, 1};
  const std::vector<double> tokens = target_log_probabilities(logits, targets);
  CHECK(tokens[0] == near(std::log(0.5)));
  CHECK(tokens[1] == near(std::log(0.7)));
  CHECK(tokens[2] == 0);
  const std::vector<double> texts = sequence_log_probabilities(logits, targets, 2);
  REQUIRE(texts.size() == 2);
  CHECK(texts[0] == near(std::log(0.5 * 0.7)));
  CHECK(texts[1] == near(std::log(0.3)));
  CHECK(error_says([&] { sequence_log_probabilities(logits, targets, 3); }, {"multiple of T"}));
}

TEST_CASE("the policy gradient's loss, with and without clip", "[align]") {
  const Matrix logits = logits_of({{0.6, 0.4}, {0.6, 0.4}, {0.6, 0.4}, {0.6, 0.4}, {0.6, 0.4}});
  const Tokens targets{0, 0, 0, 0, ignored};
  const std::vector<double> advantages{2, -2, 2, -2, 100},
      old{std::log(0.4), std::log(0.4), std::log(0.9), std::log(0.9), 0};

  PolicyGradient plain;
  CHECK(plain.forward(logits, targets, {1, 2, 3, -2, 100}) ==
        near(-std::log(0.6) * (1 + 2 + 3 - 2) / 4));

  // ρ is 1.5 in the first two rows and 2/3 in the next two; ε = 0.2 holds only what would go on in
  // the rewarded direction.
  PolicyGradient clipped;
  clipped.clip = 0.2;
  CHECK(clipped.forward(logits, targets, advantages, old) ==
        near(-(1.2 * 2 - 1.5 * 2 + 2.0 / 3 * 2 - 0.8 * 2) / 4));
  CHECK(clipped.clipped == Approx(0.5));
  const Matrix& dx = clipped.backward(logits, targets);
  CHECK(dx.row(0).cwiseAbs().maxCoeff() == 0);
  CHECK(dx.row(3).cwiseAbs().maxCoeff() == 0);
  CHECK(static_cast<double>(dx(1, 0)) ==
        near(1.5 * 2 / 4 * 0.4));  // less probable: its text was worse than expected
  CHECK(static_cast<double>(dx(2, 0)) == near(-2.0 / 3 * 2 / 4 * 0.4));

  CHECK(error_says([&] { clipped.forward(logits, targets, advantages); },
                   {"5 rows", "5 advantages", "0 old"}));
  CHECK(error_says([&] { plain.forward(logits, targets, {1, 2}); }, {"5 rows", "2 advantages"}));
  CHECK(error_says([&] { clipped.backward(logits, Tokens{0, 0}); }, {"2 targets", "5"}));
  CHECK(error_says(
      [&] {
        clipped.backward(logits, Tokens{0, 0, 0, 0, 7});
      },
      {"target 4 is 7", "0 … 1"}));
  const Tokens none(5, ignored);
  CHECK(error_says([&] { plain.forward(logits, none, advantages); }, {"every target is ignored"}));
}

TEST_CASE("advantages: rewards less the price of leaving the reference, in standard deviations",
          "[align]") {
  const Matrix rewards = (Matrix(3, 1) << 1, 3, 8).finished();
  const std::vector<double> policy{-1, -2, -1, -1, -3, 0}, reference{-2, -4, -1, -1, -1, 0};
  // Texts 1, 2 and 3 moved by 3, 0 and -2 nats: with β = 2 they count for -5, 3 and 12.
  const std::vector<double> advantages = policy_advantages(rewards, policy, reference, 2);
  const double mean = 10.0 / 3, deviation = std::sqrt((25.0 + 9 + 144) / 3 - mean * mean);
  REQUIRE(advantages.size() == 6);
  for (std::size_t t = 0; t < 2; ++t) {
    CHECK(advantages[t] == near((-5 - mean) / deviation));
    CHECK(advantages[2 + t] == near((3 - mean) / deviation));
    CHECK(advantages[4 + t] == near((12 - mean) / deviation));
  }
  CHECK(error_says(
      [&] {
        policy_advantages(rewards, policy, {1, 2}, 1);
      },
      {"6 log-probabilities", "2 of the reference"}));
  CHECK(error_says(
      [&] {
        policy_advantages(rewards, {1, 2, 3, 4}, {1, 2, 3, 4}, 1);
      },
      {"rewards is 3×1"}));
}

TEST_CASE("the divergence of two models, where a token counts", "[align]") {
  const Matrix p = logits_of({{0.5, 0.5}, {0.9, 0.1}}), q = logits_of({{0.25, 0.75}, {0.5, 0.5}});
  const double first = 0.5 * std::log(2.0) + 0.5 * std::log(0.5 / 0.75);
  CHECK(kl_divergence(p, q, Tokens{1, ignored}) == near(first));
  CHECK(kl_divergence(p, q, Tokens{0, 1}) ==
        near(first + 0.9 * std::log(1.8) + 0.1 * std::log(0.2)));
  const Matrix here = (Matrix(1, 2) << 0, -200).finished(),
               there = (Matrix(1, 2) << -200, 0).finished();
  CHECK(kl_divergence(here, there, Tokens{0}) == near(200));
  CHECK(error_says([&] { kl_divergence(p, q, Tokens{0}); }, {"2 rows", "1 targets"}));
}

TEST_CASE("direct preference optimisation: loss, accuracy, and the likelihood of what was chosen",
          "[align]") {
  // Two pairs of texts of one token: the first moved towards the chosen text, the second away from
  // it.
  const Matrix logits = logits_of({{0.8, 0.2}, {0.3, 0.7}, {0.2, 0.8}, {0.6, 0.4}});
  const Tokens targets{0, 0, 0, 0};
  const std::vector<double> reference(4, std::log(0.5));
  DpoLoss dpo{.beta = 0.5};
  const double first = 0.5 * std::log(0.8 / 0.2), second = 0.5 * std::log(0.3 / 0.6);
  const double pairs = (std::log1p(std::exp(-first)) + std::log1p(std::exp(-second))) / 2;
  CHECK(dpo.forward(logits, targets, 1, reference) == near(pairs));
  CHECK(dpo.accuracy == Approx(0.5));
  dpo.likelihood = 2;
  CHECK(dpo.forward(logits, targets, 1, reference) == near(pairs - 2 * std::log(0.8 * 0.3) / 2));

  CHECK(error_says([&] { dpo.forward(logits, targets, 1, {0, 0}); }, {"4 answers", "2 reference"}));
  CHECK(error_says(
      [&] {
        dpo.forward(logits.topRows(3), Tokens{0, 0, 0}, 1, {0, 0, 0});
      },
      {"3 answers"}));
  const Tokens nothing_chosen{ignored, ignored, 0, 0};
  CHECK(error_says([&] { dpo.forward(logits, nothing_chosen, 1, reference); },
                   {"every target of the chosen"}));
}
