// Filters that make numbers, and `default`.
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "engine/jinja/builtins.h"
#include "engine/jinja/filters.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/printing.h"

namespace quorum::jinja {
namespace {

std::int64_t truncated(double value) {
  if (std::fabs(value) >= 9223372036854775808.0)
    throw Failure("an integer exceeds 64 bits, which is not supported");
  return static_cast<std::int64_t>(value);
}

// round(value, digits) to the nearest, ties to even, by the exact decimal expansion as Python does.
double rounded(double value, std::int64_t digits) {
  if (!std::isfinite(value) || digits > 323) return value;
  if (digits < -308) return std::copysign(0.0, value);
  char buffer[1024];
  if (digits >= 0) {
    std::snprintf(buffer, sizeof buffer, "%.*f", static_cast<int>(digits), value);
    return std::strtod(buffer, nullptr);
  }
  const double unit = std::pow(10.0, static_cast<double>(-digits));
  return std::nearbyint(value / unit) * unit;
}

std::int64_t rounded(std::int64_t value, std::int64_t digits) {
  if (digits >= 0) return value;
  if (digits < -18) return 0;
  std::int64_t unit = 1;
  for (std::int64_t i = digits; i < 0; ++i) unit *= 10;
  const std::int64_t remainder = ((value % unit) + unit) % unit;
  std::int64_t low = 0, high = 0;
  if (__builtin_sub_overflow(value, remainder, &low) || __builtin_add_overflow(low, unit, &high))
    throw Failure("an integer exceeds 64 bits, which is not supported");
  if (remainder * 2 != unit) return remainder > unit / 2 ? high : low;
  return (low / unit) % 2 == 0 ? low : high;
}

}  // namespace

Value filter_default(Runtime&, const Value& input, const Arguments& arguments) {
  const Bound bound("default", arguments, {"default_value", "boolean"});
  if (input.is_undefined() || (bound.truth(1, false) && !is_true(input)))
    return bound.has(0) ? bound[0] : Value::text("");
  return input;
}

Value filter_abs(Runtime&, const Value& input, const Arguments& arguments) {
  const Bound bound("abs", arguments, {});
  if (input.is(Kind::kFloat)) return Value::real(std::fabs(input.as_double()));
  if (!input.is_integral()) throw Failure("bad operand type for abs(): '" + type_name(input) + "'");
  return input.as_int() < 0 ? negate(input) : Value::integer(input.as_int());
}

Value filter_int(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("int", arguments, {"default", "base"});
  const Value otherwise = bound.has(0) ? bound[0] : Value::integer(0);
  if (input.is_undefined()) throw Failure(input.undefined_message());
  if (input.is_integral()) return Value::integer(input.as_int());
  double number = 0;
  if (input.is(Kind::kFloat)) {
    number = input.as_double();
    if (std::isinf(number)) throw Failure("cannot convert float infinity to integer");
  } else if (input.is_text()) {
    runtime.charge(input.as_text().size() / 4);
    const std::int64_t base = bound.integer(1, 10);
    const bool usable = base == 0 || (base >= 2 && base <= 36);
    if (usable)
      if (const auto value = parse_integer(input.as_text(), static_cast<int>(base)))
        return Value::integer(*value);
    const auto value = parse_float(input.as_text());
    if (!value) return otherwise;
    number = *value;
  } else {
    return otherwise;
  }
  if (!std::isfinite(number)) return otherwise;
  return Value::integer(truncated(number));
}

Value filter_float(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("float", arguments, {"default"});
  const Value otherwise = bound.has(0) ? bound[0] : Value::real(0);
  if (input.is_undefined()) throw Failure(input.undefined_message());
  if (input.is_number()) return Value::real(input.as_double());
  if (!input.is_text()) return otherwise;
  runtime.charge(input.as_text().size() / 4);
  const auto value = parse_float(input.as_text());
  return value ? Value::real(*value) : otherwise;
}

Value filter_round(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("round", arguments, {"precision", "method"});
  const std::int64_t digits = bound.integer(0, 0);
  const std::string method = bound.has(1) ? bound.text(1) : "common";
  if (method != "common" && method != "ceil" && method != "floor")
    throw Failure("method must be common, ceil or floor");
  if (input.is_undefined()) throw Failure(input.undefined_message());
  if (!input.is_number())
    throw Failure("type " + type_name(input) + " doesn't define __round__ method");
  if (method == "common")
    return input.is_integral() ? Value::integer(rounded(input.as_int(), digits))
                               : Value::real(rounded(input.as_double(), digits));
  const Value scale =
      arithmetic(runtime, Operator::kPower, Value::integer(10), Value::integer(digits));
  const Value scaled = arithmetic(runtime, Operator::kMultiply, input, scale);
  if (!std::isfinite(scaled.as_double())) throw Failure("cannot convert float to integer");
  Value whole = scaled;
  if (scaled.is(Kind::kFloat))
    whole = Value::integer(truncated(method == "ceil" ? std::ceil(scaled.as_double())
                                                      : std::floor(scaled.as_double())));
  return arithmetic(runtime, Operator::kDivide, whole, scale);
}

}  // namespace quorum::jinja
