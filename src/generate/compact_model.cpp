#include "damla/generate/compact_model.hpp"

#include <fmt/format.h>

namespace damla { inline namespace DAMLA_ABI {

namespace {
const CompactOptions& checked(const CompactOptions& o) {
  constexpr const char* call = "CompactModel";
  expect_size(call, "vocab_size", o.vocab_size);
  expect_size(call, "context", o.context);
  expect_size(call, "channels", o.channels);
  expect_size(call, "heads", o.heads);
  expect_count(call, "layers", o.layers, 0, 10000);
  if (o.channels % o.heads != 0)
    throw Error(fmt::format("{}: channels is {}, but needs to be a multiple of heads, which is {}",
                            call, o.channels, o.heads));
  return o;
}

constexpr std::size_t line = 64;  // each matrix begins with a cache line
std::size_t whole_lines(std::size_t bytes) { return (bytes + line - 1) / line * line; }
}  // namespace

CompactModel::CompactModel(const CompactOptions& o, WeightType type_)
    : options(checked(o)),
      type(type_),
      positions(detail::zeros(o.context, o.channels, "CompactModel")),
      blocks(static_cast<std::size_t>(o.layers)) {
  const Index C = o.channels, V = o.vocab_size;
  const auto shape = [&](CompactMatrix& m, Index in, Index out) {
    m.in = in, m.out = out, m.type = type;
  };
  const auto norm = [&](Norm& n) { n.weight.setOnes(1, C), n.bias.setZero(1, C); };
  const auto weight = [&](Weight& w, Index in, Index out) {
    shape(w.matrix, in, out), w.bias.setZero(1, out);
  };
  shape(embedding, C, V);
  if (!o.tied) shape(head, C, V);
  for (Block& b : blocks) {
    norm(b.norm_1), norm(b.norm_2);
    weight(b.qkv, C, 3 * C), weight(b.projection, C, C);
    weight(b.up, C, 4 * C), weight(b.down, 4 * C, C);
  }
  norm(final_norm);

  // All of them in one piece, since the system gives large pages only to large pieces.
  std::size_t bytes = 0;
  const auto all = places();
  for (const auto& [name, place] : all)
    if (place.matrix != nullptr) bytes += whole_lines(place.matrix->bytes());
  const std::shared_ptr<std::byte> memory = weight_memory(bytes);
  std::size_t used = 0;
  for (const auto& [name, place] : all)
    if (CompactMatrix* m = place.matrix; m != nullptr) {
      m->tiles = {memory, memory.get() + used};
      used += whole_lines(m->bytes());
    }
  if (o.tied) head = embedding;
}

CompactModel::CompactModel(const Gpt<>& model, WeightType type_)
    : CompactModel(CompactOptions(model.options), type_) {
  const auto all = places();
  visit_parameters(model, [&](std::string_view name, const Parameter& p) {
    const Place& place = all.at(std::string(name));
    if (place.vector != nullptr) *place.vector = p.value;
    else if (place.outputs_first) place.matrix->put(p.value.transpose());
    else place.matrix->put(p.value);
  });
}

std::map<std::string, CompactModel::Place> CompactModel::places() {
  std::map<std::string, Place> all;
  const auto vector = [&](const std::string& name, Matrix& m) {
    all[name] = {nullptr, &m, false, m.rows(), m.cols()};
  };
  const auto norm = [&](const std::string& name, Norm& n) {
    vector(name + ".weight", n.weight), vector(name + ".bias", n.bias);
  };
  const auto words = [&](const std::string& name, CompactMatrix& m) {
    all[name] = {&m, nullptr, true, m.out, m.in};
  };
  const auto weight = [&](const std::string& name, Weight& w) {
    all[name + ".weight"] = {&w.matrix, nullptr, false, w.matrix.in, w.matrix.out};
    vector(name + ".bias", w.bias);
  };
  words("wte.weight", embedding);
  vector("wpe.weight", positions);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::string h = fmt::format("h.{}.", i);
    norm(h + "ln_1", blocks[i].norm_1), norm(h + "ln_2", blocks[i].norm_2);
    weight(h + "attn.c_attn", blocks[i].qkv), weight(h + "attn.c_proj", blocks[i].projection);
    weight(h + "mlp.c_fc", blocks[i].up), weight(h + "mlp.c_proj", blocks[i].down);
  }
  norm("ln_f", final_norm);
  if (!options.tied) words("lm_head.weight", head);
  return all;
}

void CompactModel::expect_room(TokenSpan tokens, const TransformerCache& cache) const {
  constexpr const char* call = "CompactModel::forward_next";
  detail::expect_sequences(call, tokens, std::ssize(tokens));
  detail::expect_layers(call, cache, blocks.size());
  for (const Token token : tokens)
    expect_count(call, "a token", token, 0, options.vocab_size - 1,
                 "was the text encoded with the tokenizer that the model was built for?");
  expect_count(call, "the tokens in the cache with those to come",
               cache.length() + std::ssize(tokens), 1, options.context,
               "that is the model's context");
  for (const KeyValueCache& layer : cache.layers)
    for (const Matrix* m : {&layer.keys, &layer.values})
      expect_shape(call, "the cache", *m, options.context, options.channels,
                   "start with the model's make_cache()");
}

}}  // namespace damla::DAMLA_ABI
