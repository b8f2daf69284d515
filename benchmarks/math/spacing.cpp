#include "benchmarks/math/spacing.h"

#include <array>

#include "benchmarks/math/ascii.h"

namespace quorum {

std::size_t spacing_at_front(std::string_view text) {
  constexpr std::array<std::string_view, 6> kShort = {"\\,", "\\;", "\\:", "\\!", "\\ ", "~"};
  for (const std::string_view s : kShort) {
    if (text.substr(0, s.size()) == s) return s.size();
  }
  constexpr std::array<std::string_view, 8> kNamed = {
      "\\quad", "\\qquad", "\\displaystyle", "\\textstyle", "\\large", "\\Large", "\\huge", "\\rm"};
  for (const std::string_view s : kNamed) {
    if (text.substr(0, s.size()) != s) continue;
    if (s.size() < text.size() && is_letter(text[s.size()])) continue;
    return s.size();
  }
  return 0;
}

std::size_t spacing_at_back(std::string_view text) {
  constexpr std::array<std::string_view, 8> kEnds = {"\\,",    "\\;",     "\\:",  "\\!",
                                                     "\\quad", "\\qquad", "\\\\", "~"};
  for (const std::string_view s : kEnds) {
    if (text.size() >= s.size() && text.substr(text.size() - s.size()) == s) return s.size();
  }
  // "\\ " of which trimming has taken the space.
  if (!text.empty() && text.back() == '\\') return 1;
  return 0;
}

}  // namespace quorum
