#include "harness/packing.h"

#include <zstd.h>

#include "base/error.h"

namespace quorum {
namespace {

constexpr int kLevel = 3;
constexpr unsigned long long kMaxUnpacked = 1ull << 30;

Error damaged(const char* why) { return Error(ErrorKind::kData, "a stored text is damaged", why); }

}  // namespace

std::string pack_text(std::string_view text) {
  if (text.empty()) return {};
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size =
      ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), kLevel);
  QUORUM_CHECK(!ZSTD_isError(size), ZSTD_getErrorName(size));
  packed.resize(size);
  return packed;
}

std::string unpack_text(std::string_view packed) {
  if (packed.empty()) return {};
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
    throw damaged("it is not a zstd frame");
  if (size > kMaxUnpacked) throw damaged("it claims to unpack to more than 1 GiB");
  std::string text(size, '\0');
  const std::size_t got = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
  if (ZSTD_isError(got)) throw damaged(ZSTD_getErrorName(got));
  if (got != text.size()) throw damaged("it is shorter than it says");
  return text;
}

std::string pack_ids(std::span<const std::int32_t> ids) {
  std::string bytes;
  bytes.reserve(ids.size() * 3);
  for (const std::int32_t id : ids) {
    QUORUM_CHECK(id >= 0);
    auto rest = static_cast<std::uint32_t>(id);
    for (; rest >= 0x80; rest >>= 7) bytes.push_back(static_cast<char>(rest | 0x80));
    bytes.push_back(static_cast<char>(rest));
  }
  return pack_text(bytes);
}

std::vector<std::int32_t> unpack_ids(std::string_view packed) {
  const std::string bytes = unpack_text(packed);
  std::vector<std::int32_t> ids;
  std::uint64_t value = 0;
  int shift = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    shift += 7;
    if ((byte & 0x80) != 0) {
      if (shift > 28) throw damaged("a token id is longer than 32 bits");
      continue;
    }
    if (value > 0x7fffffff) throw damaged("a token id is larger than 31 bits");
    ids.push_back(static_cast<std::int32_t>(value));
    value = 0;
    shift = 0;
  }
  if (shift != 0) throw damaged("its last token id is cut off");
  return ids;
}

}  // namespace quorum
