// What the parts of Cublas share: the library's functions and a product as cuBLASLt sees it.
#pragma once

#include <cublasLt.h>

#include <vector>

#include "engine/cuda/cublas.h"

namespace quorum::cuda {

// Throws Error(kEnvironment) unless all is well.
void expect(cublasStatus_t status, const char* what);

struct Cublas::Library {
  void* handle = nullptr;
  cublasLtHandle_t context = nullptr;

  template <class Function>
  Function* find(const char* name) const {
    return reinterpret_cast<Function*>(symbol(name));
  }
#define QUORUM_FUNCTION(name) decltype(::name)* name = nullptr
  QUORUM_FUNCTION(cublasLtCreate);
  QUORUM_FUNCTION(cublasLtDestroy);
  QUORUM_FUNCTION(cublasLtGetVersion);
  QUORUM_FUNCTION(cublasLtMatmul);
  QUORUM_FUNCTION(cublasLtMatmulAlgoCheck);
  QUORUM_FUNCTION(cublasLtMatmulAlgoConfigGetAttribute);
  QUORUM_FUNCTION(cublasLtMatmulAlgoConfigSetAttribute);
  QUORUM_FUNCTION(cublasLtMatmulAlgoGetHeuristic);
  QUORUM_FUNCTION(cublasLtMatmulDescCreate);
  QUORUM_FUNCTION(cublasLtMatmulDescDestroy);
  QUORUM_FUNCTION(cublasLtMatmulDescSetAttribute);
  QUORUM_FUNCTION(cublasLtMatmulPreferenceCreate);
  QUORUM_FUNCTION(cublasLtMatmulPreferenceDestroy);
  QUORUM_FUNCTION(cublasLtMatmulPreferenceSetAttribute);
  QUORUM_FUNCTION(cublasLtMatrixLayoutCreate);
  QUORUM_FUNCTION(cublasLtMatrixLayoutDestroy);
#undef QUORUM_FUNCTION

  Library();
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

 private:
  void* symbol(const char* name) const;
};

struct Cublas::Algorithm {
  cublasLtMatmulAlgo_t value;
};

// Column-major, as cuBLASLt sees it: D (n, rows) = W (k, n)^T · X (k, rows).
class Cublas::Problem {
 public:
  Problem(const Library& library, const Shape& shape, int rows);
  ~Problem();
  Problem(const Problem&) = delete;
  Problem& operator=(const Problem&) = delete;

  // Algorithms with the shape's split of K, the most promising first.
  std::vector<cublasLtMatmulAlgo_t> candidates(int most) const;
  // Whether the library runs it for this problem, and with the shape's split.
  bool takes(const cublasLtMatmulAlgo_t& algorithm) const;
  cublasStatus_t run(const cublasLtMatmulAlgo_t& algorithm, const void* w, const void* x, void* y,
                     void* workspace, cudaStream_t stream) const;

 private:
  const Library& lt_;
  int splits_;
  cublasLtMatmulDesc_t product_ = nullptr;
  cublasLtMatrixLayout_t w_ = nullptr, x_ = nullptr, y_ = nullptr;
};

}  // namespace quorum::cuda
