#pragma once

namespace CLI {
class App;
}

namespace damla::report {

/// Chooses the language of this program: --lang tr or en, wherever it stands among the arguments;
/// else that of the locale. To be called before anything is said.
void choose_language(int argc, const char* const* argv);

/// Adds --help and --lang to a program, and says what is wrong with a command line. When the
/// program speaks Turkish, so does what CLI11 says itself: headings, and kinds of values. To be
/// called before verbs are added, which inherit it.
void speak_on_command_line(CLI::App& app);

}  // namespace damla::report
