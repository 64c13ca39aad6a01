#pragma once

#include "worlds/sentiment.hpp"

namespace damla::worlds {

/// Football news, labelled by whether it is good for us (1, Pozitif) or bad (0, Negatif). What
/// makes it hard grows:
enum class Irony {
  plain,     ///< "Bizim takım dün berbat bir maç oynadı." One word tells: berbat.
  giveaway,  ///< "Ne harika bir gol yedik!" One word tells here too: attık or yedik. A design that
             ///< fails to be ironic enough.
  cheer,  ///< "Rakip takım dün ne harika bir gol yedi!" Two words tell, neither does alone (XOR):
          ///< bizim/rakip and attı/yedi.
  order  ///< "Bizim takım … attı, rakip takım ise … yedi." Swap attı and yedi: the same words, the
         ///< opposite label.
};

/// News in blocks of four that differ in nothing but what tells: for `cheer` the four combinations,
/// for `order` four arrangements of the same words, two good and two bad; so each word comes as
/// often with good news as with bad. No text comes twice. Throws Error when n is no multiple of 4,
/// or more than there are different texts (about 2,000).
std::vector<LabelledText> irony_texts(Irony kind, Index n, Random& random);

}  // namespace damla::worlds
