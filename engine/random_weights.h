// The values of generated weights: functions of (tensor name, index, seed) alone, so that any part
// can be made anywhere, by host and device with the same bits.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/host_device.h"
#include "base/philox.h"

namespace quorum {

struct DecoderSpec;
struct TensorPlan;

// Elements are bf16(centre + half_width · u), u uniform in (-1, 1) from the Philox key.
struct RandomTensor {
  std::uint64_t key = 0;
  float centre = 0, half_width = 0;
};

// The key by name and seed, the distribution by the tensor's role (make_random_weights).
RandomTensor random_tensor(const TensorPlan& plan, const DecoderSpec& spec, std::uint64_t seed);

inline constexpr int kRandomValues = 8;  // of a Philox block: 16 bits each

// The bf16 bits of elements [8·block, 8·block + 8).
QUORUM_HOST_DEVICE inline void random_values(const RandomTensor& tensor, std::int64_t block,
                                             std::uint16_t (&out)[kRandomValues]) {
  const PhiloxBlock random = philox4x32_10(tensor.key, static_cast<std::uint32_t>(block),
                                           static_cast<std::uint32_t>(block >> 32), 0, 0);
  for (int i = 0; i < kRandomValues; ++i) {
    const std::uint32_t drawn = (random.x[i / 2] >> (16 * (i % 2))) & 0xFFFFu;
    const float unit = (static_cast<float>(drawn) + 0.5f) * 0x1p-15f - 1.0f;  // exact
#ifdef __CUDA_ARCH__  // two roundings, as on the host, whatever the compiler's flags
    const float value = __fadd_rn(tensor.centre, __fmul_rn(tensor.half_width, unit));
#else
    const float value = tensor.centre + tensor.half_width * unit;
#endif
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    out[i] = static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
  }
}

}  // namespace quorum
