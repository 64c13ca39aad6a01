#pragma once

// The road from text to generated text, in the order in which data flows through it. What only some need (CSV files, metrics, counts
// of words, word vectors) and the side rooms (synthetic, report, check) are included by those who use them.
#include "damla/core/error.hpp"
#include "damla/core/kernels.hpp"
#include "damla/core/matmul.hpp"
#include "damla/core/matrix.hpp"
#include "damla/core/parameter.hpp"
#include "damla/core/random.hpp"
#include "damla/core/scalar.hpp"
#include "damla/core/threads.hpp"
#include "damla/core/view.hpp"
//
#include "damla/text/byte_pair_tokenizer.hpp"
#include "damla/text/character_tokenizer.hpp"
#include "damla/text/read_text.hpp"
#include "damla/text/tokenizer.hpp"
#include "damla/text/unicode.hpp"
#include "damla/text/word_tokenizer.hpp"
//
#include "damla/nn/activation.hpp"
#include "damla/nn/attention.hpp"
#include "damla/nn/dropout.hpp"
#include "damla/nn/embedding.hpp"
#include "damla/nn/feed_forward.hpp"
#include "damla/nn/layer_norm.hpp"
#include "damla/nn/linear.hpp"
#include "damla/nn/loss.hpp"
#include "damla/nn/position.hpp"
#include "damla/nn/sequential.hpp"
#include "damla/nn/transformer_block.hpp"
//
#include "damla/models/gpt.hpp"
#include "damla/models/linear_model.hpp"
#include "damla/models/mlp.hpp"
#include "damla/models/text_classifier.hpp"
//
#include "damla/optim/adamw.hpp"
#include "damla/optim/clip.hpp"
#include "damla/optim/schedule.hpp"
#include "damla/optim/sgd.hpp"
//
#include "damla/train/checkpoint.hpp"
#include "damla/train/progress.hpp"
#include "damla/train/safetensors.hpp"
#include "damla/train/token_batches.hpp"
#include "damla/train/train.hpp"
//
#include "damla/generate/generate.hpp"
#include "damla/generate/sampling.hpp"
//
#include "damla/align/chat.hpp"
#include "damla/align/dpo.hpp"
#include "damla/align/policy_gradient.hpp"
#include "damla/align/reward_model.hpp"
#include "damla/align/tuning.hpp"
