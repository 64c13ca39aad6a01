#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <locale>
#include <string>
#include <string_view>
#include <vector>

#include "damla/core/scalar.hpp"

/// What the verbs of the `damla` program share: its language, its output, and Ctrl-C.
namespace damla::command {

/// How this run writes the point of 0.5 where it is asked to ({:L}).
const std::locale& number_style();
/// The sentence in the language of this run.
const char* say(const char* english, const char* turkish);
/// The same, with the arguments in its places. A number that is written {:.2Lf} has Turkish's
/// comma.
template <class First, class... Rest>
std::string say(const char* english, const char* turkish, const First& first, const Rest&... rest) {
  return fmt::format(number_style(), fmt::runtime(say(english, turkish)), first, rest...);
}

/// Writes to the standard output at once. When nobody reads it any more (`damla … | head`), the
/// program ends quietly; after `go_on_unread` it goes on in silence.
void print(std::string_view text);
void go_on_unread();
/// From here on `print` says nothing: of many machines only one speaks.
void be_silent();

/// From here on the first Ctrl-C, or the end of the terminal or of the system, sets `interrupted`,
/// so that work can be saved; a second one ends the program.
void watch_interrupt();
bool interrupted();
/// Thrown by who noticed, when all is saved: the program ends with exit code 130.
struct Interrupted {};

/// Is the standard output, or the input, a terminal?
bool output_is_terminal();
bool input_is_terminal();

/// "12.3 MB", "1 h 05 min": for people.
std::string size_text(double bytes);
std::string time_text(double seconds);

/// A text as it stands in a table: valid UTF-8 in which blanks, line ends and what nobody sees
/// (controls, marks for the direction of writing) are visible, as "␣", "\n", "\u{7}".
std::string visible(std::string_view text, std::string_view blank = "␣");

/// All texts of files, of folders with what is in them, and of the standard input ("-"), in the
/// order of their names. Throws Error with the path for what is no UTF-8 text.
std::vector<std::string> read_texts(const std::vector<std::string>& paths);

/// Each adds its verb to the program.
void add_train(CLI::App& app);
void add_look(CLI::App& app);  // next, tokens, evaluate
void add_inspect(CLI::App& app);
void add_write(CLI::App& app);  // generate
void add_chat(CLI::App& app);   // tune, chat
void add_export(CLI::App& app);
/// --man and --completion, for who packs the program: hidden, and last, so that they know all
/// verbs.
void add_manual(CLI::App& app);

}  // namespace damla::command
