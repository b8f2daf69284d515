#include "benchmarks/math/numeric_functions.h"

#include <array>
#include <utility>

namespace quorum {
namespace {

using RealFunction = void (*)(arb_t, const arb_t, slong);
using ComplexFunction = void (*)(acb_t, const acb_t, slong);

struct Named {
  std::string_view name;
  RealFunction real;
  ComplexFunction complex;
};
constexpr std::array<Named, 20> kNamed = {
    {{"sin", arb_sin, acb_sin},        {"cos", arb_cos, acb_cos},
     {"tan", arb_tan, acb_tan},        {"cot", arb_cot, acb_cot},
     {"sec", arb_sec, acb_sec},        {"csc", arb_csc, acb_csc},
     {"sinh", arb_sinh, acb_sinh},     {"cosh", arb_cosh, acb_cosh},
     {"tanh", arb_tanh, acb_tanh},     {"coth", arb_coth, acb_coth},
     {"sech", arb_sech, acb_sech},     {"csch", arb_csch, acb_csch},
     {"arcsin", arb_asin, acb_asin},   {"arccos", arb_acos, acb_acos},
     {"arctan", arb_atan, acb_atan},   {"arsinh", arb_asinh, acb_asinh},
     {"arcosh", arb_acosh, acb_acosh}, {"artanh", arb_atanh, acb_atanh},
     {"ln", arb_log, acb_log},         {"gamma", arb_gamma, acb_gamma}}};

bool real(acb_srcptr value) { return arb_is_zero(acb_imagref(value)); }

// What is real in the real domain stays exactly real.
void compute(const Named& function, acb_srcptr argument, long bits, acb_ptr out) {
  if (real(argument)) {
    acb_t result;
    acb_init(result);
    function.real(acb_realref(result), acb_realref(argument), bits);
    const bool done = arb_is_finite(acb_realref(result));
    if (done) acb_swap(out, result);
    acb_clear(result);
    if (done) return;
  }
  function.complex(out, argument, bits);
}

const Named* find(std::string_view name) {
  for (const Named& function : kNamed)
    if (function.name == name) return &function;
  return nullptr;
}

NumericFunction whole_part(acb_srcptr argument, long bits, acb_ptr out, bool up) {
  if (!real(argument)) return NumericFunction::kUndefined;
  const auto compute = up ? arb_ceil : arb_floor;
  compute(acb_realref(out), acb_realref(argument), bits);
  arb_zero(acb_imagref(out));
  // On a jump the ball holds two integers.
  return arb_is_exact(acb_realref(out)) ? NumericFunction::kDone : NumericFunction::kImprecise;
}

void gamma_of_next(acb_ptr out, acb_srcptr argument, long bits) {
  acb_t next;
  acb_init(next);
  acb_add_ui(next, argument, 1, bits);
  compute(*find("gamma"), next, bits, out);
  acb_clear(next);
}

// n! / (k! (n - k)!) by the gamma function, 0 for whole k < 0 and for whole k > n >= 0.
NumericFunction binomial(acb_srcptr n, acb_srcptr k, long bits, acb_ptr out) {
  const auto whole = [](acb_srcptr value) { return acb_is_int(value); };
  acb_t rest, below;
  acb_init(rest);
  acb_init(below);
  acb_sub(rest, n, k, bits);
  const bool none = (whole(k) && arb_is_negative(acb_realref(k))) ||
                    (whole(n) && whole(rest) && arb_is_nonnegative(acb_realref(n)) &&
                     arb_is_negative(acb_realref(rest)));
  if (none) {
    acb_zero(out);
  } else {
    gamma_of_next(out, n, bits);
    gamma_of_next(below, k, bits);
    acb_div(out, out, below, bits);
    gamma_of_next(below, rest, bits);
    acb_div(out, out, below, bits);
  }
  acb_clear(rest);
  acb_clear(below);
  return NumericFunction::kDone;
}

}  // namespace

NumericFunction numeric_function(std::string_view name, const std::vector<acb_srcptr>& arguments,
                                 long bits, acb_ptr out) {
  const acb_srcptr argument = arguments[0];
  if (name == "binom") return binomial(argument, arguments[1], bits, out);
  if (arguments.size() != 1) return NumericFunction::kUnknown;
  if (name == "ln") {
    if (acb_is_zero(argument)) return NumericFunction::kUndefined;
    if (acb_contains_zero(argument)) return NumericFunction::kImprecise;
  }
  if (const Named* function = find(name)) {
    compute(*function, argument, bits, out);
    return NumericFunction::kDone;
  }
  if (name == "arcsec" || name == "arccsc") {
    if (acb_contains_zero(argument)) return NumericFunction::kUndefined;
    acb_t inverse;
    acb_init(inverse);
    acb_inv(inverse, argument, bits);
    compute(*find(name == "arcsec" ? "arccos" : "arcsin"), inverse, bits, out);
    acb_clear(inverse);
    return NumericFunction::kDone;
  }
  if (name == "arccot") {  // in (0, π)
    acb_t quarter;
    acb_init(quarter);
    acb_const_pi(quarter, bits);
    acb_mul_2exp_si(quarter, quarter, -1);
    compute(*find("arctan"), argument, bits, out);
    acb_sub(out, quarter, out, bits);
    acb_clear(quarter);
    return NumericFunction::kDone;
  }
  if (name == "abs") {
    acb_abs(acb_realref(out), argument, bits);
    arb_zero(acb_imagref(out));
    return NumericFunction::kDone;
  }
  if (name == "floor" || name == "ceil") return whole_part(argument, bits, out, name == "ceil");
  if (name == "fact") {
    gamma_of_next(out, argument, bits);
    return NumericFunction::kDone;
  }
  return NumericFunction::kUnknown;
}

}  // namespace quorum
