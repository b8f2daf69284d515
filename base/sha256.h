// SHA-256 (FIPS 180-4), for identities and manifests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace quorum {

class Sha256 {
 public:
  Sha256();

  Sha256& update(std::span<const std::byte> bytes);
  Sha256& update(std::string_view text);
  // Hashes the length as 8 little-endian bytes, then the bytes: ("ab", "c") and ("a", "bc") differ.
  Sha256& field(std::string_view text);
  Sha256& field(std::uint64_t number);

  // Both end the hash: call one of them once.
  std::array<std::uint8_t, 32> digest();
  std::string hex();

 private:
  void block(const std::uint8_t* data);

  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> buffer_{};
  std::size_t buffered_ = 0;
  std::uint64_t total_ = 0;
};

// 64 hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace quorum
