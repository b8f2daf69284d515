// Answers of a form of their own: times of day, ratios, numerals of other bases.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quorum {

// The canonical text of a time, "time 16:30:00" or "time 4:30:00 pm". Minutes have two digits.
// nullopt: it is none.
std::optional<std::string> time_text(std::string_view normal_form);

// The canonical text of a numeral with its base, "52_8", of 52_{8}, 52_{\text{eight}}, (52)_8,
// 52 \text{ base } 8. nullopt: it is none.
std::optional<std::string> numeral_text(std::string_view normal_form);

// The parts of 2:3:5. Empty: it is no ratio.
std::vector<std::string_view> ratio_parts(std::string_view normal_form);

// x \equiv 10 \pmod 7, 3 \bmod 7, 3 (mod 7).
struct Congruence {
  std::string symbol;             // "x"; empty: there is none
  long residue = 0, modulus = 0;  // 0 <= residue < modulus
};
std::optional<Congruence> congruence(std::string_view normal_form);

}  // namespace quorum
