#include "benchmarks/math/answer_compare.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/answer_points.h"
#include "benchmarks/math/decide.h"
#include "benchmarks/math/interval_set.h"
#include "benchmarks/math/units.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;
using Nature = AnswerValue::Nature;

EquivalenceVerdict equal(const char* reason, Certainty certainty = Certainty::kCertified) {
  return {true, reason, certainty};
}
EquivalenceVerdict unequal(const char* reason, Certainty certainty = Certainty::kCertified) {
  return {false, reason, certainty};
}
EquivalenceVerdict not_proven() { return unequal("not_proven", Certainty::kUnproven); }

const Rational& hundred() {
  static const Rational kHundred = *Rational::from_decimal("100");
  return kHundred;
}

bool units_differ(const Quantity& a, const Quantity& b) {
  return quorum::units_differ(measure_of(a), measure_of(b));
}

EquivalenceVerdict verdict_of(const Decision& decision) {
  switch (decision.kind) {
    case Decision::Kind::kEqualExact: return equal("equal_exact");
    case Decision::Kind::kEqualNumeric: return equal("equal_numeric", Certainty::kNumeric);
    case Decision::Kind::kUnequal: return unequal("unequal_certified");
    case Decision::Kind::kNotProven: return not_proven();
    case Decision::Kind::kUnknownLimit: return unequal("unknown_limit", Certainty::kUnproven);
    case Decision::Kind::kUnknownTimeout: return unequal("unknown_timeout", Certainty::kUnproven);
  }
  return not_proven();
}

// The weakest certainty of verdicts that were all needed.
class Together {
 public:
  // Whether all so far are equal.
  bool add(const EquivalenceVerdict& verdict) {
    if (!verdict.equal) {
      failed_ = true;
      certainty_ = verdict.certainty;
      return false;
    }
    if (verdict.certainty == Certainty::kNumeric) certainty_ = Certainty::kNumeric;
    return true;
  }
  EquivalenceVerdict verdict() const {
    return failed_ ? unequal("unequal_elements", certainty_) : equal("equal_elements", certainty_);
  }

 private:
  bool failed_ = false;
  Certainty certainty_ = Certainty::kCertified;
};

// In order.
EquivalenceVerdict compare_ordered(const std::vector<AnswerValue>& gold,
                                   const std::vector<AnswerValue>& prediction) {
  if (gold.size() != prediction.size()) return unequal("unequal_elements");
  Together all;
  for (std::size_t i = 0; i < gold.size(); ++i)
    if (!all.add(compare_elements(gold[i], prediction[i]))) break;
  return all.verdict();
}

// Each gold item with its own predicted one (Kuhn's augmenting paths; at most 64 items).
class Matching {
 public:
  Matching(const std::vector<AnswerValue>& gold, const std::vector<AnswerValue>& prediction)
      : verdicts_(gold.size()), owner_(prediction.size(), -1) {
    const std::vector<Fingerprint> of_gold = prints(gold), of_prediction = prints(prediction);
    for (std::size_t i = 0; i < gold.size(); ++i) {
      for (std::size_t j = 0; j < prediction.size(); ++j) {
        const bool differ = !of_gold.empty() && !of_prediction.empty() &&
                            !may_be_equal(of_gold[i], of_prediction[j]);
        verdicts_[i].push_back(differ ? unequal("unequal_certified")
                                      : compare_elements(gold[i], prediction[j]));
      }
    }
  }

  EquivalenceVerdict verdict() {
    for (std::size_t i = 0; i < verdicts_.size(); ++i) {
      std::vector<bool> visited(owner_.size());
      if (augment(i, visited)) continue;
      // Certain when some item equals none, certainly.
      bool certain = true;
      for (const EquivalenceVerdict& one : verdicts_[i])
        certain = certain && !one.equal && one.certainty == Certainty::kCertified;
      return unequal("unequal_elements", certain ? Certainty::kCertified : Certainty::kUnproven);
    }
    Together all;
    for (std::size_t j = 0; j < owner_.size(); ++j)
      all.add(verdicts_[static_cast<std::size_t>(owner_[j])][j]);
    return all.verdict();
  }

 private:
  // Of a longer list of plain expressions, so that not every pair is worked out; else none.
  static std::vector<Fingerprint> prints(const std::vector<AnswerValue>& items) {
    std::vector<Fingerprint> all;
    if (items.size() < 4) return all;
    for (const AnswerValue& item : items) {
      if (!is_scalar(item) || item.number.percent || !item.number.unit.empty()) return {};
      all.push_back(fingerprint(expression_of(item)));
    }
    return all;
  }

  bool augment(std::size_t item, std::vector<bool>& visited) {
    for (std::size_t other = 0; other < owner_.size(); ++other) {
      if (!verdicts_[item][other].equal || visited[other]) continue;
      visited[other] = true;
      if (owner_[other] < 0 || augment(static_cast<std::size_t>(owner_[other]), visited)) {
        owner_[other] = static_cast<int>(item);
        return true;
      }
    }
    return false;
  }

  std::vector<std::vector<EquivalenceVerdict>> verdicts_;
  std::vector<int> owner_;  // the gold item of a predicted one
};

EquivalenceVerdict compare_unordered(const std::vector<AnswerValue>& gold,
                                     const std::vector<AnswerValue>& prediction) {
  if (gold.size() != prediction.size()) return unequal("unequal_elements");
  return Matching(gold, prediction).verdict();
}

// The items of a set, each once.
std::vector<AnswerValue> distinct_items(const AnswerValue& set) {
  std::vector<AnswerValue> items;
  std::set<std::string> seen;
  KeyRules rules;
  rules.element = true;
  for (const AnswerValue& item : set.items) {
    if (!seen.insert(canonical_key(item, rules)).second) continue;
    // Expressions of different forms may be equal.
    const bool again = std::any_of(items.begin(), items.end(), [&](const AnswerValue& other) {
      return is_scalar(item) && is_scalar(other) && compare_elements(item, other).equal;
    });
    if (!again) items.push_back(item);
  }
  return items;
}

// x_1 = 1, x_2 = 4 against x = 1, x = 4: the solutions of one symbol, numbered on one side.
bool are_numbered(const std::vector<AnswerValue>& numbered, const std::vector<AnswerValue>& plain) {
  if (plain.size() < 2 || plain[0].name.empty()) return false;
  const std::string& name = plain[0].name;
  return std::all_of(plain.begin(), plain.end(),
                     [&](const AnswerValue& item) { return item.name == name; }) &&
         std::all_of(numbered.begin(), numbered.end(),
                     [&](const AnswerValue& item) { return item.name.starts_with(name + "_"); });
}

std::vector<AnswerValue> without_names(std::vector<AnswerValue> items) {
  for (AnswerValue& item : items) {
    item.name.clear();
    item.relation.clear();
    item.equation.reset();
  }
  return items;
}

bool is_collection(Type type) { return type == Type::kList || type == Type::kSet; }

EquivalenceVerdict compare_collections(const AnswerValue& gold, const AnswerValue& prediction) {
  // x = 1, y = 2 are no values of one thing.
  for (const auto& [named, set] : {std::pair{&gold, &prediction}, {&prediction, &gold}})
    if (names_differ(named->items) && !names_differ(set->items) &&
        (set->type == Type::kSet || set->nature == Nature::kSet))
      return unequal("unequal_type");
  const bool as_sets = gold.type == Type::kSet || prediction.type == Type::kSet ||
                       (is_list_of_tuples(gold) && is_list_of_tuples(prediction));
  if (as_sets) return compare_unordered(distinct_items(gold), distinct_items(prediction));
  if (are_numbered(gold.items, prediction.items) || are_numbered(prediction.items, gold.items))
    return compare_unordered(without_names(gold.items), without_names(prediction.items));
  // a = 1, b = -2 against values without names: in the order of these.
  if (names_differ(gold.items) && has_no_names(prediction.items))
    return compare_ordered(in_order_of_coordinates(gold.items), prediction.items);
  if (names_differ(prediction.items) && has_no_names(gold.items))
    return compare_ordered(gold.items, in_order_of_coordinates(prediction.items));
  return compare_unordered(gold.items, prediction.items);
}

bool is_vector(const AnswerValue& value) { return is_column(value) || is_row(value); }

// What may be a point, of a tuple or a list.
bool may_be_point(const AnswerValue& value) {
  return (is_round_tuple(value) || value.type == Type::kList) && value.nature != Nature::kSet;
}

// (x,y) = (1,2) against y = 2, x = 1: by their names where both have them.
EquivalenceVerdict compare_with_list(const AnswerValue& tuple, const AnswerValue& list,
                                     bool tuple_is_gold) {
  AnswerValue named = tuple;
  if (named.name.size() > 2 && named.name.front() == '(') {
    const std::vector<std::string> names =
        split(std::string_view(named.name).substr(1, named.name.size() - 2), ',');
    for (std::size_t i = 0; i < named.items.size() && names.size() == named.items.size(); ++i)
      named.items[i].name = names[i];
  }
  const auto has_name = [](const AnswerValue& item) { return !item.name.empty(); };
  const bool by_name = std::all_of(named.items.begin(), named.items.end(), has_name) &&
                       std::all_of(list.items.begin(), list.items.end(), has_name);
  const std::vector<AnswerValue> listed =
      by_name ? list.items : in_order_of_coordinates(list.items);
  const auto& gold = tuple_is_gold ? named.items : listed;
  const auto& prediction = tuple_is_gold ? listed : named.items;
  return by_name ? compare_unordered(gold, prediction) : compare_ordered(gold, prediction);
}

EquivalenceVerdict compare_values(const AnswerValue& gold, const AnswerValue& prediction) {
  if (gold.type != prediction.type || gold.algebra.empty() || prediction.algebra.empty() ||
      gold.algebra != prediction.algebra)
    return verdict_of(decide(expression_of(gold), expression_of(prediction), Domain::kCommon));
  return equal("equal_algebra");
}

EquivalenceVerdict compare_scalars(const AnswerValue& gold, const AnswerValue& prediction) {
  if (gold.type == Type::kNumber && prediction.type == Type::kNumber)
    return compare_numbers(gold.number, prediction.number, true);
  if (gold.text == prediction.text) return equal("equal_text");
  if (units_differ(gold.number, prediction.number)) {
    const auto factor = conversion(prediction.number.unit, gold.number.unit);
    if (!factor) {
      return compare_values(gold, prediction).equal ? unequal("unequal_unit") : not_proven();
    }
    return verdict_of(
        decide(expression_of(gold), scaled(expression_of(prediction), *factor), Domain::kCommon));
  }
  EquivalenceVerdict verdict = compare_values(gold, prediction);
  if (!verdict.equal && gold.number.percent != prediction.number.percent) {
    // As compare_numbers().
    const AnswerValue& with = gold.number.percent ? gold : prediction;
    const AnswerValue& without = gold.number.percent ? prediction : gold;
    verdict = verdict_of(
        decide(expression_of(with), scaled(expression_of(without), hundred()), Domain::kCommon));
  }
  return verdict;
}

// a < b < c by its sides, a = b = c in any order.
EquivalenceVerdict compare_relations(const AnswerValue& gold, const AnswerValue& prediction) {
  if (gold.form != prediction.form) return not_proven();
  const bool any_order = gold.form.find_first_not_of("=!") == std::string::npos;
  const EquivalenceVerdict sides = any_order ? compare_unordered(gold.items, prediction.items)
                                             : compare_ordered(gold.items, prediction.items);
  return sides.equal ? sides : not_proven();
}

// What a list is more than its items.
std::string_view list_form(const AnswerValue& value) {
  return value.type == Type::kList ? std::string_view(value.form) : std::string_view();
}

enum class Place { kWhole, kElement };

EquivalenceVerdict compare_unnamed(const AnswerValue& gold, const AnswerValue& prediction,
                                   Place place) {
  if (list_form(gold) != list_form(prediction)) return not_proven();
  if (is_scalar(gold) && is_scalar(prediction)) return compare_scalars(gold, prediction);
  if (is_collection(gold.type) && is_collection(prediction.type))
    return compare_collections(gold, prediction);
  // A set that is the whole answer may be its only element, but not where this is a set itself.
  if (place == Place::kWhole && (gold.type == Type::kSet || prediction.type == Type::kSet)) {
    const AnswerValue& set = gold.type == Type::kSet ? gold : prediction;
    const AnswerValue& other = gold.type == Type::kSet ? prediction : gold;
    const std::vector<AnswerValue> items = distinct_items(set);
    if (items.size() == 1 && !is_set_of_elements(items[0]) && !is_set_of_elements(other)) {
      return gold.type == Type::kSet ? compare_elements(items[0], other)
                                     : compare_elements(other, items[0]);
    }
  }
  if (gold.type == Type::kUnion && prediction.type == Type::kUnion)
    return compare_unordered(distinct_items(gold), distinct_items(prediction));
  for (const auto& [family, member] : {std::pair{&gold, &prediction}, {&prediction, &gold}})
    if (family->form == "{}" && family->items.size() == 2 && family->items[1].text == "Z" &&
        is_scalar(*member) && is_scalar(family->items[0]))
      return compare_scalars(family->items[0], *member);
  // (-\infty, 1), (2, \infty) are the intervals of a union.
  for (const auto& [list, set] : {std::pair{&gold, &prediction}, std::pair{&prediction, &gold}})
    if (list->type == Type::kList && set->type == Type::kUnion && are_intervals(list->items))
      return compare_unordered(gold.items, prediction.items);
  if (gold.type == Type::kTuple && prediction.type == Type::kTuple) {
    if (gold.form != prediction.form) return unequal("unequal_elements");
    const bool both_natures = gold.nature != Nature::kOpen && prediction.nature != Nature::kOpen;
    if (both_natures && gold.nature != prediction.nature) return unequal("unequal_type");
    return compare_ordered(gold.items, prediction.items);
  }
  if (gold.type == Type::kMatrix && prediction.type == Type::kMatrix) {
    if (gold.form != prediction.form) return unequal("unequal_elements");
    return compare_ordered(gold.items, prediction.items);
  }
  if (gold.type == Type::kRelation && prediction.type == Type::kRelation)
    return compare_relations(gold, prediction);
  if (may_be_point(gold) && may_be_point(prediction)) {
    return is_round_tuple(gold) ? compare_with_list(gold, prediction, true)
                                : compare_with_list(prediction, gold, false);
  }
  const auto is_point = [](const AnswerValue& value) {
    return is_round_tuple(value) && may_be_point(value);
  };
  if ((is_vector(gold) && is_point(prediction)) || (is_point(gold) && is_vector(prediction)))
    return compare_ordered(gold.items, prediction.items);
  if (gold.type == Type::kText && prediction.type == Type::kText && gold.text == prediction.text)
    return equal("equal_text");
  // Text may stand for anything, so of it nothing is certain; nor of what is not solved.
  for (const AnswerValue* value : {&gold, &prediction})
    if (value->type == Type::kText || value->type == Type::kRelation) return not_proven();
  return unequal("unequal_type");
}

// x = 1, 2 and x \in \{1, 2\}; but not A = \{1, 2\}.
bool lists_elements_of(const AnswerValue& list, const AnswerValue& set) {
  return list.type == Type::kList && set.type == Type::kSet && set.name == list.name + "\\in";
}

}  // namespace

EquivalenceVerdict compare_numbers(const Quantity& gold, const Quantity& prediction,
                                   bool percent_is_free) {
  if (units_differ(gold, prediction)) {
    if (const auto factor = conversion(prediction.unit, gold.unit)) {
      const auto converted = prediction.value.times(*factor);
      return converted && *converted == gold.value ? equal("equal_exact")
                                                   : unequal("unequal_value");
    }
  }
  bool same = gold.value == prediction.value;
  if (units_differ(gold, prediction)) return unequal(same ? "unequal_unit" : "unequal_value");
  if (gold.percent != prediction.percent) {
    if (!percent_is_free) return unequal("unequal_unit");
    // 25% answers "what percent" as 25 and "what fraction" as 0.25.
    const Quantity& with = gold.percent ? gold : prediction;
    const Quantity& without = gold.percent ? prediction : gold;
    const auto scaled = without.value.times(hundred());
    same = same || (scaled && *scaled == with.value);
  }
  if (!same) return unequal("unequal_value");
  return equal("equal_exact");
}

namespace {

EquivalenceVerdict compare_in_place(const AnswerValue& gold, const AnswerValue& prediction,
                                    Place place) {
  if (!gold.relation.empty() && gold.relation == prediction.relation) return equal("equal_algebra");
  if (!gold.name.empty() && !prediction.name.empty() && gold.name != prediction.name &&
      !lists_elements_of(gold, prediction) && !lists_elements_of(prediction, gold)) {
    if (const auto ordered = in_order_of(gold, prediction))
      return compare_unnamed(gold, *ordered, place);
    // sin²x + y = 1 and y = cos²x.
    if (!gold.equation || !prediction.equation) return unequal("unequal_name");
    const EquivalenceVerdict same =
        verdict_of(decide_proportional(*gold.equation, *prediction.equation));
    return same.equal ? same : unequal("unequal_name");
  }
  const EquivalenceVerdict verdict = compare_unnamed(gold, prediction, place);
  if (!verdict.equal && gold.equation && prediction.equation) {
    const EquivalenceVerdict same =
        verdict_of(decide_proportional(*gold.equation, *prediction.equation));
    if (same.equal) return same;
  }
  return verdict;
}

}  // namespace

EquivalenceVerdict compare_answers(const AnswerValue& gold, const AnswerValue& prediction) {
  return compare_in_place(gold, prediction, Place::kWhole);
}

EquivalenceVerdict compare_elements(const AnswerValue& gold, const AnswerValue& prediction) {
  return compare_in_place(gold, prediction, Place::kElement);
}

}  // namespace quorum
