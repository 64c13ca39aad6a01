#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "damla/align/reward_model.hpp"
#include "damla/core/files.hpp"
#include "damla/optim/sgd.hpp"
#include "damla/train/checkpoint.hpp"
#include "helpers/catch.hpp"
#include "helpers/error_says.hpp"
#include "helpers/random_data.hpp"
#include "helpers/temporary_file.hpp"

#if defined(__unix__) || defined(__APPLE__)
#include <sys/wait.h>
#include <unistd.h>
#endif

// A file from outside is never trusted: whatever is wrong, an Error says in which file.
using namespace damla;

namespace {
const GptOptions small{.vocab_size = 11, .context = 5, .channels = 8, .heads = 2, .layers = 1};

Gpt<> gpt(const GptOptions& options, std::uint64_t seed = 1) {
  Random random(seed);
  return Gpt<>(options, random);
}

/// A safetensors file of a header and `bytes` bytes of data.
std::string safetensors(const std::string& header, std::size_t bytes = 0,
                        std::uint64_t length_error = 0) {
  const std::uint64_t length = header.size() + length_error;
  std::string text(8, '\0');
  std::memcpy(text.data(), &length, 8);
  return text + header + std::string(bytes, '\1');
}

std::vector<Matrix> values(auto& model) {
  std::vector<Matrix> all;
  model.visit_parameters([&](std::string_view, Parameter& p) { all.push_back(p.value); });
  return all;
}
}  // namespace

TEST_CASE("a saved model comes back with the same numbers and settings", "[train]") {
  const TemporaryFile file("files_same.safetensors");
  for (const bool tied : {true, false}) {
    GptOptions options = small;
    options.tied = tied;
    Gpt<> saved = gpt(options, 1), loaded = gpt(options, 2);
    Settings settings = gpt_settings(options);
    settings["greeting"] = "günaydın \"dünya\"\n";
    save_model(file.path, saved, settings);
    CHECK(values(saved) != values(loaded));
    CHECK(load_model(file.path, loaded) == settings);
    CHECK(values(saved) == values(loaded));
    CHECK(gpt_options(settings) == options);
  }
}

TEST_CASE("a missing file, a folder, and a place that does not exist are errors with the path",
          "[train]") {
  Gpt<> model = gpt(small);
  CHECK(error_says([&] { load_model("/no/such/model.safetensors", model); },
                   {"/no/such/model.safetensors", "exist"}));
  CHECK(error_says([&] { save_model("/no/such/model.safetensors", model); },
                   {"/no/such/model.safetensors", "exist"}));
  const std::string folder = std::filesystem::temp_directory_path().string();
  CHECK(error_says([&] { load_model(folder, model); }, {folder}));
}

TEST_CASE("a file cut off anywhere is an error with the path", "[train]") {
  const TemporaryFile whole("files_whole.safetensors"), cut("files_cut.safetensors");
  Gpt<> model = gpt(small);
  save_model(whole.path, model);
  const std::string text = read_file(whole.path);
  REQUIRE(text.size() > 4000);
  for (std::size_t n = 0; n < text.size(); n += n < 16 ? 1 : 97) {
    CAPTURE(n);
    cut.write(text.substr(0, n));
    REQUIRE(error_says([&] { load_model(cut.path, model); }, {cut.path}));
  }
  cut.write(text.substr(0, text.size() - 1));
  CHECK(error_says([&] { load_model(cut.path, model); }, {cut.path, "cut off"}));
}

TEST_CASE("a file with any byte changed is read, or is an error with the path", "[train]") {
  const TemporaryFile whole("files_good.safetensors"), damaged("files_damaged.safetensors");
  Gpt<> model = gpt(small);
  AdamW optimizer;
  Random run(1);
  save_checkpoint(whole.path, model, optimizer, run, 3, gpt_settings(small));
  const std::string text = read_file(whole.path);
  std::uint64_t header = 0;
  std::memcpy(&header, text.data(), 8);
  Random random(2);
  int errors = 0;
  for (int i = 0; i < 1500; ++i) {
    std::string bad = text;
    for (Index changes = 1 + random.below(3); changes > 0; --changes)
      bad[static_cast<std::size_t>(random.below(static_cast<Index>(8 + header)))] =
          static_cast<char>(random.below(256));
    damaged.write(bad);
    try {
      load_checkpoint(damaged.path, model, optimizer, run);
    } catch (const Error& e) {
      ++errors;
      if (std::string_view(e.what()).find(damaged.path) == std::string_view::npos) FAIL(e.what());
    }  // any other exception fails the test
  }
  CHECK(errors > 1000);
}

TEST_CASE("headers that lie are errors with the path", "[train]") {
  const TemporaryFile file("files_header.safetensors");
  const auto refused = [&](const std::string& text, std::string_view why) {
    INFO(text.substr(std::min<std::size_t>(text.size(), 8), 200));
    file.write(text);
    CHECK(error_says([&] { read_tensors(file.path); }, {file.path, why}));
  };
  const auto tensor = [](const std::string& shape, const std::string& offsets,
                         const std::string& type = "F32") {
    return "{\"w\":{\"dtype\":\"" + type + "\",\"shape\":" + shape +
           ",\"data_offsets\":" + offsets + "}}";
  };
  const std::string good = tensor("[2,3]", "[0,24]");
  file.write(safetensors(good, 24));
  CHECK(read_tensors(file.path).tensors.at("w").rows() == 2);

  refused(safetensors(good, 24, 1ull << 60), "header");  // huge
  refused(safetensors(good, 24, ~std::uint64_t{0} - good.size()),
          "header");                             // the largest number there is
  refused(safetensors(good, 24, 25), "header");  // one over the file's size
  refused("", "too short");
  refused("1234567", "too short");
  refused(safetensors("not JSON"), "JSON");
  refused(safetensors("[1,2]"), "JSON");
  refused(safetensors(std::string(100000, '[')), "JSON");
  refused(safetensors("{\"w\":3}"), "safetensors");
  refused(safetensors("{\"__metadata__\":[]}"), "metadata");
  refused(safetensors("{\"__metadata__\":{\"a\":1}}"), "metadata");
  refused(safetensors(tensor("[2,3]", "[0,25]"), 25), "w");  // bytes that the shape does not need
  refused(safetensors(tensor("[2,3]", "[0,20]"), 24), "w");
  refused(safetensors(tensor("[2,3]", "[24,0]"), 24), "w");
  refused(safetensors(tensor("[2,3]", "[4,28]"), 24), "w");  // behind the end
  refused(safetensors(tensor("[2,-3]", "[0,24]"), 24), "w");
  refused(safetensors(tensor("[2.5,3]", "[0,24]"), 24), "w");
  refused(safetensors(tensor("[2,3]", "[0]"), 24), "w");
  refused(safetensors(tensor("[4294967296,4294967296]", "[0,0]"), 24),
          "w");  // their product is 2^64, which wraps to 0
  refused(safetensors(tensor("[6148914691236517206,3]", "[0,8]"), 24),
          "w");  // 3 times that is 2 when it wraps
  refused(safetensors(tensor("[4611686018427387904,0]", "[0,0]"), 24), "w");  // nothing, 2^62 times
  refused(safetensors(tensor("[0,18446744073709551615]", "[0,0]"), 24), "w");
  refused(safetensors(good, 25), "end");                        // a byte that belongs to none
  refused(safetensors(tensor("[2]", "[4,12]"), 12), "before");  // a hole
  refused(safetensors(tensor("[2]", "[0,8]", "F16"), 8), "w");  // twice too long for its type
  refused(safetensors(tensor("[2,2,2]", "[0,8]", "I64"), 8), "w");
  refused(safetensors(" " + good, 24), "JSON");  // the format wants { at once
  refused(safetensors("{\"a\":" + std::string(1000000, '[') + std::string(1000000, ']') + "}"),
          "nested");
  refused(
      safetensors(
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]}," + good.substr(1), 24),
      "overlap");
}

TEST_CASE("double weights are read, other kinds of tensors are passed over", "[train]") {
  const TemporaryFile file("files_kinds.safetensors");
  std::string text = safetensors(
      "{\"d\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[0,16]},"
      "\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[16,24]}}",
      24);
  const double numbers[] = {0.5, -3};
  std::memcpy(text.data() + text.size() - 24, numbers, 16);
  file.write(text);
  const TensorFile read = read_tensors(file.path);
  CHECK(read.tensors.size() == 1);
  CHECK(read.tensors.at("d")(0, 0) == Scalar(0.5));
  CHECK(read.tensors.at("d")(0, 1) == Scalar(-3));
}

TEST_CASE("numbers of 16 bits are read as the numbers that they are", "[train]") {
  const TemporaryFile file("files_half.safetensors");
  const auto read = [&](const char* type, std::vector<std::uint16_t> bits) {
    std::string text =
        safetensors(fmt::format(R"({{"w":{{"dtype":"{}","shape":[{}],"data_offsets":[0,{}]}}}})",
                                type, bits.size(), 2 * bits.size()),
                    2 * bits.size());
    std::memcpy(text.data() + text.size() - 2 * bits.size(), bits.data(), 2 * bits.size());
    file.write(text);
    return read_tensors(file.path).tensors.at("w");
  };
  // Sign, 5 bits of exponent from −14, 10 of fraction (IEEE 754-2008, binary16).
  const Matrix half = read("F16", {0x3c00, 0xc000, 0x3555, 0x7bff, 0x0001, 0x8000, 0x7c00});
  CHECK(half(0, 0) == 1);
  CHECK(half(0, 1) == -2);
  CHECK(half(0, 2) == Scalar(1365) / 4096);
  CHECK(half(0, 3) == 65504);
  CHECK(half(0, 4) == Scalar(std::exp2(-24)));
  CHECK(half(0, 5) == 0);
  CHECK(half(0, 6) == std::numeric_limits<Scalar>::infinity());
  // The upper half of a binary32.
  const Matrix brain = read("BF16", {0x3f80, 0xc049, 0x7f7f, 0x0080});
  CHECK(brain(0, 0) == 1);
  CHECK(brain(0, 1) == Scalar(-3.140625));
  CHECK(brain(0, 2) == Scalar(std::ldexp(255.0, 120)));
  CHECK(brain(0, 3) == Scalar(std::exp2(-126)));
}

TEST_CASE("weights in several files are read by their index", "[train]") {
  const TemporaryFile index("files_index.safetensors.index.json"), first("files_1.safetensors"),
      second("files_2.safetensors");
  const std::string names[] = {std::filesystem::path(first.path).filename().string(),
                               std::filesystem::path(second.path).filename().string()};
  Gpt<> model = gpt(small), other = gpt(small, 2);
  nlohmann::json map;
  std::vector<NamedTensor> halves[2];
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    const std::size_t half = name.starts_with("h.") ? 1 : 0;
    halves[half].push_back({std::string(name), p.value});
    map[std::string(name)] = names[half];
  });
  write_tensors(first.path, halves[0]);
  write_tensors(second.path, halves[1]);
  index.write(nlohmann::json{{"metadata", {{"total_size", 1}}}, {"weight_map", map}}.dump());
  load_model(index.path, other);
  CHECK(values(other) == values(model));

  other = gpt(small, 2);
  const auto before = values(other);
  const auto refused = [&](std::initializer_list<std::string_view> parts) {
    CHECK(error_says([&] { load_model(index.path, other); }, parts));
    CHECK(values(other) == before);
  };
  for (const char* bad : {"", "[]", "{}", R"({"weight_map":{}})", R"({"weight_map":[1]})"}) {
    index.write(bad);
    refused({index.path});
  }
  const auto with = [&](const nlohmann::json& file) {
    nlohmann::json changed = map;
    changed["wte.weight"] = file;
    index.write(nlohmann::json{{"weight_map", changed}}.dump());
  };
  for (const nlohmann::json& bad :
       {nlohmann::json("../x"), nlohmann::json(""), nlohmann::json(3)}) {
    with(bad);
    refused({index.path, "wte.weight", "no file beside it"});
  }
  with("files_missing.safetensors");
  refused({index.path, "files_missing.safetensors", "missing"});
  with(names[0]);
  write_tensors(second.path, {halves[1].begin() + 1, halves[1].end()});
  refused({index.path, "no tensor h.0."});
  halves[1].push_back(halves[0][0]);
  write_tensors(second.path, halves[1]);
  refused({index.path, "two files", halves[0][0].name});
  second.write(std::string(100, '\1'));
  refused({second.path});
}

TEST_CASE(
    "weights of another shape, or of another model, are errors with path, name and both shapes",
    "[train]") {
  const TemporaryFile file("files_shape.safetensors");
  Gpt<> model = gpt(small);
  save_model(file.path, model);
  GptOptions options = small;
  options.vocab_size = 12;
  Gpt<> larger = gpt(options);
  CHECK(error_says([&] { load_model(file.path, larger); },
                   {file.path, "wte.weight", "11×8", "12×8"}));
  options = small, options.layers = 2;
  Gpt<> deeper = gpt(options);
  CHECK(error_says([&] { load_model(file.path, deeper); }, {file.path, "h.1.ln_1.weight"}));
  CHECK(deeper.transformer.token_embedding.weight.value ==
        gpt(options).transformer.token_embedding.weight.value);
}

TEST_CASE("weights that are not finite are errors with path and name", "[train]") {
  const TemporaryFile file("files_nan.safetensors");
  for (const Scalar bad :
       {std::numeric_limits<Scalar>::quiet_NaN(), std::numeric_limits<Scalar>::infinity()}) {
    Gpt<> model = gpt(small), fresh = gpt(small, 2);
    model.transformer.blocks[0].feed_forward.up.weight.value(3, 2) = bad;
    save_model(file.path, model);
    CHECK(error_says([&] { load_model(file.path, fresh); },
                     {file.path, "h.0.mlp.c_fc.weight", "finite"}));
    CHECK(fresh.transformer.token_embedding.weight.value ==
          gpt(small, 2).transformer.token_embedding.weight.value);  // which comes first in the file
  }
}

TEST_CASE("a checkpoint of another run is an error with the path", "[train]") {
  const TemporaryFile file("files_checkpoint.safetensors");
  Gpt<> model = gpt(small);
  AdamW optimizer;
  Random random(1);
  const auto refused = [&](auto& other, std::string_view why) {
    return error_says([&] { load_checkpoint(file.path, other, optimizer, random); },
                      {file.path, why});
  };
  save_model(file.path, model);
  CHECK(refused(model, "run.steps"));  // weights alone

  optimizer.step(model);
  save_checkpoint(file.path, model, optimizer, random, 1);
  CHECK(load_checkpoint(file.path, model, optimizer, random) == 1);
  GptOptions options = small;
  options.channels = 12;
  Gpt<> wider = gpt(options);
  CHECK(refused(wider, "wte.weight"));
  options = small, options.tied = false;
  Gpt<> untied = gpt(options);
  CHECK(refused(untied, "lm_head.weight"));

  std::string text = read_file(file.path);
  const std::size_t at = text.find("\"run.random\":\"") + 14;
  text[at] = 'x';
  file.write(text);
  model.transformer.token_embedding.weight.value.setConstant(2), optimizer.steps = 7;
  CHECK(refused(model, "run.random"));
  CHECK(model.transformer.token_embedding.weight.value(0, 0) == 2);  // nothing was taken from it
  CHECK(optimizer.steps == 7);
  for (const char* number : {"many", "12 words", "", " 12"})
    CHECK(error_says(
        [&] {
          gpt_options({{"gpt.vocab_size", number}});
        },
        {"gpt.vocab_size", "is \"" + std::string(number) + "\""}));
  CHECK(error_says([] { gpt_options({}); }, {"gpt.vocab_size"}));
}

TEST_CASE("a save that fails leaves the file before it as it was", "[train]") {
  const TemporaryFile file("files_kept.safetensors");
  Gpt<> model = gpt(small);
  save_model(file.path, model);
  const std::string before = read_file(file.path);
  const std::vector<NamedTensor> twice{{"w", model.transformer.token_embedding.weight.value},
                                       {"w", model.transformer.token_embedding.weight.value}};
  CHECK(error_says([&] { write_tensors(file.path, twice); }, {file.path, "two tensors"}));
  CHECK(read_file(file.path) == before);
}

TEST_CASE("a file of a larger model is no file of this one", "[train]") {
  const TemporaryFile file("files_larger.safetensors");
  GptOptions larger = small;
  larger.layers = small.layers + 2;
  Gpt<> deep = gpt(larger), shallow = gpt(small);
  AdamW optimizer;
  Random random(1);
  save_checkpoint(file.path, deep, optimizer, random, 7);
  CHECK(error_says([&] { load_model(file.path, shallow); },
                   {file.path, "h." + std::to_string(small.layers), "no place"}));
  CHECK(error_says([&] { load_checkpoint(file.path, shallow, optimizer, random); },
                   {file.path, "no place"}));

  GptOptions untied = small, tied = small;
  untied.tied = false, tied.tied = true;
  Gpt<> two_tables = gpt(untied, 3), one_table = gpt(tied, 4);
  save_model(file.path, two_tables);
  CHECK(error_says([&] { load_model(file.path, one_table); }, {"lm_head.weight", "no place"}));
  two_tables.lm_head.value =
      two_tables.transformer.token_embedding.weight.value;  // as some published files have it
  save_model(file.path, two_tables);
  load_model(file.path, one_table);
  CHECK(one_table.transformer.token_embedding.weight.value ==
        two_tables.transformer.token_embedding.weight.value);
  save_checkpoint(file.path, shallow, optimizer, random, 7);
  CHECK(load_model(file.path, shallow).contains("run.steps"));  // a checkpoint is a model, too
}

TEST_CASE("a transposed matrix, or a block of one, is written as it is meant", "[train]") {
  const TemporaryFile file("files_transposed.safetensors");
  Random random(1);
  for (const Index cols : {1, 3, 16, 37}) {
    const Matrix m = normal_matrix(5, cols + 2, random), one = normal_matrix(1, 4, random);
    write_tensors(file.path, {{"whole", m.transpose()},
                              {"block", m.middleCols(1, cols).transpose()},
                              {"column", one.transpose()}});
    const TensorFile read = read_tensors(file.path);
    CHECK(read.tensors.at("whole") == m.transpose());
    CHECK(read.tensors.at("block") == m.middleCols(1, cols).transpose());
    CHECK(read.tensors.at("column") == one.transpose());
  }
}

TEST_CASE("what cannot be written is said before anything is", "[train]") {
  const TemporaryFile file("files_unwritten.safetensors");
  const Matrix m = Matrix::Zero(2, 3);
  CHECK(error_says(
      [&] {
        write_tensors(file.path, {{"w", m}}, {{"text", "g\xC3"}});
      },
      {file.path, "text", "UTF-8"}));
  for (const char* name : {"__metadata__", "", "a\xF0\xFD"})
    CHECK(error_says([&] { write_tensors(file.path, {{name, m}}); }, {file.path, "name"}));
  CHECK_FALSE(std::filesystem::exists(file.path));
}

TEST_CASE("an error is short, whatever a file calls its tensors", "[train]") {
  const TemporaryFile file("names.safetensors");
  const std::string name(100000, 'n');
  file.write(safetensors("{\"" + name + "\":{\"dtype\":3}}"));
  try {
    read_tensors(file.path);
    FAIL("read");
  } catch (const Error& e) {
    CHECK(std::string(e.what()).size() < file.path.size() + 200);
  }
}

TEST_CASE("a tied model finds its head under either name", "[train]") {
  const TemporaryFile file("tied.safetensors");
  Gpt<> saved = gpt(small, 1);
  const auto write = [&](const std::string& before, bool embedding, bool head, Settings settings) {
    std::vector<NamedTensor> tensors;
    saved.visit_parameters([&](std::string_view name, Parameter& p) {
      if (name != "wte.weight" || embedding)
        tensors.push_back({before + std::string(name), p.value});
      if (name == "wte.weight" && head) tensors.push_back({"lm_head.weight", p.value});
    });
    write_tensors(file.path, tensors, settings);
  };
  const auto comes_back = [&](const GptOptions& options) {
    Gpt<> loaded = gpt(options, 2);
    load_model(file.path, loaded);
    return loaded.transformer.token_embedding.weight.value ==
               saved.transformer.token_embedding.weight.value &&
           loaded.head().value == saved.head().value;
  };
  const std::string longer = "transformer.";
  write(longer, true, true, {});  // as GPT-2 is published
  CHECK(comes_back(small));
  write(longer, false, true, {});
  CHECK(comes_back(small));
  write(longer, false, true,
        {{"transformer.wte.weight", "lm_head.weight"}});  // PyTorch's save_model
  CHECK(comes_back(small));
  GptOptions untied = small;
  untied.tied = false;
  CHECK(comes_back(untied));
  write(longer, true, false, {{"lm_head.weight", "transformer.wte.weight"}});
  CHECK(comes_back(untied));
  write("", false, true, {});
  CHECK(error_says([&] { comes_back(untied); }, {file.path, "no tensor wte.weight"}));
  const Matrix one = Matrix::Ones(1, 1);
  write_tensors(file.path, {{"w", one}, {"transformer.w", one}});
  CHECK(error_says(
      [&] {
        detail::tensor_for({"w", 1, 1}, read_tensors(file.path), file.path);
      },
      {file.path, "w twice"}));
}

TEST_CASE("a file of a model with other heads is refused, since no shape shows it", "[train]") {
  const TemporaryFile file("heads.safetensors");
  GptOptions four = small, eight = small;
  four.heads = 4, eight.heads = 8;
  Gpt<> saved = gpt(four), other = gpt(eight, 2);
  AdamW optimizer;
  Random random(1);
  const auto refused = [&](auto call) { return error_says(call, {file.path, "4 heads", "has 8"}); };
  save_model(file.path, saved);
  CHECK(refused([&] { load_model(file.path, other); }));
  save_checkpoint(file.path, saved, optimizer, random, 0);
  CHECK(refused([&] { load_checkpoint(file.path, other, optimizer, random); }));
  Gpt<> untouched = gpt(eight, 2);
  CHECK(values(other) == values(untouched));
  RewardModel<> judge(saved), other_judge(other);
  save_model(file.path, judge);
  CHECK(refused([&] { load_model(file.path, other_judge); }));
  Linear linear(2, 2, random);  // and what has no heads is not asked
  save_model(file.path, linear, {{"gpt.heads", "3"}});
  load_model(file.path, linear);
}

TEST_CASE("numbers that no run can have are refused, and nothing is taken from the file",
          "[train]") {
  const TemporaryFile file("numbers.safetensors");
  Gpt<> model = gpt(small);
  AdamW optimizer;
  Random random(1);
  model.visit_parameters([](std::string_view, Parameter& p) { p.grad().setOnes(); });
  optimizer.step(model);
  save_checkpoint(file.path, model, optimizer, random, 3, gpt_settings(small));
  const TensorFile sound = read_tensors(file.path);
  const auto write = [&](const TensorFile& f) {
    std::vector<NamedTensor> tensors;
    for (const auto& [name, m] : f.tensors) tensors.push_back({name, m});
    write_tensors(file.path, tensors, f.settings);
  };
  const auto refused = [&](std::initializer_list<std::string_view> parts) {
    Gpt<> fresh = gpt(small, 2), untouched = gpt(small, 2);
    AdamW other;
    Random own(9);
    CHECK(error_says([&] { load_checkpoint(file.path, fresh, other, own); }, {file.path}));
    CHECK(error_says([&] { load_checkpoint(file.path, fresh, other, own); }, parts));
    CHECK(values(fresh) == values(untouched));
    CHECK((other.steps == 0 && other.moments.empty() && own.state() == Random(9).state()));
  };
  const std::pair<const char*, const char*> bad[] = {{"run.adamw_steps", "-5"},
                                                     {"run.adamw_steps", "0"},  // with moments
                                                     {"run.adamw_steps", "9223372036854775807"},
                                                     {"run.adamw_steps", "99999999999999999999"},
                                                     {"run.steps", "-3"},
                                                     {"run.steps", "+3"},
                                                     {"run.random", "12 -5"},
                                                     {"run.random", "12 4"},
                                                     {"run.random", "-1 3"},
                                                     {"run.random", "1 3 5"},
                                                     {"run.generator.0", "7"}};
  for (const auto& [key, value] : bad) {
    CAPTURE(key, value);
    TensorFile f = sound;
    f.settings[key] = value;
    write(f);
    refused({key});
  }
  TensorFile negative = sound;
  negative.tensors.at("adamw.second.wte.weight")(1, 0) = -1;
  write(negative);
  refused({"adamw.second.wte.weight", "negative"});
  negative.tensors.at("adamw.second.wte.weight")(1, 0) = std::numeric_limits<Scalar>::infinity();
  write(negative);
  refused({"adamw.second.wte.weight", "finite"});
  TensorFile more = sound;
  Index generators = 0;
  model.visit_generators([&](Random&) { ++generators; });
  more.settings["run.generator." + std::to_string(generators)] = "1 1";
  write(more);
  refused({"random states"});
  write(sound);
  CHECK(load_checkpoint(file.path, model, optimizer, random) == 3);
}

TEST_CASE("an optimizer of another model is not saved", "[train]") {
  const TemporaryFile file("other_optimizer.safetensors");
  Gpt<> model = gpt(small);
  Random random(1);
  Linear linear(2, 2, random);
  AdamW optimizer;
  optimizer.step(linear);
  CHECK(error_says([&] { save_checkpoint(file.path, model, optimizer, random, 1); },
                   {"one optimizer serves one model"}));
  CHECK_FALSE(std::filesystem::exists(file.path));
}

TEST_CASE("settings that no GPT can have are refused with the path and the setting's name",
          "[train]") {
  const std::pair<const char*, const char*> bad[] = {
      {"gpt.vocab_size", "0"},  {"gpt.context", "-1"},   {"gpt.channels", "1000000000000"},
      {"gpt.channels", "nan"},  {"gpt.heads", "0"},      {"gpt.heads", "3"},
      {"gpt.layers", "-1"},     {"gpt.tied", "2"},       {"gpt.dropout", "7"},
      {"gpt.dropout", "1"},     {"gpt.dropout", "-0.1"}, {"gpt.deviation", "nan"},
      {"gpt.deviation", "inf"}, {"gpt.deviation", "-1"}, {"gpt.deviation", "0.02x"}};
  for (const auto& [key, value] : bad) {
    CAPTURE(key, value);
    Settings settings = gpt_settings(small);
    settings[key] = value;
    CHECK(error_says([&] { gpt_options(settings, "my.safetensors"); }, {"my.safetensors", key}));
  }
  Settings settings = gpt_settings(small);
  settings.erase("gpt.deviation");
  CHECK(gpt_options(settings) == small);
}

#if defined(__unix__) || defined(__APPLE__)
TEST_CASE("of two programs that save to one path, one wins whole", "[train]") {
  const TemporaryFile file("raced.safetensors");
  Gpt<> model = gpt(small);
  const auto fill = [&](Scalar number) {
    model.visit_parameters([&](std::string_view, Parameter& p) { p.value.setConstant(number); });
  };
  fill(1);
  save_model(file.path, model);
  std::vector<pid_t> writers;
  for (const Scalar number : {Scalar(1), Scalar(2)}) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      fill(number);
      try {
        for (int i = 0; i < 300; ++i) save_model(file.path, model);
      } catch (const Error&) {
        _exit(1);
      }
      _exit(0);
    }
    writers.push_back(child);
  }
  int reads[3] = {};
  for (int running = 2, status = 0; running > 0;) {
    load_model(file.path, model);
    const Scalar number = model.transformer.token_embedding.weight.value(0, 0);
    REQUIRE((number == 1 || number == 2));
    for (const Matrix& m : values(model)) REQUIRE((m.array() == number).all());
    ++reads[static_cast<int>(number)];
    if (waitpid(-1, &status, WNOHANG) > 0) {
      CHECK(status == 0);
      --running;
    }
  }
  CHECK(reads[1] + reads[2] > 100);
}
#endif

TEST_CASE("one optimizer serves one model", "[train]") {
  Random random(1);
  Linear with(3, 2, random), without(3, 2, random, false);
  for (const bool more : {true, false}) {
    AdamW adamw;
    Sgd sgd{.momentum = Scalar(0.9)};
    Linear &first = more ? without : with, &second = more ? with : without;
    adamw.step(first), sgd.step(first);
    CHECK(error_says([&] { adamw.step(second); }, {"AdamW", "other parameters"}));
    CHECK(error_says([&] { sgd.step(second); }, {"Sgd", "other parameters"}));
  }
}
