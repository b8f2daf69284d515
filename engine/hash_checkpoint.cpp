#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <future>
#include <set>
#include <thread>
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

// Bytes of a file that weights may be read from at the same time: by reading, since a mapping that
// is cut short meanwhile ends the process without a word.
class FileHash {
 public:
  explicit FileHash(const MappedFile& file) : file_(file), block_(kBlockBytes) {}
  Sha256& hash() { return hash_; }
  void add(std::uint64_t begin, std::uint64_t bytes) {
    for (const std::uint64_t end = begin + bytes; begin < end;) {
      const std::span<std::byte> part(block_.data(), std::min(kBlockBytes, end - begin));
      file_.read(begin, part);
      hash_.update(part);
      begin += part.size();
    }
  }

 private:
  const MappedFile& file_;
  Sha256 hash_;
  std::vector<std::byte> block_;
};

std::string hash_whole(const MappedFile& file) {
  FileHash hash(file);
  hash.add(0, file.bytes().size());
  return hash.hash().hex();
}

std::string hash_sampled(const MappedFile& file) {
  const std::uint64_t size = file.bytes().size();
  FileHash hash(file);
  hash.hash().field(size);
  std::array<std::byte, 8> length;
  file.read(0, length);
  std::uint64_t header = 0;
  std::memcpy(&header, length.data(), length.size());
  hash.add(0, std::min<std::uint64_t>(header, size - 8) + 8);
  const std::uint64_t last = size - kBlockBytes;  // where the last block begins
  for (std::uint64_t i = 0; i < kBlocks; ++i)
    hash.add(last / (kBlocks - 1) * i + last % (kBlocks - 1) * i / (kBlocks - 1), kBlockBytes);
  return hash.hash().hex();
}

struct WeightFile {
  std::string name, hex;
  bool sampled = false;

  void hash(const fs::path& directory) {
    const MappedFile file(directory / name);
    sampled = file.bytes().size() > kWholeBytes;
    hex = sampled ? hash_sampled(file) : hash_whole(file);
  }
};

// Several files at once: 64 MiB of each take as long as the weights take to the GPU, whose threads
// need most of the processor.
void hash_files(std::vector<WeightFile>& files, const fs::path& directory) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++) files[i].hash(directory);
  };
  const std::size_t most = std::max(1u, std::thread::hardware_concurrency() / 4);
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < std::min(files.size(), most); ++i)
    others.push_back(std::async(std::launch::async, work));
  work();
  for (std::future<void>& other : others) other.get();
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
  std::vector<WeightFile> files;
  for (const std::string& name : weights) files.push_back({name, {}, false});
  hash_files(files, directory);
  for (const WeightFile& file : files) {
    result.sampled = result.sampled || file.sampled;
    hash.field(file.name).field(file.sampled ? "sampled" : "whole").field(file.hex);
  }
  result.hex = hash.hex();
  return result;
}

}  // namespace quorum
