// Canonical keys of answers.
#include <algorithm>

#include "benchmarks/math/answer_points.h"
#include "benchmarks/math/answer_value.h"
#include "benchmarks/math/decide.h"
#include "benchmarks/math/units.h"

namespace quorum {

using Type = AnswerValue::Type;

namespace {

std::string key_in_place(const AnswerValue& value, const KeyRules& rules, bool element);

// Numbers in one unit of each dimension.
std::string key_with_unit(const AnswerValue& value, const KeyRules& rules) {
  if (value.type == Type::kNumber) {
    if (const auto unit = size_of_unit(measure_of(value.number))) {
      AnswerValue converted = value;
      if (const auto size = value.number.value.times(unit->size)) {
        converted.number.value = *size;
        return rules.scalar_key(converted) + " " + unit->dimension;
      }
    }
  }
  return rules.scalar_key(value) + " " + std::string(measure_of(value.number));
}

}  // namespace

bool is_scalar(const AnswerValue& value) {
  return value.type == Type::kNumber || (value.type == Type::kText && value.expression != nullptr);
}

Expression expression_of(const AnswerValue& value) {
  return value.type == Type::kNumber ? constant(value.number.value) : *value.expression;
}

std::string own_key(const AnswerValue& scalar) {
  if (scalar.type == Type::kNumber) return "n" + scalar.number.value.key();
  return scalar.algebra.empty() ? "x" + scalar.text : "e" + scalar.algebra;
}

bool is_set_of_elements(const AnswerValue& value) {
  return value.type == Type::kSet || value.type == Type::kUnion ||
         (value.type == Type::kText && value.text == "\\emptyset");
}

std::string canonical_key(const AnswerValue& value, const KeyRules& rules) {
  return key_in_place(value, rules, rules.element);
}

namespace {

std::string key_in_place(const AnswerValue& value, const KeyRules& rules, bool element) {
  if (!value.relation.empty() && value.name.empty()) return "q" + value.relation;
  std::string key = value.name.empty() || rules.drop_names ? "" : value.name + "=";
  const auto item_keys = [&] {
    std::vector<std::string> keys;
    for (const AnswerValue& item : value.items) keys.push_back(key_in_place(item, rules, true));
    return keys;
  };
  // Lengths in front keep ("a,b", "c") and ("a", "b,c") apart.
  const auto joined = [](const std::vector<std::string>& keys) {
    std::string out;
    for (const std::string& item : keys) out += std::to_string(item.size()) + ":" + item;
    return out;
  };
  switch (value.type) {
    case Type::kNumber:
    case Type::kText:
      if (!is_scalar(value)) return key + "x" + value.text;
      if (!rules.drop_units && !measure_of(value.number).empty())
        return key + key_with_unit(value, rules);
      key += rules.scalar_key(value);
      if (rules.keep_percent && value.number.percent) key += "%";
      return key;
    case Type::kTuple:
      if (rules.keep_intervals && value.nature == AnswerValue::Nature::kSet) key += "i";
      return key + "t" + value.form + joined(item_keys());
    case Type::kMatrix:
      if (is_column(value) || (is_row(value) && !rules.keep_rows))
        return key + "t()" + joined(item_keys());
      return key + "m" + value.form + " " + joined(item_keys());
    case Type::kRelation: {
      std::vector<std::string> keys = item_keys();
      if (value.form.find_first_not_of("=!") == std::string::npos)
        std::sort(keys.begin(), keys.end());
      return key + "r" + value.form + " " + joined(keys);
    }
    case Type::kList:
    case Type::kSet:
    case Type::kUnion: {
      // x = 1, y = 2 is (1, 2), as compare_answers() has it.
      if (value.type == Type::kList && value.form.empty() && rules.drop_names &&
          names_differ(value.items)) {
        std::vector<std::string> ordered;
        std::vector<AnswerValue> items = value.items;
        std::stable_sort(
            items.begin(), items.end(),
            [](const AnswerValue& a, const AnswerValue& b) { return a.name < b.name; });
        for (AnswerValue& item : items) {
          item.relation.clear();
          ordered.push_back(key_in_place(item, rules, true));
        }
        return key + "t()" + joined(ordered);
      }
      std::vector<std::string> keys = item_keys();
      std::sort(keys.begin(), keys.end());
      const bool repeats_count = value.type == Type::kList && !is_list_of_tuples(value);
      if (!repeats_count) keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      // As compare_answers(): a whole answer that is a set of one element may be this element.
      if (value.type == Type::kSet && keys.size() == 1 && !element &&
          !is_set_of_elements(value.items[0]))
        return key + keys[0];
      return key + (value.type == Type::kUnion ? "u" : "l" + value.form) + joined(keys);
    }
  }
  return key;
}

}  // namespace

bool is_column(const AnswerValue& value) {
  return value.type == Type::kMatrix && value.items.size() > 1 &&
         value.form == std::to_string(value.items.size()) + "x1";
}
bool is_row(const AnswerValue& value) {
  return value.type == Type::kMatrix && value.items.size() > 1 &&
         value.form == "1x" + std::to_string(value.items.size());
}

bool is_round_tuple(const AnswerValue& value) {
  return value.type == Type::kTuple && value.form == "()";
}

bool is_list_of_tuples(const AnswerValue& value) {
  if (value.type != Type::kList) return false;
  return std::all_of(value.items.begin(), value.items.end(),
                     [](const AnswerValue& item) { return item.type == Type::kTuple; });
}

}  // namespace quorum
