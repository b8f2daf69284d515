#include "benchmarks/math/approximate.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace quorum {
namespace {

using Kind = Expression::Kind;

struct Undefined {};

long double to_float(const Natural& number) {
  long double value = 0;
  for (const char c : number.hex()) {
    const int digit = c >= 'a' ? c - 'a' + 10 : c - '0';
    value = value * 16 + static_cast<long double>(digit);
  }
  return value;
}

// FNV-1a of the name and the point, as a number between 1/4 and 2.
long double value_of(const std::string& symbol, int point) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 1099511628211ULL; };
  for (const char c : symbol) mix(static_cast<unsigned char>(c));
  mix(static_cast<unsigned char>(point));
  mix(0x51);
  const long double size =
      0.25L + 1.75L * static_cast<long double>(hash >> 11) / 9007199254740992.0L;
  return point % 2 == 1 && (hash & 1) != 0 ? -size : size;
}

// A value and a bound of its rounding error, of first order.
struct Value {
  Complex value;
  long double error = 0;
};

constexpr long double kUnit = std::numeric_limits<long double>::epsilon();

Value exact(Complex value) { return {value, kUnit * std::abs(value)}; }
Value with_error(Complex value, long double error) {
  return {value, error + 4 * kUnit * std::abs(value)};
}
Value quotient(const Value& a, const Value& b) {
  const long double size = std::abs(b.value);
  if (size <= b.error) throw Undefined{};
  const Complex value = a.value / b.value;
  return with_error(value, (a.error + std::abs(value) * b.error) / size);
}

class Evaluation {
 public:
  Value run(const Expression& expression, int point) {
    for (const Expression::Node& node : expression.nodes) {
      values_.push_back(of(node, point));
      const Value& value = values_.back();
      if (!std::isfinite(value.value.real()) || !std::isfinite(value.value.imag()) ||
          !std::isfinite(value.error))
        throw Undefined{};
    }
    return values_.back();
  }

 private:
  const Value& part(const Expression::Node& node, std::size_t i) const {
    return values_[static_cast<std::size_t>(node.parts[i])];
  }

  Value of(const Expression::Node& node, int point) const {
    switch (node.kind) {
      case Kind::kNumber: return exact(quorum::to_float(node.number));
      case Kind::kSymbol:
        if (node.name == "i") return {{0, 1}, 0};
        if (node.name == "e") return exact(std::numbers::e_v<long double>);
        if (node.name == "\\pi") return exact(std::numbers::pi_v<long double>);
        return exact(value_of(node.name, point));
      case Kind::kSum: {
        Value sum;
        for (std::size_t i = 0; i < node.parts.size(); ++i) {
          const Value& next = part(node, i);
          sum = with_error(sum.value + next.value, sum.error + next.error);
          sum.error += kUnit * std::abs(next.value);
        }
        return sum;
      }
      case Kind::kProduct: {
        Value product{1, 0};
        for (std::size_t i = 0; i < node.parts.size(); ++i) {
          const Value& next = part(node, i);
          product =
              with_error(product.value * next.value, std::abs(product.value) * next.error +
                                                         std::abs(next.value) * product.error);
        }
        return product;
      }
      case Kind::kQuotient: return quotient(part(node, 0), part(node, 1));
      case Kind::kNegative: return {-part(node, 0).value, part(node, 0).error};
      case Kind::kPower: return power(part(node, 0), part(node, 1));
      case Kind::kFunction: return function(node);
    }
    throw Undefined{};
  }

  static Value power(const Value& base, const Value& exponent) {
    const Complex x = base.value, y = exponent.value;
    if (std::abs(x) <= base.error) {
      // A root of what may be zero is off by a root of the error.
      if (y.imag() != 0 || y.real() <= 0) throw Undefined{};
      return {0, base.error == 0 ? 0 : std::pow(base.error, std::min(y.real(), 1.0L))};
    }
    const bool real =
        x.imag() == 0 && y.imag() == 0 && (x.real() > 0 || y.real() == std::round(y.real()));
    const Complex value = real ? Complex(std::pow(x.real(), y.real())) : std::pow(x, y);
    const long double relative =
        std::abs(y) * base.error / std::abs(x) + std::abs(std::log(x)) * exponent.error;
    return with_error(value, std::abs(value) * relative);
  }

  Value function(const Expression::Node& node) const {
    const Complex x = part(node, 0).value;
    const long double error = part(node, 0).error;
    const std::string& name = node.name;
    const auto sine = [&] { return with_error(std::sin(x), std::abs(std::cos(x)) * error); };
    const auto cosine = [&] { return with_error(std::cos(x), std::abs(std::sin(x)) * error); };
    if (name == "sin") return sine();
    if (name == "cos") return cosine();
    if (name == "tan") return quotient(sine(), cosine());
    if (name == "cot") return quotient(cosine(), sine());
    if (name == "sec") return quotient({1, 0}, cosine());
    if (name == "csc") return quotient({1, 0}, sine());
    if (name == "sinh") return with_error(std::sinh(x), std::abs(std::cosh(x)) * error);
    if (name == "cosh") return with_error(std::cosh(x), std::abs(std::sinh(x)) * error);
    if (name == "tanh") return with_error(std::tanh(x), error);
    if (name == "arctan") return with_error(std::atan(x), error);
    if (name == "arcsin" || name == "arccos") {
      const long double slope = std::sqrt(std::abs(Complex(1) - x * x));
      return with_error(name == "arcsin" ? std::asin(x) : std::acos(x),
                        slope > 1e-6L ? error / slope : std::sqrt(2 * error));
    }
    if (name == "abs") return {std::abs(x), error};
    if (name == "ln") {
      if (std::abs(x) <= error) throw Undefined{};
      return with_error(std::log(x), error / std::abs(x));
    }
    if (name == "fact") {
      const long double n = std::round(x.real());
      if (x.imag() != 0 || n < 0 || std::abs(x.real() - n) > 1e-12L) throw Undefined{};
      const long double value = std::tgamma(n + 1);
      return with_error(n < 25 ? std::round(value) : value, std::abs(value) * 64 * kUnit);
    }
    if (name == "binom") {
      const Complex below = part(node, 1).value;
      const long double n = std::round(x.real()), k = std::round(below.real());
      if (x.imag() != 0 || below.imag() != 0 || k < 0 || k > 64 || n < k) throw Undefined{};
      long double value = 1;
      for (int i = 1; i <= static_cast<int>(k); ++i)
        value *= (n - k + static_cast<long double>(i)) / static_cast<long double>(i);
      return with_error(std::round(value), std::abs(value) * 128 * kUnit);
    }
    throw Undefined{};
  }

  std::vector<Value> values_;
};

}  // namespace

long double to_float(const Rational& number) {
  const long double value = to_float(number.numerator()) / to_float(number.denominator());
  return number.negative() ? -value : value;
}

std::optional<Complex> approximate(const Expression& expression, int point) {
  try {
    const Value result = Evaluation().run(expression, point);
    if (result.error > 1e-12L * std::abs(result.value) && result.error > 1e-15L)
      return std::nullopt;
    return result.value;
  } catch (const Undefined&) {
    return std::nullopt;
  }
}

bool agree_at_points(const Expression& a, const Expression& b) {
  const int points = is_constant(a) && is_constant(b) ? 1 : 6;
  for (int point = 0; point < points; ++point) {
    const auto x = approximate(a, point), y = approximate(b, point);
    if (!x || !y) return false;
    const long double size = std::max(std::abs(*x), std::abs(*y));
    if (std::abs(*x - *y) > (points == 1 ? 1e-16L * size : 1e-13L * std::max(1.0L, size)))
      return false;
  }
  return true;
}

std::vector<std::string> symbols_of(const Expression& expression) {
  std::vector<std::string> names;
  for (const Expression::Node& node : expression.nodes) {
    if (node.kind == Kind::kSymbol && node.name != "e" && node.name != "i" && node.name != "\\pi")
      names.push_back(node.name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace quorum
