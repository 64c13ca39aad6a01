// damla train TEXT… -o FOLDER: a model of one's own text.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "command/command.hpp"
#include "command/log.hpp"
#include "command/model.hpp"
#include "damla/align/chat.hpp"
#include "damla/core/files.hpp"
#include "damla/core/threads.hpp"
#include "damla/generate/generate.hpp"
#include "damla/hub/model_folder.hpp"
#include "damla/models/ngram.hpp"
#include "damla/models/size.hpp"
#include "damla/text/any_tokenizer.hpp"
#include "damla/text/unicode.hpp"
#include "damla/train/language_model_run.hpp"
#include "damla/train/ranks.hpp"

namespace damla::command {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// What the command line says; kept in the folder for --resume.
struct Recipe {
  std::vector<std::string> texts;
  std::string tokens = "pairs", model = "gpt2", size = "tiny";
  Index vocabulary = 0, layers = 0, heads = 0, channels = 0, context = 0;
  Index steps = 0, batch = 16, warmup = 0, evaluate_every = 0, patience = 0;
  double minutes = 0, learning_rate = 3e-3, final_learning_rate = 0, weight_decay = 0.01,
         dropout = 0, held_out = 0.1;
  std::uint64_t seed = 1;
  std::string prompt;

  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Recipe, texts, tokens, model, size, vocabulary, layers, heads,
                                 channels, context, steps, batch, warmup, evaluate_every, patience,
                                 minutes, learning_rate, final_learning_rate, weight_decay, dropout,
                                 held_out, seed, prompt)
};

/// The texts as one, cut at a line's end into what is learned from and what is held out.
struct Corpus {
  std::string train, held_out;
};

struct TrainCommand : Recipe {
  std::string folder;
  bool resume = false, sharded = false;
  void run();

 private:
  void run_on(Ranks& ranks);
  template <class Model>
  void train(Model model, const Corpus& corpus, AnyTokenizer tokenizer, Ranks& ranks);
};

Corpus cut(const std::vector<std::string>& texts, double held_out) {
  Corpus corpus;
  for (const std::string& text : texts) corpus.train += text + (text.ends_with('\n') ? "" : "\n");
  const auto whole = static_cast<double>(corpus.train.size());
  const std::size_t line =
      corpus.train.find('\n', static_cast<std::size_t>(whole * (1 - held_out)));
  std::size_t at = line == std::string::npos ? corpus.train.size() : line + 1;
  // One long line: then at a character.
  if (static_cast<double>(at) > whole * (1 - held_out / 2)) {
    at = static_cast<std::size_t>(whole * (1 - held_out));
    while (at < corpus.train.size() && (corpus.train[at] & 0xC0) == 0x80) ++at;
  }
  corpus.held_out = corpus.train.substr(at);
  corpus.train.resize(at);
  return corpus;
}

AnyTokenizer make_tokenizer(const Recipe& r, const std::string& text) {
  if (r.tokens == "characters") return CharacterTokenizer::from_text(text);
  // Where the model is to answer one day (damla tune), the tokens for it are there.
  std::vector<std::string> special = chat_tokens();
  if (r.tokens == "words")
    return WordTokenizer::from_text(text, {.casing = Casing::keep,
                                           .vocab_limit = r.vocabulary > 0 ? r.vocabulary : 8000,
                                           .special_tokens = special});
  special.insert(special.begin(), std::string(end_of_text_name));
  return BytePairTokenizer::train(
      text, {.vocab_size = r.vocabulary > 0 ? r.vocabulary : 4096,
             .pre_tokenization =
                 r.tokens == "gpt2-pairs" ? PreTokenization::gpt2 : PreTokenization::turkish,
             .special_tokens = special});
}

/// A named size, with what the command line says otherwise.
template <class Options>
Options model_size(Options o, const Recipe& r, Index vocab_size) {
  o.vocab_size = vocab_size;
  if (r.layers > 0) o.layers = r.layers;
  if (r.heads > 0) o.heads = r.heads;
  if (r.channels > 0) o.channels = r.channels;
  if (r.context > 0) o.context = r.context;
  if constexpr (requires { o.dropout; }) o.dropout = static_cast<Scalar>(r.dropout);
  return o;
}

RunOptions run_options(const TrainCommand& r, Ranks& ranks) {
  RunOptions o;
  o.train.batch = r.batch, o.train.warmup = r.warmup;
  o.train.steps = r.steps > 0 ? r.steps : 1000000;  // with --minutes: until Run::plan_by_time
  o.train.learning_rate = r.learning_rate, o.train.final_learning_rate = r.final_learning_rate;
  o.train.weight_decay = r.weight_decay;
  o.patience = r.patience;
  o.evaluate_every = r.evaluate_every;
  o.train.ranks = &ranks, o.train.sharded = r.sharded;
  return o;
}

/// A number that changes with the text: a run is not resumed on another one.
std::uint64_t fingerprint(const Corpus& corpus) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const std::string* text : {&corpus.train, &corpus.held_out})
    for (const char c : *text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

/// A part of the text, if the model can learn from it or be measured on it.
TokenSpan long_enough(const Tokens& part, Index context) {
  if (std::ssize(part) <= context)
    throw Error(
        say("the text is too short: a part of it has {} tokens, and a context of {} "
            "needs one more than that; try a longer text, or a smaller --context",
            "metin çok kısa: bir bölümünde {} token var, {} tokenlık bağlam ise "
            "bundan bir fazlasını ister; daha uzun bir metin ya da daha küçük bir "
            "--context deneyin",
            part.size(), context));
  return part;
}

/// The run as people follow it: what it is, a line for each look, what came of it. Of many ranks
/// the first speaks and writes files.
template <class Model>
class Run {
 public:
  Run(const TrainCommand& command, const Corpus& corpus, AnyTokenizer tokenizer, Model& model,
      Ranks& ranks)
      : command_(command),
        ranks_(ranks),
        tokenizer_(std::move(tokenizer)),
        model_(model),
        text_(tokenizer_.encode_plain(corpus.train)),
        held_out_(tokenizer_.encode_plain(corpus.held_out)),
        bytes_a_token_(static_cast<double>(corpus.held_out.size()) /
                       static_cast<double>(std::max<std::size_t>(1, held_out_.size()))),
        text_hash_(fmt::format("{:016x}", fingerprint(corpus))),
        run_(model, long_enough(text_, model.options.context),
             long_enough(held_out_, model.options.context), run_options(command, ranks),
             command.seed),
        log_(command.folder),
        counting_(WordCounts(text_, model.options.vocab_size)
                      .bigram_loss(run_.held_out().tokens, run_.held_out().targets)) {}

  const AnyTokenizer& tokenizer() const { return tokenizer_; }
  void introduce() const;
  void resume();
  void go();
  void conclude();

 private:
  std::string path(const char* name) const { return (fs::path(command_.folder) / name).string(); }
  double bits(double loss) const { return loss / std::log(2.0) / bytes_a_token_; }
  void plan_by_time();
  void look();
  void sample_text();
  void save() { run_.save(path("checkpoint.safetensors"), {{"text", text_hash_}}); }

  const TrainCommand& command_;
  Ranks& ranks_;
  AnyTokenizer tokenizer_;
  Model& model_;
  Tokens text_, held_out_;
  double bytes_a_token_;
  std::string text_hash_;
  LanguageModelRun<Model> run_;
  TrainingLog log_;
  double counting_;
  double saved_at_ = 0;
  Index best_step_ = 0;
};

template <class Model>
void Run<Model>::introduce() const {
  const auto& o = model_.options;
  print(say("{} tokens to learn from, {} held out · {} different {}\n",
            "öğrenmek için {}, ölçmek için {} token · {} farklı {}\n", text_.size(),
            held_out_.size(), o.vocab_size, kind_text(tokenizer_)));
  print(
      say("{} layers, {} heads, {} channels, context {} · {} parameters\n"
          "training takes about {} of memory\n",
          "{} katman, {} kafa, {} kanal, bağlam {} · {} parametre\n"
          "eğitim yaklaşık {} bellek ister\n",
          o.layers, o.heads, o.channels, o.context, parameter_count(o),
          size_text(training_memory(o, command_.batch / ranks_.count()))));
  if (ranks_.count() > 1)
    print(say("{} ranks: each learns from {} of the {} windows of a step\n",
              "{} süreç: her biri bir adımın {} penceresinden öğrenir "
              "(toplam {})\n",
              ranks_.count(), command_.batch / ranks_.count(), command_.batch));
  print(say("counting pairs of tokens gives a held-out loss of {:.3f}: what is to be beaten\n\n",
            "yalnız token çiftlerini saymak {:.3Lf} kayıp verir: geçilecek olan budur\n\n",
            counting_));
}

template <class Model>
void Run<Model>::resume() {
  const std::string file = path("checkpoint.safetensors");
  const Settings settings = read_tensors(file).settings;
  if (const auto found = settings.find("text");
      found == settings.end() || found->second != text_hash_)
    throw Error(say("{}: this run began with another text; give the same one",
                    "{}: bu eğitim başka bir metinle başlamıştı; aynı metni verin", file));
  run_.resume(file);
  saved_at_ = run_.state().seconds;
  if (command_.steps > 0 && command_.steps != run_.state().steps) run_.plan(command_.steps);
  if (ranks_.first()) log_.cut_behind(run_.state().step);
  print(say("goes on after step {} of {}\n", "{}. adımdan sürüyor (toplam {})\n", run_.state().step,
            run_.state().steps));
}

/// How many steps fit into the minutes that were given: asked after the first ten, when all memory
/// is there. The run then goes by steps, so that a resumed one has the same losses.
template <class Model>
void Run<Model>::plan_by_time() {
  const double a_step =
      ranks_.from_first(run_.state().seconds) / static_cast<double>(run_.state().step);
  run_.plan(
      std::max(run_.state().step + 1, static_cast<Index>(0.95 * command_.minutes * 60 / a_step)));
  print(say("{:g} minutes are about {} steps\n", "{:Lg} dakika yaklaşık {} adım eder\n",
            command_.minutes, run_.state().steps));
}

template <class Model>
void Run<Model>::look() {
  const Evaluation e = run_.evaluate();
  if (ranks_.first()) log_.add(e);
  if (e.best) {
    best_step_ = e.step;
    if (ranks_.first()) save_model_folder(command_.folder, model_, tokenizer_);
  }
  const double left =
      e.seconds / static_cast<double>(e.step) * static_cast<double>(run_.state().steps - e.step);
  print(say("step {:>5} · loss {:.3f} · held out {:.3f}{} (pairs {:.3f}) · {} left\n",
            "adım {:>5} · kayıp {:.3Lf} · ayrılan {:.3Lf}{} (çiftler {:.3Lf}) · kalan {}\n", e.step,
            e.loss, e.held_out_loss, e.best ? " *" : "  ", counting_, time_text(left)));
  save();
}

/// What the model writes now, for people to see it learn.
template <class Model>
void Run<Model>::sample_text() {
  Tokens prompt = tokenizer_.encode(command_.prompt);
  if (prompt.empty()) {
    prompt = held_out_;
    prompt.resize(std::min<std::size_t>(8, prompt.size()));
  }
  Random random(command_.seed);
  GenerateOptions options;
  options.max_new_tokens = 60;
  options.sampling.temperature = 0.8, options.sampling.top_k = 40;
  if (tokenizer_.end_of_text()) options.stop = {*tokenizer_.end_of_text()};
  Tokens text = generate(model_, prompt, options, random);
  text.insert(text.begin(), prompt.begin(), prompt.end());
  print(fmt::format("\n{}\n\n", repair_utf8(tokenizer_.decode(text))));
}

template <class Model>
void Run<Model>::go() {
  std::optional<Progress> progress;
  progress.emplace(say("training", "eğitim"), run_.state().steps);
  const bool by_time = command_.minutes > 0;
  Index looks = 0;
  while (!run_.finished()) {
    const double loss = run_.step();
    if (by_time && command_.steps == 0 && run_.state().step == 10) {
      plan_by_time();
      progress.emplace(say("training", "eğitim"), run_.state().steps);
    }
    progress->update(run_.state().step - 1, loss, command_.batch * model_.options.context);
    // Whoever noticed: all stop after the same step.
    if (ranks_.sum(interrupted() ? 1 : 0) > 0) {
      if (ranks_.count() > 1)  // mpirun gives them a second, which may be all that is seen
        print(
            say("\nstopping after step {}; if mpirun ends it before it is saved, the last "
                "look's checkpoint is there\n",
                "\n{}. adımdan sonra duruyor; kaydedilmeden mpirun bitirirse son bakışın kaydı "
                "durur\n",
                run_.state().step));
      save();
      print(say("\nstopped after step {}, and saved. To go on: damla train -o {} --resume\n",
                "\n{}. adımdan sonra durduruldu, kaydedildi. Sürdürmek için: damla train -o {} "
                "--resume\n",
                run_.state().step, command_.folder));
      throw Interrupted{};
    }
    if (!run_.evaluation_due()) continue;
    look();
    if (++looks % 5 == 0 && !run_.finished() && ranks_.first()) sample_text();
  }
}

/// The best model on all of the held-out text, beside counting pairs; and what to try next.
template <class Model>
void Run<Model>::conclude() {
  Model best = load_model_folder<Model>(command_.folder).model;
  const TextWindows windows(held_out_, best.options.context);
  const std::vector<double> losses = window_losses(best, windows);
  const double loss =
      std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
  const double counting =
      WordCounts(text_, best.options.vocab_size).bigram_loss(windows.tokens, windows.targets);
  model_ = std::move(best);
  sample_text();
  print(
      say("held-out loss {:.3f}, perplexity {:.1f}, {:.3f} bits a byte · counting pairs: "
          "{:.3f}, {:.1f}, {:.3f}\n",
          "ayrılmış metinde kayıp {:.3Lf}, şaşkınlık {:.1Lf}, bayt başına {:.3Lf} bit · "
          "çiftleri saymak: {:.3Lf}; {:.1Lf}; {:.3Lf}\n",
          loss, std::exp(loss), bits(loss), counting, std::exp(counting), bits(counting)));
  if (loss > counting)
    print(
        say("The model is not yet better than counting pairs: give it more steps (--minutes), or "
            "a longer text.\n",
            "Model henüz çiftleri saymaktan iyi değil: daha çok adım (--minutes) ya da daha uzun "
            "bir metin verin.\n"));
  else if (best_step_ < run_.state().step)
    print(
        say("The held-out loss was best after step {}; that model is kept. Later ones "
            "learn the text by heart: more text{} helps.\n",
            "Ayrılmış metindeki kayıp en iyi {}. adımdaydı; o model saklandı. Sonrakiler "
            "metni ezberliyor: daha çok metin{} yararlı olur.\n",
            best_step_,
            command_.model == "gpt2" ? say(", or --dropout 0.1,", " ya da --dropout 0.1") : ""));
  log_.draw(counting_);
  print(say("{}: the model, its log and its curve. Try: damla generate {} \"…\"\n",
            "{}: model, kaydı ve eğrisi. Deneyin: damla generate {} \"…\"\n", command_.folder,
            command_.folder));
}

void TrainCommand::run() {
  Ranks ranks;
  if (!ranks.first()) be_silent();
  try {
    run_on(ranks);
  } catch (const Error& e) {
    if (ranks.count() == 1) throw;
    throw Error(fmt::format("{}: {}", ranks.name(), e.what()));
  }
}

void TrainCommand::run_on(Ranks& ranks) {
  const std::string recipe_file = (fs::path(folder) / "training.json").string();
  if (resume) {
    std::ifstream in(recipe_file);
    json j = json::parse(in, nullptr, false);
    if (!in || !j.is_object())
      throw Error(say("{}: cannot be read: is there a run to resume in this folder?",
                      "{}: okunamıyor: bu klasörde sürdürülecek bir eğitim var mı?", recipe_file));
    const Recipe asked = *this;
    j.emplace("model", "gpt2");  // older runs had no choice
    try {
      j.get_to(static_cast<Recipe&>(*this));
    } catch (const json::exception&) {
      throw Error(say("{}: is not what damla train wrote: was it edited?",
                      "{}: damla train'in yazdığı gibi değil: elle değiştirildi mi?", recipe_file));
    }
    if (!asked.texts.empty()) texts = asked.texts;
    if (asked.steps > 0) steps = asked.steps;
  }
  if (texts.empty())
    throw Error(say("no text is given: name a file or a folder, or - for the standard input",
                    "metin verilmedi: bir dosya ya da klasör adı yazın; standart girdi için -"));
  if (model == "llama" && dropout > 0)
    throw Error(
        say("--dropout: models of the Llama family have none; leave it out, or take "
            "--model gpt2",
            "--dropout: Llama ailesinin modellerinde yoktur; kullanmayın ya da --model "
            "gpt2 seçin"));
  if (steps == 0 && minutes == 0) minutes = 5;
  const std::vector<std::string> read = read_texts(texts);
  if (std::all_of(read.begin(), read.end(), std::mem_fn(&std::string::empty)))
    throw Error(
        fmt::format("{}: {}", fmt::join(texts, ", "), say("the text is empty", "metin boş")));
  const Corpus corpus = cut(read, held_out);
  if (const std::uint64_t text = fingerprint(corpus); ranks.from_first(text) != text)
    throw Error(
        say("the text is another one than rank 0 reads: give the same files on each machine",
            "metin, 0 numaralı sürecin okuduğundan farklı: her makinede aynı dosyaları "
            "verin"));
  watch_interrupt();
  go_on_unread();
  AnyTokenizer tokenizer = resume ? load_tokenizer(folder) : make_tokenizer(*this, corpus.train);
  Random random(seed);
  const Index V = tokenizer.vocab_size();
  if (model == "llama")
    train(Llama<>(model_size(named_llama_size(size), *this, V), random), corpus, tokenizer, ranks);
  else train(Gpt<>(model_size(named_size(size), *this, V), random), corpus, tokenizer, ranks);
}

template <class Model>
void TrainCommand::train(Model model_, const Corpus& corpus, AnyTokenizer tokenizer, Ranks& ranks) {
  const std::string recipe_file = (fs::path(folder) / "training.json").string();
  Run run(*this, corpus, std::move(tokenizer), model_, ranks);
  std::error_code failure;
  if (ranks.first()) fs::create_directories(folder, failure);
  if (failure)
    throw Error(say("{}: this folder cannot be made: {}", "{}: bu klasör oluşturulamıyor: {}",
                    folder, failure.message()));
  run.introduce();
  const std::string checkpoint = (fs::path(folder) / "checkpoint.safetensors").string();
  if (resume && fs::exists(checkpoint)) run.resume();
  else if (ranks.first()) {  // what was interrupted before its first look begins anew
    fs::remove(checkpoint, failure);
    save_model_folder(folder, model_, run.tokenizer());
    write_file_whole(recipe_file, json(static_cast<const Recipe&>(*this)).dump(2) + "\n");
  }
  run.go();
  if (ranks.first()) run.conclude();
}

}  // namespace

void add_train(CLI::App& app) {
  const auto c = std::make_shared<TrainCommand>();
  CLI::App* verb = app.add_subcommand(
      "train", say("Train a model on your own text", "Kendi metninizle bir model eğitir"));
  verb->add_option(say("TEXT", "METİN"), c->texts,
                   say("Files, folders, or - for the standard input",
                       "Dosyalar, klasörler; standart girdi için -"));
  verb->add_option("-o,--output", c->folder, say("Folder for the model", "Modelin klasörü"))
      ->required();
  verb->add_flag("--resume", c->resume,
                 say("Go on with the run in that folder", "O klasördeki eğitimi sürdürür"));
  verb->add_flag("--sharded", c->sharded,
                 say("With mpirun: each process keeps a share of the optimizer's state (ZeRO 1)",
                     "mpirun ile: her süreç optimizer durumunun bir payını tutar (ZeRO 1)"));
  const auto group_text = say("Text", "Metin"), group_model = say("Model", "Model"),
             group_run = say("Training", "Eğitim");
  verb->add_option("--tokens", c->tokens,
                   say("characters, pairs (byte pairs), gpt2-pairs (by GPT-2's rule, for "
                       "llama.cpp) or words",
                       "characters (karakter), pairs (bayt çifti), gpt2-pairs (GPT-2'nin "
                       "kuralıyla, llama.cpp için) ya da words (kelime)"))
      ->check(CLI::IsMember({"characters", "pairs", "gpt2-pairs", "words"}))
      ->capture_default_str()
      ->group(group_text);
  verb->add_option("--vocabulary", c->vocabulary,
                   say("Different tokens (default: 4096 pairs, 8000 words)",
                       "Farklı token sayısı (verilmezse 4096 çift, 8000 kelime)"))
      ->check(CLI::Range(1, 1000000))
      ->group(group_text);
  verb->add_option("--held-out", c->held_out,
                   say("Share of the text, at its end, to measure on",
                       "Metnin sonundan ölçmek için ayrılan pay"))
      ->check(CLI::Range(0.001, 0.9))
      ->capture_default_str()
      ->group(group_text);
  verb->add_option("--model", c->model, say("gpt2 or llama", "gpt2 ya da llama"))
      ->check(CLI::IsMember({"gpt2", "llama"}))
      ->capture_default_str()
      ->group(group_model);
  verb->add_option("--size", c->size, say("nano, tiny or small", "nano, tiny ya da small"))
      ->check(CLI::IsMember({"nano", "tiny", "small"}))
      ->capture_default_str()
      ->group(group_model);
  const auto count = [&](const char* name, Index& value, const char* help) {
    verb->add_option(name, value, help)
        ->check(CLI::Range(Index{1}, Index{100000000}))
        ->group(group_model);
  };
  count("--layers", c->layers, say("Transformer blocks", "Transformer bloğu sayısı"));
  count("--heads", c->heads,
        say("Attention heads, a divisor of the channels",
            "Dikkat kafası sayısı; kanal sayısını bölmeli"));
  count("--channels", c->channels, say("Numbers a token", "Token başına sayı"));
  count(
      "--context", c->context,
      say("The most tokens that the model sees at once", "Modelin bir arada gördüğü en çok token"));
  verb->add_option("--dropout", c->dropout, say("Against learning by heart", "Ezberlemeye karşı"))
      ->check(CLI::Range(0.0, 0.99))
      ->capture_default_str()
      ->group(group_model);
  verb->add_option("--minutes", c->minutes,
                   say("How long (default: 5)", "Ne kadar süre (verilmezse 5)"))
      ->check(CLI::PositiveNumber)
      ->group(group_run);
  verb->add_option(
          "--steps", c->steps,
          say("How many updates, instead of --minutes", "--minutes yerine güncelleme sayısı"))
      ->check(CLI::Range(Index{1}, Index{1000000000}))
      ->group(group_run);
  verb->add_option("--batch", c->batch,
                   say("Windows of text a step", "Adım başına metin penceresi"))
      ->check(CLI::Range(Index{1}, Index{1000000}))
      ->capture_default_str()
      ->group(group_run);
  verb->add_option("--learning-rate", c->learning_rate,
                   say("At its peak", "En yüksek öğrenme oranı"))
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->group(group_run);
  verb->add_option("--final-learning-rate", c->final_learning_rate,
                   say("At the end", "Sondaki öğrenme oranı"))
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->group(group_run);
  verb->add_option("--warmup", c->warmup,
                   say("Steps until the peak (default: at most 50)",
                       "En yükseğe kadar adım (verilmezse en çok 50)"))
      ->check(CLI::Range(Index{1}, Index{1000000}))
      ->group(group_run);
  verb->add_option("--weight-decay", c->weight_decay,
                   say("Of matrices", "Matrislerin ağırlık sönümü"))
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->group(group_run);
  verb->add_option(
          "--evaluate-every", c->evaluate_every,
          say("Steps between two looks at the held-out text (default: twenty looks in all)",
              "Ayrılmış metne iki bakış arasındaki adım (verilmezse toplam yirmi bakış)"))
      ->check(CLI::Range(Index{1}, Index{1000000000}))
      ->group(group_run);
  verb->add_option("--patience", c->patience,
                   say("Looks without a better loss that end the run",
                       "Kayıp düşmeden geçen, eğitimi bitirecek bakış sayısı"))
      ->check(CLI::Range(Index{1}, Index{1000000}))
      ->group(group_run);
  verb->add_option("--seed", c->seed,
                   say("Seed of all random numbers", "Rastgele sayıların tohumu"))
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->group(group_run);
  verb->add_option("--prompt", c->prompt,
                   say("What the samples on the way begin with",
                       "Yol boyunca yazılan örneklerin başlangıcı"))
      ->group(group_run);
  verb->footer(
      say("Examples:\n"
          "  damla train book.txt -o model                   five minutes on one file\n"
          "  damla train texts/ -o model --minutes 60        an hour on a folder of files\n"
          "  damla train -o model --resume                   goes on after Ctrl-C or a crash\n"
          "  mpirun -n 4 damla train book.txt -o model       four processes share each step\n",
          "Örnekler:\n"
          "  damla train kitap.txt -o model                  bir dosyayla beş dakika\n"
          "  damla train metinler/ -o model --minutes 60     bir klasör dosyayla bir saat\n"
          "  damla train -o model --resume                   Ctrl-C'den ya da bir kesintiden sonra "
          "sürdürür\n"
          "  mpirun -n 4 damla train kitap.txt -o model      dört süreç her adımı paylaşır\n"));
  verb->callback([c] { c->run(); });
}

}  // namespace damla::command
