// Python's arithmetic: floor division and modulo round down, integers are exact (here: to 64 bits,
// beyond which it is an error), strings and lists concatenate and repeat.
#include <cmath>

#include "engine/jinja/formatting.h"
#include "engine/jinja/operators.h"

namespace quorum::jinja {
namespace {

const char* symbol(Operator op) {
  switch (op) {
    case Operator::kAdd: return "+";
    case Operator::kSubtract: return "-";
    case Operator::kMultiply: return "*";
    case Operator::kDivide: return "/";
    case Operator::kFloorDivide: return "//";
    case Operator::kModulo: return "%";
    case Operator::kPower: return "**";
  }
  return "?";
}

[[noreturn]] void too_large() {
  throw Failure("an integer exceeds 64 bits, which is not supported");
}

std::int64_t checked_multiply(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) too_large();
  return result;
}

Value power(std::int64_t base, std::int64_t exponent) {
  if (exponent < 0) {
    if (base == 0) throw Failure("0.0 cannot be raised to a negative power");
    return Value::real(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
  }
  std::int64_t result = 1;
  while (exponent > 0) {
    if (exponent & 1) result = checked_multiply(result, base);
    exponent >>= 1;
    if (exponent > 0) base = checked_multiply(base, base);
  }
  return Value::integer(result);
}

Value of_integers(Operator op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (op) {
    case Operator::kAdd:
      if (__builtin_add_overflow(a, b, &result)) too_large();
      return Value::integer(result);
    case Operator::kSubtract:
      if (__builtin_sub_overflow(a, b, &result)) too_large();
      return Value::integer(result);
    case Operator::kMultiply: return Value::integer(checked_multiply(a, b));
    case Operator::kDivide:
      if (b == 0) throw Failure("division by zero");
      return Value::real(
          static_cast<double>(static_cast<long double>(a) / static_cast<long double>(b)));
    case Operator::kFloorDivide:
      if (b == 0) throw Failure("integer division or modulo by zero");
      if (b == -1) return of_integers(Operator::kSubtract, 0, a);
      return Value::integer(a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0));
    case Operator::kModulo:
      if (b == 0) throw Failure("integer division or modulo by zero");
      if (b == -1) return Value::integer(0);
      result = a % b;
      return Value::integer(result != 0 && (result < 0) != (b < 0) ? result + b : result);
    case Operator::kPower:
      if (b > 1 && (a == 0 || a == 1)) return Value::integer(a);
      if (b > 1 && a == -1) return Value::integer(b % 2 == 0 ? 1 : -1);
      return power(a, b);
  }
  return {};
}

Value of_doubles(Operator op, double a, double b) {
  switch (op) {
    case Operator::kAdd: return Value::real(a + b);
    case Operator::kSubtract: return Value::real(a - b);
    case Operator::kMultiply: return Value::real(a * b);
    case Operator::kDivide:
      if (b == 0) throw Failure("float division by zero");
      return Value::real(a / b);
    case Operator::kFloorDivide:
    case Operator::kModulo: {
      if (b == 0) throw Failure("float floor division or modulo by zero");
      double remainder = std::fmod(a, b);
      double quotient = (a - remainder) / b;
      if (remainder != 0) {
        if ((b < 0) != (remainder < 0)) {
          remainder += b;
          quotient -= 1;
        }
      } else {
        remainder = std::copysign(0.0, b);
      }
      if (op == Operator::kModulo) return Value::real(remainder);
      if (quotient == 0) return Value::real(std::copysign(0.0, a / b));
      const double floored = std::floor(quotient);
      return Value::real(quotient - floored > 0.5 ? floored + 1 : floored);
    }
    case Operator::kPower: {
      if (a == 0 && b < 0) throw Failure("0.0 cannot be raised to a negative power");
      if (a < 0 && std::isfinite(b) && b != std::floor(b) && std::isfinite(a))
        throw Failure("complex numbers are not supported");
      const double result = std::pow(a, b);
      if (std::isinf(result) && std::isfinite(a) && std::isfinite(b))
        throw Failure("Numerical result out of range");
      return Value::real(result);
    }
  }
  return {};
}

Value repeat(Runtime& runtime, const Value& value, std::int64_t times) {
  const auto count = static_cast<std::size_t>(std::max<std::int64_t>(times, 0));
  const std::size_t size = value.is_text() ? value.as_text().size() : value.items().size();
  if (size != 0 && count > kMaxTextBytes / size)
    throw Failure("a repetition grows beyond 16 Mi elements");
  if (value.is_text()) {
    runtime.charge(size * count / 16);
    std::string out;
    out.reserve(size * count);
    if (size != 0)
      for (std::size_t i = 0; i < count; ++i) out += value.as_text();
    return runtime.text(std::move(out), value.is_markup());
  }
  runtime.charge(2 * size * count);
  std::vector<Value> out;
  if (size != 0)
    for (std::size_t i = 0; i < count; ++i)
      out.insert(out.end(), value.items().begin(), value.items().end());
  return value.is(Kind::kList) ? runtime.list(std::move(out)) : runtime.tuple(std::move(out));
}

Value join_sequences(Runtime& runtime, const Value& left, const Value& right) {
  std::vector<Value> items;
  runtime.charge(left.items().size() + right.items().size());
  items.reserve(left.items().size() + right.items().size());
  items.insert(items.end(), left.items().begin(), left.items().end());
  items.insert(items.end(), right.items().begin(), right.items().end());
  return left.is(Kind::kList) ? runtime.list(std::move(items)) : runtime.tuple(std::move(items));
}

}  // namespace

Value arithmetic(Runtime& runtime, Operator op, const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) {
    if (left.is_integral() && right.is_integral())
      return of_integers(op, left.as_int(), right.as_int());
    return of_doubles(op, left.as_double(), right.as_double());
  }
  if (op == Operator::kModulo && left.is_text()) return percent_format(runtime, left, right);
  if (left.is_undefined()) throw Failure(left.undefined_message());
  if (right.is_undefined()) throw Failure(right.undefined_message());
  if (op == Operator::kAdd) {
    if (left.is_text() && right.is_text()) return concatenate(runtime, left, right);
    if (left.is_sequence() && left.kind() == right.kind())
      return join_sequences(runtime, left, right);
    if (left.is_text())
      throw Failure("can only concatenate str (not \"" + type_name(right) + "\") to str");
  }
  if (op == Operator::kMultiply) {
    if ((left.is_text() || left.is_sequence()) && right.is_integral())
      return repeat(runtime, left, right.as_int());
    if ((right.is_text() || right.is_sequence()) && left.is_integral())
      return repeat(runtime, right, left.as_int());
  }
  throw Failure("unsupported operand type(s) for " + std::string(symbol(op)) + ": '" +
                type_name(left) + "' and '" + type_name(right) + "'");
}

Value negate(const Value& value) {
  if (value.is_integral()) return of_integers(Operator::kSubtract, 0, value.as_int());
  if (value.is(Kind::kFloat)) return Value::real(-value.as_double());
  if (value.is_undefined()) throw Failure(value.undefined_message());
  throw Failure("bad operand type for unary -: '" + type_name(value) + "'");
}

Value positive(const Value& value) {
  if (value.is_integral()) return Value::integer(value.as_int());
  if (value.is(Kind::kFloat)) return value;
  if (value.is_undefined()) throw Failure(value.undefined_message());
  throw Failure("bad operand type for unary +: '" + type_name(value) + "'");
}

}  // namespace quorum::jinja
