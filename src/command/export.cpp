// damla export FOLDER -o OUT: the model alone, as other programs read it.

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "command/command.hpp"
#include "command/model.hpp"

namespace damla::command {

namespace {

struct Export {
  std::string folder, output;
  void run() const {
    std::error_code none;
    if (std::filesystem::equivalent(folder, output, none))
      throw Error(fmt::format(fmt::runtime(say("{}: is the model's own folder: name another",
                                               "{}: modelin kendi klasörü: başka bir ad verin")),
                              output));
    visit_model_folder(
        folder, [&](auto& m) { save_model_folder(output, m.model, m.tokenizer, m.settings); });
    print(fmt::format(
        fmt::runtime(say("{0}: the model in Hugging Face's layout. In Python:\n"
                         "  transformers.AutoModelForCausalLM.from_pretrained(\"{0}\")\n",
                         "{0}: model, Hugging Face düzeninde. Python'da:\n"
                         "  transformers.AutoModelForCausalLM.from_pretrained(\"{0}\")\n")),
        output));
  }
};

}  // namespace

void add_export(CLI::App& app) {
  const auto c = std::make_shared<Export>();
  CLI::App* verb = app.add_subcommand(
      "export", say("The model alone, to hand on", "Başkasına vermek için yalnız model"));
  add_folder(verb, c->folder);
  verb->add_option("-o,--output", c->output, say("Folder to write", "Yazılacak klasör"))
      ->required();
  verb->footer(say("Example:\n  damla export model -o to_hand_on\n",
                   "Örnek:\n  damla export model -o verilecek\n"));
  verb->callback([c] { c->run(); });
}

}  // namespace damla::command
