// The safetensors container: 8 bytes little-endian header length, a JSON header, then the tensors'
// bytes (https://huggingface.co/docs/safetensors).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/weights.h"

namespace quorum {

struct SafetensorsEntry {
  std::string name;
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;  // bytes from the start of the file
};

// Reads the header of a file of `file_bytes` bytes, of which `head` holds at least the header (for
// a mapped file: all). The entries come sorted by name. Every entry lies inside the file, has the
// bytes that its shape needs, and overlaps no other; together they cover the data. `file` is named
// in errors. Touches the header only.
Result<std::vector<SafetensorsEntry>> parse_safetensors_header(std::span<const std::byte> head,
                                                               std::uint64_t file_bytes,
                                                               const std::string& file);

// The shard of every tensor as model.safetensors.index.json gives it, sorted by tensor. Shard names
// that are not plain file names are refused.
struct ShardEntry {
  std::string tensor, shard;
};
Result<std::vector<ShardEntry>> parse_shard_index(std::string_view json, const std::string& file);

}  // namespace quorum
