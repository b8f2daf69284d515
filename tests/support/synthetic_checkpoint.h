// Checkpoints in the Hugging Face layout for tests: safetensors files, valid or not, and weights by
// the formula of tests/golden/synthetic.py, bit for bit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace quorum::testing {

struct RawTensor {
  std::string name, dtype;  // dtype as safetensors names it
  std::vector<std::int64_t> shape;
  std::string bytes;
};

// A safetensors file of these tensors, in this order.
std::string safetensors_file(const std::vector<RawTensor>& tensors);
// The same with a header of one's own: its length, the header, the data.
std::string safetensors_file(const std::string& header, const std::string& data);

// The bytes of `values` as F32, BF16 or F16, rounded to nearest even.
std::string encode_values(const std::vector<float>& values, const std::string& dtype);

// The values that synthetic.py gives a tensor of this name, and the token ids of a case.
std::vector<float> synthetic_values(const std::string& name, std::size_t count);
std::vector<std::int32_t> synthetic_tokens(const std::string& name, std::size_t count, int vocab);

using TensorShapes = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

// Writes config.json and model.safetensors with synthetic values.
void write_synthetic_checkpoint(const std::filesystem::path& directory,
                                const std::string& config_json, const TensorShapes& tensors,
                                const std::string& dtype);

void write_text(const std::filesystem::path& path, const std::string& text);

}  // namespace quorum::testing
