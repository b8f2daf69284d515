#include "engine/cuda/cublas.h"

#include <cuda_runtime.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <sstream>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "engine/cuda/cublas_library.h"
#include "engine/cuda/kernels/fill_random.h"
#include "engine/cuda/launch.h"
#include "engine/cuda/memory.h"

namespace quorum::cuda {
namespace {

constexpr int kCandidates = 12;
constexpr int kDistinctRows = 8;  // of the X that algorithms are compared on; they repeat
constexpr int kTimings = 4;
constexpr std::size_t kBeyondCache = std::size_t{160} << 20;

int bucket(int rows) { return static_cast<int>(std::bit_ceil(static_cast<unsigned>(rows))); }

}  // namespace

Cublas::Cublas(const std::filesystem::path& cache) : library_(std::make_unique<Library>()) {
  if (cache.empty()) return;
  cudaDeviceProp properties{};
  int device = 0, driver = 0;
  check(cudaGetDevice(&device));
  check(cudaGetDeviceProperties(&properties, device));
  check(cudaDriverGetVersion(&driver));
  std::string name = std::string(properties.name) + "-cublaslt-" + std::to_string(version()) + "-" +
                     std::to_string(driver);
  std::replace(name.begin(), name.end(), ' ', '-');
  cache_file_ = cache / "quorum" / (name + ".txt");
  read_cache();
}

Cublas::~Cublas() {
  if (!learnt_ || cache_file_.empty()) return;
  try {
    write_cache();
  } catch (const std::exception&) {
    // Without the file the next start measures again.
  }
}

std::size_t Cublas::version() const { return library_->cublasLtGetVersion(); }

// The hash of the rest, then a line an algorithm: n k out rows, and its 64 bytes as words in hex. A
// file that is damaged or cannot be read is not there.
void Cublas::read_cache() {
  std::error_code ignored;
  if (!std::filesystem::exists(cache_file_, ignored)) return;
  std::string text;
  try {
    text = read_file(cache_file_, 1 << 22);
  } catch (const Error&) {
    return;
  }
  const std::size_t first = text.find('\n');
  if (first == std::string::npos ||
      text.substr(0, first) != sha256_hex(std::string_view(text).substr(first + 1)))
    return;
  std::istringstream lines(text.substr(first + 1));
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    int n = 0, k = 0, out = 0, rows = 0;
    Algorithm algorithm{};
    fields >> n >> k >> out >> rows >> std::hex;
    for (std::uint64_t& word : algorithm.value.data) fields >> word;
    if (fields)
      cached_[{{n, k, static_cast<OutType>(out)}, rows}] =
          std::make_shared<const Algorithm>(algorithm);
  }
}

void Cublas::write_cache() const {
  auto all = algorithms_;
  all.insert(cached_.begin(), cached_.end());
  std::ostringstream lines;
  for (const auto& [key, algorithm] : all) {
    const auto& [shape, rows] = key;
    lines << std::dec << shape.n << ' ' << shape.k << ' ' << static_cast<int>(shape.out) << ' '
          << rows << std::hex;
    for (const std::uint64_t word : algorithm->value.data) lines << ' ' << word;
    lines << '\n';
  }
  std::filesystem::create_directories(cache_file_.parent_path());
  write_file_atomic(cache_file_, sha256_hex(lines.str()) + "\n" + lines.str());
}

// Runs algorithms for one shape on random values, compares their bits, and times them.
class Cublas::Tuner {
 public:
  Tuner(const Library& library, const Shape& shape, int most, cudaStream_t stream)
      : library_(library),
        shape_(shape),
        row_bytes_(static_cast<std::size_t>(shape.n) * (shape.out == OutType::kFp32 ? 4 : 2)),
        stream_(stream) {
    const auto n = static_cast<std::size_t>(shape.n), k = static_cast<std::size_t>(shape.k);
    const auto rows = static_cast<std::size_t>(std::max(most, kDistinctRows));
    copies_ = kBeyondCache / (n * k * 2) + 1;
    arena_ = Arena(copies_ * arena_bytes(n * k * 2) + arena_bytes(rows * k * 2) +
                   arena_bytes(kWorkspaceBytes) + arena_bytes(rows * row_bytes_));
    for (std::size_t i = 0; i < copies_; ++i) {
      w_.push_back(arena_.take<__nv_bfloat16>(n * k));
      fill_random({1, 0, 0.05f}, shape.n, shape.k, w_.back(), stream);
    }
    x_ = arena_.take<__nv_bfloat16>(rows * k);
    fill_random({2, 0.1f, 1}, kDistinctRows, shape.k, x_, stream);
    for (std::size_t row = kDistinctRows; row < rows; row += kDistinctRows)
      check(cudaMemcpyAsync(x_ + row * k, x_, kDistinctRows * k * 2, cudaMemcpyDeviceToDevice,
                            stream));
    workspace_ = arena_.take_bytes(kWorkspaceBytes);
    check(cudaMemsetAsync(workspace_, 0, kWorkspaceBytes, stream));
    y_ = arena_.take<std::byte>(rows * row_bytes_);
  }

  // The bits that all others are compared with: those of the first algorithm that the library
  // proposes for `rows` rows. False: it has none.
  bool set_reference(int rows) {
    const Problem problem(library_, shape_, rows);
    for (const cublasLtMatmulAlgo_t& candidate : problem.candidates(kCandidates)) {
      if (!run(problem, candidate, rows)) continue;
      reference_.resize(kDistinctRows * row_bytes_);
      check(cudaMemcpy(reference_.data(), y_, reference_.size(), cudaMemcpyDeviceToHost));
      return true;
    }
    return false;
  }

  bool agrees(const cublasLtMatmulAlgo_t& algorithm, int rows) {
    const Problem problem(library_, shape_, rows);
    if (!problem.takes(algorithm) || !run(problem, algorithm, rows)) return false;
    std::vector<std::byte> row(row_bytes_);
    for (const int at : {0, rows / 3, rows - 1}) {
      const auto index = static_cast<std::size_t>(at);
      check(cudaMemcpy(row.data(), y_ + index * row_bytes_, row_bytes_, cudaMemcpyDeviceToHost));
      if (std::memcmp(row.data(), &reference_[index % kDistinctRows * row_bytes_], row_bytes_) != 0)
        return false;
    }
    return true;
  }

  // The algorithms for so many rows, the fastest first.
  std::vector<cublasLtMatmulAlgo_t> by_speed(int rows) {
    const Problem problem(library_, shape_, rows);
    std::vector<std::pair<double, cublasLtMatmulAlgo_t>> timed;
    for (const cublasLtMatmulAlgo_t& candidate : problem.candidates(kCandidates)) {
      if (!run(problem, candidate, rows)) continue;
      const Event begin(true), end(true);
      begin.record(stream_);
      for (int i = 0; i < kTimings; ++i)
        problem.run(candidate, w_[static_cast<std::size_t>(i) % copies_], x_, y_, workspace_,
                    stream_);
      end.record(stream_);
      end.wait();
      timed.emplace_back(end.seconds_since(begin), candidate);
    }
    std::stable_sort(timed.begin(), timed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<cublasLtMatmulAlgo_t> sorted;
    for (const auto& [seconds, algorithm] : timed) sorted.push_back(algorithm);
    return sorted;
  }

 private:
  bool run(const Problem& problem, const cublasLtMatmulAlgo_t& algorithm, int rows) {
    check(cudaMemsetAsync(y_, 0xFF, static_cast<std::size_t>(rows) * row_bytes_, stream_));
    if (problem.run(algorithm, w_[0], x_, y_, workspace_, stream_) != CUBLAS_STATUS_SUCCESS)
      return false;
    check(cudaStreamSynchronize(stream_));
    return true;
  }

  const Library& library_;
  Shape shape_;
  std::size_t row_bytes_, copies_ = 0;
  cudaStream_t stream_;
  Arena arena_;
  std::vector<__nv_bfloat16*> w_;
  __nv_bfloat16* x_ = nullptr;
  void* workspace_ = nullptr;
  std::byte* y_ = nullptr;
  std::vector<std::byte> reference_;
};

// Takes the algorithms of an earlier start, which compared their bits, if all are there and split K
// as they must.
bool Cublas::recall(const Shape& shape, int most) {
  for (int rows = most; rows >= 1; rows /= 2) {
    const auto known = cached_.find({shape, rows});
    if (known == cached_.end()) return false;
    if (!Problem(*library_, shape, rows).takes(known->second->value)) return false;
    algorithms_[{shape, rows}] = known->second;
  }
  return true;
}

void Cublas::prepare(const Shape& shape, int max_rows, cudaStream_t stream) {
  const int most = std::max(bucket(max_rows), kDistinctRows);
  if (recall(shape, most)) return;
  Tuner tuner(*library_, shape, most, stream);
  const auto refuse = [&](int rows) {
    return Error(ErrorKind::kEnvironment, "this GPU's matrix products depend on the batch",
                 "no algorithm of cuBLASLt " + std::to_string(version()) + " gives " +
                     std::to_string(rows) + " rows of (" + std::to_string(shape.n) + ", " +
                     std::to_string(shape.k) + ") the bits of " + std::to_string(most) + " rows",
                 "use another version of libcublas, or --device cpu");
  };
  if (!tuner.set_reference(most)) throw refuse(most);
  for (int rows = most; rows >= 1; rows /= 2) {
    // All numbers of rows that round up to this one take it.
    const auto fits = [&](const cublasLtMatmulAlgo_t& algorithm) {
      return tuner.agrees(algorithm, rows) &&
             (rows / 2 + 1 >= rows || tuner.agrees(algorithm, rows / 2 + 1));
    };
    std::shared_ptr<const Algorithm> chosen;
    for (const cublasLtMatmulAlgo_t& candidate : tuner.by_speed(rows)) {
      if (!fits(candidate)) continue;
      chosen = std::make_shared<const Algorithm>(Algorithm{candidate});
      break;
    }
    if (chosen == nullptr) throw refuse(rows);
    algorithms_[{shape, rows}] = cached_[{shape, rows}] = chosen;
  }
  learnt_ = true;
}

void Cublas::multiply(const Shape& shape, const void* w, const void* x, int rows, void* y,
                      void* workspace, cudaStream_t stream) const {
  const auto found = algorithms_.find({shape, bucket(rows)});
  QUORUM_CHECK(found != algorithms_.end(), "a product that was not prepared");
  const Problem problem(*library_, shape, rows);
  expect(problem.run(found->second->value, w, x, y, workspace, stream), "cublasLtMatmul");
}

}  // namespace quorum::cuda
