// How texts and token ids lie in the store: zstd frames, ids as LEB128 before that.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quorum {

// An empty text packs to no bytes.
std::string pack_text(std::string_view text);
// Throws Error(kData) when the bytes are damaged or unpack to more than 1 GiB.
std::string unpack_text(std::string_view packed);

// Precondition: no id is negative.
std::string pack_ids(std::span<const std::int32_t> ids);
// Throws Error(kData) likewise.
std::vector<std::int32_t> unpack_ids(std::string_view packed);

}  // namespace quorum
