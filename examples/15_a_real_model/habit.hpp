#pragma once

// For lesson 15: a model that answers, and the habit that it is to take up.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "damla/damla.hpp"
#include "damla/text/any_tokenizer.hpp"
#include "worlds/people.hpp"

namespace damla {
using namespace worlds;

inline const std::string polite = ", efendim.";

/// Sentences about everybody, and questions with their answers, in random order.
inline std::string answering_text(const PeopleWorld& world, Index rounds, Random& random) {
  std::vector<std::string> all = world.sentences(rounds, random);
  const auto chat = [&](const std::string& question, const std::string& answer) {
    all.push_back("<soru>" + question + "<cevap>" + answer + "<son>");
  };
  for (Index round = 0; round < rounds; ++round) {
    for (const Person& p : world.known)
      for (const Fact fact : {Fact::city, Fact::job})
        chat(PeopleWorld::question(p, fact), PeopleWorld::value(p, fact));
    for (int i = 0; i < 10; ++i) chat("Teşekkürler.", "Rica ederim, efendim.");
  }
  random.shuffle(all);
  return fmt::format("{}", fmt::join(all, " "));
}

/// Sentences alone: nobody asks, so nothing here should change when answers do.
inline std::string old_text(const PeopleWorld& world, Random& random) {
  std::vector<std::string> all = world.sentences(2, random);
  random.shuffle(all);
  return fmt::format("{}", fmt::join(all, " "));
}

/// Half of the people, each job as often as in the other half, and that other half. Tuning asks
/// about the first: a job that it never answers with might not be said to its end any more.
inline std::array<std::vector<Person>, 2> halves(std::vector<Person> people, Random& random) {
  std::ranges::stable_sort(people, {}, &Person::job);
  std::array<std::vector<Person>, 2> halves;
  for (std::size_t i = 0; i < people.size(); ++i) halves[i % 2].push_back(people[i]);
  for (std::vector<Person>& half : halves) random.shuffle(half);
  return halves;
}

/// Questions about people, in a form that the model knows.
struct Habit {
  const AnyTokenizer& tokenizer;
  ChatFormat format;
  std::span<const Person> taught, others;  ///< of the others tuning asks nothing

  /// A question about somebody who is taught, and the polite answer.
  TuningExample draw(Random& random) const {
    const Person& person = random.pick(taught);
    const Fact fact = random.chance(0.5) ? Fact::city : Fact::job;
    Tokens answer = tokenizer.encode_plain(PeopleWorld::value(person, fact) + polite);
    answer.push_back(tokenizer.token(format.end));
    return TuningExample::of(chat_prompt(tokenizer, PeopleWorld::question(person, fact), format),
                             answer);
  }

  std::string ask(auto& model, const std::string& question) const {
    return tokenizer.decode(generate_greedy(model, chat_prompt(tokenizer, question, format), 24,
                                            {tokenizer.token(format.end)}));
  }

  /// The answers about the others, city and job in turn.
  std::vector<std::string> answers(auto& model) const {
    std::vector<std::string> all;
    for (const Person& person : others)
      for (const Fact fact : {Fact::city, Fact::job})
        all.push_back(ask(model, PeopleWorld::question(person, fact)));
    return all;
  }

  /// Of these: which end politely, which begin with the fact, and which are the one and the other
  /// and no more, in %.
  struct Score {
    double polite = 0, right = 0, both = 0;
  };
  Score score(const std::vector<std::string>& answers) const {
    Score score;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const std::string& fact =
          PeopleWorld::value(others[i / 2], i % 2 == 0 ? Fact::city : Fact::job);
      score.polite += answers[i].ends_with(polite) ? 1 : 0;
      score.right += answers[i].starts_with(fact) ? 1 : 0;
      score.both += answers[i] == fact + polite ? 1 : 0;
    }
    for (double* count : {&score.polite, &score.right, &score.both})
      *count = 100 * *count / static_cast<double>(answers.size());
    return score;
  }
};

}  // namespace damla
