#include "benchmarks/livecodebench/decimal_token.h"

#include <algorithm>

#include "base/text.h"
#include "benchmarks/livecodebench/python_text.h"

namespace quorum::code {
namespace {

// The largest exponents of the 64-bit build of Python's decimal module.
constexpr std::int64_t kMaxExponent = 999'999'999'999'999'999;
constexpr std::int64_t kLeastExponent = -1'999'999'999'999'999'997;
constexpr std::int64_t kBeyond = 4'000'000'000'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits of every script as ASCII, without underscores; nullopt: a character that no number has.
std::optional<std::string> to_ascii(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::int32_t point = next_code_point(text, at);
    if (point == '_') continue;
    if (const int digit = decimal_digit(point); digit >= 0) {
      out += static_cast<char>('0' + digit);
    } else if (point > 0x20 && point < 0x7f) {
      out += static_cast<char>(point);
    } else {
      return std::nullopt;
    }
  }
  return out;
}

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

// The value of an exponent's digits, saturating at kBeyond.
std::int64_t saturating(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits) value = std::min(kBeyond, value * 10 + (c - '0'));
  return value;
}

std::optional<DecimalToken> special(std::string_view word, bool negative) {
  DecimalToken token;
  token.negative = negative;
  const std::string lower = to_lower_ascii(word);
  if (lower == "inf" || lower == "infinity") {
    token.kind = DecimalToken::Kind::kInfinite;
    return token;
  }
  for (const auto& [name, kind] : {std::pair{"nan", DecimalToken::Kind::kQuietNan},
                                   std::pair{"snan", DecimalToken::Kind::kSignallingNan}}) {
    const std::string_view prefix = name;
    // Digits behind it are its payload.
    if (lower.compare(0, prefix.size(), prefix) != 0 ||
        !all_digits(std::string_view(lower).substr(prefix.size())))
      continue;
    token.kind = kind;
    return token;
  }
  return std::nullopt;
}

}  // namespace

std::optional<DecimalToken> parse_decimal(std::string_view text) {
  const std::optional<std::string> ascii = to_ascii(python_strip(text));
  if (!ascii) return std::nullopt;
  std::string_view rest = *ascii;
  DecimalToken token;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) {
    token.negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  if (rest.empty()) return std::nullopt;
  if (!is_digit(rest[0]) && rest[0] != '.') return special(rest, token.negative);

  std::size_t at = 0;
  std::int64_t fraction = 0;
  bool point = false;
  std::string digits;
  for (; at < rest.size(); ++at) {
    if (rest[at] == '.' && !point) {
      point = true;
    } else if (is_digit(rest[at])) {
      digits += rest[at];
      fraction += point ? 1 : 0;
    } else {
      break;
    }
  }
  if (digits.empty()) return std::nullopt;
  std::int64_t exponent = 0;
  if (at < rest.size()) {
    if (rest[at] != 'e' && rest[at] != 'E') return std::nullopt;
    ++at;
    bool minus = false;
    if (at < rest.size() && (rest[at] == '+' || rest[at] == '-')) minus = rest[at++] == '-';
    if (at == rest.size() || !all_digits(rest.substr(at))) return std::nullopt;
    exponent = saturating(rest.substr(at)) * (minus ? -1 : 1);
  }
  exponent -= fraction;

  const std::size_t first = digits.find_first_not_of('0');
  const auto significant = first == std::string::npos
                               ? std::int64_t{0}
                               : static_cast<std::int64_t>(digits.size() - first);
  // Decimal() takes only what it can hold exactly, as it is written.
  if (exponent < kLeastExponent ||
      exponent + std::max<std::int64_t>(significant, 1) - 1 > kMaxExponent)
    return std::nullopt;
  if (first == std::string::npos) {
    token.negative = false;
    return token;
  }
  const std::size_t last = digits.find_last_not_of('0');
  token.exponent = exponent + static_cast<std::int64_t>(digits.size() - 1 - last);
  token.digits = digits.substr(first, last - first + 1);
  return token;
}

std::optional<bool> decimals_equal(const DecimalToken& a, const DecimalToken& b) {
  using Kind = DecimalToken::Kind;
  if (a.kind == Kind::kSignallingNan || b.kind == Kind::kSignallingNan) return std::nullopt;
  if (a.kind == Kind::kQuietNan || b.kind == Kind::kQuietNan) return false;
  return a.kind == b.kind && a.negative == b.negative && a.exponent == b.exponent &&
         a.digits == b.digits;
}

}  // namespace quorum::code
