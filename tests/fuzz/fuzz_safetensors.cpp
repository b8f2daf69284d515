// Safetensors headers and shard indices: whatever is accepted lies inside the file, without
// overlaps.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "engine/safetensors.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  if (auto parsed = quorum::parse_safetensors_header(bytes, size, "file"); parsed.ok()) {
    auto& entries = parsed.value();
    for (const auto& entry : entries) {
      require(entry.begin <= entry.end && entry.end <= size);
      const quorum::TensorView view{entry.dtype, entry.shape, bytes.data() + entry.begin};
      require(static_cast<std::uint64_t>(view.elements()) * quorum::dtype_bytes(entry.dtype) ==
              entry.end - entry.begin);
    }
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.begin < b.begin; });
    std::uint64_t covered = 0;
    for (const auto& entry : entries) covered += entry.end - entry.begin;
    require(entries.empty() || entries.front().begin + covered == size);
  }
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto parsed = quorum::parse_shard_index(text, "index"); parsed.ok())
    for (const auto& entry : parsed.value()) {
      require(!entry.shard.empty() && entry.shard != "..");
      require(entry.shard.find('/') == std::string::npos);
      require(entry.shard.find('\0') == std::string::npos);
    }
  return 0;
}
