// Polynomials with integer coefficients in a few variables, by FLINT.
#pragma once

#include <flint/fmpz_mpoly.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/math/rational.h"

namespace quorum {

// An operation went beyond the limits of size.
struct TooLarge {};

// All of one ring of kVariables variables. Operations throw TooLarge before they become slow.
class Polynomial {
 public:
  static constexpr int kVariables = 12;
  static constexpr long kMaxTerms = 300, kMaxDegree = 60, kMaxBits = 4096;

  using Exponents = std::vector<std::uint64_t>;  // of every variable

  Polynomial();  // zero
  explicit Polynomial(const Natural& value);
  static Polynomial variable(int index);
  Polynomial(const Polynomial& other);
  Polynomial(Polynomial&& other) noexcept : Polynomial() { swap(other); }
  Polynomial& operator=(Polynomial other) noexcept {
    swap(other);
    return *this;
  }
  ~Polynomial();

  Polynomial plus(const Polynomial& other) const;
  Polynomial times(const Polynomial& other) const;
  Polynomial negated() const;
  // Precondition: it divides.
  Polynomial divided_by(const Polynomial& other) const;
  // With positive leading coefficient.
  static Polynomial gcd(const Polynomial& a, const Polynomial& b);
  bool operator==(const Polynomial& other) const;

  bool zero() const { return terms() == 0; }
  bool one() const;
  bool constant() const;
  int terms() const;
  Exponents exponents(int term) const;
  // The coefficient of a term: whether it is negative, and its decimal digits.
  std::pair<bool, std::string> coefficient(int term) const;
  // One term of this polynomial.
  Polynomial term(int index) const;

 private:
  void swap(Polynomial& other) noexcept;
  void check() const;

  fmpz_mpoly_t value_;
};

}  // namespace quorum
