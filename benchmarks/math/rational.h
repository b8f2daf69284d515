// Exact rational numbers of bounded size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quorum {

inline constexpr int kMaxNumberBits = 4096;  // of a numerator or denominator

// A natural number: 32-bit limbs, the least first, no leading zero limb.
class Natural {
 public:
  Natural() = default;
  explicit Natural(std::uint64_t value);
  // `digits`: ASCII digits only. nullopt beyond kMaxNumberBits.
  static std::optional<Natural> from_digits(std::string_view digits);
  // nullopt beyond kMaxNumberBits.
  static std::optional<Natural> power_of_ten(std::uint64_t exponent);

  bool zero() const { return limbs_.empty(); }
  bool one() const { return limbs_.size() == 1 && limbs_[0] == 1; }
  int bits() const;
  std::string hex() const;
  // -1, 0 or 1.
  int compare(const Natural& other) const;
  bool operator==(const Natural& other) const { return limbs_ == other.limbs_; }

  Natural times(const Natural& other) const;
  Natural plus(const Natural& other) const;
  // Precondition: *this >= other.
  Natural minus(const Natural& other) const;
  // Rounded down. Precondition: divisor is not zero.
  Natural divided_by(const Natural& divisor) const;
  static Natural gcd(Natural a, Natural b);

 private:
  void trim();
  void shift_left_one(bool low_bit);
  void shift_right(int bits);
  int trailing_zeros() const;
  bool bit(int index) const { return (limbs_[index / 32] >> (index % 32) & 1u) != 0; }

  std::vector<std::uint32_t> limbs_;
};

// A fraction in lowest terms. Operations give nullopt when a part would exceed kMaxNumberBits or
// for division by zero.
class Rational {
 public:
  Rational() : denominator_(1) {}
  static std::optional<Rational> make(bool negative, Natural numerator, Natural denominator);
  // "12", "0.5", ".5", "5." (ASCII digits, at most one point, at least one digit), times
  // 10^exponent.
  static std::optional<Rational> from_decimal(std::string_view text, long exponent = 0);

  bool negative() const { return negative_; }
  const Natural& numerator() const { return numerator_; }
  const Natural& denominator() const { return denominator_; }
  bool integer() const { return denominator_.one(); }
  Rational negated() const;
  std::optional<Rational> plus(const Rational& other) const;
  std::optional<Rational> times(const Rational& other) const;
  std::optional<Rational> divided_by(const Rational& other) const;
  bool operator==(const Rational& other) const = default;
  // Equal for equal numbers only: "-1f/2".
  std::string key() const;

 private:
  bool negative_ = false;
  Natural numerator_, denominator_;
};

}  // namespace quorum
