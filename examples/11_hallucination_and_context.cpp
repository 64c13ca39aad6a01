// Lesson 11: hallucination and context. Asked about people of whom it never read a fact, the model of lesson 09 answers all the
// same, and sounds sure. It can be taught to say “Bilmiyorum”, at a price; or it can be given the text to answer from.
#include <fmt/core.h>

#include "damla/synthetic/tasks.hpp"
#include "life.hpp"

using namespace damla;
using namespace damla::report;

namespace {

/// What the model says when it is asked where people live, in shares of them.
struct Asked {
  double cities = 0, right = 0, refused = 0;  // %
  double confidence = 0;                      // mean probability of the first word of the answer
};

Asked ask_all(Gpt<>& model, const Life& life, std::span<const Person> people, auto&& prompt) {
  Asked asked;
  const double share = 100.0 / static_cast<double>(people.size());
  for (const Person& person : people) {
    const std::string question = prompt(person), said = answer(model, life.words, question);
    const Tokens tokens = life.words.encode(chat_prompt(question));
    asked.confidence += candidates(model.forward(tokens, std::ssize(tokens)).bottomRows(1))[0].probability * share / 100;
    asked.cities += std::find(life.world.cities.begin(), life.world.cities.end(), said) != life.world.cities.end() ? share : 0;
    asked.right += said == person.city ? share : 0;
    asked.refused += said == "Bilmiyorum." ? share : 0;
  }
  return asked;
}

std::string question(const Person& p) { return PeopleWorld::question(p, Fact::city); }

/// Of the unknown people, those whom the tuning of this lesson tells of; and the strangers, of whom no text tells a fact and who are in no tuning.
std::span<const Person> acquaintances(const Life& life) { return std::span(life.world.unknown).first(20); }
std::span<const Person> strangers_of(const Life& life) { return std::span(life.world.unknown).subspan(20); }

/// Teaches the model to refuse: the acquaintances, beside the questions of lesson 09.
void teach_refusal(Gpt<>& model, Life& life, Index steps) {
  tune(model, steps, 1e-3, [&] {
    if (life.random.chance(0.5)) return draw_question(life);
    return chat_example(life.words, question(life.random.pick(acquaintances(life))), "Bilmiyorum.");
  });
}

/// A passage that tells where somebody lives, true or not, and the question.
std::string with_passage(const Person& p, const std::string& city, Random& random) {
  const Person told{p.name, city, p.job};
  return "Metin: " + PeopleWorld::sentence(told, Fact::city, static_cast<int>(random.below(paraphrases))) + " " + question(p);
}

/// Teaches the model to answer from a passage: first to copy at all, from random words that repeat; then passages with random cities.
void teach_context(Gpt<>& model, Life& life, Index warm_up, Index steps) {
  Tokens alphabet;
  for (const Person& p : life.world.told) alphabet.push_back(life.words.token(p.name));
  for (const std::string& city : life.world.cities) alphabet.push_back(life.words.token(city));
  tune(model, warm_up, 1e-3, [&] {
    return life.random.chance(0.3) ? read_again(life) : TuningExample::of({}, repeating_tokens(alphabet, life.size.context, life.random));
  });
  tune(model, steps, 1e-3, [&] {
    if (life.random.chance(0.2)) return read_again(life);
    if (life.random.chance(0.2)) return draw_question(life);
    const Person& p = life.random.chance(0.5) ? life.random.pick(acquaintances(life)) : life.world.known[static_cast<std::size_t>(life.random.below(50))];
    const std::string& city = life.random.pick(life.world.cities);
    return chat_example(life.words, with_passage(p, city, life.random), city);
  });
}

void hallucination_and_context(Lesson& lesson) {
  Life life(lesson.seed);
  Gpt<> model = earlier_model(lesson, life, "09_instruction_tuning", [&](Gpt<>& m) { pre_train(m, life), instruct(m, life); });
  const std::span<const Person> known = life.world.known, unknown = life.world.unknown;
  const std::span<const Person> strangers = strangers_of(life);
  const auto show = [&](int number, const std::string& says, const std::string& says_tr, double measured, double low, double high, const std::string& in = "%") {
    lesson.claim({.number = number, .says = says, .says_tr = says_tr, .measured = measured, .low = low, .high = high, .unit = in, .asserted = !lesson.fast});
  };

  const Asked about_unknown = ask_all(model, life, unknown, question), about_known = ask_all(model, life, known, question);
  fmt::print("{} → {}\n", question(unknown[0]), answer(model, life.words, question(unknown[0])));
  show(23, "asked about people of whom it read no fact, it names a city", "hakkında hiçbir bilgi okumadığı kişiler sorulunca bir şehir söyler", about_unknown.cities, 95, 100);
  show(23, "… and sounds sure: mean probability of its answer", "… ve emin konuşur: yanıtının ortalama olasılığı", about_unknown.confidence, 0.4, 1, "");

  // “Bilmiyorum”: learnt well, but some of what it knows goes too. With two-word names, whose words are all known, it cannot tell.
  Gpt<> humble = model;
  teach_refusal(humble, life, lesson.fast ? 150 : 300);
  const Asked refused = ask_all(humble, life, strangers, question), kept = ask_all(humble, life, known.subspan(50), question);
  Life doubled(lesson.seed, {.unknown = 140, .mentioned = false, .surnames = true});
  Gpt<> unsure(doubled.size, doubled.random);
  pre_train(unsure, doubled, lesson.fast ? 300 : 1000);
  teach_refusal(unsure, doubled, lesson.fast ? 150 : 300);
  const Asked strangers2 = ask_all(unsure, doubled, strangers_of(doubled), question);
  const Asked known2 = ask_all(unsure, doubled, std::span(doubled.world.known).subspan(50), question);

  // Context: the answer stands in the prompt.
  const auto passage = [&](const Person& p) { return with_passage(p, p.city, life.random); };
  const auto contradiction = [&](const Person& p) { return with_passage(p, life.world.cities[(p.name.size() * 7 + p.city.size()) % life.world.cities.size()], life.random); };
  const Asked without = ask_all(model, life, unknown, passage);
  Gpt<> reader = model;
  teach_context(reader, life, lesson.flag("--without-warm-up") ? 0 : lesson.fast ? 100 : 300, lesson.fast ? 150 : 400);
  const Asked with = ask_all(reader, life, strangers, passage);
  std::size_t followed = 0, contradicted = 0;
  for (const Person& p : known.subspan(50)) {
    const std::string text = contradiction(p), said = answer(reader, life.words, text);
    if (text.find(p.city) != std::string::npos) continue;  // by chance the passage is true
    ++contradicted;
    followed += text.find(said) != std::string::npos ? 1 : 0;
  }
  const auto row = [](const std::string& name, const Asked& a) {
    return std::vector<std::string>{name, fmt::format("{:.0f} %", a.cities), fmt::format("{:.0f} %", a.right), fmt::format("{:.0f} %", a.refused), fmt::format("{:.2f}", a.confidence)};
  };
  lesson.table("Asked where people live", "Kişilerin nerede yaşadığı sorulunca",
               {{"model and people", "a city", "right", "Bilmiyorum", "confidence"}, row("tuned, known", about_known), row("tuned, unknown", about_unknown),
                row("taught to refuse, known", kept), row("taught to refuse, unknown", refused), row("two-word names, known", known2), row("two-word names, unknown", strangers2),
                row("passage, before, unknown", without), row("passage, taught, unknown", with)});
  show_stages(lesson, life, {"Adın ne?", question(known[60]), question(strangers[0]), passage(strangers[0])}, {{"11: taught to refuse", &humble}, {"11: taught to read", &reader}});
  show(25, "“Bilmiyorum” can be taught: refuses unknown people", "“Bilmiyorum” öğretilebilir: tanımadığı kişilerde çekinir", refused.refused, 90, 100);
  show(25, "… and what it costs: refuses known people too", "… ve bedeli: tanıdığı kişilerde de çekinir", kept.refused, 0, 40);
  show(25, "two-word names it cannot tell apart: gap between unknown and known", "iki kelimelik adları ayıramaz: tanınmayan ile tanınan arasındaki fark", strangers2.refused - known2.refused, -20, 20, "points");
  show(26, "a passage does not help yet: right about unknown people", "metin henüz işe yaramaz: tanınmayan kişilerde doğru", without.right, 0, 10);
  show(26, "taught to read it: right about unknown people", "metni okumayı öğrenince: tanınmayan kişilerde doğru", with.right, 95, 100);
  show(26, "follows the passage over its memory", "belleğine değil metne uyar", 100.0 * static_cast<double>(followed) / static_cast<double>(contradicted), 95, 100);
}

}  // namespace

int main(int argc, char** argv) {
  return run_lesson({"11_hallucination_and_context", "Hallucination, the taught “Bilmiyorum”, and context", {{"--without-warm-up", "", "The broken recipe: no repeating words before the passages"}}},
                    argc, argv, hallucination_and_context);
}
