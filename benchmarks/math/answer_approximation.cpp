// What stands in front of \approx.
#include <cmath>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/answer_parser.h"
#include "benchmarks/math/decide.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/units.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;

// 2.71\ldots, 2.71 \text{ (rounded to two places)}.
std::string_view without_remark(std::string_view text) {
  for (const std::string_view dots : {"\\ldots", "..."})
    if (text.ends_with(dots)) text = trim(text.substr(0, text.size() - dots.size()));
  const std::size_t begin = text.rfind(kWordsBegin);
  if (begin == std::string_view::npos || begin == 0 || text.back() != kWordsEnd) return text;
  const std::string_view words = trim(text.substr(begin + 1, text.size() - begin - 2));
  for (const std::string_view remark : {"(rounded", "rounded ", "(to ", "to "})
    if (starts_with(words, remark)) return trim(text.substr(0, begin));
  return text;
}

// Whether one is a rounding of the other: within a twentieth, or to a whole number.
bool is_near(const AnswerValue& exact, const AnswerValue& rounded) {
  constexpr double kShare = 0.05;
  double scale = rounded.number.percent && !exact.number.percent ? 0.01 : 1;
  if (units_differ(rounded.number.unit, exact.number.unit)) {
    const auto factor = conversion(rounded.number.unit, exact.number.unit);
    if (!factor) return false;
    scale *= std::abs(fingerprint(constant(*factor))[0]);
  }
  const Fingerprint a = fingerprint(expression_of(exact)), b = fingerprint(expression_of(rounded));
  const bool whole =
      rounded.type == Type::kNumber && rounded.number.value.integer() && !rounded.number.percent;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double distance = std::abs(a[i] - scale * b[i]);
    // False too where one has no value.
    if (!(distance <= kShare * std::abs(a[i]) || (whole && distance <= 0.5))) return false;
  }
  return true;
}

bool is_rounding(const AnswerValue& exact, const AnswerValue& rounded) {
  if (!rounded.name.empty()) return false;
  if (is_scalar(exact) && is_scalar(rounded)) return is_near(exact, rounded);
  const bool several = exact.type == Type::kTuple || exact.type == Type::kList;  // of \pm
  if (!several || exact.type != rounded.type || exact.form != rounded.form ||
      exact.items.size() != rounded.items.size())
    return false;
  for (std::size_t i = 0; i < exact.items.size(); ++i)
    if (!is_rounding(exact.items[i], rounded.items[i])) return false;
  return true;
}

}  // namespace

AnswerParser::Read AnswerParser::approximated(std::string_view text, int depth) {
  const auto [front, behind] = split_approximation(text);
  if (behind.empty()) return std::nullopt;
  AnswerValue exact = parse(front, depth + 1);
  const AnswerValue rounded = parse(without_remark(behind), depth + 1);
  if (!is_rounding(exact, rounded)) return std::nullopt;
  if (is_scalar(exact) && exact.number.unit.empty()) exact.number.unit = rounded.number.unit;
  return exact;
}

// 1 \pm \sqrt{2} \approx 2.41, -0.41: the roundings in any order.
AnswerParser::Read AnswerParser::approximated_signs(const Parts& parts, int depth) {
  const auto [front, behind] = split_approximation(parts.list.front());
  if (behind.empty()) return std::nullopt;
  AnswerValue exact = parse(front, depth + 1);
  if (exact.type != Type::kList || exact.items.size() != parts.list.size()) return std::nullopt;
  std::vector<bool> used(parts.list.size());
  for (std::size_t i = 0; i < parts.list.size(); ++i) {
    const AnswerValue rounded = parse(without_remark(i == 0 ? behind : parts.list[i]), depth + 1);
    std::size_t of = 0;
    while (of < used.size() && (used[of] || !is_rounding(exact.items[of], rounded))) ++of;
    if (of == used.size()) return std::nullopt;
    used[of] = true;
  }
  return exact;
}

}  // namespace quorum
