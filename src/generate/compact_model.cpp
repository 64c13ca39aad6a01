#include "damla/generate/compact_model.hpp"

#include <fmt/format.h>

#include <deque>

namespace damla { inline namespace DAMLA_ABI {

namespace {
constexpr std::size_t line = 64;  // each matrix begins with a cache line
std::size_t whole_lines(std::size_t bytes) { return (bytes + line - 1) / line * line; }
}  // namespace

CompactOptions::CompactOptions(const GptOptions& o)
    : vocab_size(detail::checked(o).vocab_size),
      context(o.context),
      channels(o.channels),
      layers(o.layers),
      heads(o.heads),
      key_value_heads(o.heads),
      head_size(o.channels / o.heads),
      inner(4 * o.channels),
      epsilon(1e-5),
      tied(o.tied),
      qkv_bias(true),
      qk_norm(false) {
  if (o.channels % o.heads != 0)
    throw Error(
        fmt::format("CompactModel: channels is {}, but needs to be a multiple of heads, "
                    "which is {}",
                    o.channels, o.heads));
}

CompactOptions::CompactOptions(const LlamaOptions& given) {
  const LlamaOptions o = detail::filled(given);
  vocab_size = o.vocab_size, context = o.context, channels = o.channels, layers = o.layers;
  heads = o.heads, key_value_heads = o.key_value_heads, head_size = o.head_size;
  inner = o.inner, epsilon = o.epsilon, tied = o.tied;
  qkv_bias = o.qkv_bias, qk_norm = o.qk_norm, rotary = o.rotary;
}

CompactModel::CompactModel(const CompactOptions& o, WeightType type_)
    : options(o), type(type_), blocks(static_cast<std::size_t>(o.layers)) {
  const bool gpt = !o.rotary;
  const Index C = o.channels, queries = o.heads * o.head_size,
              keys = o.key_value_heads * o.head_size;
  if (gpt) positions = detail::zeros(o.context, C, "CompactModel");
  else rotary.emplace(o.head_size, *o.rotary);
  const auto shape = [&](CompactMatrix& m, Index in, Index out) {
    m.in = in, m.out = out, m.type = type;
  };
  const auto weight = [&](Weight& w, Index in, Index out, bool with_bias) {
    shape(w.matrix, in, out);
    if (with_bias) w.bias.setZero(1, out);
  };
  const auto norm = [&](Norm& n, Index size) {
    n.weight.setOnes(1, size);
    if (gpt) n.bias.setZero(1, size);
  };
  shape(embedding, C, o.vocab_size);
  if (!o.tied) shape(head, C, o.vocab_size);
  for (Block& b : blocks) {
    norm(b.norm_1, C), norm(b.norm_2, C);
    if (o.qk_norm) norm(b.query_norm, o.head_size), norm(b.key_norm, o.head_size);
    weight(b.qkv, C, queries + 2 * keys, o.qkv_bias), weight(b.projection, queries, C, gpt);
    weight(b.up, C, gpt ? o.inner : 2 * o.inner, gpt), weight(b.down, o.inner, C, gpt);
  }
  norm(final_norm, C);

  // All of them in one piece, since the system gives large pages only to large pieces.
  std::vector<CompactMatrix*> all{&embedding};
  for (Block& b : blocks)
    for (Weight* w : {&b.qkv, &b.projection, &b.up, &b.down}) all.push_back(&w->matrix);
  if (!o.tied) all.push_back(&head);
  std::size_t bytes = 0, used = 0;
  for (const CompactMatrix* m : all) bytes += whole_lines(m->bytes());
  const std::shared_ptr<std::byte> memory = weight_memory(bytes);
  for (CompactMatrix* m : all) {
    m->tiles = {memory, memory.get() + used};
    used += whole_lines(m->bytes());
  }
  if (o.tied) head = embedding;
}

namespace {
void put_all(CompactModel& to, const auto& model) {
  const auto places = to.places();
  visit_parameters(model, [&](std::string_view name, const Parameter& p) {
    places.at(std::string(name)).put(p.value);
  });
}
}  // namespace

CompactModel::CompactModel(const Gpt<>& model, WeightType type_)
    : CompactModel(CompactOptions(model.options), type_) {
  put_all(*this, model);
}
CompactModel::CompactModel(const Llama<>& model, WeightType type_)
    : CompactModel(CompactOptions(model.options), type_) {
  put_all(*this, model);
}

void CompactModel::Place::put(ConstView part, Index first_row) const {
  if (matrix == nullptr) {
    for (Index r = 0; r < part.rows; ++r)
      std::copy_n(part.row(r), part.cols, vector.row(first_row + r));
  } else if (outputs_first) {
    matrix->put(part.transpose(), 0, first_out + first_row);
  } else {
    matrix->put(part, first_row, first_out);
  }
}

std::map<std::string, CompactModel::Place> CompactModel::places() {
  std::map<std::string, Place> all;
  const auto vector = [&](const std::string& name, View v) {
    if (v.rows > 0) all[name] = {.vector = v, .rows = v.rows, .cols = v.cols};
  };
  const auto norm = [&](const std::string& name, Norm& n) {
    vector(name + ".weight", n.weight), vector(name + ".bias", n.bias);
  };
  const auto words = [&](const std::string& name, CompactMatrix& m) {
    all[name] = {.matrix = &m, .outputs_first = true, .rows = m.out, .cols = m.in};
  };
  /// A weight, or `out` of its outputs.
  const auto part = [&](const std::string& name, Weight& w, Index first, Index out) {
    all[name + ".weight"] = {
        .matrix = &w.matrix, .first_out = first, .rows = w.matrix.in, .cols = out};
    if (w.bias.size() > 0) vector(name + ".bias", w.bias.middleCols(first, out));
  };
  const auto weight = [&](const std::string& name, Weight& w) { part(name, w, 0, w.matrix.out); };

  const bool gpt = !rotary;
  const Index queries = options.heads * options.head_size,
              keys = options.key_value_heads * options.head_size;
  words(gpt ? "wte.weight" : "embed_tokens.weight", embedding);
  vector("wpe.weight", positions);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    Block& b = blocks[i];
    const std::string h = (gpt ? "h." : "layers.") + std::to_string(i) + ".";
    norm(h + (gpt ? "ln_1" : "input_layernorm"), b.norm_1);
    norm(h + (gpt ? "ln_2" : "post_attention_layernorm"), b.norm_2);
    if (gpt) {
      weight(h + "attn.c_attn", b.qkv), weight(h + "attn.c_proj", b.projection);
      weight(h + "mlp.c_fc", b.up), weight(h + "mlp.c_proj", b.down);
      continue;
    }
    part(h + "self_attn.q_proj", b.qkv, 0, queries);
    part(h + "self_attn.k_proj", b.qkv, queries, keys);
    part(h + "self_attn.v_proj", b.qkv, queries + keys, keys);
    weight(h + "self_attn.o_proj", b.projection);
    norm(h + "self_attn.q_norm", b.query_norm), norm(h + "self_attn.k_norm", b.key_norm);
    part(h + "mlp.gate_proj", b.up, 0, options.inner);
    part(h + "mlp.up_proj", b.up, options.inner, options.inner);
    weight(h + "mlp.down_proj", b.down);
  }
  norm(gpt ? "ln_f" : "norm", final_norm);
  if (!options.tied) words("lm_head.weight", head);
  return all;
}

void CompactModel::expect_room(TokenSpan tokens, std::span<TransformerCache* const> caches) const {
  constexpr const char* call = "CompactModel::forward_next";
  expect_count(call, "the number of caches", std::ssize(caches), 1);
  const Index B = std::ssize(caches), T = std::ssize(tokens) / B;
  if (std::ssize(tokens) % B != 0)
    throw Error(
        fmt::format("{}: {} tokens are no equal parts for {} texts", call, tokens.size(), B));
  detail::expect_sequences(call, tokens, T);
  for (const Token token : tokens)
    expect_count(call, "a token", token, 0, options.vocab_size - 1,
                 "was the text encoded with the tokenizer that the model was built for?");
  const Index width = options.key_value_heads * options.head_size;
  for (const TransformerCache* cache : caches) {
    detail::expect_layers(call, *cache, blocks.size());
    require(std::count(caches.begin(), caches.end(), cache) == 1,
            "CompactModel::forward_next: two texts have the same cache");
    expect_count(call, "the tokens in the cache with those to come", cache->length() + T, 1,
                 options.context, "that is the model's context");
    for (const KeyValueCache& layer : cache->layers)
      if (layer.keys.rows() > 0 || layer.length > 0)
        for (const Matrix* m : {&layer.keys, &layer.values})
          if (m->cols() != width || m->rows() < layer.length)
            throw Error(
                fmt::format("{}: the cache holds {} for {} tokens, but the model's are {} "
                            "wide: start with the model's make_cache()",
                            call, shape_text(m->rows(), m->cols()), layer.length, width));
  }
}

std::vector<Tokens> generate_batch(CompactModel& model, std::span<BatchText> texts) {
  std::vector<Tokens> results(texts.size());
  std::deque<Generator<CompactModel>> generators;
  std::vector<std::size_t> going;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const BatchText& text = texts[i];
    require(!text.prompt.empty(), "generate_batch: each prompt needs at least one token");
    expect_count("generate_batch", "max_new_tokens", text.options.max_new_tokens, 0);
    generators.emplace_back(model, text.options.sampling).read(text.prompt);
    if (text.options.max_new_tokens > 0) going.push_back(i);
  }
  std::vector<Token> next(texts.size());
  while (!going.empty()) {
    // Several tokens to read, a prompt, are enough for the products by themselves.
    Tokens tokens;
    std::vector<std::size_t> together;
    std::vector<TransformerCache*> caches;
    for (const std::size_t i : going) {
      const TokenSpan unread = generators[i].unread();
      if (unread.size() > 1) {
        next[i] = generators[i].next(texts[i].random);
        continue;
      }
      tokens.push_back(unread.front());
      together.push_back(i), caches.push_back(&generators[i].cache());
    }
    if (!together.empty()) {
      const Matrix& logits = model.forward_next(tokens, caches);
      parallel_for(std::ssize(together), [&](Index b) {
        const std::size_t i = together[static_cast<std::size_t>(b)];
        next[i] = generators[i].choose(logits.row(b), texts[i].random);
      });
    }
    std::erase_if(going, [&](std::size_t i) {
      return !detail::append(results[i], next[i], texts[i].options);
    });
  }
  return results;
}

}}  // namespace damla::DAMLA_ABI
