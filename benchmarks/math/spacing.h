// LaTeX commands that only make room.
#pragma once

#include <cstddef>
#include <string_view>

namespace quorum {

// The length of a command at the front of `text` that takes no room or only makes room (\, \quad
// \displaystyle ~ …); 0: none.
std::size_t spacing_at_front(std::string_view text);
// The same at its back, \\ among them. "\ " counts also where trimming has taken its space.
std::size_t spacing_at_back(std::string_view text);

}  // namespace quorum
