// Verbs that look at a model and change nothing: next, tokens, evaluate.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <span>

#include "command/command.hpp"
#include "command/model.hpp"
#include "damla/text/unicode.hpp"
#include "damla/train/evaluate.hpp"

namespace damla::command {

namespace {

struct Next {
  std::string folder, text;
  std::size_t top = 10;
  void run() {
    visit_model_folder(folder, [&](auto& m) { show(m); });
  }
  void show(auto& m) const {
    const Tokens before = beginning(m.tokenizer, text_argument(text));
    if (before.empty())
      throw Error(say("the text is empty: the model needs at least one token to go on from",
                      "metin boş: modelin devam edebilmesi için en az bir token gerekir"));
    const std::size_t n =
        std::min(before.size(), static_cast<std::size_t>(m.model.options.context));
    const TokenSpan seen = TokenSpan(before).last(n);
    const std::vector<double> p = next_probabilities(m.model, seen);
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t shown = std::min(top, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown),
                      order.end(), [&](std::size_t a, std::size_t b) { return p[a] > p[b]; });
    for (const std::size_t w : std::span(order).first(shown))
      print(say("{:>7.3f} %  {:<40}  {}\n", "%{:<6.3Lf}  {:<40}  {}\n", 100 * p[w],
                std::string(static_cast<std::size_t>(std::lround(40 * p[w])), '#'),
                visible(m.tokenizer.piece(static_cast<Token>(w)))));
  }
};

struct ShowTokens {
  std::string folder, text, beside;
  static void show(const std::string& folder, const std::string& text) {
    const AnyTokenizer tokenizer = load_tokenizer(folder);
    const Tokens tokens = tokenizer.encode(text);
    std::string pieces, numbers;
    for (const Token t : tokens) {
      pieces += (pieces.empty() ? "" : "|") + visible(tokenizer.piece(t));
      numbers += (numbers.empty() ? "" : " ") + std::to_string(t);
    }
    const auto letters = static_cast<double>(code_points(text).size());
    print(say("{}: {}, {} different · {} tokens for {} letters ({:.2f} each)\n{}\n{}\n",
              "{}: {}, {} farklı · {} token, {} harf (token başına {:.2Lf})\n{}\n{}\n", folder,
              kind_text(tokenizer), tokenizer.vocab_size(), tokens.size(), letters,
              letters / static_cast<double>(std::max<std::size_t>(1, tokens.size())), pieces,
              numbers));
  }
  void run() const {
    const std::string whole = text_argument(text);
    show(folder, whole);
    if (!beside.empty()) print("\n"), show(beside, whole);
  }
};

struct Evaluate {
  std::string folder;
  std::vector<std::string> texts;
  void run() {
    visit_model_folder(folder, [&](auto& m) { measure(m); });
  }
  void measure(auto& m) const {
    std::string text;
    for (const std::string& part : read_texts(texts)) text += part;
    const Tokens tokens = m.tokenizer.encode(text);
    const Index T = std::min<Index>(m.model.options.context, std::ssize(tokens) - 1);
    if (T < 1)
      throw Error(say("the text has fewer than two tokens: there is nothing to predict",
                      "metin iki tokendan kısa: tahmin edilecek bir şey yok"));
    const TextWindows windows(tokens, T);
    const std::vector<double> losses = window_losses(m.model, windows);
    double sum = 0;
    for (const double l : losses) sum += l;
    const auto n = static_cast<double>(losses.size());
    const double bytes = static_cast<double>(m.tokenizer.decode(TokenSpan(windows.targets)).size());
    print(
        say("{} tokens in windows of {}: loss {:.4f} nats a token, perplexity {:.2f}, "
            "{:.3f} bits a byte\n",
            "{} token, {} tokenlık pencerelerde: token başına kayıp {:.4Lf} nat, "
            "şaşkınlık {:.2Lf}, bayt başına {:.3Lf} bit\n",
            losses.size(), T, sum / n, std::exp(sum / n), sum / std::log(2.0) / bytes));
  }
};

}  // namespace

void add_look(CLI::App& app) {
  {
    const auto c = std::make_shared<Next>();
    CLI::App* verb = app.add_subcommand("next", say("What may come next, with probabilities",
                                                    "Ardından ne gelebilir, olasılıklarıyla"));
    add_folder(verb, c->folder);
    verb->add_option(say("TEXT", "METİN"), c->text,
                     say("What stands before; - for the standard input",
                         "Önündeki metin; standart girdi için -"))
        ->required();
    verb->add_option("--top", c->top, say("How many are shown", "Kaç tanesi gösterilsin"))
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    verb->footer(say("Example:\n  damla next model \"Damlaya damlaya göl\"\n",
                     "Örnek:\n  damla next model \"Damlaya damlaya göl\"\n"));
    verb->callback([c] { c->run(); });
  }
  {
    const auto c = std::make_shared<ShowTokens>();
    CLI::App* verb = app.add_subcommand(
        "tokens", say("How a text is cut into tokens", "Bir metin tokenlara nasıl ayrılıyor"));
    add_folder(verb, c->folder);
    verb->add_option(say("TEXT", "METİN"), c->text,
                     say("The text; - for the standard input", "Metin; standart girdi için -"))
        ->required();
    verb->add_option(
        "--beside", c->beside,
        say("Another model's folder, to compare", "Karşılaştırmak için başka bir modelin klasörü"));
    verb->footer(say("Example:\n  damla tokens model \"evlerimizden\" --beside other\n",
                     "Örnek:\n  damla tokens model \"evlerimizden\" --beside öteki\n"));
    verb->callback([c] { c->run(); });
  }
  {
    const auto c = std::make_shared<Evaluate>();
    CLI::App* verb = app.add_subcommand(
        "evaluate",
        say("How well a model predicts a text", "Model bir metni ne kadar iyi tahmin ediyor"));
    add_folder(verb, c->folder);
    verb->add_option(say("TEXT", "METİN"), c->texts,
                     say("Files, folders, or -", "Dosyalar, klasörler ya da -"))
        ->required();
    verb->footer(say("Example:\n  damla evaluate model test.txt\n",
                     "Örnek:\n  damla evaluate model sinama.txt\n"));
    verb->callback([c] { c->run(); });
  }
}

}  // namespace damla::command
