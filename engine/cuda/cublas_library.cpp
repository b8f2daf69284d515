#include "engine/cuda/cublas_library.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/error.h"

namespace quorum::cuda {
namespace {

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

}  // namespace

void expect(cublasStatus_t status, const char* what) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw Error(ErrorKind::kEnvironment, std::string("cuBLASLt failed: ") + what,
              "status " + std::to_string(status), "quorum doctor");
}

void* Cublas::Library::symbol(const char* name) const {
  if (void* found = dlsym(handle, name)) return found;
  throw Error(ErrorKind::kEnvironment, "cuBLASLt lacks a function", name, "install CUDA 12 or 13");
}

Cublas::Library::Library() : handle(open_library()) {
#define QUORUM_FIND(name) name = find<decltype(::name)>(#name)
  QUORUM_FIND(cublasLtCreate);
  QUORUM_FIND(cublasLtDestroy);
  QUORUM_FIND(cublasLtGetVersion);
  QUORUM_FIND(cublasLtMatmul);
  QUORUM_FIND(cublasLtMatmulAlgoCheck);
  QUORUM_FIND(cublasLtMatmulAlgoConfigGetAttribute);
  QUORUM_FIND(cublasLtMatmulAlgoConfigSetAttribute);
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
  expect(cublasLtCreate(&context), "cublasLtCreate");
}

// The library stays loaded: its own threads and tables outlive a handle.
Cublas::Library::~Library() {
  if (context != nullptr) cublasLtDestroy(context);
}

Cublas::Problem::Problem(const Library& library, const Shape& shape, int rows)
    : lt_(library), splits_(shape.splits()) {
  const auto layout = [&](cublasLtMatrixLayout_t* to, cudaDataType type, int m, int n) {
    expect(lt_.cublasLtMatrixLayoutCreate(to, type, static_cast<std::uint64_t>(m),
                                          static_cast<std::uint64_t>(n), m),
           "cublasLtMatrixLayoutCreate");
  };
  expect(lt_.cublasLtMatmulDescCreate(&product_, CUBLAS_COMPUTE_32F, CUDA_R_32F),
         "cublasLtMatmulDescCreate");
  const cublasOperation_t transposed = CUBLAS_OP_T;
  expect(lt_.cublasLtMatmulDescSetAttribute(product_, CUBLASLT_MATMUL_DESC_TRANSA, &transposed,
                                            sizeof transposed),
         "cublasLtMatmulDescSetAttribute");
  layout(&w_, CUDA_R_16BF, shape.k, shape.n);
  layout(&x_, CUDA_R_16BF, shape.k, rows);
  layout(&y_, shape.out == OutType::kFp32 ? CUDA_R_32F : CUDA_R_16BF, shape.n, rows);
}

Cublas::Problem::~Problem() {
  for (auto each : {w_, x_, y_})
    if (each != nullptr) lt_.cublasLtMatrixLayoutDestroy(each);
  if (product_ != nullptr) lt_.cublasLtMatmulDescDestroy(product_);
}

bool Cublas::Problem::takes(const cublasLtMatmulAlgo_t& algorithm) const {
  std::int32_t splits = 0;
  std::size_t written = 0;
  if (lt_.cublasLtMatmulAlgoConfigGetAttribute(&algorithm, CUBLASLT_ALGO_CONFIG_SPLITK_NUM, &splits,
                                               sizeof splits, &written) != CUBLAS_STATUS_SUCCESS ||
      std::max(splits, 1) != splits_)
    return false;
  cublasLtMatmulHeuristicResult_t result{};
  return lt_.cublasLtMatmulAlgoCheck(lt_.context, product_, w_, x_, y_, y_, &algorithm, &result) ==
             CUBLAS_STATUS_SUCCESS &&
         result.workspaceSize <= kWorkspaceBytes;
}

std::vector<cublasLtMatmulAlgo_t> Cublas::Problem::candidates(int most) const {
  cublasLtMatmulPreference_t preference = nullptr;
  expect(lt_.cublasLtMatmulPreferenceCreate(&preference), "cublasLtMatmulPreferenceCreate");
  const std::size_t bytes = kWorkspaceBytes;
  // Partial sums stay in fp32.
  const std::uint32_t reductions =
      splits_ > 1 ? CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE : CUBLASLT_REDUCTION_SCHEME_NONE;
  lt_.cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                                           &bytes, sizeof bytes);
  lt_.cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK,
                                           &reductions, sizeof reductions);
  std::vector<cublasLtMatmulHeuristicResult_t> found(static_cast<std::size_t>(2 * most));
  int count = 0;
  const cublasStatus_t status =
      lt_.cublasLtMatmulAlgoGetHeuristic(lt_.context, product_, w_, x_, y_, y_, preference,
                                         static_cast<int>(found.size()), found.data(), &count);
  lt_.cublasLtMatmulPreferenceDestroy(preference);
  std::vector<cublasLtMatmulAlgo_t> algorithms;
  for (int i = 0; status == CUBLAS_STATUS_SUCCESS && i < count; ++i) {
    cublasLtMatmulAlgo_t algorithm = found[static_cast<std::size_t>(i)].algo;
    // What the library proposes with another split is tried with ours.
    const std::int32_t splits = splits_;
    const std::uint32_t reduction = reductions;
    lt_.cublasLtMatmulAlgoConfigSetAttribute(&algorithm, CUBLASLT_ALGO_CONFIG_SPLITK_NUM, &splits,
                                             sizeof splits);
    lt_.cublasLtMatmulAlgoConfigSetAttribute(&algorithm, CUBLASLT_ALGO_CONFIG_REDUCTION_SCHEME,
                                             &reduction, sizeof reduction);
    if (static_cast<int>(algorithms.size()) < most && takes(algorithm))
      algorithms.push_back(algorithm);
  }
  return algorithms;
}

cublasStatus_t Cublas::Problem::run(const cublasLtMatmulAlgo_t& algorithm, const void* w,
                                    const void* x, void* y, void* workspace,
                                    cudaStream_t stream) const {
  const float one = 1, zero = 0;
  return lt_.cublasLtMatmul(lt_.context, product_, &one, w, w_, x, x_, &zero, y, y_, y, y_,
                            &algorithm, workspace, kWorkspaceBytes, stream);
}

}  // namespace quorum::cuda
