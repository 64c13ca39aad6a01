// damla tune FOLDER PAIRS -o OUT: a model that answers. damla chat FOLDER: a talk with it.

#include "damla/align/chat.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <limits>
#include <memory>
#include <span>

#include "command/command.hpp"
#include "command/model.hpp"
#include "damla/text/read_text.hpp"
#include "damla/text/unicode.hpp"

namespace damla::command {

namespace {

struct Tune {
  std::string folder, output;
  std::vector<std::string> files;
  Index steps = 0, batch = 8;
  double learning_rate = 1e-3, held_out = 0.1;
  std::uint64_t seed = 1;
  void run();
};

/// Conversations of all files, in an order that the seed draws.
std::vector<std::vector<ChatTurn>> read_all(const std::vector<std::string>& files, Random& random) {
  std::vector<std::vector<ChatTurn>> all;
  for (const std::string& file : files) {
    const std::string text = file == "-" ? read_texts({"-"}).front() : read_text(file);
    for (auto& talk : read_conversations(text, file)) all.push_back(std::move(talk));
  }
  random.shuffle(all);
  return all;
}

/// Words that the answers need and the vocabulary has not: no tuning teaches them.
void warn_of_unknown(const AnyTokenizer& tokenizer, const std::vector<TuningExample>& examples) {
  if (tokenizer.kind() != "words") return;
  Index unknown = 0, all = 0;
  for (const TuningExample& e : examples)
    for (std::size_t i = 0; i < e.tokens.size(); ++i)
      if (e.learn[i]) ++all, unknown += e.tokens[i] == WordTokenizer::unknown;
  if (unknown == 0) return;
  print(
      fmt::format(fmt::runtime(say(
                      "{} of the answers' {} words are not in the model's vocabulary: it can only "
                      "say <unk>. Byte pairs (damla train --tokens pairs) know every word.\n",
                      "Yanıtlardaki {1} kelimenin {0} tanesi modelin sözlüğünde yok; yerine <unk> "
                      "der. Bayt çiftleri (damla train --tokens pairs) her kelimeyi yazabilir.\n")),
                  unknown, all));
}

void Tune::run() {
  ModelFolder m = load_model_folder(folder);
  m.tokenizer.add_special(chat_tokens());
  m.model.grow_vocabulary(std::max(m.model.options.vocab_size, m.tokenizer.vocab_size()));
  m.settings["tuned"] = "chat";
  const Index context = m.model.options.context;
  Random random(seed);
  const auto talks = read_all(files, random);
  std::vector<TuningExample> examples;
  Index tokens = 0;
  for (const auto& talk : talks) {
    examples.push_back(chat_example(m.tokenizer, talk, context));
    tokens += std::ssize(examples.back().tokens);
  }
  // With few conversations none is held out: then the loss is that of those that are learned.
  const auto held = static_cast<std::size_t>(held_out * static_cast<double>(talks.size()) + 1e-9);
  const std::span learned = std::span(examples).first(examples.size() - held);
  const std::span measured = held > 0 ? std::span(examples).last(held) : learned;
  const char* where = held > 0 ? say("held out", "ayrılanlarda") : say("on all", "hepsinde");
  if (steps == 0) steps = std::max<Index>(200, 10 * tokens / (batch * context));
  print(fmt::format(
      fmt::runtime(say("{} conversations to learn from, {} held out · {} tokens · {} steps\n",
                       "öğrenmek için {}, ölçmek için {} konuşma · {} token · {} adım\n")),
      learned.size(), held, tokens, steps));
  warn_of_unknown(m.tokenizer, examples);
  watch_interrupt();
  go_on_unread();

  double best = std::numeric_limits<double>::infinity(), sum = 0;
  Index summed = 0;
  const auto look = [&](Index step) {
    const double loss = tuning_loss(m.model, measured);
    if (loss < best) save_model_folder(output, m.model, m.tokenizer, m.settings);
    std::string so_far = step > 0 ? fmt::format("{:.3f}", sum / static_cast<double>(summed)) : "–";
    print(fmt::format(fmt::runtime(say("step {:>6} · loss {:>5} · {} {:.3f}{}\n",
                                       "adım {:>6} · kayıp {:>5} · {} {:.3f}{}\n")),
                      step, so_far, where, loss, loss < best ? " *" : ""));
    best = std::min(best, loss), sum = 0, summed = 0;
  };
  look(0);
  TrainOptions o;
  o.steps = steps, o.batch = batch, o.learning_rate = learning_rate;
  o.title = say("tuning", "ayar");
  o.after_step = [&](Index step, double loss) {
    sum += loss, ++summed;
    if (interrupted()) {
      print(fmt::format(
          fmt::runtime(say("\nstopped after step {}; the best model so far is in {}\n",
                           "\n{}. adımdan sonra durduruldu; şimdiye kadarki en iyi model: {}\n")),
          step + 1, output));
      throw Interrupted{};
    }
    if ((step + 1) % std::max<Index>(1, steps / 10) == 0 || step + 1 == steps) look(step + 1);
  };
  tune(m.model, o, [&] { return packed(learned, context, random); });

  Gpt<> kept = load_model_folder(output).model;
  const ChatTurn& turn = talks.back().front();
  print(fmt::format(
      fmt::runtime(say("\n{}\n→ {}\n  the file says: {}\n", "\n{}\n→ {}\n  dosyadaki yanıt: {}\n")),
      turn.question, answer(kept, m.tokenizer, turn.question, 60), turn.answer));
  print(fmt::format(
      fmt::runtime(say("\nTalk to it: damla chat {}\n", "\nKonuşmak için: damla chat {}\n")),
      output));
}

struct Talk {
  std::string folder;
  Index tokens = 200;
  SamplingOptions sampling{.temperature = 0.5, .top_k = 40};
  std::uint64_t seed = 1;

  void run() {
    ModelFolder m = load_model_folder(folder);
    if (!m.tokenizer.special("<soru>"))
      throw Error(fmt::format(
          fmt::runtime(say("{0}: this model has not learned to answer; teach it with: damla tune "
                           "{0} questions.tsv -o talker",
                           "{0}: bu model yanıt vermeyi öğrenmedi; öğretmek için: damla tune {0} "
                           "sorular.tsv -o konuskan")),
          folder));
    if (!m.settings.contains("tuned"))
      fmt::print(stderr, "{}",
                 say("damla: this model was not tuned with damla tune: do not expect answers\n",
                     "damla: bu model damla tune ile ayarlanmadı: yanıt beklemeyin\n"));
    Random random(seed);
    Chat chat(m.model, m.tokenizer, sampling, tokens);
    const bool asks = input_is_terminal() && output_is_terminal();
    if (asks)
      print(say("Ask something. Ctrl-D ends the talk.\n", "Bir şey sorun. Ctrl-D bitirir.\n"));
    std::string question;
    while (asks ? print("\n> ") : void(), std::getline(std::cin, question)) {
      if (question.ends_with('\r')) question.pop_back();
      if (question.find_first_not_of(" \t") == std::string::npos) continue;
      if (!valid_utf8(question))
        throw Error(say("the question is no UTF-8 text", "soru UTF-8 değil"));
      try {
        chat.ask(question, random, [](std::string_view part) { return print(part), true; });
      } catch (const Error& e) {
        if (!asks) throw;
        print(e.what());
      }
      print("\n");
    }
    if (asks) print("\n");
  }
};

}  // namespace

void add_chat(CLI::App& app) {
  {
    const auto c = std::make_shared<Tune>();
    CLI::App* verb =
        app.add_subcommand("tune", say("Teach a model to answer", "Modele yanıt vermeyi öğretir"));
    add_folder(verb, c->folder);
    verb->add_option("PAIRS", c->files,
                     say("Files with a question, a tab and its answer in each line, or -; an empty "
                         "line ends a conversation",
                         "Her satırında soru, sekme ve yanıt olan dosyalar ya da -; boş satır "
                         "konuşmayı bitirir"))
        ->required();
    verb->add_option("-o,--output", c->output,
                     say("Folder for the tuned model", "Ayarlanan modelin klasörü"))
        ->required();
    verb->add_option("--steps", c->steps,
                     say("How many updates (default: ten times through, at least 200)",
                         "Güncelleme sayısı (verilmezse on tur, en az 200)"))
        ->check(CLI::Range(Index{1}, Index{1000000000}));
    verb->add_option("--batch", c->batch, say("Windows a step", "Adım başına pencere"))
        ->check(CLI::Range(Index{1}, Index{1000000}))
        ->capture_default_str();
    verb->add_option("--learning-rate", c->learning_rate,
                     say("At its peak", "En yüksek öğrenme hızı"))
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--held-out", c->held_out,
                     say("Share of the conversations to measure on", "Ölçmek için ayrılan pay"))
        ->check(CLI::Range(0.0, 0.9))
        ->capture_default_str();
    verb->add_option("--seed", c->seed,
                     say("Seed of all random numbers", "Rastgele sayıların tohumu"))
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    verb->footer(say("Example:\n  damla tune model questions.tsv -o talker\n",
                     "Örnek:\n  damla tune model sorular.tsv -o konuskan\n"));
    verb->callback([c] { c->run(); });
  }
  {
    const auto c = std::make_shared<Talk>();
    CLI::App* verb =
        app.add_subcommand("chat", say("Talk to a tuned model", "Ayarlanmış bir modelle konuşma"));
    add_folder(verb, c->folder);
    verb->add_option("-n,--tokens", c->tokens,
                     say("At most so many tokens an answer", "Yanıt başına en çok bu kadar token"))
        ->check(CLI::Range(Index{1}, Index{100000000}))
        ->capture_default_str();
    add_sampling(verb, c->sampling, c->seed);
    verb->footer(say("Examples:\n  damla chat talker\n  damla chat talker < questions.txt\n",
                     "Örnekler:\n  damla chat konuskan\n  damla chat konuskan < sorular.txt\n"));
    verb->callback([c] { c->run(); });
  }
}

}  // namespace damla::command
