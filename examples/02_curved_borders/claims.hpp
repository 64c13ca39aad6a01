#pragma once

// What the lecture says that lesson 02 shows, in both languages, and the band in which each figure
// must lie. What the generator of the data knows the lesson asks the generator for.

#include "report/lesson.hpp"

namespace damla::claims {

/// What a shape is called in both languages, and in the names of files.
struct ShapeName {
  std::string en, tr, file;
};

inline const report::Claim one_line{.number = 5,
                                    .says = "a line (logistic regression)",
                                    .says_tr = "bir çizgi (lojistik regresyon)",
                                    .low = 0,
                                    .high = 60,
                                    .unit = "%"};
inline const report::Claim eight_neurons{.number = 5,
                                         .says = "an MLP with 8 hidden neurons",
                                         .says_tr = "8 gizli nöronlu MLP",
                                         .low = 97,
                                         .high = 100,
                                         .unit = "%"};
inline const report::Claim no_activation{.number = 5,
                                         .says = "the same MLP without activation",
                                         .says_tr = "aynı MLP, aktivasyonsuz",
                                         .low = 0,
                                         .high = 60,
                                         .unit = "%"};
inline const report::Claim tape_is_library{
    .number = 5,
    .says = "backpropagation: the tape's gradients differ from the library's by at most",
    .says_tr = "geri yayılım: bandın gradyanları kütüphaneninkilerden en çok bu kadar farklı",
    .low = 0,
    .high = 1e-6,
    .unit = "of the largest / en büyüğe oranla"};
inline const report::Claim two_hidden_layers{
    .number = 5,
    .says = "a target: two hidden layers of 12 neurons, 24 in all",
    .says_tr = "hedef tahtası: 12'şer nöronlu iki gizli katman, toplam 24",
    .low = 97,
    .high = 100,
    .unit = "%"};
inline const report::Claim one_hidden_layer{.number = 5,
                                            .says = "a target: one hidden layer of 48 neurons",
                                            .says_tr = "hedef tahtası: 48 nöronlu tek gizli katman",
                                            .low = 0,
                                            .high = 95,
                                            .unit = "%"};
inline const report::Claim bigger_model{
    .number = 6,
    .says = "a bigger model: the least gain from width 2 to 64, over all numbers of examples",
    .says_tr = "daha büyük model: 2 nörondan 64'e en küçük kazanç, bütün örnek sayılarında",
    .low = 2,
    .unit = "points / puan"};
inline const report::Claim more_data{
    .number = 6,
    .says = "more data: the least gain from 60 to 1920 examples, over all widths",
    .says_tr = "daha çok veri: 60 örnekten 1920'ye en küçük kazanç, bütün genişliklerde",
    .low = 2,
    .unit = "points / puan"};

/// The claim about one of the shapes. The best possible stands beside a model that is to reach it.
inline report::Claim of_shape(report::Claim claim, const ShapeName& name, double best) {
  claim.says = name.en + ": " + claim.says;
  claim.says_tr = name.tr + ": " + claim.says_tr;
  return claim.low > 0 ? claim.with_truth(best) : claim;
}

}  // namespace damla::claims
