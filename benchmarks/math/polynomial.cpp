#include "benchmarks/math/polynomial.h"

#include <memory>

namespace quorum {
namespace {

// Never freed: FLINT's memory of a thread may go before it.
const fmpz_mpoly_ctx_struct* ring() {
  static const auto* const kRing = [] {
    auto* const context = new fmpz_mpoly_ctx_t[1];
    fmpz_mpoly_ctx_init(*context, Polynomial::kVariables, ORD_DEGREVLEX);
    return *context;
  }();
  return kRing;
}

struct Integer {
  fmpz_t value;
  Integer() { fmpz_init(value); }
  ~Integer() { fmpz_clear(value); }
  Integer(const Integer&) = delete;
  Integer& operator=(const Integer&) = delete;
};

}  // namespace

Polynomial::Polynomial() { fmpz_mpoly_init(value_, ring()); }

Polynomial::Polynomial(const Natural& value) : Polynomial() {
  if (value.bits() > kMaxBits) throw TooLarge{};
  Integer integer;
  fmpz_set_str(integer.value, value.zero() ? "0" : value.hex().c_str(), 16);
  fmpz_mpoly_set_fmpz(value_, integer.value, ring());
}

Polynomial Polynomial::variable(int index) {
  Polynomial result;
  fmpz_mpoly_gen(result.value_, index, ring());
  return result;
}

Polynomial::Polynomial(const Polynomial& other) : Polynomial() {
  fmpz_mpoly_set(value_, other.value_, ring());
}

Polynomial::~Polynomial() { fmpz_mpoly_clear(value_, ring()); }

void Polynomial::swap(Polynomial& other) noexcept { fmpz_mpoly_swap(value_, other.value_, ring()); }

void Polynomial::check() const {
  if (terms() > kMaxTerms) throw TooLarge{};
  if (zero()) return;
  if (fmpz_mpoly_total_degree_fits_si(value_, ring()) == 0 ||
      fmpz_mpoly_total_degree_si(value_, ring()) > kMaxDegree)
    throw TooLarge{};
  const long bits = fmpz_mpoly_max_bits(value_);
  if (bits > kMaxBits || bits < -kMaxBits) throw TooLarge{};
}

Polynomial Polynomial::plus(const Polynomial& other) const {
  Polynomial result;
  fmpz_mpoly_add(result.value_, value_, other.value_, ring());
  result.check();
  return result;
}

Polynomial Polynomial::times(const Polynomial& other) const {
  if (static_cast<long>(terms()) * other.terms() > 10 * kMaxTerms) throw TooLarge{};
  Polynomial result;
  fmpz_mpoly_mul(result.value_, value_, other.value_, ring());
  result.check();
  return result;
}

Polynomial Polynomial::negated() const {
  Polynomial result;
  fmpz_mpoly_neg(result.value_, value_, ring());
  return result;
}

Polynomial Polynomial::divided_by(const Polynomial& other) const {
  Polynomial result;
  if (fmpz_mpoly_divides(result.value_, value_, other.value_, ring()) == 0) throw TooLarge{};
  return result;
}

Polynomial Polynomial::gcd(const Polynomial& a, const Polynomial& b) {
  if (static_cast<long>(a.terms()) * b.terms() > 10 * kMaxTerms) throw TooLarge{};
  Polynomial result;
  if (fmpz_mpoly_gcd(result.value_, a.value_, b.value_, ring()) == 0) throw TooLarge{};
  return result;
}

bool Polynomial::operator==(const Polynomial& other) const {
  return fmpz_mpoly_equal(value_, other.value_, ring()) != 0;
}

bool Polynomial::one() const { return fmpz_mpoly_is_one(value_, ring()) != 0; }
bool Polynomial::constant() const { return fmpz_mpoly_is_fmpz(value_, ring()) != 0; }
int Polynomial::terms() const { return static_cast<int>(fmpz_mpoly_length(value_, ring())); }

Polynomial::Exponents Polynomial::exponents(int term) const {
  Exponents exponents(kVariables);
  fmpz_mpoly_get_term_exp_ui(exponents.data(), value_, term, ring());
  return exponents;
}

std::pair<bool, std::string> Polynomial::coefficient(int term) const {
  Integer integer;
  fmpz_mpoly_get_term_coeff_fmpz(integer.value, value_, term, ring());
  const bool negative = fmpz_sgn(integer.value) < 0;
  fmpz_abs(integer.value, integer.value);
  std::string digits(fmpz_sizeinbase(integer.value, 10) + 2, '\0');
  fmpz_get_str(digits.data(), 10, integer.value);
  digits.resize(digits.find('\0'));
  return {negative, digits};
}

Polynomial Polynomial::term(int index) const {
  Polynomial result;
  fmpz_mpoly_get_term(result.value_, value_, index, ring());
  return result;
}

}  // namespace quorum
