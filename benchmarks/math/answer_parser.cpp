// Which type an answer has.
#include "benchmarks/math/answer_parser.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/algebra.h"
#include "benchmarks/math/answer_forms.h"
#include "benchmarks/math/answer_points.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/function_names.h"
#include "benchmarks/math/interval_set.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/units.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;
using Nature = AnswerValue::Nature;

bool is_all_real_numbers(std::string_view key) {
  return key == "\\mathbb{R}" || key == "\\mathbb R" || key == "\\R" || key == "\\Re" ||
         key == "allrealnumbers" || key == "allreals" || key == "realnumbers";
}

// \mathbb{R}^+ is (0, \infty). Whether \mathbb{R}_+ has the zero is not agreed on.
std::optional<AnswerValue> half_line(std::string_view key) {
  std::string_view behind;
  for (const std::string_view line : {"\\mathbb{R}", "\\mathbbR", "\\R"})
    if (starts_with(key, line)) behind = key.substr(line.size());
  const bool positive = behind == "^+" || behind == "_{>0}";
  const bool negative = behind == "^-" || behind == "_{<0}";
  const bool not_negative = behind == "_{\\ge0}", not_positive = behind == "_{\\le0}";
  if (!positive && !negative && !not_negative && !not_positive) return std::nullopt;
  AnswerValue half = all_real_numbers(), zero;
  zero.type = Type::kNumber;
  zero.text = "0";
  half.text = key;
  half.form = {not_negative ? '[' : '(', not_positive ? ']' : ')'};
  half.items[positive || not_negative ? 0 : 1] = std::move(zero);
  return half;
}

// ]1, 2[ as (1, 2) and [1, 2[ as [1, 2); empty: the text is no such interval.
std::string usual_brackets(std::string_view text) {
  const bool open_left = text.front() == ']', open_right = text.back() == '[';
  const bool left = open_left || text.front() == '[' || text.front() == '(';
  const bool right = open_right || text.back() == ']' || text.back() == ')';
  if (text.size() < 5 || !left || !right || !(open_left || open_right)) return {};
  std::string usual(text);
  if (open_left) usual.front() = '(';
  if (open_right) usual.back() = ')';
  return group_end(usual, 0) == usual.size() ? usual : std::string();
}

// 2:3 and 4:6 are one: of numbers, the first of which is not zero, each is divided by it.
void reduce_ratio(AnswerValue& ratio) {
  for (const AnswerValue& part : ratio.items)
    if (part.type != Type::kNumber || !is_formal_unit(part.number.unit) || part.number.percent)
      return;
  const Rational first = ratio.items[0].number.value;
  if (first.numerator().zero()) return;
  for (AnswerValue& part : ratio.items) {
    const auto share = part.number.value.divided_by(first);
    if (!share) return;
    part.number.value = *share;
  }
}

// 12-7 and 2-3/2 are differences, 3-5 may be a range, 1/2/2003 and 12-7-5 dates.
bool is_plain_difference(std::string_view text) {
  const std::size_t minus = text.find('-', 1);
  if (minus == std::string_view::npos || text.find('-', minus + 1) != std::string_view::npos)
    return false;
  const auto left = parse_quantity(trim(text.substr(0, minus))),
             right = parse_quantity(trim(text.substr(minus + 1)));
  if (!left || !right || left->value.negative()) return false;
  const auto order = left->value.plus(right->value.negated());
  return order && !order->negative() && !order->numerator().zero();
}

// Whether a degree sign ends the text that is no angle of a function in it.
bool is_in_degrees(std::string_view text) {
  const bool degrees = text.ends_with("^\\circ") || text.ends_with("^{\\circ}");
  if (!degrees) return false;
  for (std::size_t at = text.find('\\'); at != std::string_view::npos;
       at = text.find('\\', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (function_named(text.substr(at + 1, end - at - 1)) != nullptr) return false;
  }
  return true;
}

}  // namespace

AnswerValue AnswerParser::parse(std::string_view text, int depth) {
  text = trim(text);
  AnswerValue value;
  value.text = text_key(text);
  if (value.text == "+\\infty") value.text = "\\infty";
  if (depth > kMaxNesting || text.empty()) return value;
  if (text.size() > 2 && text.front() == '{' && group_end(text, 0) == text.size()) {
    const std::string_view inside = trim(text.substr(1, text.size() - 2));
    // {x | x < 2} lacks the backslashes.
    if (auto set = set_builder(inside, depth)) return std::move(*set);
    return parse(inside, depth + 1);
  }
  if (auto half = half_line(value.text)) return std::move(*half);
  if (is_all_real_numbers(value.text)) return all_real_numbers();

  if (const std::string usual = usual_brackets(text); !usual.empty()) {
    AnswerValue interval = parse(usual, depth + 1);
    interval.nature = Nature::kSet;
    return interval;
  }
  if (const Parts parts = split_list(text); parts.list.size() > 1)
    return list(text, parts, depth, std::move(value));
  if (auto exact = approximated(text, depth)) return std::move(*exact);
  if (auto pieces = piecewise(text, depth)) return std::move(*pieces);
  if (auto vector = transposed(text, depth)) return std::move(*vector);
  if (text.back() == '}' && text.find('=') == std::string_view::npos) {
    const std::size_t begin = text.find("\\begin{");
    if (begin == 0) return matrix(text, {}, depth, std::move(value));
    if (begin != std::string_view::npos && parse_expression(text.substr(0, begin)))
      return matrix(text.substr(begin), text.substr(0, begin), depth, std::move(value));
  }
  if (starts_with(text, "\\begin{cases}")) return matrix(text, {}, depth, std::move(value));
  if (starts_with(text, "\\{") && starts_with(trim(text.substr(2)), "\\begin{") &&
      group_end(text, 0) == std::string_view::npos)
    return matrix(trim(text.substr(2)), "\\{", depth, std::move(value));
  if (text.find("\\cup") != std::string_view::npos) {
    if (auto set = set_operation(text, depth)) return std::move(*set);
  }
  if (auto set = condition(text, depth)) return std::move(*set);
  if (auto last = worked_out(text, depth)) return std::move(*last);
  if (auto chain = relation(text, depth)) return std::move(*chain);
  if (std::string name = take_name(text); !name.empty()) {
    AnswerValue inner = parse(text, depth + 1);
    // A chain of names has been refused above; keep the outer one.
    if (name.ends_with("\\in") && inner.text == "R") inner = all_real_numbers();
    inner.name = std::move(name);
    order_coordinates(inner);
    settle_nature(inner);
    return inner;
  }
  if (auto both = plus_and_minus(text, depth)) return std::move(*both);
  if (auto quantity = parse_quantity(text)) {
    value.type = Type::kNumber;
    value.number = std::move(*quantity);
    return value;
  }
  if (const auto one = congruence(text)) {
    // A class of numbers, not the number 3.
    value.text = std::to_string(one->residue) + " mod " + std::to_string(one->modulus);
    if (!one->symbol.empty()) value.name = one->symbol + "\\equiv";
    return value;
  }
  if (auto form = time_text(text); form || (form = numeral_text(text))) {
    value.text = std::move(*form);
    return value;
  }
  if (auto set = set_operation(text, depth)) return std::move(*set);
  if (starts_with(text, "\\{") && group_end(text, 0) == text.size() && text.size() >= 4)
    return braced(text, depth, std::move(value));
  if ((text.front() == '(' || text.front() == '[') && group_end(text, 0) == text.size())
    return bracketed(text, depth, std::move(value));
  if (auto point = named_point(text, depth)) return std::move(*point);
  if (auto point = scaled_point(text, depth)) return std::move(*point);
  if (Parts parts; !(parts.list = ratio_parts(text)).empty()) {
    if (!items(parts, depth, value)) return value;
    value.type = Type::kTuple;
    value.form = ":";
    reduce_ratio(value);
    return value;
  }
  if (auto quantity = with_unit(text, depth)) return std::move(*quantity);
  value = expression(text, std::move(value));
  if (is_scalar(value) && is_in_degrees(text)) value.number.unit = "degree";
  return value;
}

// 1 \pm \sqrt{2} is two numbers, (\pm 1, \pm 2) four pairs; a sign \mp is the other one of its \pm.
AnswerParser::Read AnswerParser::plus_and_minus(std::string_view text, int depth) {
  constexpr std::size_t kMostSigns = 4;
  std::vector<std::pair<std::size_t, bool>> signs;  // where, and whether it is \mp
  bool together = false;
  for (std::size_t at = text.find('\\'); at != std::string_view::npos;
       at = text.find('\\', at + 1)) {
    const bool mp = starts_with(text.substr(at), "\\mp");
    if (!mp && !starts_with(text.substr(at), "\\pm")) continue;
    if (at + 3 < text.size() && is_letter(text[at + 3])) continue;
    signs.emplace_back(at, mp);
    together = together || mp;
  }
  // The elements of a set are doubled one by one.
  if (signs.empty() || signs.size() > kMostSigns || starts_with(text, "\\{") ||
      has_relation(text) || text.find("\\cup") != std::string_view::npos)
    return std::nullopt;
  AnswerValue all;
  all.type = Type::kList;
  all.nature = Nature::kSet;
  all.text = text_key(text);
  const std::size_t choices = together ? 2 : std::size_t{1} << signs.size();
  for (std::size_t choice = 0; choice < choices; ++choice) {
    std::string one;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < signs.size(); ++i) {
      const auto [at, mp] = signs[i];
      one += text.substr(begin, at - begin);
      begin = at + 3;
      const bool minus = together ? (choice == 1) != mp : (choice >> i & 1u) != 0;
      const std::string_view before = trim(one);
      const bool first =
          before.empty() || std::string_view("([{,").find(before.back()) != std::string_view::npos;
      one += minus ? "-" : first ? " " : "+";
    }
    one += text.substr(begin);
    all.items.push_back(parse(one, depth + 1));
  }
  return all;
}

// What is nothing else may be an expression, and this a number.
AnswerValue AnswerParser::expression(std::string_view text, AnswerValue value) {
  if (text.find(kWordsBegin) != std::string_view::npos) return value;
  auto parsed = parse_expression(text);
  if (!parsed) return value;
  const auto form = algebraic_form(*parsed);
  if (!form || !form->number) {
    if (form) value.algebra = form->key;
    // A symbol is compared by its name.
    if (parsed->nodes.size() > 1 || is_constant(*parsed) || form)
      value.expression = std::make_shared<const Expression>(std::move(*parsed));
  } else if (text.find_first_not_of("0123456789-/. ") != std::string_view::npos ||
             is_plain_difference(text)) {
    value.type = Type::kNumber;  // and no range (3-5) or date (1/2/2003)
    value.number.value = *form->number;
  }
  return value;
}

AnswerParser::Read AnswerParser::with_unit(std::string_view text, int depth) {
  const std::size_t words = text.find(kWordsBegin);
  if (words == std::string_view::npos || words == 0 || depth > kMaxNesting) return std::nullopt;
  const auto unit = parse_unit(text.substr(words));
  if (!unit) return std::nullopt;
  AnswerValue value;
  const std::string_view front = trim(text.substr(0, words));
  value.text = text_key(text);
  value = expression(front, std::move(value));
  if (!is_scalar(value)) return std::nullopt;
  value.number.unit = unit->unit;
  value.number.percent = unit->percent;
  return value;
}

AnswerValue AnswerParser::list(std::string_view text, const Parts& parts, int depth,
                               AnswerValue value) {
  if (auto groups = assignments(parts, depth)) return std::move(*groups);
  if (auto exact = approximated_signs(parts, depth)) return std::move(*exact);
  if (auto set = conditions(parts, depth)) return std::move(*set);
  // "x < 1 and y > 3" is more than a list.
  if (has_relation(text) && parts.words) return value;
  // "x = 1, 2": the name belongs to all.
  Parts used = parts;
  std::string name;
  std::string_view first = parts.list.front();
  if (std::string taken = take_name(first); !taken.empty()) {
    bool others = false;
    for (std::size_t i = 1; i < parts.list.size(); ++i)
      others = others || parts.list[i].find('=') != std::string_view::npos;
    if (!others) {
      name = std::move(taken);
      used.list.front() = first;
    }
  }
  if (!items(used, depth, value, true)) return value;
  if (auto set = alternatives(parts, value.items)) return std::move(*set);
  // "a = 1, 2, b = 3": what has no name has that of the one before.
  if (names_differ(value.items))
    for (std::size_t i = 1; i < value.items.size(); ++i)
      if (value.items[i].name.empty() && value.items[i].relation.empty())
        value.items[i].name = value.items[i - 1].name;
  // "x = 1 or y = 2" is not "x = 1 and y = 2", but "x_1 = 1 or x_2 = 2" is a list.
  if (parts.or_words && names_differ(value.items)) value.form = "or";
  value.type = Type::kList;
  if (parts.or_words) value.nature = Nature::kSet;
  value.name = std::move(name);
  order_coordinates(value);
  settle_nature(value);
  return value;
}

// p=1,q=2;p=3,q=4: the list of the pairs (p,q).
AnswerParser::Read AnswerParser::assignments(const Parts& parts, int depth) {
  if (parts.groups.size() < 2) return std::nullopt;
  AnswerValue all;
  all.type = Type::kList;
  std::vector<std::string> names;
  for (const std::vector<std::string_view>& group : parts.groups) {
    if (group.size() < 2 || all.items.size() >= kMaxItems) return std::nullopt;
    AnswerValue tuple;
    tuple.type = Type::kTuple;
    tuple.form = "()";
    for (std::size_t i = 0; i < group.size(); ++i) {
      std::string_view part = group[i];
      const std::string name = take_name(part);
      if (all.items.empty()) names.push_back(name);
      if (name.empty() || i >= names.size() || name != names[i]) return std::nullopt;
      tuple.items.push_back(parse(part, depth + 1));
    }
    if (tuple.items.size() != names.size()) return std::nullopt;
    all.items.push_back(std::move(tuple));
  }
  for (const std::string& name : names) all.name += (all.name.empty() ? "(" : ",") + name;
  all.name += ")";
  return all;
}

AnswerValue AnswerParser::bracketed(std::string_view text, int depth, AnswerValue value) {
  const std::string_view inside = trim(text.substr(1, text.size() - 2));
  if (inside.empty()) return value;
  const Parts parts = split_list(inside);
  if (parts.words) return value;
  if (parts.list.size() == 1) {
    // [1, 2] has another meaning than (1, 2), [5] another than (5); a matrix may stand in any
    // brackets.
    const bool round = text.front() == '(' && text.back() == ')';
    return round || starts_with(inside, "\\begin{") ? parse(inside, depth + 1) : value;
  }
  if (text.front() == '[' && text.back() == ']') {
    if (auto rows = nested_rows(parts, depth)) {
      rows->text = std::move(value.text);
      return std::move(*rows);
    }
  }
  if (!items(parts, depth, value)) return value;
  value.type = Type::kTuple;
  value.form = {text.front(), text.back()};
  settle_nature(value);
  return value;
}

AnswerValue AnswerParser::braced(std::string_view text, int depth, AnswerValue value) {
  std::string_view inside = trim(text.substr(2, text.size() - 4));
  // \{ {x | x < 2} \}: braces that only group.
  while (inside.size() > 2 && inside.front() == '{' && group_end(inside, 0) == inside.size())
    inside = trim(inside.substr(1, inside.size() - 2));
  if (inside.empty()) {
    value.text = "\\emptyset";
    return value;
  }
  if (auto set = set_builder(inside, depth)) return std::move(*set);
  if (auto family = family_of(inside, depth)) return std::move(*family);
  if (has_relation(inside) || inside.find('|') != std::string_view::npos ||
      inside.find(':') != std::string_view::npos)
    return value;
  const Parts parts = split_list(inside);
  if (!items(parts, depth, value, true)) return value;
  value.type = Type::kSet;
  settle_nature(value);
  return value;
}

// The parsed parts as items; false when there are too many or one is empty.
bool AnswerParser::items(const Parts& parts, int depth, AnswerValue& value, bool flatten) {
  if (parts.list.size() > kMaxItems) return false;
  std::vector<AnswerValue> parsed;
  for (const std::string_view part : parts.list) {
    if (part.empty()) return false;
    AnswerValue item = parse(part, depth + 1);
    if (part.find('=') != std::string_view::npos) add_equation(part, item);
    if (parts.list.size() > 1 && part.find("\\begin{") != std::string_view::npos)
      point_of_system(item);
    if (item.type == Type::kList && item.name.empty() && flatten) {  // of \pm
      for (AnswerValue& one : item.items) parsed.push_back(std::move(one));
      value.nature = Nature::kSet;
    } else {
      parsed.push_back(std::move(item));
    }
  }
  value.items = std::move(parsed);
  return true;
}

}  // namespace quorum
