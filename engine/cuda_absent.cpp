// Stands in for engine/cuda in a build without CUDA.
#include "base/error.h"
#include "engine/cuda_backend.h"
#include "engine/cuda_perf.h"

namespace quorum {
namespace {

constexpr const char* kProblem = "this build has no CUDA backend";

[[noreturn]] void refuse() {
  throw Error(ErrorKind::kEnvironment, "no GPU can be used", kProblem,
              "--device cpu, or build where the CUDA toolkit 13.0 (nvcc) is installed");
}

}  // namespace

std::unique_ptr<Backend> make_cuda_backend(const DecoderSpec&, const WeightSource&,
                                           const CudaBackendOptions&) {
  refuse();
}
std::unique_ptr<Backend> make_cuda_backend_random(const DecoderSpec&, std::uint64_t,
                                                  const CudaBackendOptions&) {
  refuse();
}
std::vector<CudaDeviceInfo> cuda_devices(bool) { return {}; }
std::string cuda_problem() { return kProblem; }
std::string cuda_blas_library() { return {}; }
bool built_with_cuda() { return false; }

double measure_read_bandwidth(int) { refuse(); }
double measure_flop_rate(int) { refuse(); }
double measure_copy_bandwidth(int) { refuse(); }
std::vector<AttentionCost> measure_decode_attention(int, const AttentionShape&,
                                                    std::span<const std::vector<int>>,
                                                    std::int64_t) {
  refuse();
}
std::vector<std::vector<ProductCost>> measure_products(int, const DecoderSpec&,
                                                       std::span<const int>) {
  refuse();
}
LoadCost measure_load(const DecoderSpec&, const WeightSource&, const CudaBackendOptions&) {
  refuse();
}

}  // namespace quorum
