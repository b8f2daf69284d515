#include "base/error.h"
#include "engine/cuda/kernels/page_copy.h"
#include "engine/cuda/launch.h"

namespace quorum::cuda {
namespace {

constexpr int kThreads = 256;
constexpr int kLoads = 4;  // chunks of 16 bytes that a thread has on their way

// Copies `chunks` chunks of 16 bytes; `thread` of `threads` take part.
__device__ void copy_chunks(uint4* to, const uint4* from, int chunks, int thread, int threads) {
  for (int begin = thread; begin < chunks; begin += kLoads * threads) {
    uint4 held[kLoads];
#pragma unroll
    for (int i = 0; i < kLoads; ++i)
      if (begin + i * threads < chunks) held[i] = from[begin + i * threads];
#pragma unroll
    for (int i = 0; i < kLoads; ++i)
      if (begin + i * threads < chunks) to[begin + i * threads] = held[i];
  }
}

// A block copies the K or the V of one (layer, KV head): swizzling permutes within positions, so
// the first positions of a tile are its beginning.
__global__ void __launch_bounds__(kThreads)
    copy_pages_kernel(const PageCopy* copies, const __grid_constant__ KvLayout layout,
                      __nv_bfloat16* kv) {
  let_next_start();
  wait_for_previous();
  const PageCopy copy = copies[blockIdx.y];
  const int tiles = 2 * layout.kv_heads, layer = blockIdx.x / tiles;
  const std::size_t tile = blockIdx.x % tiles * layout.tile();
  copy_chunks(reinterpret_cast<uint4*>(kv + layout.at(layer, copy.to, 0) + tile),
              reinterpret_cast<const uint4*>(kv + layout.at(layer, copy.from, 0) + tile),
              copy.tokens * layout.head_dim / 8, threadIdx.x, kThreads);
}

// blockIdx.y is the layer; strides are those of a layer, all in chunks of 16 bytes.
__global__ void __launch_bounds__(kThreads)
    copy_layers_kernel(const uint4* from, std::size_t from_stride, uint4* to, std::size_t to_stride,
                       int chunks) {
  let_next_start();
  wait_for_previous();
  copy_chunks(to + blockIdx.y * to_stride, from + blockIdx.y * from_stride, chunks,
              blockIdx.x * kThreads + threadIdx.x, gridDim.x * kThreads);
}

void copy_layers(const __nv_bfloat16* from, std::size_t from_stride, __nv_bfloat16* to,
                 std::size_t to_stride, int layers, std::size_t elements, cudaStream_t stream) {
  const auto chunks = static_cast<unsigned>(elements / 8);
  const unsigned blocks = (chunks + kLoads * kThreads - 1) / (kLoads * kThreads);
  launch({.grid = dim3(blocks, layers), .block = kThreads, .stream = stream, .overlap = true},
         copy_layers_kernel, reinterpret_cast<const uint4*>(from), from_stride / 8,
         reinterpret_cast<uint4*>(to), to_stride / 8, chunks);
}

}  // namespace

void copy_pages(const PageCopy* copies, int count, int layers, const KvLayout& layout,
                __nv_bfloat16* kv, cudaStream_t stream) {
  if (count == 0) return;
  QUORUM_CHECK(count <= 65535, "more page copies than one launch takes");
  launch({.grid = dim3(layers * 2 * layout.kv_heads, count),
          .block = kThreads,
          .stream = stream,
          .overlap = true},
         copy_pages_kernel, copies, layout, kv);
}

void gather_page(const __nv_bfloat16* kv, int page, int layers, const KvLayout& layout,
                 __nv_bfloat16* buffer, cudaStream_t stream) {
  copy_layers(kv + layout.at(0, page, 0), layout.layer(), buffer, layout.page(), layers,
              layout.page(), stream);
}

void scatter_page(const __nv_bfloat16* buffer, int page, int layers, const KvLayout& layout,
                  __nv_bfloat16* kv, cudaStream_t stream) {
  copy_layers(buffer, layout.page(), kv + layout.at(0, page, 0), layout.layer(), layers,
              layout.page(), stream);
}

}  // namespace quorum::cuda
