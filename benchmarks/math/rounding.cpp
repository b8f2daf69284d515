#include "benchmarks/math/rounding.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/approximate.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/number.h"
#include "benchmarks/math/relation.h"
#include "benchmarks/math/units.h"

namespace quorum {
namespace {

constexpr int kMaxDepth = 6, kPoints = 4;
constexpr std::size_t kMaxParts = 64;

// How a decimal is written: the place of its last digit, and how many it has.
struct Written {
  long double last_place = 0;  // 0.01 of 3.14
  int digits = 0;              // significant ones
};

// nullopt: it is not a decimal, or not alone.
std::optional<Written> written_decimal(std::string_view text) {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  while (at < text.size() && text[at] == ' ') ++at;
  int behind = 0, digits = 0;
  bool point = false;
  for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !point)); ++at) {
    if (text[at] == '.') {
      point = true;
      continue;
    }
    if (text[at] != '0' || digits > 0) ++digits;
    if (point) ++behind;
  }
  if (!point || behind == 0) return std::nullopt;
  // Powers of ten behind it, more than one when a percent sign became one.
  int exponent = 0;
  for (std::string_view rest = trim(text.substr(at)); !rest.empty();) {
    for (const std::string_view sign : {"\\times", "\\cdot"})
      if (starts_with(rest, sign)) rest = trim(rest.substr(sign.size()));
    if (!starts_with(rest, "10^{")) break;  // a unit: parse_quantity has read it
    const std::size_t close = rest.find('}');
    if (close == std::string_view::npos || close > 12) return std::nullopt;
    exponent += std::atoi(std::string(rest.substr(4, close - 4)).c_str());
    rest = trim(rest.substr(close + 1));
  }
  return Written{std::pow(10.0L, static_cast<long double>(exponent - behind)), digits};
}

struct Leaf {
  std::string_view text;
  std::string unit;
  std::optional<Expression> expression;  // when it is no quantity
  std::optional<long double> number;     // when it is one
  std::optional<Written> written;
  bool has_point = false;
};

Leaf read_leaf(std::string_view text) {
  Leaf leaf;
  leaf.text = text;
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    leaf.has_point = leaf.has_point || (text[i] == '.' && is_digit(text[i + 1]));
  if (const auto quantity = parse_quantity(text); quantity && !quantity->percent) {
    leaf.number = to_float(quantity->value);
    leaf.unit = quantity->unit;
    leaf.written = written_decimal(text);
    return leaf;
  }
  leaf.expression = parse_expression(text);
  return leaf;
}

std::optional<Complex> value_at(const Leaf& leaf, int point) {
  if (leaf.number) return Complex(*leaf.number);
  if (!leaf.expression) return std::nullopt;
  return approximate(*leaf.expression, point);
}

// Whether `rounded` is `exact` rounded to what is written.
bool rounds_to(const Written& written, Complex rounded, Complex exact, int least_digits) {
  if (written.digits < least_digits || exact.imag() != 0) return false;
  const long double difference = std::abs(rounded.real() - exact.real());
  return difference <= 0.5L * written.last_place * (1 + 1e-12L);
}

bool leaves_match(const Leaf& a, const Leaf& b, const RoundingRule& rule) {
  if (!a.has_point && !b.has_point) return false;
  if (units_differ(a.unit, b.unit)) return false;
  if (a.expression && b.expression && symbols_of(*a.expression) != symbols_of(*b.expression))
    return false;
  bool constant = true;
  for (const Leaf* leaf : {&a, &b})
    constant = constant && (leaf->number || (leaf->expression && is_constant(*leaf->expression)));
  if (!constant && (a.number || b.number)) return false;
  const int points = constant ? 1 : kPoints;
  for (int point = 0; point < points; ++point) {
    // At positive values, where sums do not cancel and a relative difference means something.
    const auto x = value_at(a, 2 * point), y = value_at(b, 2 * point);
    if (!x || !y) return false;
    bool same = false;
    if (rule.relative > 0)
      same = std::abs(*x - *y) <=
             static_cast<long double>(rule.relative) * std::max(std::abs(*x), std::abs(*y));
    if (rule.digits > 0 && constant) {
      // Of two decimals the one with fewer places is the rounded one.
      const bool a_rounded =
          a.written && (!b.written || a.written->last_place >= b.written->last_place);
      const bool b_rounded =
          b.written && (!a.written || b.written->last_place >= a.written->last_place);
      same = same || (a_rounded && rounds_to(*a.written, *x, *y, rule.digits)) ||
             (b_rounded && rounds_to(*b.written, *y, *x, rule.digits));
    }
    if (!same) return false;
  }
  return true;
}

class Comparison {
 public:
  explicit Comparison(const RoundingRule& rule) : rule_(rule) {}

  bool match(std::string_view gold, std::string_view prediction, int depth) {
    if (depth > kMaxDepth) return false;
    gold = bare(gold);
    prediction = bare(prediction);
    std::string_view gold_rest = gold, prediction_rest = prediction;
    const std::string gold_name = take_name(gold_rest), name = take_name(prediction_rest);
    if (!gold_name.empty() || !name.empty()) {
      if (!gold_name.empty() && !name.empty() && gold_name != name)
        return relations(gold, prediction, depth);
      return match(gold_rest, prediction_rest, depth + 1);
    }
    const Parts gold_parts = split_list(gold), parts = split_list(prediction);
    if (gold_parts.list.size() > 1 || parts.list.size() > 1)
      return unordered(gold_parts.list, parts.list, depth);
    const auto gold_union = around(gold, "\\cup"), the_union = around(prediction, "\\cup");
    if (gold_union.size() > 1 || the_union.size() > 1)
      return unordered(gold_union, the_union, depth);
    if (const auto inside = braces(gold), other = braces(prediction); inside && other)
      return unordered(split_list(*inside).list, split_list(*other).list, depth);
    if (bracketed(gold) && bracketed(prediction)) {
      if (gold.front() != prediction.front() || gold.back() != prediction.back()) return false;
      return ordered(split_list(inner(gold)).list, split_list(inner(prediction)).list, depth);
    }
    if (starts_with(gold, "\\begin{") || starts_with(prediction, "\\begin{"))
      return environments(gold, prediction, depth);
    if (split_relations(gold) || split_relations(prediction))
      return relations(gold, prediction, depth);
    return same(gold, prediction);
  }

 private:
  static std::string_view bare(std::string_view text) {
    text = split_approximation(trim(text)).exact;
    if (text.ends_with(")^T")) text.remove_suffix(2);
    while (text.size() > 2 && (text.front() == '{' || text.front() == '(') &&
           group_end(text, 0) == text.size() && split_list(inner(text)).list.size() == 1 &&
           inner(text).size() > 0)
      text = trim(inner(text));
    return text;
  }
  static std::string_view inner(std::string_view text) { return text.substr(1, text.size() - 2); }
  static bool bracketed(std::string_view text) {
    return text.size() > 2 && (text.front() == '(' || text.front() == '[') &&
           group_end(text, 0) == text.size();
  }
  static std::optional<std::string_view> braces(std::string_view text) {
    if (!starts_with(text, "\\{") || text.size() < 4 || group_end(text, 0) != text.size())
      return std::nullopt;
    return text.substr(2, text.size() - 4);
  }
  static std::vector<std::string_view> around(std::string_view text, std::string_view sign) {
    std::vector<std::string_view> parts;
    for (std::size_t at; (at = text.find(sign)) != std::string_view::npos;) {
      parts.push_back(text.substr(0, at));
      text.remove_prefix(at + sign.size());
    }
    parts.push_back(text);
    return parts;
  }

  bool ordered(const std::vector<std::string_view>& gold,
               const std::vector<std::string_view>& prediction, int depth) {
    if (gold.size() != prediction.size() || gold.size() > kMaxParts) return false;
    for (std::size_t i = 0; i < gold.size(); ++i)
      if (!match(gold[i], prediction[i], depth + 1)) return false;
    return true;
  }

  // Each part takes the first free one: roundings so coarse that another choice would matter are
  // no match.
  bool unordered(const std::vector<std::string_view>& gold,
                 const std::vector<std::string_view>& prediction, int depth) {
    if (gold.size() != prediction.size() || gold.size() > kMaxParts) return false;
    std::vector<bool> used(prediction.size());
    for (const std::string_view part : gold) {
      bool found = false;
      for (std::size_t i = 0; i < prediction.size() && !found; ++i) {
        if (used[i] || !match(part, prediction[i], depth + 1)) continue;
        used[i] = found = true;
      }
      if (!found) return false;
    }
    return true;
  }

  bool environments(std::string_view gold, std::string_view prediction, int depth) {
    const auto rows = [](std::string_view text) -> std::optional<std::vector<std::string_view>> {
      for (const std::string_view kind : {"pmatrix", "bmatrix", "cases"}) {
        const std::string open = "\\begin{" + std::string(kind) + "}",
                          close = "\\end{" + std::string(kind) + "}";
        if (!starts_with(text, open) || text.size() < open.size() + close.size() ||
            text.substr(text.size() - close.size()) != close)
          continue;
        text = trim(text.substr(open.size(), text.size() - open.size() - close.size()));
        if (text.size() >= 2 && text.substr(text.size() - 2) == "\\\\")
          text = text.substr(0, text.size() - 2);
        return around(text, "\\\\");
      }
      return std::nullopt;
    };
    const auto gold_rows = rows(gold), other_rows = rows(prediction);
    if (!gold_rows || !other_rows || gold_rows->size() != other_rows->size()) return false;
    for (std::size_t i = 0; i < gold_rows->size(); ++i)
      if (!ordered(around((*gold_rows)[i], "&"), around((*other_rows)[i], "&"), depth))
        return false;
    return true;
  }

  bool relations(std::string_view gold, std::string_view prediction, int depth) {
    const auto a = split_relations(gold), b = split_relations(prediction);
    if (!a || !b || a->relations != b->relations) return false;
    return ordered(a->sides, b->sides, depth);
  }

  bool same(std::string_view gold, std::string_view prediction) {
    if (gold.empty() || prediction.empty()) return false;
    if (equivalent(gold, prediction, GraderKind::kMath).equal) return true;
    return leaves_match(read_leaf(gold), read_leaf(prediction), rule_);
  }

  RoundingRule rule_;
};

}  // namespace

bool equal_but_for_rounding(std::string_view gold, std::string_view prediction,
                            const RoundingRule& rule) {
  return Comparison(rule).match(gold, prediction, 0);
}

}  // namespace quorum
