// Lesson 12: hallucination and context. Asked about people of whom it never read a fact, the model
// of lesson 10 answers all the same, and sounds sure; asked for a book, it invents one. It can be
// taught to say “Bilmiyorum”, at a price; or it can be given the text to answer from.
#include <fmt/core.h>

#include "asking.hpp"
#include "claims.hpp"
#include "report/saved_model.hpp"
#include "tables.hpp"
#include "worlds/life.hpp"
#include "worlds/tasks.hpp"

using namespace damla;
using namespace damla::worlds;
using namespace damla::report;

namespace {

/// Of the unknown people, those with whom refusing and reading are practised; and those who are
/// kept for the test: no text tells a fact of them, and they are in no tuning.
std::span<const Person> practice_people(const Life& life) {
  return std::span(life.world.unknown).first(20);
}
std::span<const Person> test_people(const Life& life) {
  return std::span(life.world.unknown).subspan(20);
}
/// The known people about whom lesson 10 asked nothing.
std::span<const Person> known_people(const Life& life) { return other_people(life); }

/// An invented city, beside a real one.
void invent_cities(Lesson& lesson, Life& life, Gpt<>& model, AskedTable& table) {
  const std::vector<Person>& unknown = life.world.unknown;
  const Asked about_known = ask_all(model, life, known_people(life), question),
              about_unknown = ask_all(model, life, unknown, question);
  fmt::print("{} → {}\n", question(unknown[0]), answer_in_words(model, life, question(unknown[0])));
  table.add("tuned, known people / ince ayarlı, tanınan kişiler", about_known);
  table.add("tuned, unknown people / ince ayarlı, tanınmayan kişiler", about_unknown);
  lesson.claim(claims::names_a_city, about_unknown.cities, !lesson.fast);
  lesson.claim(claims::sounds_sure, about_unknown.confidence, !lesson.fast);
}

/// The books that a model is asked about in tuning, and those that are kept for the test.
constexpr std::size_t asked_books = 30;

/// Lesson 10 once more, with questions about books among those about people. Of each book two
/// things are asked.
void teach_books(Gpt<>& model, Life& life, Index steps) {
  const auto asked = std::span(life.books.known).first(asked_books);
  tune(model, {.steps = steps, .learning_rate = 4e-3, .warmup = 20}, [&] {
    if (life.random.chance(0.5)) return read_again(life);
    if (life.random.chance(0.6)) return draw_question(life);
    const Reference& book = life.random.pick(asked);
    if (life.random.chance(0.5))
      return chat_example(life.words, ReferenceWorld::year_question(book.topic), book.year);
    return chat_example(life.words, ReferenceWorld::question(book.topic), book.text());
  });
}

/// An invented reference, beside a real one.
void invent_references(Lesson& lesson, Life& life, Gpt<>& model) {
  teach_books(model, life, lesson.fast ? 100 : 300);
  std::vector<std::string> told;
  for (const Reference& book : std::span(life.books.known).subspan(asked_books))
    told.push_back(book.topic);
  const Cited real = ask_for_books(model, life, told),
              invented = ask_for_books(model, life, life.books.unknown);
  std::vector<std::vector<std::string>> rows{{"topics / konular", "a reference / bir kaynak",
                                              "right / doğru", "confidence / güven",
                                              "for example / örneğin"}};
  const auto add = [&](const std::string& name, const Cited& c, const std::string& topic) {
    const std::string said = answer(model, life.words, ReferenceWorld::question(topic));
    rows.push_back({name, fmt::format("{:.0f} %", c.well_formed), fmt::format("{:.0f} %", c.right),
                    fmt::format("{:.2f}", c.confidence), topic + ": " + said});
  };
  add("with a book in the text / metinde kitabı olan", real, told[0]);
  add("without one / olmayan", invented, life.books.unknown[0]);
  lesson.table("Asked for a book", "Kaynak istenince", rows);
  lesson.claim(claims::cites_what_it_read, real.right, !lesson.fast);
  lesson.claim(claims::invents_references, invented.well_formed, !lesson.fast);
  lesson.claim(claims::cites_as_surely, invented.confidence, !lesson.fast);
}

/// Teaches the model to refuse: the practice people, beside the questions of lesson 10.
void teach_refusal(Gpt<>& model, Life& life, Index steps) {
  tune(model, {.steps = steps, .learning_rate = 1e-3, .warmup = 20}, [&] {
    if (life.random.chance(0.5)) return draw_question(life);
    return chat_example(life.words, question(life.random.pick(practice_people(life))),
                        "Bilmiyorum.");
  });
}

/// “Bilmiyorum”: learnt well, but some of what it knows goes too.
void refuse(Lesson& lesson, Life& life, Gpt<>& model, AskedTable& table) {
  teach_refusal(model, life, lesson.fast ? 80 : 300);
  const Asked refused = ask_all(model, life, test_people(life), question);
  const Asked kept = ask_all(model, life, known_people(life), question);
  table.add("taught to refuse, known people / çekimserlik öğretilen, tanınan kişiler", kept);
  table.add("taught to refuse, test people / çekimserlik öğretilen, sınama kişileri", refused);
  lesson.claim(claims::learns_to_refuse, refused.refused, !lesson.fast);
  lesson.claim(claims::refuses_too_much, kept.refused, !lesson.fast);
}

/// With two-word names, whose words are all known, it cannot tell whom it knows.
void refuse_two_word_names(Lesson& lesson, AskedTable& table) {
  const PeopleOptions two_words{.known = 160, .unknown = 240, .mentioned = false, .surnames = true};
  Life doubled(lesson.seed, {.people = two_words, .others = false});
  Gpt<> unsure(doubled.size, doubled.random);
  pre_train(unsure, doubled, pre_training_steps(lesson.fast));
  // Where names share their words, more is forgotten: so more is read again.
  instruct(unsure, doubled, lesson.fast ? 100 : 300, 0.5);
  const Asked known_before = ask_all(unsure, doubled, known_people(doubled), question);
  table.add(
      "two-word names, tuned, known people / iki kelimelik adlar, ince ayarlı, tanınan kişiler",
      known_before);
  table.add(
      "two-word names, tuned, test people / iki kelimelik adlar, ince ayarlı, sınama kişileri",
      ask_all(unsure, doubled, test_people(doubled), question));
  lesson.claim(claims::knows_two_words, known_before.right, !lesson.fast);
  teach_refusal(unsure, doubled, lesson.fast ? 80 : 300);
  const Asked known = ask_all(unsure, doubled, known_people(doubled), question);
  const Asked unknown = ask_all(unsure, doubled, test_people(doubled), question);
  const Asked taught = ask_all(unsure, doubled, practice_people(doubled), question);
  table.add("… taught to refuse, known people / … çekimserlik öğretilen, tanınan kişiler", known);
  table.add("… taught to refuse, test people / … çekimserlik öğretilen, sınama kişileri", unknown);
  table.add("… taught to refuse, practice people / … çekimserlik öğretilen, alıştırma kişileri",
            taught);
  lesson.claim(claims::refuses_by_heart, taught.refused, !lesson.fast);
  lesson.claim(claims::cannot_tell_apart, unknown.refused - known.refused, !lesson.fast);
}

/// Teaches the model to answer from a passage: first to copy at all, from random words that repeat;
/// then from passages with random cities.
void teach_context(Gpt<>& model, Life& life, Index warm_up, Index steps) {
  Tokens alphabet;
  for (const Person& p : life.world.told) alphabet.push_back(life.words.token(p.name));
  for (const std::string& city : life.world.cities) alphabet.push_back(life.words.token(city));
  if (warm_up > 0)
    tune(model, {.steps = warm_up, .learning_rate = 1e-3, .warmup = 20}, [&] {
      if (life.random.chance(0.3)) return read_again(life);
      return TuningExample::of({}, repeating_tokens(alphabet, life.size.context, life.random));
    });
  tune(model, {.steps = steps, .learning_rate = 1e-3, .warmup = 20}, [&] {
    if (life.random.chance(0.2)) return read_again(life);
    if (life.random.chance(0.2)) return draw_question(life);
    const Person& p =
        life.random.pick(life.random.chance(0.5) ? practice_people(life) : asked_people(life));
    const std::string& city = life.random.pick(life.world.cities);
    return chat_example(life.words, with_passage(p, city, life.random), city);
  });
}

/// Context: the answer stands in the prompt.
void read_passages(Lesson& lesson, Life& life, Gpt<>& model) {
  const double test_before = follows(model, life, test_people(life)),
               known_before = follows(model, life, known_people(life));
  const Index warm_up = lesson.fast ? 50 : 300;
  teach_context(model, life, lesson.flag("--without-warm-up") ? 0 : warm_up,
                lesson.fast ? 80 : 400);
  const double test_after = follows(model, life, test_people(life)),
               known_after = follows(model, life, known_people(life));
  const auto row = [](const std::string& who, double before, double after) {
    return std::vector{who, fmt::format("{:.0f} %", before), fmt::format("{:.0f} %", after)};
  };
  lesson.table(
      "Given a passage, says its city", "Parça verilince parçadaki şehri söyler",
      {{"people / kişiler", "before it was taught to read / okuması öğretilmeden önce",
        "after / sonra"},
       row("test people / sınama kişileri", test_before, test_after),
       row("known people, the passage contradicts memory / tanınan kişiler, parça bellekle çelişir",
           known_before, known_after)});
  lesson.claim(claims::passage_does_not_help, test_before, !lesson.fast);
  lesson.claim(claims::reads_the_passage, test_after, !lesson.fast);
  lesson.claim(claims::follows_the_passage, known_after, !lesson.fast);
}

void hallucination(Lesson& lesson) {
  Life life(lesson.seed);
  const Gpt<> base = pre_trained_model(lesson, life);
  Gpt<> model = instructed_model(lesson, life, [&] { return base; });
  Gpt<> librarian = base, humble = model, reader = model;
  AskedTable table;
  invent_cities(lesson, life, model, table);
  invent_references(lesson, life, librarian);
  refuse(lesson, life, humble, table);
  refuse_two_word_names(lesson, table);
  read_passages(lesson, life, reader);
  lesson.table("Asked where people live", "Kişilerin nerede yaşadığı sorulunca", table.rows);
  const Person& nobody = test_people(life)[0];
  show_stages(lesson, life,
              {"Adın ne?", question(known_people(life)[10]), question(nobody),
               ReferenceWorld::question(life.books.unknown[0]),
               with_passage(nobody, nobody.city, life.random)},
              {{"12: taught books / 12: kitap öğretilen", &librarian},
               {"12: taught to refuse / 12: çekimserlik öğretilen", &humble},
               {"12: taught to read / 12: okuması öğretilen", &reader}});
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson(
      {"12_hallucination_and_context",
       "Hallucination, the taught “Bilmiyorum”, and context",
       "Halüsinasyon, öğretilen “Bilmiyorum” ve bağlam",
       {{"--without-warm-up", "", "The broken recipe: no repeating words before the passages",
         "Bozuk tarif: parçalardan önce yinelenen kelimeler yok"}}},
      argc, argv, hallucination);
}
