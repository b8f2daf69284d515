#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>
#include <vector>

#include "base/file.h"
#include "base/sha256.h"
#include "engine/checkpoint.h"
#include "engine/safetensors.h"

namespace quorum {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kWholeBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t kBlockBytes = std::uint64_t{1} << 20;
constexpr std::uint64_t kBlocks = 64;

std::string hash_sampled(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.field(bytes.size());
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  header = std::min<std::uint64_t>(header, bytes.size() - 8) + 8;
  hash.update(bytes.subspan(0, header));
  const std::uint64_t last = bytes.size() - kBlockBytes;  // where the last block begins
  for (std::uint64_t i = 0; i < kBlocks; ++i)
    hash.update(bytes.subspan(last / (kBlocks - 1) * i + last % (kBlocks - 1) * i / (kBlocks - 1),
                              kBlockBytes));
  return hash.hex();
}

}  // namespace

CheckpointHash hash_checkpoint(const fs::path& directory) {
  std::set<std::string> weights;
  const fs::path index = directory / "model.safetensors.index.json";
  std::vector<std::string> names{"chat_template.jinja", "chat_template.json",
                                 "config.json",         "generation_config.json",
                                 "tokenizer.json",      "tokenizer_config.json"};
  if (fs::exists(directory / "model.safetensors")) {
    weights.insert("model.safetensors");
  } else if (fs::exists(index)) {
    names.push_back(index.filename().string());
    for (const ShardEntry& entry : parse_shard_index(read_file(index), index.string()).take())
      weights.insert(entry.shard);
  }
  CheckpointHash result;
  Sha256 hash;
  for (const std::string& name : names)
    if (fs::exists(directory / name)) {
      const MappedFile file(directory / name);
      hash.field(name).field(sha256_hex(file.text()));
    }
  for (const std::string& name : weights) {
    const MappedFile file(directory / name);
    const bool sampled = file.bytes().size() > kWholeBytes;
    result.sampled = result.sampled || sampled;
    hash.field(name)
        .field(sampled ? "sampled" : "whole")
        .field(sampled ? hash_sampled(file.bytes()) : sha256_hex(file.text()));
  }
  result.hex = hash.hex();
  return result;
}

}  // namespace quorum
