// Numbers of combinations and arrangements as textbooks of several countries write them.
#pragma once

#include <string>
#include <string_view>

namespace quorum {

// C_8^3, C^3_8, {}_8C_3 and {}^8C_3 as \binom{8}{3}; P_8^3, A_8^3 and {}_8P_3 as the quotient of
// two factorials. With numbers n and k where 0 <= k <= n, so that A_1^2 stays a square; with
// symbols only C whose index is no single letter (C_{2n}^n) or whose exponent is one (C_n^k), so
// that C_n^2 stays a square.
std::string combinations_as_binomials(std::string_view text);

}  // namespace quorum
