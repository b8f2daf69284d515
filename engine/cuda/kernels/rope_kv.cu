#include "base/error.h"
#include "engine/cuda/kernels/discard.cuh"
#include "engine/cuda/kernels/rope_kv.h"
#include "engine/cuda/kernels/vector8.cuh"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kMaxThreads = 512;

// A head, as `kLanes` threads hold it: eight channels of each half, so that a thread rotates its
// own.
template <int HeadDim>
struct HeadPart {
  static constexpr int kLanes = HeadDim / 16;
  Vector8 low, high;
};

template <int HeadDim>
__device__ HeadPart<HeadDim> load_part(const auto* head) {
  return {load8(head), load8(head + HeadDim / 2)};
}

template <int HeadDim>
__device__ void normalise(HeadPart<HeadDim>& part, const HeadPart<HeadDim>& weight, float eps) {
  constexpr int kLanes = HeadPart<HeadDim>::kLanes;
  const unsigned group = ((1u << kLanes) - 1) << (threadIdx.x % 32 / kLanes * kLanes);
  float squares = 0;
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    squares = fmaf(part.low.x[i], part.low.x[i], squares);
    squares = fmaf(part.high.x[i], part.high.x[i], squares);
  }
#pragma unroll
  for (int step = kLanes / 2; step > 0; step /= 2) squares += __shfl_xor_sync(group, squares, step);
  const float inverse = rsqrtf(squares * (1.0f / HeadDim) + eps);
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    part.low.x[i] *= inverse * weight.low.x[i];
    part.high.x[i] *= inverse * weight.high.x[i];
  }
}

template <int HeadDim>
__device__ void rotate(HeadPart<HeadDim>& part, const Vector8& cos, const Vector8& sin) {
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const float low = part.low.x[i], high = part.high.x[i];
    part.low.x[i] = low * cos.x[i] - high * sin.x[i];
    part.high.x[i] = high * cos.x[i] + low * sin.x[i];
  }
}

template <int HeadDim>
__global__ void __launch_bounds__(kMaxThreads)
    rope_kv_kernel(const __grid_constant__ RopeKvCall call, bool discard) {
  let_next_start();
  using Part = HeadPart<HeadDim>;
  const int kv_heads = call.layout.kv_heads, all_heads = call.heads + 2 * kv_heads;
  const int unit = blockIdx.y * blockDim.x + threadIdx.x;
  const int head = unit / Part::kLanes, channel = 8 * (unit % Part::kLanes);
  if (head >= all_heads) return;
  const bool is_q = head < call.heads, is_v = head >= call.heads + kv_heads;

  Part bias, weight;
  if (call.bias != nullptr) bias = load_part<HeadDim>(call.bias + head * HeadDim + channel);
  const float* const norm = is_q ? call.q_norm : is_v ? nullptr : call.k_norm;
  if (norm != nullptr) weight = load_part<HeadDim>(norm + channel);
  const std::size_t row = blockIdx.x;
  const int table = __ldcg(call.rows.table + row);
  const int position = table < 0 ? 0 : __ldcg(call.rows.position + row);
  Vector8 cos, sin;
  if (!is_v) {
    const std::size_t at = std::size_t(position) * (HeadDim / 2) + channel;
    cos = load8(call.cos + at);
    sin = load8(call.sin + at);
  }
  int page = 0;
  if (!is_q && table >= 0)
    page = __ldcg(call.rows.page_tables + std::size_t(table) * call.rows.table_stride +
                  position / kPageTokens);
  wait_for_previous();  // padding too: who waits for this kernel waits for those ahead of it
  if (table < 0) return;

  const __nv_bfloat16* const from = call.qkv + (row * all_heads + head) * HeadDim + channel;
  Part part = load_part<HeadDim>(from);
  add(part.low, bias.low);
  add(part.high, bias.high);
  if (discard && all_have_read<Part::kLanes>()) {
#pragma unroll
    for (int line = 0; line < HeadDim; line += kLineBytes / 2) discard_line(from + line);
  }
  if (norm != nullptr) normalise(part, weight, call.eps);
  if (!is_v) rotate(part, cos, sin);
  if (is_q) {
    __nv_bfloat16* const q = call.q + (row * call.heads + head) * HeadDim + channel;
    store8(q, part.low);
    store8(q + HeadDim / 2, part.high);
    return;
  }
  const int kv_head = head - call.heads - (is_v ? kv_heads : 0), slot = position % kPageTokens;
  __nv_bfloat16* const tile =
      call.kv + call.layout.at(0, page, kv_head) + (is_v ? call.layout.tile() : 0);
  store8(tile + swizzled(slot, channel, HeadDim), part.low);
  store8(tile + swizzled(slot, channel + HeadDim / 2, HeadDim), part.high);
}

}  // namespace

void rope_kv(const RopeKvCall& call, cudaStream_t stream) {
  const int head_dim = call.layout.head_dim;
  QUORUM_CHECK(head_dim == 64 || head_dim == 128, "no heads of this width");
  QUORUM_CHECK((call.q_norm == nullptr) == (call.k_norm == nullptr), "q and k have norms or not");
  if (call.rows.count == 0) return;
  const int units = (call.heads + 2 * call.layout.kv_heads) * (head_dim / 16);
  const int blocks = (units + kMaxThreads - 1) / kMaxThreads;
  const unsigned threads = ((units + blocks - 1) / blocks + 31) / 32 * 32;
  launch(
      {.grid = dim3(call.rows.count, blocks), .block = threads, .stream = stream, .overlap = true},
      head_dim == 64 ? rope_kv_kernel<64> : rope_kv_kernel<128>, call,
      rows_own_lines(call.qkv, std::size_t(units) * 16 * sizeof(__nv_bfloat16)));
}

}  // namespace quorum::cuda
