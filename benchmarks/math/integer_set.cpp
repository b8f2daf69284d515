#include "benchmarks/math/integer_set.h"

#include <initializer_list>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/answer_parser.h"
#include "benchmarks/math/interval_set.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;

}  // namespace

std::optional<IntegerRange> integer_range(std::string_view key) {
  const auto behind =
      [&](std::initializer_list<std::string_view> names) -> std::optional<std::string_view> {
    for (const std::string_view name : names)
      if (starts_with(key, name)) return key.substr(name.size());
    return std::nullopt;
  };
  const auto whole = behind({"\\mathbb{Z}", "\\mathbbZ", "\\Z", "Z"});
  const auto natural = behind({"\\mathbb{N}", "\\mathbbN", "\\N", "N"});
  if (whole == "") return IntegerRange::kAll;
  if (natural == "") return IntegerRange::kNatural;
  if (whole == "^+" || whole == "_+" || natural == "^+" || natural == "_+" ||
      natural == "^\\cdot")  // of \mathbb{N}^*
    return IntegerRange::kPositive;
  return std::nullopt;
}

std::optional<AnswerValue> integers_of(const AnswerValue& set, IntegerRange range) {
  constexpr int kLargest = 64;
  const auto number = [](int n) {
    AnswerValue value;
    value.type = Type::kNumber;
    value.text = std::to_string(n);
    value.number.value = *Rational::from_decimal(std::to_string(n < 0 ? -n : n));
    if (n < 0) value.number.value = value.number.value.negated();
    return value;
  };
  const auto is_empty = [](const std::optional<AnswerValue>& part) {
    return part && part->type == Type::kText && part->text == "\\emptyset";
  };
  AnswerValue window = all_real_numbers(), integers;
  window.form = "[]";
  window.items = {number(-kLargest), number(kLargest)};
  if (range == IntegerRange::kPositive) {
    window.items[0] = number(1);
    window.form = "[)";
    window.items[1] = infinity(false);
    const auto positive = combine_sets(set, window, SetOperation::kIntersection);
    return positive ? integers_of(*positive, IntegerRange::kAll) : std::nullopt;
  }
  if (!is_empty(combine_sets(set, window, SetOperation::kDifference))) return std::nullopt;
  integers.type = Type::kSet;
  for (int n = -kLargest; n <= kLargest; ++n) {
    AnswerValue one;
    one.type = Type::kSet;
    one.items = {number(n)};
    const auto common = combine_sets(set, one, SetOperation::kIntersection);
    if (!common) return std::nullopt;
    if (is_empty(common)) continue;
    if (range == IntegerRange::kNatural && n == 0) return std::nullopt;
    if (range == IntegerRange::kNatural && n < 0) continue;
    integers.items.push_back(std::move(one.items[0]));
  }
  if (integers.items.size() > AnswerParser::kMaxItems) return std::nullopt;
  if (!integers.items.empty()) return integers;
  integers = AnswerValue{};
  integers.text = "\\emptyset";
  return integers;
}

}  // namespace quorum
