// damla export FOLDER -o OUT: the model alone, as other programs read it.

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "command/command.hpp"
#include "command/model.hpp"
#include "damla/core/files.hpp"
#include "damla/hub/gguf.hpp"

namespace damla::command {

namespace {

struct Export {
  std::string folder, output, weights = "f32";
  bool is_gguf() const { return output.ends_with(".gguf"); }
  void run() const {
    std::error_code none;
    if (std::filesystem::equivalent(folder, output, none))
      throw Error(say("{}: is the model's own folder: name another",
                      "{}: modelin kendi klasörü: başka bir ad verin", output));
    if (weights != "f32" && !is_gguf())
      throw Error(
          say("{}: a folder holds weights as f32: for {} name a file that ends in "
              ".gguf",
              "{}: klasörde ağırlıklar f32 olur: {} için .gguf ile biten bir dosya "
              "adı verin",
              output, weights));
    visit_model_folder(folder, [&](auto& m) { write(m); });
  }

 private:
  void write(auto& m) const {
    if (is_gguf()) {
      save_gguf(output, m.model, m.tokenizer, weight_type(weights));
      return print(say(
          "{0}: the model for llama.cpp, {1}. There:\n"
          "  llama-completion -m {0} -p \"Once\"\n",
          "{0}: llama.cpp için model, {1}. Orada:\n"
          "  llama-completion -m {0} -p \"Bir\"\n",
          output, size_text(static_cast<double>(std::filesystem::file_size(system_path(output))))));
    }
    save_model_folder(output, m.model, m.tokenizer, m.settings);
    print(
        say("{0}: the model in Hugging Face's layout. In Python:\n"
            "  transformers.AutoModelForCausalLM.from_pretrained(\"{0}\")\n",
            "{0}: model, Hugging Face düzeninde. Python'da:\n"
            "  transformers.AutoModelForCausalLM.from_pretrained(\"{0}\")\n",
            output));
  }
};

}  // namespace

void add_export(CLI::App& app) {
  const auto c = std::make_shared<Export>();
  CLI::App* verb = app.add_subcommand(
      "export", say("The model alone, to hand on", "Başkasına vermek için yalnız model"));
  add_folder(verb, c->folder);
  verb->add_option("-o,--output", c->output,
                   say("Folder to write, or a file for llama.cpp: its name ends in .gguf",
                       "Yazılacak klasör ya da llama.cpp için, adı .gguf ile biten dosya"))
      ->required();
  verb->add_option("--weights", c->weights,
                   say("How a .gguf keeps weights: f32, f16, bf16 or q8_0 (eight bits)",
                       ".gguf dosyasında ağırlıklar: f32, f16, bf16 ya da q8_0 (sekiz bit)"))
      ->check(CLI::IsMember({"f32", "f16", "bf16", "q8_0"}))
      ->capture_default_str();
  verb->footer(
      say("Examples:\n  damla export model -o to_hand_on\n"
          "  damla export model -o model.gguf --weights q8_0\n",
          "Örnekler:\n  damla export model -o verilecek\n"
          "  damla export model -o model.gguf --weights q8_0\n"));
  verb->callback([c] { c->run(); });
}

}  // namespace damla::command
