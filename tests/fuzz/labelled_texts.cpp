// Any bytes as texts with labels.
#include "damla/data/labelled_texts.hpp"

#include "fuzz.hpp"

using namespace damla;

std::vector<std::string> seeds() {
  std::string text = "text,label\n";
  for (int i = 0; i < 12; ++i)
    text += "\"güzel, bir\nşey\"," + std::string(i % 2 ? "iyi" : "kötü") + "\n";
  return {text};
}

void check(std::string_view bytes) {
  const std::string path = memory_file(bytes);
  may_refuse([&] {
    const LabelledFile file = read_labelled_texts(path);
    for (const LabelledText& t : file.texts)
      must(!t.text.empty() && t.label >= 0 && t.label < std::ssize(file.names));
  });
}
