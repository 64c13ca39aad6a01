// The man page, and what bash and zsh complete: made from the verbs and options themselves.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "command/command.hpp"

namespace damla::command {

namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::vector<const CLI::App*> verbs_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* verb) { return !verb->get_group().empty(); });
}

/// Those that --help shows, positional ones or those with names. All verbs have the program's help.
std::vector<const CLI::Option*> options_of(const CLI::App& app, bool positional) {
  return app.get_options([&](const CLI::Option* option) {
    return !option->get_group().empty() && option->get_positional() == positional &&
           (app.get_parent() == nullptr || option != app.get_help_ptr());
  });
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }
bool takes_number(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.starts_with("INT") || type.starts_with("UINT") || type.starts_with("FLOAT");
}
/// The words of which its value is one; CLI11 names them in the type: "TEXT:{nano,tiny,small}".
std::vector<std::string> values_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find('{'), end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return {};
  return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

std::string usage(const CLI::App& verb) {
  std::string text = fmt::format("damla {} [{}]", verb.get_name(), say("OPTIONS", "SEÇENEKLER"));
  for (const CLI::Option* p : options_of(verb, true)) {
    const std::string name = p->get_name(true) + (p->get_items_expected_max() > 1 ? "…" : "");
    text += p->get_required() ? " " + name : " [" + name + "]";
  }
  return text;
}

/// A text as it is for man: no hyphen but a minus, no quote that it turns, no point that begins a
/// line and so a request.
std::string roff(std::string text) {
  text = replaced(std::move(text), "\\", "\\(rs");
  text = replaced(std::move(text), "-", "\\-");
  text = replaced(std::move(text), "'", "\\(aq");
  if (text.starts_with('.')) text.insert(0, "\\&");
  return replaced(std::move(text), "\n.", "\n\\&.");
}

std::string man_options(const CLI::App& app) {
  std::string page;
  for (const CLI::Option* option : options_of(app, true))
    page += fmt::format(".TP\n\\fI{}\\fR\n{}.\n", roff(option->get_name(true)),
                        roff(option->get_description()));
  for (const CLI::Option* option : options_of(app, false)) {
    page +=
        fmt::format(".TP\n\\fB{}\\fR", roff(fmt::format("{}", fmt::join(names_of(*option), ", "))));
    const std::vector<std::string> values = values_of(*option);
    if (!values.empty())
      page += fmt::format(" \\fR{}\\fR", roff(fmt::format("{}", fmt::join(values, "|"))));
    else if (takes_value(*option))
      page += fmt::format(" \\fI{}\\fR",
                          takes_number(*option) ? say("N", "SAYI") : say("VALUE", "DEĞER"));
    page += "\n" + roff(option->get_description());
    if (const std::string usual = option->get_default_str(); takes_value(*option) && !usual.empty())
      page += fmt::format(" ({} {})", say("default:", "verilmezse"), roff(usual));
    page += ".\n";
  }
  return page;
}

std::string man_page(const CLI::App& app) {
  std::string page = fmt::format(".TH DAMLA 1 \"\" \"damla {}\"\n", DAMLA_VERSION);
  page += fmt::format(
      ".SH {}\ndamla \\- {}\n", say("NAME", "AD"),
      say("language models from a text of your own", "kendi metninizden dil modelleri"));
  page += fmt::format(".SH {}\n.nf\n", say("SYNOPSIS", "KULLANIM"));
  for (const CLI::App* verb : verbs_of(app)) page += roff(usage(*verb)) + "\n";
  page += fmt::format(".fi\n.SH {}\n", say("DESCRIPTION", "AÇIKLAMA"));
  page += roff(
      say("damla trains a GPT on a text of your own, on the processor of a laptop, and lets it "
          "write. A model is a folder in the layout of Hugging Face's GPT-2.\n",
          "damla, kendi metninizle dizüstü bilgisayarın işlemcisinde bir GPT eğitir ve ona yazı "
          "yazdırır. Bir model, Hugging Face'in GPT-2 düzeninde bir klasördür.\n"));
  page +=
      fmt::format(".SH {}\n{}\n{}", say("OPTIONS", "SEÇENEKLER"),
                  say("Each command knows them.", "Bütün komutlarda vardır."), man_options(app));
  page += fmt::format(".SH {}\n", say("COMMANDS", "KOMUTLAR"));
  std::string examples;
  for (const CLI::App* verb : verbs_of(app)) {
    page += fmt::format(".SS {}\n{}.\n{}", roff(usage(*verb)), roff(verb->get_description()),
                        man_options(*verb));
    const std::string footer = verb->get_footer();
    examples += footer.substr(footer.find('\n') + 1);  // without its first line: "Examples:"
  }
  page += fmt::format(".SH {}\n.nf\n{}.fi\n", say("EXAMPLES", "ÖRNEKLER"), roff(examples));
  return page + say(R"(.SH EXIT STATUS
0 when all went well, 1 for an error, 2 for a wrong command line, 130 after Ctrl\-C.
.SH ENVIRONMENT
.TP
.B DAMLA_THREADS
Threads, where \fB\-\-threads\fR is not given.
.TP
.B LC_ALL, LC_MESSAGES, LANG
The language, where \fB\-\-lang\fR is not given: Turkish for tr, else English.
.TP
.B NO_COLOR
If it is set, nothing is in colour.
.SH FILES
A model's folder holds
.TP
.I config.json, model.safetensors, tokenizer.json, tokenizer_config.json
the model as Python reads it,
.TP
.I damla_tokenizer.json
the tokenizer as damla reads it,
.TP
.I log.csv, log.jsonl, loss.svg
a line for each look at the held\-out text, and their curve,
.TP
.I training.json, checkpoint.safetensors
what \fBdamla train \-\-resume\fR needs.
.SH SEE ALSO
.BR gnuplot (1),
which draws the curve.
)",
                    R"(.SH ÇIKIŞ KODU
Her şey yolundaysa 0, bir hata olduysa 1, komut satırı yanlışsa 2, Ctrl\-C\(aqden sonra 130.
.SH ORTAM DEĞİŞKENLERİ
.TP
.B DAMLA_THREADS
\fB\-\-threads\fR verilmemişse iş parçacığı sayısı.
.TP
.B LC_ALL, LC_MESSAGES, LANG
\fB\-\-lang\fR verilmemişse dil: tr ise Türkçe, değilse İngilizce.
.TP
.B NO_COLOR
Tanımlıysa renk kullanılmaz.
.SH DOSYALAR
Bir modelin klasöründe şunlar bulunur:
.TP
.I config.json, model.safetensors, tokenizer.json, tokenizer_config.json
Python\(aqun okuduğu biçimde model;
.TP
.I damla_tokenizer.json
damla\(aqnın okuduğu biçimde tokenizer;
.TP
.I log.csv, log.jsonl, loss.svg
ayrılmış metne her bakış için bir satır ve kaybın eğrisi;
.TP
.I training.json, checkpoint.safetensors
\fBdamla train \-\-resume\fR için gerekenler.
.SH AYRICA BAKINIZ
Eğriyi çizen
.BR gnuplot (1).
)");
}

/// Each verb with what belongs to it alone; the first one, without a name, is what all share.
std::vector<std::pair<std::string, const CLI::App*>> parts(const CLI::App& app) {
  std::vector<std::pair<std::string, const CLI::App*>> all{{"", &app}};
  for (const CLI::App* verb : verbs_of(app)) all.emplace_back(verb->get_name(), verb);
  return all;
}

std::string bash_completion(const CLI::App& app) {
  std::vector<std::string> verbs, numbers;
  std::string values, options;
  for (const auto& [name, part] : parts(app)) {
    options += name.empty() ? "    local options='" : fmt::format("      {}) options+='", name);
    for (const CLI::Option* option : options_of(*part, false)) {
      std::vector<std::string> names = names_of(*option);
      options += " " + names.back();
      for (std::string& n : names) n = fmt::format("{}:{}", name.empty() ? "*" : name, n);
      if (const auto choice = values_of(*option); !choice.empty())
        values +=
            fmt::format("    {}) words='{}' ;;\n", fmt::join(names, " | "), fmt::join(choice, " "));
      else if (takes_number(*option)) numbers.insert(numbers.end(), names.begin(), names.end());
    }
    options += name.empty() ? "'\n    case $verb in\n" : "' ;;\n";
    if (!name.empty()) verbs.push_back(name);
  }
  return fmt::format(R"(# What bash completes for damla. Made by damla --completion bash.
_damla() {{
  local word verb= words= verbs='{0}'
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  # --size=na comes as three words.
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${{COMP_WORDS[COMP_CWORD-2]}}; fi
  COMPREPLY=()
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    if [[ " $verbs " == *" $word "* ]]; then verb=$word; break; fi
  done
  # Where nothing is answered, bash completes names of files; but a number is none.
  case $verb:$prev in
{1}    {2}) compopt +o default 2>/dev/null; return ;;
  esac
  if [[ -z $words && $cur == -* ]]; then
{3}    esac
    words=$options
  elif [[ -z $words && -z $verb ]]; then
    words=$verbs
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
complete -o default -F _damla damla
)",
                     fmt::join(verbs, " "), values, fmt::join(numbers, " | "), options);
}

std::string zsh_text(std::string text) {
  for (const char* special : {"\\", "[", "]", ":"})
    text = replaced(std::move(text), special, std::string("\\") + special);
  return replaced(std::move(text), "'", "'\\''");
}

/// One argument of zsh's _arguments.
std::string zsh_option(const CLI::Option& option) {
  const std::vector<std::string> names = names_of(option), values = values_of(option);
  std::string text = fmt::format("'({})'", fmt::join(names, " ")), called;
  for (const std::string& name : names)
    called += (called.empty() ? "" : ",") + name +
              (!takes_value(option)     ? ""
               : name.starts_with("--") ? "="
                                        : "+");
  text += names.size() > 1 ? "{" + called + "}" : called;
  text += "'[" + zsh_text(option.get_description()) + "]";
  if (!values.empty()) text += fmt::format(":{}:({})", names.back(), fmt::join(values, " "));
  else if (takes_number(option)) text += fmt::format(":{}:", say("a number", "bir sayı"));
  else if (takes_value(option)) text += ": :_files";
  return text + "'";
}

std::string zsh_completion(const CLI::App& app) {
  std::string common, verbs, cases;
  for (const auto& [name, part] : parts(app)) {
    std::string own;
    for (const CLI::Option* option : options_of(*part, false))
      own += "\n        " + zsh_option(*option);
    for (const CLI::Option* p : options_of(*part, true))
      own += fmt::format("\n        '{}:{}:{}'", p->get_items_expected_max() > 1 ? "*" : "",
                         p->get_name(true), p->get_name(true) == "FOLDER" ? "_files -/" : "_files");
    if (name.empty()) common = own;
    else {
      verbs += fmt::format("    '{}:{}'\n", name, zsh_text(part->get_description()));
      cases += fmt::format("    {})\n      _arguments -s $common{}\n      ;;\n", name,
                           replaced(own, "\n", " \\\n"));
    }
  }
  return fmt::format(R"(#compdef damla
# What zsh completes for damla. Made by damla --completion zsh.
_damla() {{
  local context state state_descr line
  typeset -A opt_args
  local -a verbs common
  verbs=(
{}  )
  common=({}
  )
  _arguments -s -C $common '1: :->verb' '*:: :->rest' && return
  if [[ $state == verb ]]; then
    _describe damla verbs
    return
  fi
  case $line[1] in
{}  esac
}}
if [[ $funcstack[1] == _damla ]]; then _damla "$@"; else compdef _damla damla; fi
)",
                     verbs, common, cases);
}

}  // namespace

void add_manual(CLI::App& app) {
  const auto write = [&app](std::string (*text)(const CLI::App&)) {
    print(text(app));
    throw CLI::Success();
  };
  app.add_flag_function(
         "--man", [=](auto) { write(man_page); }, "")
      ->group("");
  app.add_option_function<std::string>(
         "--completion",
         [=](const std::string& shell) {
           write(shell == "bash" ? bash_completion : zsh_completion);
         },
         "")
      ->check(CLI::IsMember({"bash", "zsh"}))
      ->group("");
}

}  // namespace damla::command
