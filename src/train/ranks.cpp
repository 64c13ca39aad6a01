#include "damla/train/ranks.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <limits>
#include <vector>

#include "damla/core/error.hpp"

#ifdef DAMLA_MPI
#include <mpi.h>
#endif

namespace damla { inline namespace DAMLA_ABI {

Ranks::Ranks(Share share) : share_(share) {}

Ranks& Ranks::alone() {
  static Ranks one(Share{});
  return one;
}

#ifdef DAMLA_MPI

namespace {
const MPI_Comm all = MPI_COMM_WORLD;
const MPI_Datatype number = sizeof(Scalar) == sizeof(double) ? MPI_DOUBLE : MPI_FLOAT;

int size_of(Index rows, Index cols) {
  expect_count("Ranks", "a matrix's numbers", rows * cols, 0, std::numeric_limits<int>::max(),
               "as many as MPI sends at once");
  return static_cast<int>(rows * cols);
}
int size_of(const Matrix& m) { return size_of(m.rows(), m.cols()); }

/// How many numbers of a matrix each rank's share has, and behind how many it begins.
struct Layout {
  std::vector<int> sizes, begins;
  Layout(Index rows, Index cols, Index ranks) {
    size_of(rows, cols);
    for (Share s{.part = 0, .parts = ranks}; s.part < ranks; ++s.part) {
      sizes.push_back(static_cast<int>(s.size(rows) * cols));
      begins.push_back(static_cast<int>(s.begin(rows) * cols));
    }
  }
};

/// MPI's launchers tell a process by these that it is one of several. Without them MPI is not
/// started at all.
bool launched() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMI_RANK", "PMIX_RANK"})
    if (std::getenv(name) != nullptr) return true;
  return false;
}

/// What Open MPI 4 should do in place of its own choice, unless the environment says otherwise. An
/// all-reduce: it would send the whole matrix to rank 0 by way of others, and back, 2·log₂ n times
/// one after the other; with number 3 the ranks halve and double what they exchange, and each sends
/// 2(n−1)/n of it (Rabenseifner, 2004). A sum at one rank, of which start_reduce_scatter makes n:
/// its choice for long ones sends more than number 2, a tree in which each sends once.
void choose_algorithms() {
#ifndef _WIN32
  setenv("OMPI_MCA_coll_libnbc_iallreduce_algorithm", "3", 0);
  setenv("OMPI_MCA_coll_libnbc_ireduce_algorithm", "2", 0);
#endif
}
}  // namespace

struct Ranks::Messages {
  bool leave = false;  // MPI was started here, and ends here
  int errors = 0;      // that were on their way when it was
  std::vector<MPI_Request> requests;
  // MPI reads their sizes and places as long as a message is under way.
  std::vector<std::unique_ptr<Layout>> layouts;

  /// MPI moves messages on only while it is called: so each new one gives those before it a push.
  MPI_Request* next() {
    int done = 0;
    MPI_Testall(static_cast<int>(requests.size()), requests.data(), &done, MPI_STATUSES_IGNORE);
    return &requests.emplace_back(MPI_REQUEST_NULL);
  }
};

Ranks::Ranks() {
  int running = 0;
  MPI_Initialized(&running);
  if (running == 0 && !launched()) return;
  messages_ = std::make_unique<Messages>();
  messages_->errors = std::uncaught_exceptions();
  messages_->leave = running == 0;
  int threads = 0, rank = 0, count = 1;
  if (running == 0) {
    choose_algorithms();
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &threads);
  }
  MPI_Comm_rank(all, &rank);
  MPI_Comm_size(all, &count);
  share_ = {rank, count};
}

Ranks::~Ranks() {
  if (messages_ && messages_->leave && std::uncaught_exceptions() == messages_->errors)
    MPI_Finalize();
}

std::string Ranks::name() const {
  char host[MPI_MAX_PROCESSOR_NAME] = "this machine";
  int length = 0;
  if (messages_) MPI_Get_processor_name(host, &length);
  return fmt::format("rank {} of {} on {}", rank(), count(), host);
}

void Ranks::start_all_reduce(Matrix& m) {
  if (count() == 1) return;
  MPI_Iallreduce(MPI_IN_PLACE, m.data(), size_of(m), number, MPI_SUM, all, messages_->next());
}

// Each share is summed at its own rank. MPI_Ireduce_scatter would be one call, but Open MPI 4 sums
// everything at rank 0 there, and then hands it out: a quarter more to send with two ranks.
void Ranks::start_reduce_scatter(Matrix& m) {
  if (count() == 1) return;
  for (Share s{.part = 0, .parts = count()}; s.part < count(); ++s.part) {
    auto rows = s.rows_of(m);
    const bool own = s.part == rank();
    if (rows.size() > 0)
      MPI_Ireduce(own ? MPI_IN_PLACE : rows.data(), own ? rows.data() : nullptr,
                  size_of(rows.rows(), rows.cols()), number, MPI_SUM, static_cast<int>(s.part), all,
                  messages_->next());
  }
}

void Ranks::start_all_gather(Matrix& m) {
  if (count() == 1) return;
  Messages& now = *messages_;
  const Layout& l = *now.layouts.emplace_back(new Layout(m.rows(), m.cols(), count()));
  MPI_Iallgatherv(MPI_IN_PLACE, 0, number, m.data(), l.sizes.data(), l.begins.data(), number, all,
                  now.next());
}

void Ranks::wait() {
  if (count() == 1) return;
  Messages& now = *messages_;
  MPI_Waitall(static_cast<int>(now.requests.size()), now.requests.data(), MPI_STATUSES_IGNORE);
  now.requests.clear(), now.layouts.clear();
}

void Ranks::broadcast(Matrix& m) {
  if (count() > 1) MPI_Bcast(m.data(), size_of(m), number, 0, all);
}

void Ranks::broadcast(void* data, std::size_t bytes) const {
  if (count() > 1) MPI_Bcast(data, static_cast<int>(bytes), MPI_BYTE, 0, all);
}

Matrix Ranks::gather(const Matrix& share, Index rows) const {
  if (count() == 1) return share;
  const Layout l(rows, share.cols(), count());
  Matrix whole;
  if (first()) whole.resize(rows, share.cols());
  MPI_Gatherv(share.data(), size_of(share), number, whole.data(), l.sizes.data(), l.begins.data(),
              number, 0, all);
  return whole;
}

double Ranks::sum(double x) const {
  if (count() > 1) MPI_Allreduce(MPI_IN_PLACE, &x, 1, MPI_DOUBLE, MPI_SUM, all);
  return x;
}

#else  // without MPI there is one rank, and nothing to do

struct Ranks::Messages {};

Ranks::Ranks() {
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
    if (const char* size = std::getenv(variable); size != nullptr && std::atoi(size) > 1)
      throw Error(
          fmt::format("Ranks: mpirun started {} processes, but damla was built without MPI, and "
                      "each would train alone: configure it with -DDAMLA_MPI=ON",
                      size));
}
Ranks::~Ranks() = default;
std::string Ranks::name() const { return "rank 0 of 1 on this machine"; }
void Ranks::start_all_reduce(Matrix&) {}
void Ranks::start_reduce_scatter(Matrix&) {}
void Ranks::start_all_gather(Matrix&) {}
void Ranks::wait() {}
void Ranks::broadcast(Matrix&) {}
void Ranks::broadcast(void*, std::size_t) const {}
Matrix Ranks::gather(const Matrix& share, Index) const { return share; }
double Ranks::sum(double x) const { return x; }

#endif

}}  // namespace damla::DAMLA_ABI
