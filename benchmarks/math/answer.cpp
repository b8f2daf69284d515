#include "benchmarks/math/answer.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "benchmarks/math/answer_value.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;

EquivalenceVerdict equal(const char* reason) { return {true, reason}; }
EquivalenceVerdict unequal(const char* reason) { return {false, reason}; }

const Rational& hundred() {
  static const Rational kHundred = *Rational::from_decimal("100");
  return kHundred;
}

EquivalenceVerdict compare_numbers(const Quantity& gold, const Quantity& prediction,
                                   bool percent_is_free) {
  const bool units_differ =
      !gold.unit.empty() && !prediction.unit.empty() && gold.unit != prediction.unit;
  bool same = gold.value == prediction.value;
  if (gold.percent != prediction.percent) {
    if (!percent_is_free) return unequal("unequal_unit");
    // 25% answers "what percent" as 25 and "what fraction" as 0.25.
    const Quantity& with = gold.percent ? gold : prediction;
    const Quantity& without = gold.percent ? prediction : gold;
    const auto scaled = without.value.times(hundred());
    same = same || (scaled && *scaled == with.value);
  }
  if (!same) return unequal("unequal_value");
  if (units_differ) return unequal("unequal_unit");
  return equal("equal_exact");
}

EquivalenceVerdict compare(const AnswerValue& gold, const AnswerValue& prediction);

// In order.
EquivalenceVerdict compare_ordered(const std::vector<AnswerValue>& gold,
                                   const std::vector<AnswerValue>& prediction) {
  if (gold.size() != prediction.size()) return unequal("unequal_elements");
  for (std::size_t i = 0; i < gold.size(); ++i) {
    if (!compare(gold[i], prediction[i]).equal) return unequal("unequal_elements");
  }
  return equal("equal_elements");
}

// Each gold item with its own predicted one (Kuhn's augmenting paths; at most 64 items).
bool augment(std::size_t item, const std::vector<std::vector<bool>>& same,
             std::vector<bool>& visited, std::vector<int>& owner) {
  for (std::size_t other = 0; other < owner.size(); ++other) {
    if (!same[item][other] || visited[other]) continue;
    visited[other] = true;
    if (owner[other] < 0 || augment(static_cast<std::size_t>(owner[other]), same, visited, owner)) {
      owner[other] = static_cast<int>(item);
      return true;
    }
  }
  return false;
}

EquivalenceVerdict compare_unordered(const std::vector<AnswerValue>& gold,
                                     const std::vector<AnswerValue>& prediction) {
  if (gold.size() != prediction.size()) return unequal("unequal_elements");
  std::vector<std::vector<bool>> same(gold.size(), std::vector<bool>(prediction.size()));
  for (std::size_t i = 0; i < gold.size(); ++i) {
    for (std::size_t j = 0; j < prediction.size(); ++j)
      same[i][j] = compare(gold[i], prediction[j]).equal;
  }
  std::vector<int> owner(prediction.size(), -1);
  for (std::size_t i = 0; i < gold.size(); ++i) {
    std::vector<bool> visited(prediction.size());
    if (!augment(i, same, visited, owner)) return unequal("unequal_elements");
  }
  return equal("equal_elements");
}

// The items of a set, each once.
std::vector<AnswerValue> distinct_items(const AnswerValue& set) {
  std::vector<AnswerValue> items;
  std::set<std::string> seen;
  for (const AnswerValue& item : set.items) {
    if (seen.insert(canonical_key(item, {})).second) items.push_back(item);
  }
  return items;
}

bool is_collection(Type type) { return type == Type::kList || type == Type::kSet; }

EquivalenceVerdict compare_collections(const AnswerValue& gold, const AnswerValue& prediction) {
  const bool as_sets = gold.type == Type::kSet || prediction.type == Type::kSet;
  if (as_sets) return compare_unordered(distinct_items(gold), distinct_items(prediction));
  return compare_unordered(gold.items, prediction.items);
}

bool round_tuple(const AnswerValue& value) {
  return value.type == Type::kTuple && value.form == "()";
}
bool is_vector(const AnswerValue& value) {
  return value.type == Type::kMatrix && value.items.size() > 1 &&
         (value.form.rfind("1x", 0) == 0 ||
          (value.form.size() > 2 && value.form.substr(value.form.size() - 2) == "x1"));
}

EquivalenceVerdict compare_unnamed(const AnswerValue& gold, const AnswerValue& prediction) {
  if (gold.type == Type::kNumber && prediction.type == Type::kNumber)
    return compare_numbers(gold.number, prediction.number, true);
  if (is_collection(gold.type) && is_collection(prediction.type))
    return compare_collections(gold, prediction);
  if (gold.type == Type::kSet || prediction.type == Type::kSet) {
    const AnswerValue& set = gold.type == Type::kSet ? gold : prediction;
    const AnswerValue& other = gold.type == Type::kSet ? prediction : gold;
    const std::vector<AnswerValue> items = distinct_items(set);
    if (items.size() == 1 && other.type != Type::kUnion) {
      return gold.type == Type::kSet ? compare(items[0], other) : compare(other, items[0]);
    }
  }
  if (gold.type == Type::kUnion && prediction.type == Type::kUnion)
    return compare_unordered(distinct_items(gold), distinct_items(prediction));
  if (gold.type == Type::kTuple && prediction.type == Type::kTuple) {
    if (gold.form != prediction.form) return unequal("unequal_elements");
    return compare_ordered(gold.items, prediction.items);
  }
  if (gold.type == Type::kMatrix && prediction.type == Type::kMatrix) {
    if (gold.form != prediction.form) return unequal("unequal_elements");
    return compare_ordered(gold.items, prediction.items);
  }
  const bool list_and_tuple = (gold.type == Type::kList && round_tuple(prediction)) ||
                              (round_tuple(gold) && prediction.type == Type::kList);
  const bool vector_and_tuple =
      (is_vector(gold) && round_tuple(prediction)) || (round_tuple(gold) && is_vector(prediction));
  if (list_and_tuple || vector_and_tuple) return compare_ordered(gold.items, prediction.items);
  if (gold.type == Type::kText && prediction.type == Type::kText) {
    if (gold.text == prediction.text) return equal("equal_text");
    const bool same = !gold.algebra.empty() && gold.algebra == prediction.algebra;
    return same ? equal("equal_algebra") : unequal("not_proven");
  }
  // Text may stand for anything, so of it nothing is certain.
  if (gold.type == Type::kText || prediction.type == Type::kText) return unequal("not_proven");
  return unequal("unequal_type");
}

EquivalenceVerdict compare(const AnswerValue& gold, const AnswerValue& prediction) {
  if (!gold.equation.empty() && gold.equation == prediction.equation) return equal("equal_algebra");
  if (!gold.name.empty() && !prediction.name.empty() && gold.name != prediction.name)
    return unequal("unequal_name");
  return compare_unnamed(gold, prediction);
}

EquivalenceVerdict compare_choices(std::string_view gold, std::string_view prediction) {
  const auto a = choice_letter(gold), b = choice_letter(prediction);
  if (!a || !b) return unequal("not_proven");
  return *a == *b ? equal("equal_choice") : unequal("unequal_choice");
}

EquivalenceVerdict compare_integers(std::string_view gold, std::string_view prediction) {
  const AnswerValue a = parse_answer(gold), b = parse_answer(prediction);
  if (a.type != Type::kNumber) return unequal("not_proven");
  if (b.type != Type::kNumber)
    return unequal(b.type == Type::kText ? "not_proven" : "unequal_type");
  if (!a.name.empty() && !b.name.empty() && a.name != b.name) return unequal("unequal_name");
  return compare_numbers(a.number, b.number, false);
}

// Names and units that occur anywhere in a value.
void collect(const AnswerValue& value, std::set<std::string>& units, std::set<std::string>& names) {
  if (value.type == Type::kNumber && !value.number.unit.empty()) units.insert(value.number.unit);
  if (!value.name.empty()) names.insert(value.name);
  for (const AnswerValue& item : value.items) collect(item, units, names);
}

}  // namespace

EquivalenceVerdict equivalent(std::string_view gold, std::string_view prediction, GraderKind kind) {
  if (kind == GraderKind::kExact) {
    return trim(gold) == trim(prediction) ? equal("equal_text") : unequal("unequal_text");
  }
  if (kind == GraderKind::kChoice) return compare_choices(gold, prediction);
  if (trim(gold).empty() || trim(prediction).empty()) return unequal("not_proven");
  if (kind == GraderKind::kInteger) return compare_integers(gold, prediction);

  const AnswerValue a = parse_answer(gold), b = parse_answer(prediction);
  const EquivalenceVerdict verdict = compare(a, b);
  if (verdict.equal) return verdict;
  if (text_key(normalise_notation(gold)) == text_key(normalise_notation(prediction)))
    return equal("equal_text");
  return verdict;
}

std::vector<int> answer_classes(std::string_view gold, std::span<const std::string> answers,
                                GraderKind kind) {
  std::vector<std::string> keys;
  if (kind == GraderKind::kExact || kind == GraderKind::kChoice) {
    for (const std::string& answer : answers) {
      const auto letter = kind == GraderKind::kChoice ? choice_letter(answer) : std::nullopt;
      keys.push_back(letter ? std::string("c") + *letter : "x" + std::string(trim(answer)));
    }
  } else {
    std::vector<AnswerValue> values;
    std::set<std::string> units, names;
    for (const std::string& answer : answers) {
      values.push_back(parse_answer(answer));
      collect(values.back(), units, names);
    }
    collect(parse_answer(gold), units, names);
    const KeyRules rules{units.size() <= 1, names.size() <= 1, kind == GraderKind::kInteger};
    for (const AnswerValue& value : values) keys.push_back(canonical_key(value, rules));
  }
  std::map<std::string, int> classes;
  std::vector<int> out;
  for (const std::string& key : keys)
    out.push_back(classes.emplace(key, static_cast<int>(classes.size())).first->second);
  return out;
}

bool is_integer_text(std::string_view text) {
  const AnswerValue value = parse_answer(text);
  return value.type == Type::kNumber && value.name.empty() && value.number.value.integer() &&
         !value.number.percent;
}

std::optional<char> choice_letter(std::string_view text) {
  std::string plain;
  for (const char c : normalise_notation(text)) {
    if (c != kWordsBegin && c != kWordsEnd) plain += c;
  }
  std::string_view rest = trim(plain);
  const std::string lower = to_lower_ascii(rest);
  for (const std::string_view word : {"option ", "choice ", "answer "}) {
    if (lower.rfind(word, 0) == 0) rest = trim(rest.substr(word.size()));
  }
  const bool bracket = !rest.empty() && (rest[0] == '(' || rest[0] == '[');
  if (bracket) rest = rest.substr(1);
  if (rest.empty()) return std::nullopt;
  char letter = rest[0];
  if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  if (letter < 'A' || letter > 'Z') return std::nullopt;
  rest = rest.substr(1);
  if (bracket && !rest.empty() && (rest[0] == ')' || rest[0] == ']')) return letter;
  if (bracket) return std::nullopt;
  // "D", "D.", "D) 42", "D: 42"; "D 42" and "Dog" name no choice.
  if (rest.empty() || rest[0] == '.' || rest[0] == ')' || rest[0] == ':') return letter;
  return std::nullopt;
}

}  // namespace quorum
