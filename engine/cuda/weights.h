// A decoder's weights on the device: matrices that are used together fused, norms and biases as
// floats.
#pragma once

#include <cuda_bf16.h>

#include <functional>
#include <memory>
#include <vector>

#include "engine/cuda/gemm.h"
#include "engine/cuda/memory.h"
#include "engine/decoder_spec.h"
#include "engine/weights.h"

namespace quorum::cuda {

struct DeviceLayer {
  const float *input_norm = nullptr, *post_norm = nullptr;  // (hidden)
  const float *q_norm = nullptr, *k_norm = nullptr;         // (head_dim), or null
  const float* qkv_bias = nullptr;  // ((heads + 2·kv_heads)·head_dim), or null
  const float *o_bias = nullptr, *down_bias = nullptr;  // (hidden), or null
  const float* gate_up_bias = nullptr;                  // (2·intermediate), gate first, or null
  PackedWeight qkv, o, gate_up, down;
};

struct DeviceWeights {
  const __nv_bfloat16* embedding = nullptr;  // (vocab, hidden)
  std::vector<DeviceLayer> layers;
  const float* final_norm = nullptr;
  PackedWeight lm_head;
};

// Where the values come from.
class TensorFiller {
 public:
  virtual ~TensorFiller() = default;
  // Queue the tensor's values to device memory, row-major, as bf16 and as floats. `layer` is -1 for
  // the tensors of the model.
  virtual void fill(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model,
                    __nv_bfloat16* to) = 0;
  virtual void fill(int layer, TensorView LayerWeights::*place, TensorView DecoderWeights::*model,
                    float* to) = 0;
  // The number of a batch: of the tensors queued since the last one.
  virtual int end_batch() = 0;
  // What the stream does afterwards sees the tensors of this batch and of those before it.
  virtual void wait(int batch) = 0;
  // Tensors queued later are written after what the stream does now.
  virtual void start_after() = 0;
};
// Borrows views (of mapped files) and stream. `scratch`: device memory of scratch_bytes() that
// tensors of other formats pass through.
std::unique_ptr<TensorFiller> make_uploader(const DecoderSpec& spec, const DecoderWeights& weights,
                                            std::byte* scratch, cudaStream_t stream);
std::size_t scratch_bytes(const DecoderSpec& spec);
// Values of make_random_weights(spec, seed), made on the device.
std::unique_ptr<TensorFiller> make_random_filler(const DecoderSpec& spec, std::uint64_t seed,
                                                 cudaStream_t stream);

// What products do beside multiplying, where our own kernels serve them.
enum class Fusion {
  kNone,
  kGateUp,  // silu(gate) · up, in one product
  kAll,     // that, and all that stands between the products and attention: biases, norms, RoPE, KV
            // write and the additions to the residual stream
};
Fusion fusion_of(const DecoderSpec& spec, const Device& device);

// Columns of the logits: lm_head has rows of zeros below the vocabulary, up to whole vectors.
inline int padded_vocab(const DecoderSpec& spec) { return (spec.vocab + 15) / 16 * 16; }

// The products of a decoder, for Gemm.
std::vector<Gemm::Shape> product_shapes(const DecoderSpec& spec, Fusion fusion);

// Bytes of arena that load_weights() takes, and of the memory `staging` that it needs only while it
// runs.
std::size_t weight_bytes(const DecoderSpec& spec, Fusion fusion, const Gemm& gemm);
std::size_t staging_bytes(const DecoderSpec& spec);

DeviceWeights load_weights(const DecoderSpec& spec, Fusion fusion, TensorFiller& filler,
                           const Gemm& gemm, Arena& arena, std::byte* staging, cudaStream_t stream);

}  // namespace quorum::cuda
