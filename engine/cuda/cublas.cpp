#include "engine/cuda/cublas.h"

#include <cublasLt.h>
#include <cuda_runtime.h>
#include <dlfcn.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/cuda/kernels/fill_random.h"
#include "engine/cuda/launch.h"
#include "engine/cuda/memory.h"

namespace quorum::cuda {
namespace {

constexpr int kCandidates = 16;
constexpr int kDistinctRows = 8;  // of the X that algorithms are compared on; they repeat

void expect(cublasStatus_t status, const char* what) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw Error(ErrorKind::kEnvironment, std::string("cuBLASLt failed: ") + what,
              "status " + std::to_string(status), "quorum doctor");
}

void* open_library() {
  std::string tried;
  for (const char* name : {"libcublasLt.so.13", "libcublasLt.so.12"}) {
    if (void* handle = dlopen(name, RTLD_NOW | RTLD_LOCAL)) return handle;
    const char* why = dlerror();
    tried += std::string(tried.empty() ? "" : "; ") + (why != nullptr ? why : name);
  }
  throw Error(
      ErrorKind::kEnvironment, "cuBLASLt was not found", tried,
      "install libcublas of CUDA 13 or 12 (package libcublas-13-0 or libcublas-12-9), or add "
      "the folder with libcublasLt.so.13 to LD_LIBRARY_PATH");
}

int bucket(int rows) { return static_cast<int>(std::bit_ceil(static_cast<unsigned>(rows))); }

}  // namespace

struct Cublas::Library {
  void* handle = open_library();
  cublasLtHandle_t context = nullptr;

  template <class Function>
  Function* find(const char* name) const {
    if (void* symbol = dlsym(handle, name)) return reinterpret_cast<Function*>(symbol);
    throw Error(ErrorKind::kEnvironment, "cuBLASLt lacks a function", name,
                "install CUDA 12 or 13");
  }
#define QUORUM_FIND(name) decltype(::name)* name = find<decltype(::name)>(#name)
  QUORUM_FIND(cublasLtCreate);
  QUORUM_FIND(cublasLtDestroy);
  QUORUM_FIND(cublasLtGetVersion);
  QUORUM_FIND(cublasLtMatmul);
  QUORUM_FIND(cublasLtMatmulAlgoCheck);
  QUORUM_FIND(cublasLtMatmulAlgoConfigGetAttribute);
  QUORUM_FIND(cublasLtMatmulAlgoGetHeuristic);
  QUORUM_FIND(cublasLtMatmulDescCreate);
  QUORUM_FIND(cublasLtMatmulDescDestroy);
  QUORUM_FIND(cublasLtMatmulDescSetAttribute);
  QUORUM_FIND(cublasLtMatmulPreferenceCreate);
  QUORUM_FIND(cublasLtMatmulPreferenceDestroy);
  QUORUM_FIND(cublasLtMatmulPreferenceSetAttribute);
  QUORUM_FIND(cublasLtMatrixLayoutCreate);
  QUORUM_FIND(cublasLtMatrixLayoutDestroy);
#undef QUORUM_FIND

  Library() { expect(cublasLtCreate(&context), "cublasLtCreate"); }
  ~Library() {
    if (context != nullptr) cublasLtDestroy(context);
    // The library stays loaded: its own threads and tables outlive a handle.
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

struct Cublas::Algorithm {
  cublasLtMatmulAlgo_t value;
};

namespace {

// Column-major, as cuBLASLt sees it: D (n, rows) = W (k, n)^T · X (k, rows).
template <class Library>
struct Problem {
  const Library& lt;
  cublasLtMatmulDesc_t product = nullptr;
  cublasLtMatrixLayout_t w = nullptr, x = nullptr, y = nullptr;

  Problem(const Library& library, const Cublas::Shape& s, int rows, const void* bias)
      : lt(library) {
    const auto set = [&](cublasLtMatmulDescAttributes_t attribute, const auto& value) {
      expect(lt.cublasLtMatmulDescSetAttribute(product, attribute, &value, sizeof value),
             "cublasLtMatmulDescSetAttribute");
    };
    const auto layout = [&](cublasLtMatrixLayout_t* to, cudaDataType type, int m, int n) {
      expect(lt.cublasLtMatrixLayoutCreate(to, type, static_cast<std::uint64_t>(m),
                                           static_cast<std::uint64_t>(n), m),
             "cublasLtMatrixLayoutCreate");
    };
    expect(lt.cublasLtMatmulDescCreate(&product, CUBLAS_COMPUTE_32F, CUDA_R_32F),
           "cublasLtMatmulDescCreate");
    set(CUBLASLT_MATMUL_DESC_TRANSA, CUBLAS_OP_T);
    if (s.bias) {
      set(CUBLASLT_MATMUL_DESC_EPILOGUE, CUBLASLT_EPILOGUE_BIAS);
      set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias);
    }
    layout(&w, CUDA_R_16BF, s.k, s.n);
    layout(&x, CUDA_R_16BF, s.k, rows);
    layout(&y, s.out == OutType::kFp32 ? CUDA_R_32F : CUDA_R_16BF, s.n, rows);
  }
  ~Problem() {
    for (auto each : {w, x, y}) {
      if (each != nullptr) lt.cublasLtMatrixLayoutDestroy(each);
    }
    if (product != nullptr) lt.cublasLtMatmulDescDestroy(product);
  }
  Problem(const Problem&) = delete;
  Problem& operator=(const Problem&) = delete;

  std::vector<cublasLtMatmulAlgo_t> unsplit_algorithms() const {
    cublasLtMatmulPreference_t preference = nullptr;
    expect(lt.cublasLtMatmulPreferenceCreate(&preference), "cublasLtMatmulPreferenceCreate");
    const std::size_t bytes = Cublas::kWorkspaceBytes;
    const std::uint32_t reductions = CUBLASLT_REDUCTION_SCHEME_NONE;
    lt.cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                                            &bytes, sizeof bytes);
    lt.cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK,
                                            &reductions, sizeof reductions);
    std::vector<cublasLtMatmulHeuristicResult_t> found(kCandidates);
    int count = 0;
    const cublasStatus_t status = lt.cublasLtMatmulAlgoGetHeuristic(
        lt.context, product, w, x, y, y, preference, kCandidates, found.data(), &count);
    lt.cublasLtMatmulPreferenceDestroy(preference);
    std::vector<cublasLtMatmulAlgo_t> unsplit;
    for (int i = 0; status == CUBLAS_STATUS_SUCCESS && i < count; ++i) {
      int split = 0;
      std::size_t written = 0;
      lt.cublasLtMatmulAlgoConfigGetAttribute(&found[i].algo, CUBLASLT_ALGO_CONFIG_SPLITK_NUM,
                                              &split, sizeof split, &written);
      if (split <= 1) unsplit.push_back(found[i].algo);
    }
    return unsplit;
  }
  cublasStatus_t run(const cublasLtMatmulAlgo_t& algorithm, const void* weight, const void* tokens,
                     void* to, void* workspace, cudaStream_t stream) const {
    const float one = 1, zero = 0;
    return lt.cublasLtMatmul(lt.context, product, &one, weight, w, tokens, x, &zero, to, y, to, y,
                             &algorithm, workspace, Cublas::kWorkspaceBytes, stream);
  }
};

}  // namespace

Cublas::Cublas() : library_(std::make_unique<Library>()) {}
Cublas::~Cublas() = default;

std::size_t Cublas::version() const { return library_->cublasLtGetVersion(); }

void Cublas::prepare(const Shape& shape, int max_rows, cudaStream_t stream) {
  const int most = bucket(max_rows);
  const auto n = static_cast<std::size_t>(shape.n), k = static_cast<std::size_t>(shape.k);
  const auto rows_of_x = static_cast<std::size_t>(std::max(most, kDistinctRows));
  const std::size_t row_bytes = n * (shape.out == OutType::kFp32 ? 4 : 2);
  Arena arena(arena_bytes(n * k * 2) + arena_bytes(rows_of_x * k * 2) + arena_bytes(n * 2) +
              arena_bytes(kWorkspaceBytes) + arena_bytes(rows_of_x * row_bytes));
  auto* const w = arena.take<__nv_bfloat16>(n * k);
  auto* const x = arena.take<__nv_bfloat16>(rows_of_x * k);
  auto* const bias = arena.take<__nv_bfloat16>(n);
  void* const workspace = arena.take_bytes(kWorkspaceBytes);
  auto* const y = arena.take<std::byte>(rows_of_x * row_bytes);
  fill_random({1, 0, 0.05f}, shape.n, shape.k, w, stream);
  fill_random({2, 0.1f, 1}, kDistinctRows, shape.k, x, stream);
  fill_random({3, 0, 1}, 1, shape.n, bias, stream);
  for (std::size_t row = kDistinctRows; row < rows_of_x; row += kDistinctRows) {
    check(cudaMemcpyAsync(x + row * k, x, kDistinctRows * k * 2, cudaMemcpyDeviceToDevice, stream));
  }

  std::vector<std::byte> expected;  // kDistinctRows of them
  std::vector<std::byte> row(row_bytes);
  // Runs the algorithm with so many rows and compares some of them.
  const auto agrees = [&](const cublasLtMatmulAlgo_t& algorithm, int rows) {
    const Problem<Library> problem(*library_, shape, rows, bias);
    check(cudaMemsetAsync(y, 0xFF, static_cast<std::size_t>(rows) * row_bytes, stream));
    if (problem.run(algorithm, w, x, y, workspace, stream) != CUBLAS_STATUS_SUCCESS) return false;
    check(cudaStreamSynchronize(stream));
    if (expected.empty()) {
      if (rows < kDistinctRows) return false;
      expected.resize(kDistinctRows * row_bytes);
      check(cudaMemcpy(expected.data(), y, expected.size(), cudaMemcpyDeviceToHost));
    }
    for (const int at : {0, 1, rows / 3, rows / 2, rows - 2, rows - 1}) {
      if (at < 0 || at >= rows) continue;
      const auto index = static_cast<std::size_t>(at);
      check(cudaMemcpy(row.data(), y + index * row_bytes, row_bytes, cudaMemcpyDeviceToHost));
      if (std::memcmp(row.data(), &expected[index % kDistinctRows * row_bytes], row_bytes) != 0) {
        return false;
      }
    }
    return true;
  };

  for (int rows = static_cast<int>(rows_of_x); rows >= 1; rows /= 2) {
    std::shared_ptr<const Algorithm> chosen;
    const Problem<Library> problem(*library_, shape, rows, bias);
    for (const cublasLtMatmulAlgo_t& candidate : problem.unsplit_algorithms()) {
      // All numbers of rows that round up to this one take it.
      if (agrees(candidate, rows) && agrees(candidate, rows / 2 + 1)) {
        chosen = std::make_shared<const Algorithm>(Algorithm{candidate});
        break;
      }
    }
    if (chosen == nullptr) {
      throw Error(ErrorKind::kEnvironment, "this GPU's matrix products depend on the batch",
                  "no algorithm of cuBLASLt " + std::to_string(version()) + " gives " +
                      std::to_string(rows) + " rows of (" + std::to_string(shape.n) + ", " +
                      std::to_string(shape.k) + ") the bits of " + std::to_string(most) + " rows",
                  "use another version of libcublas, or --device cpu");
    }
    algorithms_[{shape, rows}] = std::move(chosen);
  }
}

void Cublas::multiply(const Shape& shape, const void* w, const void* bias, const void* x, int rows,
                      void* y, void* workspace, cudaStream_t stream) const {
  const auto found = algorithms_.find({shape, bucket(rows)});
  QUORUM_CHECK(found != algorithms_.end(), "a product that was not prepared");
  const Problem problem(*library_, shape, rows, bias);
  expect(problem.run(found->second->value, w, x, y, workspace, stream), "cublasLtMatmul");
}

}  // namespace quorum::cuda
