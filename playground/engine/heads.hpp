#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "damla/models/gpt.hpp"

namespace damla::playground {

/// Where each word of a text looks: layers · heads times (T, T), a row for the word that looks.
struct Look {
  std::vector<std::string> tokens;
  std::vector<std::vector<float>> weights;

  void visit_fields(auto&& visit) const { visit("tokens", tokens), visit("weights", weights); }
};

/// One word that looks, one that is looked at, and how their weight comes about.
struct HeadPair {
  std::vector<float> q, k;
  double dot = 0, scaled = 0, weight = 0;

  void visit_fields(auto&& visit) const {
    visit("q", q), visit("k", k);
    visit("dot", dot), visit("scaled", scaled), visit("weight", weight);
  }
};

/// The attention weights of a model that has just read one text of T tokens.
std::vector<std::vector<float>> weights_of(const auto& model, Index T) {
  std::vector<std::vector<float>> all;
  for (const auto& block : model.transformer.blocks)
    for (Index h = 0; h < block.attention.heads; ++h) {
      const Matrix one = block.attention.weights.middleRows(h * T, T);
      all.emplace_back(one.data(), one.data() + one.size());
    }
  return all;
}

/// What head h of a layer computes for token i, which looks, and token j. The model has just read
/// one text of T tokens. Throws Error for what is not there.
HeadPair pair_of(const auto& model, Index T, Index layer, Index h, Index i, Index j) {
  const Index layers = std::ssize(model.transformer.blocks);
  expect_count("the playground", "the layer", layer, 0, layers - 1);
  const auto& attention = model.transformer.blocks[static_cast<std::size_t>(layer)].attention;
  expect_count("the playground", "the head", h, 0, attention.heads - 1);
  expect_count("the playground", "the word that looks", i, 0, T - 1);
  expect_count("the playground", "the word that is looked at", j, 0, T - 1);
  const Index C = attention.channels, d = C / attention.heads;
  const Matrix q = attention.qkv.y.block(i, h * d, 1, d),
               k = attention.qkv.y.block(j, C + h * d, 1, d);
  HeadPair pair{{q.data(), q.data() + d}, {k.data(), k.data() + d}};
  pair.dot = static_cast<double>(q.row(0).dot(k.row(0)));
  pair.scaled = pair.dot / std::sqrt(static_cast<double>(d));
  pair.weight = static_cast<double>(attention.weights(h * T + i, j));
  return pair;
}

}  // namespace damla::playground
