// Lesson 15: a real model. A model is read from the folder in which models are published, looked
// into, taught a habit by thin matrices (LoRA), kept with fewer bits, and handed to the programs
// that everybody uses. --model takes one that you downloaded; without, the lesson trains a small
// Llama and publishes it itself.
#include <fmt/core.h>

#include <filesystem>

#include "claims.hpp"
#include "damla/damla.hpp"
#include "damla/hub/chat_template.hpp"
#include "damla/hub/gguf.hpp"
#include "damla/hub/model_folder.hpp"
#include "habit.hpp"
#include "tables.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// Trains a small Llama that answers questions about people, and publishes it.
void publish(const std::string& folder, const PeopleWorld& world, Index steps, Random& random) {
  const std::string text = answering_text(world, 20, random);
  auto pairs = BytePairTokenizer::train(text, {.vocab_size = 640,
                                               .pre_tokenization = PreTokenization::gpt2,
                                               .special_tokens = chat_tokens()});
  Llama<> model({.vocab_size = pairs.vocab_size(),
                 .context = 48,
                 .channels = 64,
                 .heads = 4,
                 .key_value_heads = 2,
                 .layers = 2,
                 .init_std = 0.05},
                random);
  train_language_model(model, pairs.encode_with_special(text),
                       {.steps = steps, .title = in_language("pre-training / ön eğitim")}, random);
  AnyTokenizer tokenizer(std::move(pairs));
  tokenizer.set_text_limits({}, {tokenizer.token("<son>")});
  save_model_folder(folder, model, tokenizer, {{"tuned", "chat"}});
}

/// How a folder's model is asked: as it was taught to chat or, if nobody did, in plain words.
ChatFormat format_of(const std::string& folder, const AnyTokenizer& tokenizer) {
  if (const auto format = load_chat_format(folder, tokenizer)) return *format;
  const auto end = tokenizer.end_of_text();
  if (!end)
    throw Error(folder + ": no token of its vocabulary ends a text: take a published GPT-2 or " +
                "Llama, or a model of damla tune");
  return {.before_question = "Soru: ",
          .before_answer = "\nYanıt: ",
          .end = tokenizer.piece(*end),
          .between = "\n"};
}

/// A folder's model, what it is asked, and a text that tuning should not touch.
template <class Model>
struct Way {
  Lesson& lesson;
  std::string folder;
  ModelFolder<Model>& m;
  Habit habit;
  SpreadWindows old;
  bool own;  ///< the lesson's own model: its figures are known
  bool asserted = own && !lesson.fast;

  Model& base() const { return m.model; }

  /// How much higher the loss of another model is on the old text.
  double above(auto& model) const {
    return cost_of([&](TokenSpan window) { return base().forward(window, old.T); },
                   [&](TokenSpan window) { return model.forward(window, old.T); }, old)
        .loss;
  }

  void look_inside() const;
  Habitual practise(const std::string& name, auto& student, double rate) const;
  Model teach() const;
  void take_off(LoraModel<Model> student, const std::vector<std::string>& said) const;
  void round() const;
  void race() const;
  void hand_on(Model& tuned) const;
};

template <class Model>
void Way<Model>::look_inside() const {
  for (const char* file : {"config.json", "model.safetensors", "tokenizer.json"})
    if (const std::filesystem::path path = std::filesystem::path(folder) / file; exists(path))
      say("{}: {} bytes\n", "{}: {} bayt\n", path.string(), file_size(path));
  show_parts(lesson, base(), m.tokenizer);
}

/// Teaches a model the habit at this learning rate: the same examples, the same number of steps.
template <class Model>
Habitual Way<Model>::practise(const std::string& name, auto& student, double rate) const {
  Random random(lesson.seed, 2);
  TrainOptions options{.steps = lesson.fast ? 20 : own ? 100 : 30, .batch = own ? 16 : 4};
  options.learning_rate = rate, options.title = in_language(name);
  tune(student, options, [&] { return habit.draw(random); });
  return {name, rate, learned_count(student), habit.answers(student), above(student)};
}

/// The habit, learned by two thin matrices at each weight of attention; and, beside it, by all
/// weights. Which learning rate is right depends on which of the two learns, so both are tried with
/// several, from the slowest that does (see the page).
template <class Model>
Model Way<Model>::teach() const {
  using Rates = std::vector<double>;
  const Rates rates = own ? Rates{1e-3, 3e-3, 1e-2} : Rates{3e-3};
  const Rates whole_rates = own ? Rates{1e-4, 1e-3, 1e-2} : Rates{1e-4};
  Random random(lesson.seed, 1);
  const LoraModel<Model> fresh = with_lora(base(), {.rank = 4, .alpha = 8}, random);
  LoraModel<Model> adapted = fresh;
  std::vector<Habitual> tried{{"before / önce", 0, 0, habit.answers(base()), 0}};
  for (const double rate : rates) {
    LoraModel<Model> student = fresh;
    tried.push_back(practise("LoRA", student, rate));
    if (rate == 3e-3) adapted = std::move(student);
  }
  for (const double rate : whole_rates) {
    Model student = base();
    tried.push_back(practise("all weights / bütün ağırlıklar", student, rate));
  }
  const Habitual& lora = tried[own ? 2 : 1];
  show_answers(lesson, habit, {tried.front(), lora, tried.back()});
  show_habit(lesson, habit, tried);

  const Index all = parameter_count(base());
  Claim share = claims::share_trained;
  if (own)
    share.truth = 100.0 * claims::thin_numbers / static_cast<double>(claims::thin_numbers + all);
  lesson.claim(share,
               100.0 * static_cast<double>(lora.trained) / static_cast<double>(lora.trained + all),
               own);
  lesson.claim(claims::habit_before, habit.score(tried[0].answers).polite, own);
  lesson.claim(claims::habit_after, habit.score(lora.answers).both, asserted);
  if (own) {
    lesson.claim(claims::slowly, tried[1].cost - tried[4].cost, asserted);
    lesson.claim(claims::lora_fast, tried[3].cost, asserted);
    lesson.claim(claims::whole_fast, tried[6].cost, asserted);
  }
  save_lora(lesson.file("adapter"), adapted, folder);
  take_off(adapted, lora.answers);
  return merged(adapted);
}

/// LoRA changed nothing of the old weights: without what it added, B = 0, the old model is there.
template <class Model>
void Way<Model>::take_off(LoraModel<Model> student, const std::vector<std::string>& said) const {
  Model sum = merged(student);
  const auto again = habit.answers(sum);
  int same = 0;
  for (std::size_t i = 0; i < said.size(); ++i) same += again[i] == said[i] ? 1 : 0;

  student.visit_parameters([](std::string_view name, Parameter& p) {
    if (name.ends_with("lora_B.weight")) p.value.setZero();
  });
  const TokenSpan window = TokenSpan(old.tokens).first(static_cast<std::size_t>(old.T));
  const Matrix off = student.forward(window, old.T) - base().forward(window, old.T);
  lesson.claim(claims::taken_off, static_cast<double>(off.cwiseAbs().maxCoeff()));
  lesson.claim(claims::merged_same, 100.0 * same / static_cast<double>(said.size()), asserted);
}

/// What fewer bits cost.
template <class Model>
void Way<Model>::round() const {
  const auto exact = [&](TokenSpan window) -> const Matrix& {
    return base().forward(window, old.T);
  };
  std::map<WeightType, Cost> types;
  for (const WeightType type : weight_types) {
    CompactModel model(base(), type);
    types[type] = cost_of(
        exact, [&](TokenSpan window) { return compact_logits(model, window); }, old);
  }
  show_types(lesson, base(), types);
  std::map<int, Cost> bits;
  for (int b = 2; b <= 8; ++b) {
    Model model = rounded(base(), b);
    bits[b] = cost_of(
        exact, [&](TokenSpan window) { return model.forward(window, old.T); }, old);
  }
  show_bits(lesson, bits);
  lesson.claim(claims::eight_bits, types[WeightType::q8_0].loss, own);
  lesson.claim(claims::two_bits, bits[2].loss, asserted);
  lesson.claim(claims::step_squared, bits[4].kl / bits[6].kl, asserted);
}

/// Speed: weights that no cache holds are read from memory for each token. The lesson's own model
/// is too small for that, so a larger one runs, whose weights are random.
template <class Model>
void Way<Model>::race() const {
  const Index tokens = lesson.fast ? 10 : 40;
  if (!own) return show_speed(lesson, base(), tokens);
  Random random(lesson.seed);
  const Llama<> larger(named_llama_size("small"), random);
  show_speed(lesson, larger, tokens);
}

/// The tuned model as others read it.
template <class Model>
void Way<Model>::hand_on(Model& tuned) const {
  save_model_folder(lesson.file("tuned"), tuned, m.tokenizer, m.settings);
  save_gguf(lesson.file("tuned.gguf"), tuned, m.tokenizer, WeightType::q8_0);
  fmt::print("damla chat {}\nllama-cli -m {}\n", lesson.file("tuned"), lesson.file("tuned.gguf"));
}

void real_model(Lesson& lesson) {
  Random random(lesson.seed);
  const PeopleWorld world({.known = 100, .unknown = 0}, random);
  const bool own = !lesson.flag("--model");
  const std::string folder = own ? lesson.file("model") : lesson.option("--model");
  if (own) publish(folder, world, lesson.fast ? 100 : 1000, random);

  visit_model_folder(folder, [&]<class Model>(ModelFolder<Model>& m) {
    const auto [taught, others] = halves(world.known, random);
    const Tokens text = m.tokenizer.encode(old_text(world, random));
    const Way<Model> way{
        lesson,
        folder,
        m,
        {m.tokenizer, format_of(folder, m.tokenizer), taught,
         std::span(others).first(own ? others.size() : 5)},
        SpreadWindows(text, std::min<Index>(48, m.model.options.context), own ? 64 : 8),
        own};
    way.look_inside();
    Model tuned = way.teach();
    way.round();
    way.race();
    way.hand_on(tuned);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"15_a_real_model",
       "A real model: published, looked into, tuned, made small, handed on",
       "Gerçek bir model: yayımlanan, içine bakılan, ayarlanan, küçültülen, başkasına verilen",
       {{"--model", "FOLDER", "A model as it is published: GPT-2, SmolLM2, …",
         "Yayımlandığı hâliyle bir model: GPT-2, SmolLM2, …"}}},
      argc, argv, real_model);
}
