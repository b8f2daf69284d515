#include "cli/size.h"

#include <fmt/core.h>

#include <string_view>

namespace quorum::cli {

std::string format_size(double bytes) {
  constexpr std::string_view kUnits = "KMGT";
  int unit = -1;
  while (bytes >= 1024 && unit + 1 < static_cast<int>(kUnits.size())) bytes /= 1024, ++unit;
  return unit < 0 ? fmt::format("{:.0f} B", bytes)
                  : fmt::format("{:.1f} {}iB", bytes, kUnits[static_cast<std::size_t>(unit)]);
}

}  // namespace quorum::cli
