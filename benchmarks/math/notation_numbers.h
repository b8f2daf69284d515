// The part of notation.h that concerns numbers. Each function gives back the text unchanged where
// it does not apply.
#pragma once

#include <string>
#include <string_view>

namespace quorum {

// 1,250 and 1{,}250 and 1\,250 and 1 250 become 1250. A bare comma counts only outside brackets,
// where it cannot part the elements of a pair, and never with a space behind it.
std::string join_thousands(std::string_view text);

// 0.\dot{3}, 0.\dot{1}2\dot{3} and 0.333\ldots, as a whole answer, with \overline over the period.
std::string repeating_decimals(std::string text);

}  // namespace quorum
