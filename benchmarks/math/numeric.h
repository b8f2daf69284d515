// Values of expressions in ball arithmetic, at chosen points.
#pragma once

#include <cstdint>
#include <string_view>

#include "benchmarks/math/ball.h"
#include "benchmarks/math/expression.h"

namespace quorum {

// What the symbols of an expression stand for: numbers that depend on the symbol's name and the
// point only, so that expressions which were read apart are comparable.
struct SamplePoint {
  static constexpr int kReal = 36;     // points of real numbers: 0 … kReal - 1
  static constexpr int kInteger = 12;  // points of natural numbers, behind these
  static constexpr int kCorner = 16;   // points of multiples of 1/2, behind these
  static constexpr int kNear = 20;     // points around a number: 0 … kNear - 1, with `near`
  int index = 0;
  double near = 0;  // not 0: some or all symbols are close to this number or to its negative
  std::string_view symbol = {};  // not empty: this symbol is `at`
  double at = 0;

  bool integers() const { return index >= kReal && !corner(); }
  bool corner() const { return index >= kReal + kInteger; }
  // A multiple of 2^-20. Every sixth of the real points has all symbols in (0, 1), in (1, 4), in
  // (-4, -1), each in any of the three, in (4, 40) or (200, 2000), and in (-40, -4) or (-2000,
  // -200); those of natural numbers have them in 1 … 24,
  // those of multiples of 1/2 in 0, -1 … 3, with 10 and 24. Regardless of `near`.
  std::int64_t value_in_units(std::string_view name) const;
  // The same of any point.
  void value(std::string_view name, arb_t out) const;
};

struct NumericValue {
  enum class Status {
    kValue,
    kUndefined,  // at this point: a division by zero, a logarithm of a negative number
    kImprecise,  // not decided at this precision
    kTooLarge,   // to be worked with
    kOpaque      // it has a part whose value nobody knows: f(x)
  };
  Status status = Status::kValue;
  Ball value;
  // The largest absolute value of the binary logarithm of any intermediate value: a difference that
  // is smaller than 2^-magnitude may be hidden by a lower precision.
  double magnitude = 0;
};

enum class NumberField {
  kReal,    // what is not real on the way has no value; odd roots of negative numbers are real
  kComplex  // principal values
};

// In at most some hundred microseconds at 256 bits: sizes are estimated before they are computed.
// Never aborts. `bits` is at most 4096.
NumericValue evaluate(const Expression& expression, SamplePoint point, NumberField field,
                      long bits);

// 0^n, which is 1 for n = 0 where 0 is written.
bool is_zero_to_a_power(const Expression& expression, const Expression::Node& node);

// Whether the imaginary unit is written in it.
bool has_imaginary_unit(const Expression& expression);

}  // namespace quorum
