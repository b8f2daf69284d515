#include "benchmarks/math/answer_classes.h"

#include <algorithm>
#include <map>
#include <set>

#include "benchmarks/math/answer_value.h"
#include "benchmarks/math/bound_variable.h"
#include "benchmarks/math/decision_budget.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/scalar_classes.h"
#include "benchmarks/math/units.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;
using Nature = AnswerValue::Nature;

// What occurs anywhere in the answers.
struct Occurrences {
  std::set<std::string> units, names;
  bool columns = false, points = false;

  void collect(const AnswerValue& value) {
    if (const auto unit = measure_of(value.number); !unit.empty()) units.emplace(unit);
    if (!value.name.empty()) names.insert(value.name);
    columns = columns || is_column(value);
    points = points || is_column(value) || is_row(value) || value.nature == Nature::kPoint;
    for (const AnswerValue& item : value.items) collect(item);
  }

  bool any_units_differ() const {
    for (const std::string& a : units)
      for (const std::string& b : units)
        if (units_differ(a, b)) return true;
    return false;
  }
};

// Sun is a word where another answer is \text{Sun}, else it may be a product of symbols.
void words_as_text(std::vector<AnswerValue>& values) {
  const auto is_text = [](const AnswerValue& value) {
    return value.type == Type::kText && value.items.empty();
  };
  std::set<std::string> words;
  for (const AnswerValue& value : values)
    if (is_text(value) && !is_scalar(value) && value.name.empty()) words.insert(value.text);
  for (AnswerValue& value : values) {
    if (!is_text(value) || !is_scalar(value) || words.count(value.text) == 0) continue;
    value.expression = nullptr;
    value.algebra.clear();
  }
}

}  // namespace

std::vector<std::string> vote_keys(std::string_view gold, std::span<const std::string> answers,
                                   bool keep_percent) {
  const DecisionBudget budget;
  std::vector<std::string> forms = {normalise_notation(gold)};
  for (const std::string& answer : answers) forms.push_back(normalise_notation(answer));
  std::vector<std::string*> pointers;
  for (std::string& form : forms) pointers.push_back(&form);
  use_one_argument(pointers);
  std::vector<AnswerValue> values;
  Occurrences found;
  for (const std::string& form : forms) {
    values.push_back(parse_normal_form(form));
    found.collect(values.back());
  }
  words_as_text(values);
  KeyRules rules;
  rules.drop_units = !found.any_units_differ();
  rules.drop_names = found.names.size() <= 1;
  rules.keep_percent = keep_percent;
  rules.keep_rows = found.columns;
  rules.keep_intervals = found.points;
  const ScalarClasses classes(values);
  rules.scalar_key = [&classes](const AnswerValue& scalar) { return classes.key(scalar); };
  std::vector<std::string> keys;
  for (const AnswerValue& value : values) keys.push_back(canonical_key(value, rules));

  // y = 2x is the value 2x, or, where nobody gives it without a name, the equation 2x - y = 0.
  std::set<std::string> plain;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i].name.empty()) plain.insert(keys[i]);
  std::map<std::string, std::string> equations;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string equation = "q" + values[i].relation;
    if (plain.count(equation) != 0 && plain.count(keys[i]) == 0)
      equations.emplace(keys[i], equation);
  }
  for (std::string& key : keys)
    if (const auto found_key = equations.find(key); found_key != equations.end())
      key = found_key->second;

  // 58,500 is a list where another answer is this list and none is this number.
  std::map<std::string, std::set<std::string_view>> lists;
  std::set<std::string> numbers;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const bool number = values[i + 1].type == Type::kNumber;
    if (!number) lists[keys[i + 1]].insert(forms[i + 1]);
    if (number && !list_of_thousands(answers[i], {})) numbers.insert(keys[i + 1]);
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto list = list_of_thousands(answers[i], {});
    if (!list || numbers.count(keys[i + 1]) != 0) continue;
    std::string key = canonical_key(*list, rules);
    const auto others = lists.find(key);
    if (others == lists.end()) continue;
    const auto is_list_for = [&](std::string_view other) {
      return list_of_thousands(answers[i], other).has_value();
    };
    if (std::any_of(others->second.begin(), others->second.end(), is_list_for))
      keys[i + 1] = std::move(key);
  }
  keys.erase(keys.begin());  // the gold one's
  return keys;
}

}  // namespace quorum
