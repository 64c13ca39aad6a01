#pragma once

#include <vector>

#include "damla/core/random.hpp"

namespace damla::worlds {

/// How many goods the shop has: the words 0 … 31 of a shopping list.
inline constexpr Index shop_goods = 32;

/// What a shopper buys, one thing after the other, and −ln of the probability that it had, given
/// all that came before: the floor under any reader's loss.
struct ShoppingList {
  Tokens goods;              // n
  std::vector<double> best;  // n, in nats
};

/// A shopper with habits of their own, whom the reader gets to know by reading on. The goods make
/// 16 pairs, such as 2 and 3, tea and coffee. Each time a pair is chosen evenly, and one of the two
/// by habit: after `both` choices in that pair, of which k were tea, it is tea with probability
/// (k + habit) / (both + 2·habit), which is Pólya's urn (Eggenberger and Pólya, 1923). The smaller
/// `habit`, the more one-sided the shopper. Throws Error for n under 1 or a habit not over 0.
ShoppingList shopping_list(Index n, Random& random, double habit = 0.25);

/// The word behind a list that is about to be read out once more.
inline constexpr Token read_again = shop_goods;

/// A list of n goods, each as likely as any other, the word `read_again`, and the same
/// goods in the same order. Given the first, −ln P of the rest is (n − 1)·ln 32 at best: the second
/// half is certain. Throws Error for n under 1.
Tokens list_read_twice(Index n, Random& random);

}  // namespace damla::worlds
