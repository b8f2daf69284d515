// Numbers as Python's decimal.Decimal reads and compares them: exactly, whatever their size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quorum::code {

// The value of Decimal(text), in a form in which equal numbers are equal members.
struct DecimalToken {
  enum class Kind { kFinite, kInfinite, kQuietNan, kSignallingNan };
  Kind kind = Kind::kFinite;
  bool negative = false;
  std::string digits;         // without zeros at its ends; empty: zero, which is not negative
  std::int64_t exponent = 0;  // value = digits · 10^exponent
};

// Decimal(text) under the default context: digits of any script, underscores anywhere, white space
// at the ends, `inf`, `infinity`, `nan` and `snan` in any case. nullopt where Decimal raises: for
// other texts and for exponents beyond its limits.
std::optional<DecimalToken> parse_decimal(std::string_view text);

// `a == b`; nullopt where Python raises InvalidOperation, because one is a signalling NaN.
std::optional<bool> decimals_equal(const DecimalToken& a, const DecimalToken& b);

}  // namespace quorum::code
