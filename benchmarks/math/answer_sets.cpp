// Relations, and the sets of numbers that solved ones are.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/algebra.h"
#include "benchmarks/math/answer_parser.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/bound_variable.h"
#include "benchmarks/math/integer_parameter.h"
#include "benchmarks/math/integer_set.h"
#include "benchmarks/math/interval_set.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/relation.h"
#include "benchmarks/math/units.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;
using Nature = AnswerValue::Nature;

// Each is combined with all before it, in time that grows with their square.
constexpr std::size_t kMostOperands = 24;

bool less(Relation relation) {
  return relation == Relation::kLess || relation == Relation::kLessEqual;
}
bool greater(Relation relation) { return less(turned(relation)); }
bool closed(Relation relation) {
  return relation == Relation::kLessEqual || relation == Relation::kGreaterEqual;
}

// So that what is less stands first.
void order_chain(RelationChain& chain) {
  if (!greater(chain.relations[0])) return;
  std::reverse(chain.sides.begin(), chain.sides.end());
  std::reverse(chain.relations.begin(), chain.relations.end());
  for (Relation& relation : chain.relations) relation = turned(relation);
}

char code(Relation relation) {
  switch (relation) {
    case Relation::kEqual: return '=';
    case Relation::kNotEqual: return '!';
    case Relation::kLess: return '<';
    case Relation::kLessEqual: return 'L';
    case Relation::kGreater: return '>';
    case Relation::kGreaterEqual: return 'G';
  }
  return '?';
}

// A number that may bound an interval.
bool is_bound(const AnswerValue& value) {
  if (!is_scalar(value) || !value.name.empty() || !is_formal_unit(value.number.unit)) return false;
  return value.type == Type::kNumber || is_constant(*value.expression);
}

// The key of left < right, left <= right or left \ne right.
std::string relation_key(std::string_view left, Relation relation, std::string_view right) {
  const auto low = parse_expression(left), high = parse_expression(right);
  if (!low || !high) return {};
  if (relation == Relation::kNotEqual) {
    const auto key = equation_key(difference(*low, *high));
    return key ? "!" + *key : std::string();
  }
  return inequality_key(difference(*high, *low), relation == Relation::kLess).value_or("");
}

bool is_set(const AnswerValue& value) {
  return value.type == Type::kUnion || value.type == Type::kSet || value.text == "\\emptyset" ||
         (value.type == Type::kTuple && value.items.size() == 2 && value.form != ":" &&
          value.form != "{}");
}

// The real numbers but those.
std::optional<AnswerValue> all_but(std::vector<AnswerValue> excluded) {
  AnswerValue set;
  set.type = Type::kSet;
  set.items = std::move(excluded);
  return combine_sets(all_real_numbers(), set, SetOperation::kDifference);
}

// Whether a constant is known to be an element of a set of numbers.
bool is_element(const AnswerValue& constant, const AnswerValue& set) {
  AnswerValue alone;
  alone.type = Type::kSet;
  alone.items = {constant};
  const auto both = combine_sets(alone, set, SetOperation::kIntersection);
  return both && both->type == Type::kSet;
}

// A sign of a set operation at `at` of a text, and its bytes.
std::optional<std::pair<SetOperation, std::size_t>> operation_at(std::string_view text,
                                                                 std::size_t at) {
  const std::string_view rest = text.substr(at);
  const auto command = [&](std::string_view name) {
    return starts_with(rest, name) && (rest.size() == name.size() || !is_letter(rest[name.size()]));
  };
  if (command("\\cup")) return std::pair{SetOperation::kUnion, std::size_t{4}};
  if (command("\\cap")) return std::pair{SetOperation::kIntersection, std::size_t{4}};
  if (command("\\setminus")) return std::pair{SetOperation::kDifference, std::size_t{9}};
  const std::string_view before = trim(text.substr(0, at)),
                         behind = trim(rest.substr(std::min<std::size_t>(1, rest.size())));
  if (before.empty() || behind.empty()) return std::nullopt;
  const bool closes = before.back() == ')' || before.back() == ']' || before.back() == '}';
  // (1, 2) U (3, 4) and \mathbb{R} - \{1\}.
  if (rest.front() == 'U' && closes && (behind.front() == '(' || behind.front() == '['))
    return std::pair{SetOperation::kUnion, std::size_t{1}};
  if (rest.front() == '-' && closes && starts_with(behind, "\\{"))
    return std::pair{SetOperation::kDifference, std::size_t{1}};
  return std::nullopt;
}

}  // namespace

// x < 5 is x \in (-\infty, 5) and 0 \le x < 1 is x \in [0, 1): a symbol between numbers.
AnswerParser::Read AnswerParser::solved_inequality(std::string_view text, int depth) {
  auto chain = split_relations(text);
  if (!chain || chain->sides.size() > 3) return std::nullopt;
  order_chain(*chain);
  for (const Relation relation : chain->relations)
    if (!less(relation)) return std::nullopt;  // 1 > x < 2
  const bool two_bounds = chain->sides.size() == 3, symbol_first = is_symbol(chain->sides[0]);
  const std::string_view symbol = two_bounds || !symbol_first ? chain->sides[1] : chain->sides[0];
  if (!is_symbol(symbol)) return std::nullopt;
  const bool has_low = two_bounds || !symbol_first, has_high = two_bounds || symbol_first;
  AnswerValue interval;
  interval.type = Type::kTuple;
  interval.nature = Nature::kSet;
  interval.text = text_key(text);
  interval.name = text_key(symbol) + "\\in";
  interval.form = {has_low && closed(chain->relations.front()) ? '[' : '(',
                   has_high && closed(chain->relations.back()) ? ']' : ')'};
  interval.items = {has_low ? parse(chain->sides.front(), depth + 1) : infinity(true),
                    has_high ? parse(chain->sides.back(), depth + 1) : infinity(false)};
  for (const AnswerValue& bound : interval.items) {
    // -\infty < x < 5
    if (is_bound(bound) || is_infinity(bound)) continue;
    // -2a < x < 2a; but a < b < c is an order of three.
    const bool other_symbols = two_bounds && is_scalar(bound) && bound.name.empty() &&
                               symbol.size() == 1 && bound.number.unit.empty() &&
                               !has_symbol(bound.text, symbol[0]);
    if (!other_symbols || (is_symbol(chain->sides[0]) && is_symbol(chain->sides[2])))
      return std::nullopt;
  }
  // 3 > x > 8 is no interval (8, 3).
  if (const auto set = combine_sets(interval, all_real_numbers(), SetOperation::kIntersection);
      set && set->type == Type::kText)
    return std::nullopt;
  if (!two_bounds)
    interval.relation = relation_key(chain->sides[0], chain->relations[0], chain->sides[1]);
  return interval;
}

// |x| < 2, 1 \le |x| < 3: of the interval the part that is not negative, and its mirror image. |z|
// may be of a complex number and |AB| is a length, so x is one small letter but z.
AnswerParser::Read AnswerParser::absolute_inequality(std::string_view text, int depth) {
  auto chain = split_relations(text);
  if (!chain) return std::nullopt;
  const auto is_absolute = [](std::string_view side) {
    return side.size() > 2 && side.front() == '|' && side.back() == '|';
  };
  const auto absolute = std::find_if(chain->sides.begin(), chain->sides.end(), is_absolute);
  if (absolute == chain->sides.end()) return std::nullopt;
  const std::string_view symbol = trim(absolute->substr(1, absolute->size() - 2));
  if (symbol.size() != 1 || symbol[0] < 'a' || symbol[0] >= 'z') return std::nullopt;
  std::string plain(text.substr(0, static_cast<std::size_t>(absolute->data() - text.data())));
  plain += symbol;
  plain += text.substr(static_cast<std::size_t>(absolute->data() - text.data()) + absolute->size());
  const Read inside = solved_inequality(plain, depth);
  if (!inside) return std::nullopt;
  order_chain(*chain);
  const auto negative = [&](const AnswerValue& bound, std::string_view side) {
    if (is_infinity(bound)) return infinity(bound.text != "-\\infty");
    return parse("-(" + std::string(side) + ")", depth + 1);
  };
  AnswerValue mirrored = *inside, not_negative = all_real_numbers(), not_positive = not_negative;
  mirrored.form = {inside->form.back() == ']' ? '[' : '(', inside->form.front() == '[' ? ']' : ')'};
  mirrored.items = {negative(inside->items[1], chain->sides.back()),
                    negative(inside->items[0], chain->sides.front())};
  not_negative.form = "[)";
  not_positive.form = "(]";
  not_negative.items[0] = not_positive.items[1] = parse("0", depth + 1);
  const auto right = combine_sets(*inside, not_negative, SetOperation::kIntersection);
  const auto left = combine_sets(mirrored, not_positive, SetOperation::kIntersection);
  if (!left || !right) return std::nullopt;
  Read set = combine_sets(*left, *right, SetOperation::kUnion);
  if (!set) return std::nullopt;
  set->name = inside->name;
  if (set->text != "\\emptyset") set->text = text_key(text);
  return set;
}

AnswerParser::Read AnswerParser::exclusion(std::string_view text, int depth) {
  constexpr std::string_view kNotIn = "\\notin";
  const std::size_t at = text.find(kNotIn);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view symbol = trim(text.substr(0, at)),
                         behind = text.substr(at + kNotIn.size());
  if (!is_symbol(symbol) || behind.empty() || is_letter(behind[0])) return std::nullopt;
  const AnswerValue set = parse(behind, depth + 1);
  if (!is_set(set) || !set.name.empty()) return std::nullopt;
  Read others = combine_sets(all_real_numbers(), set, SetOperation::kDifference);
  if (!others) return std::nullopt;
  others->name = text_key(symbol) + "\\in";
  if (others->text != "\\emptyset") others->text = text_key(text);
  return others;
}

AnswerParser::Read AnswerParser::condition(std::string_view text, int depth) {
  if (auto interval = absolute_inequality(text, depth)) return interval;
  if (auto interval = solved_inequality(text, depth)) return interval;
  if (auto others = exclusion(text, depth)) return others;
  const auto chain = split_relations(text);
  if (!chain || chain->relations != std::vector<Relation>{Relation::kNotEqual} ||
      !is_symbol(chain->sides[0]))
    return std::nullopt;
  AnswerValue excluded = parse(chain->sides[1], depth + 1);
  const bool several = excluded.type == Type::kList && excluded.name.empty();
  auto set = all_but(several ? excluded.items : std::vector<AnswerValue>{std::move(excluded)});
  if (!set) return std::nullopt;
  set->name = text_key(chain->sides[0]) + "\\in";
  set->text = text_key(text);
  return set;
}

AnswerParser::Read AnswerParser::conditions(const Parts& parts, int depth, bool equations) {
  if (parts.list.size() > kMostOperands || (parts.and_words && parts.or_words)) return std::nullopt;
  const bool either = parts.or_words;
  std::optional<AnswerValue> all;
  std::string name;
  bool any_relation = equations, excluding = false;
  for (const std::string_view part : parts.list) {
    Read set = condition(part, depth + 1);
    if (set) {
      any_relation = true;
      excluding = part.find("\\ne") != std::string_view::npos;
    } else {
      std::string_view rest = part;
      std::string taken = take_name(rest);
      AnswerValue value = parse(rest, depth + 1);
      if (taken.empty() && excluding && !either) {                              // x \ne 1, 2
        if (!is_bound(value) || !is_element(value, *all)) return std::nullopt;  // x \ne 1, 1
        if (!(set = all_but({std::move(value)}))) return std::nullopt;
        set->name = name;
      } else if (taken.size() > 3 && taken.substr(taken.size() - 3) == "\\in") {
        if (!is_set(value)) return std::nullopt;
        any_relation = true;
        set = std::move(value);
        set->name = std::move(taken);
      } else if (!taken.empty() && is_bound(value)) {
        set = AnswerValue{};
        set->type = Type::kSet;
        set->items = {std::move(value)};
        set->name = taken + "\\in";
      } else {
        return std::nullopt;
      }
    }
    if (!name.empty() && set->name != name) return std::nullopt;
    name = set->name;
    if (all) {
      all = combine_sets(*all, *set, either ? SetOperation::kUnion : SetOperation::kIntersection);
      if (!all) return std::nullopt;
    } else {
      all = std::move(set);
    }
  }
  // "x = 1 or x = 2" is a list; "x < 1, x > 2" may be meant as either.
  if (!any_relation || (!either && !parts.words && all->text == "\\emptyset")) return std::nullopt;
  all->name = name;
  all->relation.clear();
  return all;
}

AnswerParser::Read AnswerParser::relation(std::string_view text, int depth) {
  auto chain = split_relations(text);
  if (!chain || chain->relations == std::vector<Relation>{Relation::kEqual}) return std::nullopt;
  order_chain(*chain);
  AnswerValue value;
  value.type = Type::kRelation;
  value.text = text_key(text);
  for (const Relation relation : chain->relations) value.form += code(relation);
  for (const std::string_view side : chain->sides) value.items.push_back(parse(side, depth + 1));
  if (chain->sides.size() == 2)
    value.relation = relation_key(chain->sides[0], chain->relations[0], chain->sides[1]);
  return value;
}

// Intervals that "or" joins, one of which is no point for sure.
AnswerParser::Read AnswerParser::alternatives(const Parts& parts,
                                              const std::vector<AnswerValue>& sets) {
  if (!parts.or_words || parts.and_words || !are_intervals(sets)) return std::nullopt;
  std::optional<AnswerValue> all = sets[0];
  for (std::size_t i = 1; i < sets.size() && all; ++i)
    all = combine_sets(*all, sets[i], SetOperation::kUnion);
  return all;
}

AnswerParser::Read AnswerParser::set_operation(std::string_view text, int depth) {
  std::vector<std::pair<SetOperation, std::string_view>> operands;  // the first one's means nothing
  SetOperation next = SetOperation::kUnion;
  std::size_t begin = 0, at = 0;
  const auto take = [&](std::size_t end) {
    operands.emplace_back(next, trim(text.substr(begin, end - begin)));
  };
  while (at < text.size()) {
    if (const auto operation = operation_at(text, at)) {
      take(at);
      next = operation->first;
      begin = at += operation->second;
      continue;
    }
    const bool opens = text[at] == '(' || text[at] == '[' || text[at] == '{' ||
                       starts_with(text.substr(at), "\\{");
    const std::size_t end = opens ? group_end(text, at) : at + 1;
    if (end == std::string_view::npos) return std::nullopt;
    at = end;
  }
  if (operands.empty()) return std::nullopt;
  take(text.size());
  if (operands.size() > kMostOperands) return std::nullopt;
  AnswerValue all;
  std::string name;
  bool unions = true, combined = true;
  std::vector<AnswerValue> sets;
  for (const auto& [operation, operand] : operands) {
    AnswerValue set = parse(operand, depth + 1);
    // {1, 2} \cup {3} lacks the backslashes.
    if (operand.starts_with('{') && (set.type == Type::kList || is_scalar(set))) {
      AnswerValue elements;
      elements.type = Type::kSet;
      elements.items = set.type == Type::kList ? set.items : std::vector<AnswerValue>{set};
      set = std::move(elements);
    }
    if (operand.empty() || !is_set(set)) return std::nullopt;
    if (sets.empty()) name = set.name;
    if (set.name != name) return std::nullopt;
    set.name.clear();
    set.relation.clear();
    unions = unions && operation == SetOperation::kUnion;
    if (!sets.empty() && combined) {
      auto both = combine_sets(all, set, operation);
      combined = both.has_value();
      if (combined) all = std::move(*both);
    } else if (sets.empty()) {
      all = set;
    }
    sets.push_back(std::move(set));
  }
  if (!combined) {
    if (!unions) return std::nullopt;
    all = AnswerValue{};
    all.type = Type::kUnion;
    all.items = std::move(sets);
  }
  if (all.text != "\\emptyset") all.text = text_key(text);
  all.name = name;
  return all;
}

AnswerParser::Read AnswerParser::set_builder(std::string_view inside, int depth) {
  const std::size_t bar = inside.find_first_of("|:");
  if (bar == std::string_view::npos) return std::nullopt;
  std::string_view front = trim(inside.substr(0, bar));
  const std::string_view behind = trim(inside.substr(bar + 1));
  const std::size_t in = front.find("\\in");
  std::optional<AnswerValue> within;
  std::optional<IntegerRange> integers;
  if (in != std::string_view::npos && in + 3 < front.size() && !is_letter(front[in + 3])) {
    const std::string_view domain = front.substr(in + 3);
    integers = integer_range(text_key(domain));
    if (!integers) within = trim(domain) == "R" ? all_real_numbers() : parse(domain, depth + 1);
    if (within && !is_set(*within)) return std::nullopt;
    front = trim(front.substr(0, in));
  }
  if (!is_symbol(front)) return std::nullopt;
  const Parts parts = split_list(behind);
  Read set = conditions(parts, depth + 1, true);
  if (!set || set->name != text_key(front) + "\\in") return std::nullopt;
  if (integers) set = integers_of(*set, *integers);
  if (!set) return std::nullopt;
  if (within) set = combine_sets(*within, *set, SetOperation::kIntersection);
  if (!set) return std::nullopt;
  set->name.clear();
  set->relation.clear();
  return set;
}

AnswerParser::Read AnswerParser::family_of(std::string_view inside, int depth) {
  std::size_t bar = inside.find('|');
  if (bar == std::string_view::npos) bar = inside.find(':');
  if (bar == std::string_view::npos) return std::nullopt;
  std::string_view member = trim(inside.substr(0, bar));
  const std::string_view behind = trim(inside.substr(bar + 1));
  std::string_view range = behind;
  if (is_symbol(member)) {  // x | x = 2k + 1, k \in \mathbb{Z}
    const Parts parts = split_list(behind);
    std::string_view definition = parts.list[0];
    if (parts.list.size() != 2 || take_name(definition) != text_key(member)) return std::nullopt;
    member = definition;
    range = parts.list[1];
  }
  const auto parameter = integer_parameter(range);
  if (!parameter) return std::nullopt;
  std::string text(member);
  if (parameter->symbol != 'k' && !has_symbol(text, 'k'))
    text = with_symbol(std::move(text), parameter->symbol, 'k');
  AnswerValue family, domain;
  domain.text = parameter->domain;
  family.type = Type::kTuple;
  family.form = "{}";
  family.items = {parse(text, depth + 1), std::move(domain)};
  return family;
}

}  // namespace quorum
