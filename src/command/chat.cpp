// damla tune FOLDER PAIRS -o OUT: a model that answers. damla chat FOLDER: a talk with it.

#include "damla/align/chat.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <span>

#include "command/command.hpp"
#include "command/model.hpp"
#include "damla/align/lora.hpp"
#include "damla/core/files.hpp"
#include "damla/hub/chat_template.hpp"
#include "damla/text/read_text.hpp"
#include "damla/text/unicode.hpp"

namespace damla::command {

namespace {

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
      say("{} of the answers' {} words are not in the model's vocabulary: it can only "
          "say <unk>. Byte pairs (damla train --tokens pairs) know every word.\n",
          "Yanıtlardaki {1} kelimenin {0} tanesi modelin sözlüğünde yok; yerine <unk> "
          "der. Bayt çiftleri (damla train --tokens pairs) her kelimeyi yazabilir.\n",
          unknown, all));
}

struct TuneCommand {
  std::string folder, output;
  std::vector<std::string> files;
  Index steps = 0, batch = 8, lora_rank = 0;
  double learning_rate = 0, held_out = 0.1, lora_alpha = 0;
  std::uint64_t seed = 1;
  std::string adapter() const { return output + "/adapter"; }
  void run() const;
};

/// The tuning as people follow it: what it learns from, a line for each look, an answer at the end.
template <class Model>
class Tuning {
 public:
  Tuning(const TuneCommand& command, ModelFolder<Model>& m)
      : command_(command), m_(m), random_(command.seed) {
    m_.tokenizer.add_special(chat_tokens());
    m_.model.grow_vocabulary(std::max(m_.model.options.vocab_size, m_.tokenizer.vocab_size()));
    if (command.lora_rank > 0) begin_lora(!m_.settings.contains("tuned"));
    m_.settings["tuned"] = "chat";
    talks_ = read_all(command.files, random_);
    for (const auto& talk : talks_)
      examples_.push_back(chat_example(m_.tokenizer, talk, m_.model.options.context));
    // With few conversations none is held out: then the loss is that of those that are learned.
    held_ = static_cast<std::size_t>(command.held_out * static_cast<double>(talks_.size()) + 1e-9);
  }

  void introduce() const;
  void go();
  void conclude() const;

 private:
  std::span<const TuningExample> learned() const {
    return std::span(examples_).first(examples_.size() - held_);
  }
  std::span<const TuningExample> measured() const {
    return held_ > 0 ? std::span(examples_).last(held_) : learned();
  }
  Index tokens() const {
    Index sum = 0;
    for (const TuningExample& e : examples_) sum += std::ssize(e.tokens);
    return sum;
  }
  Index steps() const {
    if (command_.steps > 0) return command_.steps;
    return std::max<Index>(200, 10 * tokens() / (command_.batch * m_.model.options.context));
  }
  double learning_rate() const {
    if (command_.learning_rate > 0) return command_.learning_rate;
    return lora_ ? 1e-2 : 1e-3;
  }
  void begin_lora(bool first_time);
  void look(Index step);
  void save();
  /// Calls work(model) with the model that learns.
  auto with_model(auto&& work) { return lora_ ? work(*lora_) : work(m_.model); }

  const TuneCommand& command_;
  ModelFolder<Model>& m_;
  std::optional<LoraModel<Model>> lora_;  // then m_.model is what was merged last
  Random random_;
  std::vector<std::vector<ChatTurn>> talks_;
  std::vector<TuningExample> examples_;  // one for each talk; the last held_ are held out
  std::size_t held_ = 0;
  double best_ = std::numeric_limits<double>::infinity();
  double loss_sum_ = 0;   // of the steps since the last look …
  Index loss_count_ = 0;  // … and how many they are
};

template <class Model>
void Tuning<Model>::introduce() const {
  print(say("{} conversations to learn from, {} held out · {} tokens · {} steps\n",
            "öğrenmek için {}, ölçmek için {} konuşma · {} token · {} adım\n", learned().size(),
            held_, tokens(), steps()));
  if (lora_) {
    const Index learned = learned_count(*lora_), all = parameter_count(*lora_);
    print(say("LoRA: {} of {} parameters are trained, {:.2g} %; the rest is frozen\n",
              "LoRA: {} / {} parametre eğitiliyor (%{:.2Lg}); ötekiler donduruldu\n", learned, all,
              100 * static_cast<double>(learned) / static_cast<double>(all)));
  }
  warn_of_unknown(m_.tokenizer, examples_);
}

template <class Model>
void Tuning<Model>::begin_lora(bool first_time) {
  LoraOptions o{.rank = command_.lora_rank, .alpha = command_.lora_alpha};
  if (o.alpha == 0) o.alpha = 2 * static_cast<double>(o.rank);
  // No text had the tokens of chat_tokens() yet: with a frozen head they could never be said.
  if (first_time) o.whole = {std::is_same_v<Model, Gpt<>> ? "wte" : "embed_tokens"};
  if (first_time && !m_.model.options.tied) o.whole.push_back("lm_head");
  lora_ = with_lora(std::move(m_.model), o, random_);
}

template <class Model>
void Tuning<Model>::save() {
  if (lora_) {
    save_lora(command_.adapter(), *lora_, command_.folder);
    m_.model = merged(*lora_);
  } else {  // of a run before, nothing stays
    std::error_code failure;
    for (const char* name : {"/adapter_config.json", "/adapter_model.safetensors", ""})
      std::filesystem::remove(system_path(command_.adapter() + name), failure);
  }
  save_model_folder(command_.output, m_.model, m_.tokenizer, m_.settings);
}

/// Measures the model, and saves it when it is the best so far.
template <class Model>
void Tuning<Model>::look(Index step) {
  const double loss = with_model([&](auto& m) { return tuning_loss(m, measured()); });
  if (loss < best_) save();
  print(say("step {:>6} · loss {:>5} · {} {:.3f}{}\n", "adım {:>6} · kayıp {:>5} · {} {:.3Lf}{}\n",
            step,
            step > 0 ? say("{:.3f}", "{:.3Lf}", loss_sum_ / static_cast<double>(loss_count_)) : "–",
            held_ > 0 ? say("held out", "ayrılanlarda") : say("on all", "hepsinde"), loss,
            loss < best_ ? " *" : ""));
  best_ = std::min(best_, loss);
  loss_sum_ = 0, loss_count_ = 0;
}

template <class Model>
void Tuning<Model>::go() {
  TrainOptions o;
  o.steps = steps(), o.batch = command_.batch, o.learning_rate = learning_rate();
  o.title = say("tuning", "ayar");
  o.after_step = [&](Index step, double loss) {
    loss_sum_ += loss, ++loss_count_;
    if (interrupted()) {
      print(say("\nstopped after step {}; the best model so far is in {}\n",
                "\n{}. adımdan sonra durduruldu; şimdiye kadarki en iyi model: {}\n", step + 1,
                command_.output));
      throw Interrupted{};
    }
    if ((step + 1) % std::max<Index>(1, o.steps / 10) == 0 || step + 1 == o.steps) look(step + 1);
  };
  look(0);
  with_model([&](auto& model) {
    return tune(model, o, [&] { return packed(learned(), model.options.context, random_); });
  });
}

/// What the kept model answers to one question, beside what the file says.
template <class Model>
void Tuning<Model>::conclude() const {
  Model kept = load_model_folder<Model>(command_.output).model;
  const ChatTurn& turn = talks_.back().front();
  print(say("\n{}\n→ {}\n  the file says: {}\n", "\n{}\n→ {}\n  dosyadaki yanıt: {}\n",
            turn.question, answer(kept, m_.tokenizer, turn.question, 60), turn.answer));
  print(say("\nTalk to it: damla chat {}\n", "\nKonuşmak için: damla chat {}\n", command_.output));
}

void TuneCommand::run() const {
  visit_model_folder(folder, [&](auto& m) {
    Tuning tuning(*this, m);
    tuning.introduce();
    watch_interrupt();
    go_on_unread();
    tuning.go();
    tuning.conclude();
  });
}

struct Talk {
  std::string folder, weights = "f32";
  Index tokens = 200;
  SamplingOptions sampling{.temperature = 0.5, .top_k = 40};
  std::uint64_t seed = 1;

  void run() {
    ModelFolder<CompactModel> m = load_compact_folder(folder, weight_type(weights));
    const std::optional<ChatFormat> format = load_chat_format(folder, m.tokenizer);
    if (!format)
      throw Error(
          say("{0}: this model has not learned to answer; teach it with: damla tune "
              "{0} questions.tsv -o talker",
              "{0}: bu model yanıt vermeyi öğrenmedi; öğretmek için: damla tune {0} "
              "sorular.tsv -o konuskan",
              folder));
    if (m.tokenizer.special("<soru>") && !m.settings.contains("tuned"))
      fmt::print(stderr, "{}",
                 say("damla: this model was not tuned with damla tune: do not expect answers\n",
                     "damla: bu model damla tune ile ayarlanmadı: yanıt beklemeyin\n"));
    Random random(seed);
    Chat chat(m.model, m.tokenizer, sampling, tokens, *format);
    const bool asks = input_is_terminal() && output_is_terminal();
    if (asks)
      print(say("Ask something. Ctrl-D ends the talk.\n", "Bir şey sorun. Ctrl-D bitirir.\n"));
    std::string question;
    while (asks ? print("\n> ") : void(), std::getline(std::cin, question)) {
      if (question.ends_with('\r')) question.pop_back();
      if (question.find_first_not_of(" \t") == std::string::npos) continue;
      try {
        if (!valid_utf8(question))
          throw Error(say("the question is no UTF-8 text", "soru UTF-8 değil"));
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
    const auto c = std::make_shared<TuneCommand>();
    CLI::App* verb =
        app.add_subcommand("tune", say("Teach a model to answer", "Modele yanıt vermeyi öğretir"));
    add_folder(verb, c->folder);
    verb->add_option(say("PAIRS", "ÇİFTLER"), c->files,
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
                     say("At its peak (default: 0.001, with --lora 0.01)",
                         "En yüksek öğrenme oranı (verilmezse 0.001, --lora ile 0.01)"))
        ->check(CLI::PositiveNumber);
    CLI::Option* lora =
        verb->add_option("--lora", c->lora_rank,
                         say("Train only low-rank matrices of this rank, and keep them in "
                             "OUT/adapter, too",
                             "Yalnız bu rankta matrisleri eğitir; onları ÇIKTI/adapter "
                             "klasöründe de saklar"))
            ->check(CLI::Range(Index{1}, largest_size));
    verb->add_option("--lora-alpha", c->lora_alpha,
                     say("What they add is multiplied by alpha/rank (default: 2 · rank)",
                         "Eklediklerinin çarpanı alpha/rank olur (verilmezse 2 · rank)"))
        ->check(CLI::PositiveNumber)
        ->needs(lora);
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
    add_weights(verb, c->weights);
    add_sampling(verb, c->sampling, c->seed);
    verb->footer(say("Examples:\n  damla chat talker\n  damla chat talker < questions.txt\n",
                     "Örnekler:\n  damla chat konuskan\n  damla chat konuskan < sorular.txt\n"));
    verb->callback([c] { c->run(); });
  }
}

}  // namespace damla::command
