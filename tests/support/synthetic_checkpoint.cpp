#include "support/synthetic_checkpoint.h"

#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace quorum::testing {
namespace {

std::uint64_t fnv1a(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001b3ull;
  return hash;
}

std::uint64_t splitmix64(const std::string& name, std::uint64_t index) {
  std::uint64_t z = fnv1a(name) + (index + 1) * 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

std::pair<float, float> centre_and_scale(const std::string& name) {
  if (name.ends_with("q_norm.weight") || name.ends_with("k_norm.weight")) return {2.0f, 0.5f};
  if (name.ends_with("norm.weight")) return {1.0f, 0.5f};
  if (name.ends_with(".bias")) return {0.0f, 0.5f};
  if (name.ends_with("q_proj.weight") || name.ends_with("k_proj.weight")) return {0.0f, 0.5f};
  if (name.ends_with("embed_tokens.weight")) return {0.0f, 1.0f};
  return {0.0f, 0.25f};
}

std::uint16_t to_bf16(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, 4);
  return static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

// For |value| < 65504.
std::uint16_t to_f16(float value) {
  const float size = std::abs(value);
  int exponent = -14;
  if (size > 0) exponent = std::max(exponent, static_cast<int>(std::floor(std::log2(size))));
  const auto steps = static_cast<std::uint32_t>(std::nearbyint(std::ldexp(size, 10 - exponent)));
  // `steps` has the implicit bit when normal, and carries into the exponent by itself.
  const std::uint32_t bits = (static_cast<std::uint32_t>(exponent + 14) << 10) + steps;
  return static_cast<std::uint16_t>((std::signbit(value) ? 0x8000u : 0u) | bits);
}

}  // namespace

std::string safetensors_file(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &length, 8);
  return file + header + data;
}

std::string safetensors_file(const std::vector<RawTensor>& tensors) {
  nlohmann::ordered_json header;
  header["__metadata__"] = {{"format", "pt"}};
  std::string data;
  for (const RawTensor& tensor : tensors) {
    header[tensor.name] = {{"dtype", tensor.dtype},
                           {"shape", tensor.shape},
                           {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
    data += tensor.bytes;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  return safetensors_file(text, data);
}

std::string encode_values(const std::vector<float>& values, const std::string& dtype) {
  std::string bytes;
  const auto append = [&](const auto& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  for (const float value : values) {
    if (dtype == "F32")
      append(value);
    else if (dtype == "BF16")
      append(to_bf16(value));
    else if (dtype == "F16")
      append(to_f16(value));
    else
      throw std::invalid_argument("no encoder for " + dtype);
  }
  return bytes;
}

std::vector<float> synthetic_values(const std::string& name, std::size_t count) {
  const auto [centre, scale] = centre_and_scale(name);
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const float unit = static_cast<float>(splitmix64(name, i) >> 40) * 0x1p-23f - 1.0f;
    values[i] = centre + scale * unit;
  }
  return values;
}

std::vector<std::int32_t> synthetic_tokens(const std::string& name, std::size_t count, int vocab) {
  std::vector<std::int32_t> ids(count);
  for (std::size_t i = 0; i < count; ++i)
    ids[i] = static_cast<std::int32_t>(splitmix64(name + ".tokens", i) %
                                       static_cast<std::uint64_t>(vocab));
  return ids;
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

void write_synthetic_checkpoint(const std::filesystem::path& directory,
                                const std::string& config_json, const TensorShapes& tensors,
                                const std::string& dtype) {
  std::vector<RawTensor> raw;
  for (const auto& [name, shape] : tensors) {
    std::size_t count = 1;
    for (const std::int64_t dimension : shape) count *= static_cast<std::size_t>(dimension);
    raw.push_back({name, dtype, shape, encode_values(synthetic_values(name, count), dtype)});
  }
  write_text(directory / "config.json", config_json);
  write_text(directory / "model.safetensors", safetensors_file(raw));
}

}  // namespace quorum::testing
