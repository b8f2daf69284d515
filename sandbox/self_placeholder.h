// The place in a program's filter where the process's own number belongs. Header of its own without
// the C++ library, for the loop of the warm interpreter.
#pragma once

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>

namespace quorum::sandbox {

inline constexpr std::uint32_t kSelfPlaceholder = 0x7e57ab1e;

inline void name_self(sock_filter* instructions, std::size_t count, std::uint32_t self) {
  for (std::size_t i = 0; i < count; ++i)
    if (instructions[i].k == kSelfPlaceholder) instructions[i].k = self;
}

}  // namespace quorum::sandbox
