#pragma once

#include <string>
#include <utility>
#include <vector>

#include "damla/models/gpt.hpp"
#include "damla/models/llama.hpp"
#include "damla/nn/lora_linear.hpp"
#include "damla/train/safetensors.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// Which layers of a model get two thin matrices (see LoraLinear), and how thin. Layers are named
/// as their parameters, without "weight"; an end of the name is enough: "c_attn" is that of each
/// block.
struct LoraOptions {
  Index rank = 8;                         ///< r, the columns of A and rows of B
  double alpha = 16;                      ///< what they add is multiplied by alpha/r
  std::vector<std::string> targets = {};  ///< which layers: PEFT's target_modules; empty: all those
                                          ///< of attention
  std::vector<std::string> whole = {};    ///< parts that learn as before, such as "wte", the token
                                          ///< embedding: PEFT's modules_to_save
};

namespace detail {
template <class Model, class To>
struct WithLinear;  // has no type for a model in which Linear has no slot
template <class From, class Norm, class Activation, class Positions, class To>
struct WithLinear<
    Gpt<TransformerBlock<BasicMultiHeadAttention<From>, Norm, FeedForward<Activation, From>>,
        Positions>,
    To> {
  using type = Gpt<TransformerBlock<BasicMultiHeadAttention<To>, Norm, FeedForward<Activation, To>>,
                   Positions>;
};

template <class From, class Norm, class To>
struct WithLinear<Llama<TransformerBlock<GroupedQueryAttention<From>, Norm, SwiGlu<From>>>, To> {
  using type = Llama<TransformerBlock<GroupedQueryAttention<To>, Norm, SwiGlu<To>>>;
};

/// A layer, or a parameter, under its name in the model.
template <class T>
struct Named {
  std::string name;
  T* it;
};

/// What of a model LoRA works on.
struct LoraParts {
  std::vector<Named<LoraLinear>> layers;  ///< all that could have the two matrices
  std::vector<Named<Parameter>> plain;    ///< all parameters but the two matrices
  bool tied;                              ///< the head is the token embedding, the first of plain
  bool gpt2;  ///< files hold weights as (in, out), and have "transformer." before names
};

/// Calls visit(name, layer) for each layer in Linear's slots.
template <class Block, class Positions>
void visit_linear(Gpt<Block, Positions>& model, auto&& visit) {
  auto& blocks = model.transformer.blocks;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::string block = "h." + std::to_string(i);
    visit(block + ".attn.c_attn", blocks[i].attention.qkv);
    visit(block + ".attn.c_proj", blocks[i].attention.projection);
    visit(block + ".mlp.c_fc", blocks[i].feed_forward.up);
    visit(block + ".mlp.c_proj", blocks[i].feed_forward.down);
  }
}
template <class Block>
void visit_linear(Llama<Block>& model, auto&& visit) {
  auto& blocks = model.transformer.blocks;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::string block = "layers." + std::to_string(i);
    visit(block + ".self_attn.q_proj", blocks[i].attention.queries);
    visit(block + ".self_attn.k_proj", blocks[i].attention.keys);
    visit(block + ".self_attn.v_proj", blocks[i].attention.values);
    visit(block + ".self_attn.o_proj", blocks[i].attention.projection);
    visit(block + ".mlp.gate_proj", blocks[i].feed_forward.gate);
    visit(block + ".mlp.up_proj", blocks[i].feed_forward.up);
    visit(block + ".mlp.down_proj", blocks[i].feed_forward.down);
  }
}

std::vector<Named<Parameter>> plain_parameters(auto& model) {
  std::vector<Named<Parameter>> found;
  model.visit_parameters([&](std::string_view name, Parameter& p) {
    if (name.find(".lora_") == name.npos) found.push_back({std::string(name), &p});
  });
  return found;
}

LoraParts lora_parts(auto& model) {
  constexpr bool gpt2 = !requires { model.transformer.blocks.front().attention.key_value_heads; };
  LoraParts parts{{}, plain_parameters(model), model.options.tied, gpt2};
  visit_linear(model, [&](const std::string& name, LoraLinear& layer) {
    parts.layers.push_back({name, &layer});
  });
  return parts;
}

/// The state of dropout, which no parameter holds.
void copy_dropout(auto& from, auto& to) {
  std::vector<Random> generators;
  visit_generators(from, [&](Random& r) { generators.push_back(r); });
  visit_generators(to, [&, i = std::size_t{0}](Random& r) mutable { r = generators[i++]; });
  to.set_training(from.training());
}

/// Freezes the model but for what the options name, and gives the layers their matrices.
void add_lora(const LoraParts& parts, const LoraOptions& o, Random& random);
/// What a folder of save_lora holds.
struct LoraFolder {
  std::string path;  ///< of the weights
  LoraOptions options;
  TensorFile file;
  Index vocab_size = 0, channels = 0;  ///< of its token embedding, 0 where it has none
};
LoraFolder read_lora(const std::string& folder);
/// Gives a model the matrices of the folder.
void take_lora(const LoraFolder& from, const LoraParts& to);
void write_lora(const std::string& folder, const LoraParts& parts, const std::string& base);
}  // namespace detail

/// The same model with another layer in Linear's slots.
template <class Model, LinearLayer To>
using WithLinear = typename detail::WithLinear<Model, To>::type;

/// The same model as it learns with LoRA.
template <class Model>
using LoraModel = WithLinear<Model, LoraLinear>;
using LoraGpt = LoraModel<Gpt<>>;

/// Low-rank adaptation (Hu et al., 2021): the model, frozen, and beside the weights of the chosen
/// layers two thin matrices that learn. It computes what the model computed; training changes only
/// the matrices, and AdamW keeps moments only for them.
///
///     auto student = with_lora(std::move(model), {.rank = 4}, random);
///     tune(student, options, next_example);
///     model = merged(student);
///
/// Throws Error for an option out of its range, and for a target that the model has not.
template <class Model>
LoraModel<Model> with_lora(Model model, const LoraOptions& o,
                           Random& random) requires(!std::is_same_v<LoraModel<Model>, Model>) {
  Random zeros = Random::zeros();
  LoraModel<Model> result(model.options, zeros);
  const auto from = detail::plain_parameters(model), to = detail::plain_parameters(result);
  for (std::size_t i = 0; i < to.size(); ++i) std::swap(to[i].it->value, from[i].it->value);
  detail::copy_dropout(model, result);
  detail::add_lora(detail::lora_parts(result), o, random);
  return result;
}

/// One plain model that computes the same: W + (α/r)·A·B in place of each W.
template <class Adapted>
WithLinear<Adapted, Linear> merged(Adapted& model) {
  Random zeros = Random::zeros();
  WithLinear<Adapted, Linear> result(model.options, zeros);
  const auto from = detail::plain_parameters(model), to = detail::plain_parameters(result);
  for (std::size_t i = 0; i < to.size(); ++i) to[i].it->value = from[i].it->value;
  std::vector<Linear*> plain;
  detail::visit_linear(result, [&](const std::string&, Linear& l) { plain.push_back(&l); });
  detail::visit_linear(model, [&, i = std::size_t{0}](const std::string&, LoraLinear& l) mutable {
    *plain[i++] = l.merged();
  });
  detail::copy_dropout(model, result);
  return result;
}

/// Writes what was learned, in the layout and with the names of Hugging Face's PEFT:
///
///     adapter_config.json        rank, alpha, and which layers
///     adapter_model.safetensors  A as (r, in), B as (out, r); and parts that were learned whole
///
/// `base` is the name or folder of the model that it belongs to, for who reads it. In Python:
///
///     model = peft.PeftModel.from_pretrained(base_model, folder)
///
/// Throws Error with the path.
void save_lora(const std::string& folder, auto& model, const std::string& base = "") {
  detail::write_lora(folder, detail::lora_parts(model), base);
}

/// The model with a folder of save_lora, or of PEFT; more can be learned. Where the adapter brings
/// a larger token embedding, the vocabulary grows. Throws Error with the path when the adapter is
/// of another model, or of a kind that is not LoRA.
template <class Model>
LoraModel<Model> load_lora(const std::string& folder, Model model) {
  const detail::LoraFolder adapter = detail::read_lora(folder);
  if (adapter.vocab_size > model.options.vocab_size && adapter.channels == model.options.channels)
    model.grow_vocabulary(adapter.vocab_size);
  Random zeros = Random::zeros();
  try {
    LoraModel<Model> result = with_lora(std::move(model), adapter.options, zeros);
    detail::take_lora(adapter, detail::lora_parts(result));
    return result;
  } catch (const Error& e) {
    throw Error(folder + ": is no adapter of this model: " + e.what());
  }
}

}}  // namespace damla::DAMLA_ABI
