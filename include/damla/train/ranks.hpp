#pragma once

#include <memory>
#include <string>
#include <type_traits>

#include "damla/core/matrix.hpp"
#include "damla/core/share.hpp"

namespace damla { inline namespace DAMLA_ABI {

/// The processes that `mpirun -n 4 program` started on one machine or many, each a *rank*, and what
/// they do together (MPI, the Message Passing Interface). All make the same calls in the same
/// order, and a call waits for the others. A program that runs alone is rank 0 of 1: nothing is
/// sent.
///
/// An all-reduce gives every rank the sum of all ranks' matrices. It is two halves: a
/// reduce-scatter, after which each rank has the sum of its share of the rows, and an all-gather,
/// in which each hands its share to the others. Each half sends (n−1)/n of the matrix out of each
/// of n ranks: hardly more for many than for two (Patarasu and Yuan, 2009).
///
/// The sums have the same bits each time, for a fixed number of ranks, and on every rank.
class Ranks {
 public:
  /// Meets the others: once, at the program's start. Throws Error where mpirun started several, but
  /// the library was built without MPI.
  Ranks();
  /// Takes leave when all do. Where an error ends this rank it does not: mpirun then ends the
  /// others too, and says whose fault it was.
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;
  /// Rank 0 of 1, however many there are: for who works alone.
  static Ranks& alone();

  /// Which one this is, and of how many: its part of whatever is shared out.
  Share share() const { return share_; }
  Index rank() const { return share_.part; }
  Index count() const { return share_.parts; }
  bool first() const { return rank() == 0; }  ///< the one that speaks and writes files
  /// "rank 2 of 4 on venus": for errors.
  std::string name() const;

  // These three begin, and return at once. Until `wait` the matrix must stay where it is, and
  // nobody may read or write it.

  /// All-reduce: m becomes the sum of all ranks' m.
  void start_all_reduce(Matrix& m);
  /// Reduce-scatter: the rows of m in this rank's share become the sum of all ranks' rows.
  void start_reduce_scatter(Matrix& m);
  /// All-gather: each row of m becomes that of the rank in whose share it is.
  void start_all_gather(Matrix& m);
  /// Returns when all that was begun is done.
  void wait();

  /// m becomes rank 0's.
  void broadcast(Matrix& m);
  /// On rank 0 a matrix with so many rows, put together from every rank's share; 0×0 on others.
  Matrix gather(const Matrix& share, Index rows) const;
  /// The sum over all ranks.
  double sum(double x) const;
  /// Rank 0's value.
  template <class T>
  requires std::is_trivially_copyable_v<T> T from_first(T value)
  const {
    broadcast(&value, sizeof value);
    return value;
  }

 private:
  explicit Ranks(Share share);
  void broadcast(void* data, std::size_t bytes) const;

  Share share_{};
  struct Messages;
  std::unique_ptr<Messages> messages_;  // those under way; none for a rank that is alone
};

}}  // namespace damla::DAMLA_ABI
