// Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as
// 1, 2, 3" (SC 2011). A value is a pure function of (key, counter): no state, so a sample's random
// numbers do not depend on batch or thread.
#pragma once

#include <array>
#include <cstdint>

#include "base/host_device.h"

namespace quorum {

struct PhiloxBlock {
  std::uint32_t x[4];
};

// Ten rounds over the counter (c0, c1, c2, c3) with the 64-bit key.
QUORUM_HOST_DEVICE constexpr PhiloxBlock philox4x32_10(std::uint64_t key, std::uint32_t c0,
                                                       std::uint32_t c1, std::uint32_t c2,
                                                       std::uint32_t c3) {
  std::uint32_t k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * c0, p1 = std::uint64_t{0xCD9E8D57u} * c2;
    const std::uint32_t n0 = static_cast<std::uint32_t>(p1 >> 32) ^ c1 ^ k0;
    const std::uint32_t n2 = static_cast<std::uint32_t>(p0 >> 32) ^ c3 ^ k1;
    c0 = n0;
    c1 = static_cast<std::uint32_t>(p1);
    c2 = n2;
    c3 = static_cast<std::uint32_t>(p0);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

// A uniform number strictly inside (0, 1) from 32 random bits.
QUORUM_HOST_DEVICE constexpr double open_unit(std::uint32_t bits) { return (bits + 0.5) * 0x1p-32; }

// The numbers 0, 1, 2, … of one Philox key, for shuffles and generators of test data.
class PhiloxStream {
 public:
  explicit PhiloxStream(std::uint64_t key, std::uint32_t stream = 0) : key_(key), stream_(stream) {}

  std::uint32_t next() {
    const PhiloxBlock block = philox4x32_10(key_, static_cast<std::uint32_t>(index_),
                                            static_cast<std::uint32_t>(index_ >> 32), stream_, 0);
    ++index_;
    return block.x[0];
  }
  // Uniform in [0, bound) without bias. Precondition: bound > 0.
  std::uint32_t below(std::uint32_t bound) {
    const std::uint32_t reject = (0u - bound) % bound;  // 2^32 mod bound
    for (;;) {
      const std::uint32_t bits = next();
      if (bits >= reject) return bits % bound;
    }
  }
  // Uniform in [low, high], both inside.
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::uint32_t>(high - low) + 1u));
  }

 private:
  std::uint64_t key_;
  std::uint64_t index_ = 0;
  std::uint32_t stream_;
};

}  // namespace quorum
