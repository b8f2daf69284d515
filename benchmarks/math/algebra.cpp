#include "benchmarks/math/algebra.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "benchmarks/math/polynomial.h"

namespace quorum {
namespace {

using Kind = Expression::Kind;

// Not defined, or not decided here.
struct NoForm {};

struct Fraction {
  Polynomial top, bottom;
};

constexpr int kMaxPower = 60, kMaxWork = 20'000;
constexpr std::uint64_t kMaxFactored = 10'000'000'000;  // squares of primes below 100,000

class Algebra {
 public:
  explicit Algebra(const Expression& expression) : expression_(expression) {}

  AlgebraicForm form() {
    const Fraction value = evaluate(static_cast<int>(expression_.nodes.size()) - 1);
    return {key(value), number(value)};
  }
  // Of the numerator: where the denominator is zero neither side is defined.
  std::string equation() {
    const Fraction value = evaluate(static_cast<int>(expression_.nodes.size()) - 1);
    if (number(value)) throw NoForm{};
    const Polynomial primitive = value.top.divided_by(content(value.top));
    return key(negative(primitive) ? primitive.negated() : primitive);
  }
  std::string inequality() {
    Fraction value = evaluate(static_cast<int>(expression_.nodes.size()) - 1);
    if (number(value)) throw NoForm{};
    value.top = value.top.divided_by(content(value.top));
    value.bottom = value.bottom.divided_by(content(value.bottom));
    return key(value);
  }

 private:
  // A variable of the polynomials. `atom`^`root` = `value` if root > 0; value is a prime or −1.
  struct Atom {
    std::string name;
    int root = 0;
    long value = 0;
  };

  Polynomial atom(const std::string& name, int root = 0, long value = 0) {
    std::size_t index = 0;
    while (index < atoms_.size() && atoms_[index].name != name) ++index;
    if (index == atoms_.size()) {
      if (index == Polynomial::kVariables) throw TooLarge{};
      atoms_.push_back({name, root, value});
    }
    return Polynomial::variable(static_cast<int>(index));
  }

  static Fraction whole(std::uint64_t value) {
    return {Polynomial(Natural(value)), Polynomial(Natural(1))};
  }
  static Fraction negated(const Fraction& a) { return {a.top.negated(), a.bottom}; }
  Fraction plus(const Fraction& a, const Fraction& b) const {
    return canonical({a.top.times(b.bottom).plus(b.top.times(a.bottom)), a.bottom.times(b.bottom)});
  }
  Fraction times(const Fraction& a, const Fraction& b) const {
    return canonical({a.top.times(b.top), a.bottom.times(b.bottom)});
  }
  Fraction inverse(const Fraction& a) const {
    if (a.top.zero()) throw NoForm{};
    return canonical({a.bottom, a.top});
  }
  Fraction over(const Fraction& a, const Fraction& b) const { return times(a, inverse(b)); }
  Fraction to_power(const Fraction& base, long exponent) const {
    if (exponent < -kMaxPower || exponent > kMaxPower) throw TooLarge{};
    if (base.top.zero() && exponent <= 0) throw NoForm{};
    if (exponent < 0) return to_power(inverse(base), -exponent);
    Fraction result = whole(1);
    for (long i = 0; i < exponent; ++i) result = times(result, base);
    return result;
  }

  // Replaces powers of roots of primes and of i.
  Polynomial reduced(const Polynomial& polynomial) const {
    Polynomial result;
    for (int term = 0; term < polynomial.terms(); ++term) {
      Polynomial::Exponents exponents = polynomial.exponents(term);
      Polynomial factor(Natural(1));
      bool negative = false, changed = false;
      for (std::size_t i = 0; i < atoms_.size(); ++i) {
        const auto root = static_cast<std::uint64_t>(atoms_[i].root);
        if (root == 0 || exponents[i] < root) continue;
        changed = true;
        for (std::uint64_t n = exponents[i] / root; n > 0; --n) {
          if (atoms_[i].value < 0) {
            negative = !negative;
          } else {
            factor = factor.times(Polynomial(Natural(static_cast<std::uint64_t>(atoms_[i].value))));
          }
        }
        exponents[i] %= root;
      }
      if (!changed) {
        result = result.plus(polynomial.term(term));
        continue;
      }
      const auto [below_zero, digits] = polynomial.coefficient(term);
      Polynomial part = factor.times(Polynomial(*Natural::from_digits(digits)));
      for (std::size_t i = 0; i < atoms_.size(); ++i)
        for (std::uint64_t n = 0; n < exponents[i]; ++n)
          part = part.times(Polynomial::variable(static_cast<int>(i)));
      result = result.plus(below_zero != negative ? part.negated() : part);
    }
    return result;
  }

  // Roots of primes and i leave the denominator.
  void rationalise(Fraction& value) const {
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      if (atoms_[i].root == 0) continue;
      Polynomial odd;
      std::uint64_t most = 0;
      for (int term = 0; term < value.bottom.terms(); ++term) {
        const std::uint64_t exponent = value.bottom.exponents(term)[i];
        most = std::max(most, exponent);
        if (exponent % 2 == 1) odd = odd.plus(value.bottom.term(term));
      }
      if (most == 0) continue;
      Polynomial with;
      if (value.bottom.terms() == 1) {
        with = Polynomial(Natural(1));
        for (std::uint64_t n = most; n < static_cast<std::uint64_t>(atoms_[i].root); ++n)
          with = with.times(Polynomial::variable(static_cast<int>(i)));
      } else if (atoms_[i].root == 2) {
        const Polynomial twice = odd.plus(odd);
        with = value.bottom.plus(twice.negated());
      } else {
        throw NoForm{};
      }
      value.top = reduced(value.top.times(with));
      value.bottom = reduced(value.bottom.times(with));
    }
  }

  Fraction canonical(Fraction value) const {
    work_ += value.top.terms() + value.bottom.terms();
    if (work_ > kMaxWork) throw TooLarge{};
    value.top = reduced(value.top);
    value.bottom = reduced(value.bottom);
    rationalise(value);
    if (value.bottom.zero()) throw NoForm{};
    if (value.top.zero()) return whole(0);
    const Polynomial common = Polynomial::gcd(value.top, value.bottom);
    if (!common.one()) {
      value.top = value.top.divided_by(common);
      value.bottom = value.bottom.divided_by(common);
    }
    if (negative(value.bottom)) {
      value.top = value.top.negated();
      value.bottom = value.bottom.negated();
    }
    return value;
  }

  // The terms as texts in an order that does not depend on that of the atoms.
  std::vector<std::string> texts(const Polynomial& polynomial) const {
    std::vector<std::string> terms;
    for (int term = 0; term < polynomial.terms(); ++term) {
      const Polynomial::Exponents exponents = polynomial.exponents(term);
      std::map<std::string, std::uint64_t> powers;
      for (std::size_t i = 0; i < atoms_.size(); ++i)
        if (exponents[i] > 0) powers[atoms_[i].name] = exponents[i];
      std::string text;
      for (const auto& [name, exponent] : powers)
        // With its length, so that no name can pass for two.
        text += "[" + std::to_string(name.size()) + ":" + name + "]^" + std::to_string(exponent);
      const auto [below_zero, digits] = polynomial.coefficient(term);
      terms.push_back(text + (below_zero ? "*-" : "*+") + digits);
    }
    std::sort(terms.begin(), terms.end());
    return terms;
  }
  // Whether the first of them has a negative coefficient.
  bool negative(const Polynomial& polynomial) const {
    const std::vector<std::string> terms = texts(polynomial);
    return !terms.empty() && terms[0][terms[0].rfind('*') + 1] == '-';
  }
  std::string key(const Polynomial& polynomial) const {
    std::string out;
    for (const std::string& term : texts(polynomial)) out += term + ";";
    return out;
  }
  std::string key(const Fraction& value) const {
    return value.bottom.one() ? key(value.top) : key(value.top) + "/" + key(value.bottom);
  }

  static std::optional<Rational> number(const Fraction& value) {
    if (!value.top.constant() || !value.bottom.constant()) return std::nullopt;
    if (value.top.zero()) return Rational();
    const auto [below_zero, top] = value.top.coefficient(0);
    const auto bottom = value.bottom.coefficient(0).second;
    const auto numerator = Natural::from_digits(top), denominator = Natural::from_digits(bottom);
    if (!numerator || !denominator) return std::nullopt;
    return Rational::make(below_zero, *numerator, *denominator);
  }
  static std::optional<long> small_integer(const Fraction& value) {
    const auto rational = number(value);
    if (!rational || !rational->integer() || rational->numerator().bits() > 31) return std::nullopt;
    const long size = std::stol(rational->numerator().hex(), nullptr, 16);
    return rational->negative() ? -size : size;
  }

  // The primes of a number that is small enough, with their exponents.
  static std::map<long, int> factors(const Natural& value) {
    if (value.bits() > 33) throw TooLarge{};
    auto rest = static_cast<std::uint64_t>(std::stoull(value.hex(), nullptr, 16));
    if (rest >= kMaxFactored) throw TooLarge{};
    std::map<long, int> primes;
    for (std::uint64_t p = 2; p * p <= rest; ++p)
      for (; rest % p == 0; rest /= p) ++primes[static_cast<long>(p)];
    if (rest > 1) ++primes[static_cast<long>(rest)];
    return primes;
  }

  static Polynomial content(const Polynomial& polynomial) {
    Polynomial common;
    for (int term = 0; term < polynomial.terms(); ++term)
      common = Polynomial::gcd(
          common, Polynomial(*Natural::from_digits(polynomial.coefficient(term).second)));
    return common;
  }

  // The root of a positive number: roots of its primes.
  Fraction root_of(const Natural& value, int root) {
    Fraction result = whole(1);
    for (const auto& [prime, exponent] : factors(value)) {
      const Polynomial of_prime =
          atom("root " + std::to_string(root) + " " + std::to_string(prime), root, prime);
      result = times(result, to_power({of_prime, Polynomial(Natural(1))}, exponent));
    }
    return result;
  }
  Fraction root_of(const Fraction& base, int root) {
    if (const auto rational = number(base)) {
      if (rational->numerator().zero()) return whole(0);
      Fraction result =
          over(root_of(rational->numerator(), root), root_of(rational->denominator(), root));
      if (!rational->negative()) return result;
      if (root % 2 == 1) return negated(result);  // the real one
      if (root != 2) throw NoForm{};
      return times(result, {atom("i", 2, -1), Polynomial(Natural(1))});
    }
    // A positive number in front comes out; the rest stands for itself.
    const Fraction front{content(base.top), content(base.bottom)};
    const Fraction rest = over(base, front);
    const Polynomial itself = atom("root " + std::to_string(root) + " of " + key(rest));
    return times(root_of(front, root), {itself, Polynomial(Natural(1))});
  }

  Fraction power(const Fraction& base, const Fraction& exponent) {
    if (const auto rational = number(exponent)) {
      if (rational->integer()) {
        const auto times_itself = small_integer(exponent);
        if (!times_itself) throw TooLarge{};
        return to_power(base, *times_itself);
      }
      if (rational->numerator().bits() > 6 || rational->denominator().bits() > 4) throw TooLarge{};
      const auto size = std::stol(rational->numerator().hex(), nullptr, 16);
      const auto root = std::stoi(rational->denominator().hex(), nullptr, 16);
      return to_power(root_of(base, root), rational->negative() ? -size : size);
    }
    if (number(base) && (base.top.zero() || base.top == base.bottom)) throw NoForm{};
    // b^(-x) = 1 / b^x; b^(x + 2) = b^x b^2.
    if (negative(exponent.top)) return inverse(power(base, negated(exponent)));
    Fraction rest = exponent, front = whole(1);
    if (exponent.bottom.one()) {
      for (int term = 0; term < exponent.top.terms(); ++term) {
        if (!exponent.top.term(term).constant()) continue;
        const Fraction constant{exponent.top.term(term), Polynomial(Natural(1))};
        const auto whole_part = small_integer(constant);
        if (!whole_part) throw TooLarge{};
        front = to_power(base, *whole_part);
        rest = plus(exponent, negated(constant));
        break;
      }
    }
    if (negative(rest.top)) return times(front, inverse(power(base, negated(rest))));
    const Polynomial itself = atom("power of " + key(base) + " to " + key(rest));
    return times(front, {itself, Polynomial(Natural(1))});
  }

  Fraction logarithm(const Fraction& argument) {
    const auto rational = number(argument);
    if (!rational) return itself("ln", argument);
    if (rational->negative() || rational->numerator().zero()) throw NoForm{};
    Fraction result = whole(0);
    const auto add = [&](const Natural& value, bool below) {
      for (const auto& [prime, exponent] : factors(value)) {
        const Fraction of_prime{atom("ln " + std::to_string(prime)), Polynomial(Natural(1))};
        const Fraction part = times(of_prime, whole(static_cast<std::uint64_t>(exponent)));
        result = plus(result, below ? negated(part) : part);
      }
    };
    add(rational->numerator(), false);
    add(rational->denominator(), true);
    return result;
  }

  Fraction itself(const std::string& name, const Fraction& argument) {
    return {atom(name + " of " + key(argument)), Polynomial(Natural(1))};
  }

  Fraction function(const std::string& name, const std::vector<Fraction>& arguments) {
    const Fraction& argument = arguments[0];
    if (name == "ln") return logarithm(argument);
    // Of a base that is not said: in a ratio it does not matter.
    if (name == "log")
      return times(logarithm(argument), {atom("1 / ln of the base"), Polynomial(Natural(1))});
    if (name == "binom") {
      const auto n = small_integer(argument), k = small_integer(arguments[1]);
      if (!n || !k) {
        return {atom("binom of " + key(argument) + " and " + key(arguments[1])),
                Polynomial(Natural(1))};
      }
      if (*k < 0 || *n < *k || *n > 100) throw NoForm{};
      Fraction result = whole(1);
      for (long i = 1; i <= *k; ++i)
        result = over(times(result, whole(static_cast<std::uint64_t>(*n - *k + i))),
                      whole(static_cast<std::uint64_t>(i)));
      return result;
    }
    if (name == "fact") {
      const auto size = small_integer(argument);
      if (!size) return itself(name, argument);
      if (*size < 0) throw NoForm{};
      if (*size > 100) throw TooLarge{};
      Fraction result = whole(1);
      for (long i = 2; i <= *size; ++i)
        result = times(result, whole(static_cast<std::uint64_t>(i)));
      return result;
    }
    if (arguments.size() > 1) {
      std::string keys;
      for (const Fraction& one : arguments) {
        const std::string text = key(one);
        keys += std::to_string(text.size()) + ":" + text;
      }
      return {atom(name + " of several " + keys), Polynomial(Natural(1))};
    }
    if (const auto value = name == "abs" ? number(argument) : std::nullopt)
      return value->negative() ? negated(argument) : argument;
    const bool even =
        name == "cos" || name == "sec" || name == "cosh" || name == "sech" || name == "abs";
    const bool odd = name == "sin" || name == "tan" || name == "cot" || name == "csc" ||
                     name == "sinh" || name == "tanh" || name == "coth" || name == "csch" ||
                     name == "arcsin" || name == "arctan" || name == "arsinh" || name == "artanh";
    if ((even || odd) && negative(argument.top)) {
      const Fraction positive = itself(name, negated(argument));
      return odd ? negated(positive) : positive;
    }
    return itself(name, argument);
  }

  Fraction rational(const Rational& value) const {
    Fraction result{Polynomial(value.numerator()), Polynomial(value.denominator())};
    return value.negative() ? negated(result) : result;
  }

  Fraction evaluate(int index) {
    const Expression::Node& node = expression_.nodes[static_cast<std::size_t>(index)];
    std::vector<Fraction> parts;
    for (const int part : node.parts) parts.push_back(evaluate(part));
    switch (node.kind) {
      case Kind::kNumber: return canonical(rational(node.number));
      case Kind::kSymbol:
        if (node.name == "i") return {atom("i", 2, -1), Polynomial(Natural(1))};
        return {atom("symbol " + node.name), Polynomial(Natural(1))};
      case Kind::kSum:
      case Kind::kProduct: {
        Fraction result = parts[0];
        for (std::size_t i = 1; i < parts.size(); ++i)
          result = node.kind == Kind::kSum ? plus(result, parts[i]) : times(result, parts[i]);
        return result;
      }
      case Kind::kQuotient: return over(parts[0], parts[1]);
      case Kind::kNegative: return negated(parts[0]);
      case Kind::kPower: return power(parts[0], parts[1]);
      case Kind::kFunction: return function(node.name, parts);
    }
    throw NoForm{};
  }

  const Expression& expression_;
  std::vector<Atom> atoms_;
  mutable int work_ = 0;  // terms that have been brought to canonical form
};

}  // namespace

std::optional<AlgebraicForm> algebraic_form(const Expression& expression) {
  try {
    return Algebra(expression).form();
  } catch (const NoForm&) {
  } catch (const TooLarge&) {
  }
  return std::nullopt;
}

std::optional<std::string> equation_key(const Expression& expression) {
  try {
    return Algebra(expression).equation();
  } catch (const NoForm&) {
  } catch (const TooLarge&) {
  }
  return std::nullopt;
}

std::optional<std::string> inequality_key(const Expression& expression, bool strict) {
  try {
    return (strict ? ">" : "G") + Algebra(expression).inequality();
  } catch (const NoForm&) {
  } catch (const TooLarge&) {
  }
  return std::nullopt;
}

}  // namespace quorum
