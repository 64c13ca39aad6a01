// Lesson 10: instruction tuning. A few questions and answers turn the text-completer of lesson 09
// into something that answers, also about people whom nobody ever asked it about. Before and after
// are asked with the same words.
#include <fmt/core.h>

#include "asking.hpp"
#include "claims.hpp"
#include "report/saved_model.hpp"
#include "worlds/life.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// The words of an example; an arrow stands before those that the loss counts.
void print_example(const WordTokenizer& words, const TuningExample& example) {
  for (std::size_t t = 0; t < example.tokens.size(); ++t)
    fmt::print("{}{} ", example.learn[t] ? "→" : "", words.piece(example.tokens[t]));
  fmt::print("\n");
}

/// Each model with the question alone, and with the signs around it.
void compare(Lesson& lesson, const Life& life, Gpt<>& base, Gpt<>& model) {
  std::vector<std::vector<std::string>> rows{{"model", "asked / soru",
                                              "the answer, no more / yalnız yanıt",
                                              "among eight words / sekiz kelimenin içinde"}};
  for (const auto& [name, asked] :
       {std::pair{"pre-trained / ön eğitimli", &base}, {"tuned / ince ayarlı", &model}})
    for (const auto& [how, form] :
         {std::pair{"plain / yalın", Form::plain}, {"with signs / işaretli", Form::signs}}) {
      const Score score = ask_about_the_others(*asked, life, form);
      rows.push_back(
          {name, how, fmt::format("{:.0f} %", score.exact), fmt::format("{:.0f} %", score.within)});
    }
  lesson.table("What the signs do, and what tuning does: the 50 people never asked about",
               "İşaretler ne yapar, ince ayar ne yapar: hiç sorulmamış 50 kişi", rows);
}

void show_answers(Lesson& lesson, const Life& life, Gpt<>& base, Gpt<>& model) {
  const std::span<const Person> others = other_people(life);
  std::vector<std::vector<std::string>> rows{{"question / soru",
                                              "pre-trained, plain / ön eğitimli, yalın",
                                              "pre-trained, with signs / ön eğitimli, işaretli",
                                              "tuned, with signs / ince ayarlı, işaretli"}};
  for (const std::string& question :
       {std::string("Adın ne?"), PeopleWorld::question(others[0], Fact::city),
        PeopleWorld::question(others[1], Fact::job)})
    rows.push_back({question, says(base, life, question, Form::plain),
                    says(base, life, question, Form::signs),
                    says(model, life, question, Form::signs)});
  lesson.table("The same questions before and after", "Aynı sorular, önce ve sonra", rows);
}

void instruction_tuning(Lesson& lesson) {
  // 1. The model of lesson 09: it goes on with a text.
  Life life(lesson.seed);
  Gpt<> model = pre_trained_model(lesson, life);
  Gpt<> base = model;

  // 2. Questions about the first half of the people only. The loss counts the answer, not the
  // question. Three examples of ten are sentences from pre-training: without them the other half is
  // forgotten while the first is asked about.
  print_example(life.words, draw_question(life));
  tune(model, {.steps = lesson.fast ? 100 : 300, .learning_rate = 4e-3, .warmup = 20},
       [&] { return life.random.chance(0.3) ? read_again(life) : draw_question(life); });
  save_life(lesson, life, model);

  // 3. The other half of the people, of whom only pre-training told: one question, two models.
  lesson.claim(claims::no_answer_before, ask_about_the_others(base, life, Form::signs).exact);
  lesson.claim(claims::answers_from_pre_training,
               ask_about_the_others(model, life, Form::signs).exact, !lesson.fast);
  lesson.claim(claims::name_before, first_word(base, life, "Adın ne?", "Benim"));
  lesson.claim(claims::name_after, first_word(model, life, "Adın ne?", "Benim"), !lesson.fast);
  compare(lesson, life, base, model);
  show_answers(lesson, life, base, model);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"10_instruction_tuning", "Instruction tuning: a little data, a new behaviour",
                     "Talimatla ince ayar: biraz veri, yeni bir davranış"},
                    argc, argv, instruction_tuning);
}
