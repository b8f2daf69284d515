#include "benchmarks/math/rational.h"

#include <algorithm>
#include <bit>

#include "base/error.h"

namespace quorum {

Natural::Natural(std::uint64_t value) {
  for (; value != 0; value >>= 32) limbs_.push_back(static_cast<std::uint32_t>(value));
}

void Natural::trim() {
  while (!limbs_.empty() && limbs_.back() == 0) limbs_.pop_back();
}

std::optional<Natural> Natural::from_digits(std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string_view::npos) return Natural();
  digits.remove_prefix(first);
  if (digits.size() > kMaxNumberBits / 3) return std::nullopt;
  Natural out;
  for (std::size_t at = 0; at < digits.size();) {
    const std::size_t count = std::min<std::size_t>(9, digits.size() - at);
    std::uint64_t scale = 1, carry = 0;
    for (std::size_t i = 0; i < count; ++i) {
      scale *= 10;
      carry = carry * 10 + static_cast<std::uint64_t>(digits[at + i] - '0');
    }
    for (std::uint32_t& limb : out.limbs_) {
      carry += limb * scale;
      limb = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) out.limbs_.push_back(static_cast<std::uint32_t>(carry));
    at += count;
  }
  if (out.bits() > kMaxNumberBits) return std::nullopt;
  return out;
}

std::optional<Natural> Natural::power_of_ten(std::uint64_t exponent) {
  if (exponent > kMaxNumberBits / 3) return std::nullopt;
  return from_digits("1" + std::string(exponent, '0'));
}

int Natural::bits() const {
  if (limbs_.empty()) return 0;
  return static_cast<int>(32 * limbs_.size()) - std::countl_zero(limbs_.back());
}

std::string Natural::hex() const {
  if (limbs_.empty()) return "0";
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = limbs_.size(); i-- > 0;) {
    for (int shift = 28; shift >= 0; shift -= 4) out += kDigits[limbs_[i] >> shift & 15u];
  }
  return out.substr(out.find_first_not_of('0'));
}

int Natural::compare(const Natural& other) const {
  if (limbs_.size() != other.limbs_.size()) return limbs_.size() < other.limbs_.size() ? -1 : 1;
  for (std::size_t i = limbs_.size(); i-- > 0;) {
    if (limbs_[i] != other.limbs_[i]) return limbs_[i] < other.limbs_[i] ? -1 : 1;
  }
  return 0;
}

Natural Natural::times(const Natural& other) const {
  Natural out;
  out.limbs_.assign(limbs_.size() + other.limbs_.size(), 0);
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < other.limbs_.size(); ++j) {
      carry += std::uint64_t{limbs_[i]} * other.limbs_[j] + out.limbs_[i + j];
      out.limbs_[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    out.limbs_[i + other.limbs_.size()] = static_cast<std::uint32_t>(carry);
  }
  out.trim();
  return out;
}

Natural Natural::plus(const Natural& other) const {
  Natural out;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < std::max(limbs_.size(), other.limbs_.size()); ++i) {
    if (i < limbs_.size()) carry += limbs_[i];
    if (i < other.limbs_.size()) carry += other.limbs_[i];
    out.limbs_.push_back(static_cast<std::uint32_t>(carry));
    carry >>= 32;
  }
  if (carry != 0) out.limbs_.push_back(static_cast<std::uint32_t>(carry));
  return out;
}

Natural Natural::minus(const Natural& other) const {
  QUORUM_CHECK(compare(other) >= 0);
  Natural out = *this;
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    std::int64_t difference = std::int64_t{limbs_[i]} - borrow;
    if (i < other.limbs_.size()) difference -= other.limbs_[i];
    borrow = difference < 0;
    out.limbs_[i] = static_cast<std::uint32_t>(difference);
  }
  out.trim();
  return out;
}

void Natural::shift_left_one(bool low_bit) {
  std::uint32_t carry = low_bit;
  for (std::uint32_t& limb : limbs_) {
    const std::uint32_t next = limb >> 31;
    limb = limb << 1 | carry;
    carry = next;
  }
  if (carry != 0) limbs_.push_back(carry);
}

void Natural::shift_right(int count) {
  limbs_.erase(limbs_.begin(), limbs_.begin() + count / 32);
  const int low = count % 32;
  if (low != 0) {
    for (std::size_t i = 0; i < limbs_.size(); ++i) {
      const std::uint32_t high = i + 1 < limbs_.size() ? limbs_[i + 1] << (32 - low) : 0;
      limbs_[i] = limbs_[i] >> low | high;
    }
  }
  trim();
}

int Natural::trailing_zeros() const {
  int zeros = 0;
  for (const std::uint32_t limb : limbs_) {
    if (limb != 0) return zeros + std::countr_zero(limb);
    zeros += 32;
  }
  return zeros;
}

// Bit by bit: numbers here are short, and the sizes are bounded.
Natural Natural::divided_by(const Natural& divisor) const {
  QUORUM_CHECK(!divisor.zero());
  if (divisor.one()) return *this;
  Natural quotient, rest;
  quotient.limbs_.assign(limbs_.size(), 0);
  for (int i = bits(); i-- > 0;) {
    rest.shift_left_one(bit(i));
    if (rest.compare(divisor) >= 0) {
      rest = rest.minus(divisor);
      quotient.limbs_[i / 32] |= 1u << (i % 32);
    }
  }
  quotient.trim();
  return quotient;
}

Natural Natural::gcd(Natural a, Natural b) {
  if (a.zero()) return b;
  if (b.zero()) return a;
  if (a.one() || b.one()) return Natural(1);
  const int twos_a = a.trailing_zeros(), twos_b = b.trailing_zeros();
  a.shift_right(twos_a);
  b.shift_right(twos_b);
  while (!(a == b)) {
    if (a.compare(b) < 0) std::swap(a, b);
    a = a.minus(b);
    a.shift_right(a.trailing_zeros());
  }
  for (int i = 0; i < std::min(twos_a, twos_b); ++i) a.shift_left_one(false);
  return a;
}

std::optional<Rational> Rational::make(bool negative, Natural numerator, Natural denominator) {
  if (denominator.zero()) return std::nullopt;
  // Products of two bounded numbers come here before they are reduced.
  if (numerator.bits() > 2 * kMaxNumberBits + 1 || denominator.bits() > 2 * kMaxNumberBits + 1)
    return std::nullopt;
  const Natural common = Natural::gcd(numerator, denominator);
  Rational out;
  out.numerator_ = numerator.divided_by(common);
  out.denominator_ = denominator.divided_by(common);
  out.negative_ = negative && !out.numerator_.zero();
  if (out.numerator_.bits() > kMaxNumberBits || out.denominator_.bits() > kMaxNumberBits)
    return std::nullopt;
  return out;
}

std::optional<Rational> Rational::from_decimal(std::string_view text, long exponent) {
  const std::size_t point = text.find('.');
  std::string digits(text.substr(0, point));
  if (point != std::string_view::npos) {
    const std::string_view behind = text.substr(point + 1);
    digits += behind;
    exponent -= static_cast<long>(behind.size());
  }
  if (digits.empty()) return std::nullopt;
  const auto numerator = Natural::from_digits(digits);
  if (!numerator) return std::nullopt;
  if (numerator->zero()) return Rational();
  const auto scale =
      Natural::power_of_ten(static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent));
  if (!scale) return std::nullopt;
  return exponent < 0 ? make(false, *numerator, *scale)
                      : make(false, numerator->times(*scale), Natural(1));
}

Rational Rational::negated() const {
  Rational out = *this;
  out.negative_ = !negative_ && !numerator_.zero();
  return out;
}

std::optional<Rational> Rational::plus(const Rational& other) const {
  const Natural left = numerator_.times(other.denominator_),
                right = other.numerator_.times(denominator_);
  const Natural denominator = denominator_.times(other.denominator_);
  if (negative_ == other.negative_) return make(negative_, left.plus(right), denominator);
  if (left.compare(right) >= 0) return make(negative_, left.minus(right), denominator);
  return make(other.negative_, right.minus(left), denominator);
}

std::optional<Rational> Rational::times(const Rational& other) const {
  return make(negative_ != other.negative_, numerator_.times(other.numerator_),
              denominator_.times(other.denominator_));
}

std::optional<Rational> Rational::divided_by(const Rational& other) const {
  return make(negative_ != other.negative_, numerator_.times(other.denominator_),
              denominator_.times(other.numerator_));
}

std::string Rational::key() const {
  return (negative_ ? "-" : "") + numerator_.hex() +
         (denominator_.one() ? "" : "/" + denominator_.hex());
}

}  // namespace quorum
