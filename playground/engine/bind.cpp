// What the page's worker sees of the rooms.
#include "curve.hpp"
#include "javascript.hpp"
#include "leash.hpp"
#include "line.hpp"
#include "looking_back.hpp"
#include "my_model.hpp"
#include "next_word.hpp"
#include "tokenizers.hpp"
#include "vectors.hpp"
#include "writer.hpp"

using namespace damla::playground;

/// Puts files, {name, bytes} each, into a folder of the memory's file system, for as long as the
/// model is read from there.
static MyModel* my_model(val files) {
  return guarded([&] {
    val file_system = val::module_property("FS");
    const std::string folder = "/model";
    std::vector<std::string> names;
    for (const val& file : emscripten::vecFromJSArray<val>(files))
      names.push_back(file["name"].as<std::string>());
    file_system.call<val>("mkdirTree", folder);
    for (std::size_t i = 0; i < names.size(); ++i)
      file_system.call<val>("writeFile", folder + "/" + names[i], files[i]["bytes"]);
    const auto clear = [&] {
      for (const std::string& name : names) file_system.call<val>("unlink", folder + "/" + name);
    };
    try {
      auto* model = new MyModel(folder);
      clear();
      return model;
    } catch (...) {
      clear();
      throw;
    }
  });
}

EMSCRIPTEN_BINDINGS(damla_playground) {
  Bound<Line>("Line")
      .constructor<std::int32_t>()
      .function<&Line::set_songs>("setSongs")
      .function<&Line::set_learning_rate>("setLearningRate")
      .function<&Line::step>("step")
      .function<&Line::weights>("weights")
      .function<&Line::gradient>("gradient")
      .function<&Line::probability>("probability")
      .function<&Line::grid>("grid")
      .function<&Line::accuracy>("accuracy")
      .function<&Line::fresh_accuracy>("freshAccuracy")
      .class_function<&Line::lesson_songs>("lessonSongs")
      .class_function<&Line::read_songs>("readSongs")
      .class_function<&Line::best_accuracy>("bestAccuracy");

  Bound<Curve>("Curve")
      .constructor<std::int32_t, std::int32_t, std::int32_t, std::string>()
      .function<&Curve::set_points>("setPoints")
      .function<&Curve::set_learning_rate>("setLearningRate")
      .function<&Curve::step>("step")
      .function<&Curve::accuracy>("accuracy")
      .function<&Curve::fresh_accuracy>("freshAccuracy")
      .function<&Curve::grid>("grid")
      .function<&Curve::neuron>("neuron")
      .function<&Curve::parameters>("parameters")
      .class_function<&Curve::points>("points")
      .class_function<&Curve::best_accuracy>("bestAccuracy");

  Bound<NextWord>("NextWord")
      .constructor<std::int32_t>()
      .function<&NextWord::step>("step")
      .function<&NextWord::steps>("steps")
      .function<&NextWord::steps_done>("stepsDone")
      .function<&NextWord::tokens_per_second>("tokensPerSecond")
      .function<&NextWord::floor>("floor")
      .function<&NextWord::fresh_loss>("freshLoss")
      .function<&NextWord::after>("after")
      .function<&NextWord::distance>("distance")
      .function<&NextWord::text>("text")
      .function<&NextWord::parameters>("parameters")
      .class_function<&NextWord::begun>("begun");

  Bound<Tokenizers>("Tokenizers")
      .constructor<std::string, std::int32_t>()
      .function<&Tokenizers::kinds>("kinds")
      .function<&Tokenizers::pieces>("pieces")
      .function<&Tokenizers::size>("size")
      .class_function<&Tokenizers::lesson_text>("lessonText");

  Bound<Vectors>("Vectors")
      .constructor<std::int32_t>()
      .function<&Vectors::step>("step")
      .function<&Vectors::words>("words")
      .function<&Vectors::neighbours>("neighbours")
      .function<&Vectors::plane>("plane")
      .function<&Vectors::parameters>("parameters");

  Bound<LookingBack>("LookingBack")
      .constructor<std::int32_t>()
      .function<&LookingBack::step>("step")
      .function<&LookingBack::steps>("steps")
      .function<&LookingBack::layers>("layers")
      .function<&LookingBack::heads>("heads")
      .function<&LookingBack::parameters>("parameters")
      .function<&LookingBack::words>("words")
      .function<&LookingBack::look>("look")
      .function<&LookingBack::pair>("pair")
      .function<&LookingBack::after>("after")
      .class_function<&LookingBack::sentence>("sentence");

  Bound<Writer>("Writer")
      .constructor<std::int32_t, std::string, std::string>()
      .function<&Writer::step>("step")
      .function<&Writer::next>("next")
      .function<&Writer::draw>("draw")
      .function<&Writer::parameters>("parameters")
      .class_function<&Writer::lesson_text>("lessonText");

  Bound<Leash>("Leash")
      .constructor<std::int32_t, double>()
      .function<&Leash::step>("step")
      .function<&Leash::figures>("figures")
      .function<&Leash::sample>("sample")
      .function<&Leash::sample_before>("sampleBefore")
      .function<&Leash::set_beta>("setBeta")
      .function<&Leash::parameters>("parameters");

  Bound<MyModel> my("MyModel");
  my.bound.constructor(&my_model, emscripten::allow_raw_pointers());
  my.function<&MyModel::tokens>("tokens")
      .function<&MyModel::layers>("layers")
      .function<&MyModel::heads>("heads")
      .function<&MyModel::context>("context")
      .function<&MyModel::parameters>("parameters")
      .function<&MyModel::look>("look")
      .function<&MyModel::next>("next")
      .function<&MyModel::draw>("draw");
}
