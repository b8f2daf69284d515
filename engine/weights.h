// Named tensors of a checkpoint, and the tensors of a decoder by role.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/decoder_spec.h"

namespace quorum {

class MappedFile;

enum class DType { kF32, kF16, kBF16 };
std::size_t dtype_bytes(DType dtype);
std::string dtype_name(DType dtype);

// A borrowed row-major tensor; the WeightSource that gave it must outlive it. Data may be
// unaligned.
struct TensorView {
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;
  const std::byte* data = nullptr;
  const MappedFile* file = nullptr;  // of which `data` is a part, if any: see MappedFile::read()

  explicit operator bool() const { return data != nullptr; }
  std::int64_t elements() const;
  std::size_t bytes() const;
};

// Where tensors come from: safetensors files, or generated values for benchmarks.
class WeightSource {
 public:
  virtual ~WeightSource() = default;
  // The names of all tensors, sorted.
  virtual std::vector<std::string> names() const = 0;
  // The file that holds `name`, for messages; empty when there is none.
  virtual std::string file_of(const std::string& name) const = 0;
  // Empty view when there is no tensor of that name.
  virtual TensorView find(const std::string& name) const = 0;
};

// Opens `model.safetensors`, or the shards that `model.safetensors.index.json` lists, in a
// checkpoint directory. Throws Error(kData) that names file and tensor for every malformed,
// truncated, overlapping, missing or doubly defined one.
std::unique_ptr<WeightSource> open_safetensors(const std::string& directory);
// Values that depend only on (tensor name, index, seed), for benchmarks without a checkpoint:
// matrices uniform with the variance 1/fan-in and q, k scaled up so that attention is peaked, norms
// around 1, biases around 0. All bf16.
std::unique_ptr<WeightSource> make_random_weights(const DecoderSpec& spec, std::uint64_t seed);

// One layer; shapes as (rows, columns) of a matrix that maps columns to rows. Absent biases and
// norms are empty views.
struct LayerWeights {
  TensorView input_norm;  // (hidden)
  TensorView q, k, v;     // (heads·head_dim, hidden), (kv_heads·head_dim, hidden) twice
  TensorView q_bias, k_bias, v_bias;  // (rows)
  TensorView q_norm, k_norm;          // (head_dim)
  TensorView o, o_bias;               // (hidden, heads·head_dim), (hidden)
  TensorView post_norm;               // (hidden)
  TensorView gate, up, down;          // (intermediate, hidden) twice, (hidden, intermediate)
  TensorView gate_bias, up_bias, down_bias;
};

struct DecoderWeights {
  TensorView embedding;  // (vocab, hidden)
  std::vector<LayerWeights> layers;
  TensorView final_norm;  // (hidden)
  TensorView lm_head;     // (vocab, hidden); the embedding's view when tied
};

// Looks every tensor up by the Hugging Face names that Qwen2, Qwen3 and Llama share and checks
// shape and dtype. Throws Error(kData) naming file, tensor and what was expected for a missing,
// extra or ill-shaped tensor. Ignored extras:
// `*.rotary_emb.inv_freq`, and `lm_head.weight` of a tied checkpoint when its bytes equal the
// embedding's.
DecoderWeights bind_weights(const DecoderSpec& spec, const WeightSource& source);

}  // namespace quorum
