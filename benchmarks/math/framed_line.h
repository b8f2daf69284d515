// An answer in a frame of box-drawing characters, as models without LaTeX draw a box.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quorum {

// The last line of the form "│ 42 │": one cell between two bars. A table (several cells in the
// line, or framed lines above or below) is no box. Linear.
std::optional<std::string> find_framed_line(std::string_view text);

}  // namespace quorum
