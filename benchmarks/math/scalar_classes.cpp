#include "benchmarks/math/scalar_classes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "benchmarks/math/decide.h"

namespace quorum {
namespace {

// Sorted by key: what follows depends on the set of scalars only.
using Scalars = std::map<std::string, const AnswerValue*>;

void collect(const AnswerValue& value, Scalars& scalars) {
  if (is_scalar(value)) scalars.emplace(own_key(value), &value);
  for (const AnswerValue& item : value.items) collect(item, scalars);
}

std::size_t root_of(std::vector<std::size_t>& parent, std::size_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

}  // namespace

ScalarClasses::ScalarClasses(std::span<const AnswerValue> answers) {
  Scalars scalars;
  for (const AnswerValue& answer : answers) collect(answer, scalars);
  std::vector<std::string> keys;
  std::vector<Expression> expressions;
  std::vector<Fingerprint> prints;
  bool any_expression = false;
  for (const auto& [key, scalar] : scalars) {
    any_expression = any_expression || scalar->type != AnswerValue::Type::kNumber;
    keys.push_back(key);
    expressions.push_back(expression_of(*scalar));
  }
  if (!any_expression) return;
  for (const Expression& expression : expressions) prints.push_back(fingerprint(expression));
  std::vector<std::size_t> parent(keys.size());
  for (std::size_t i = 0; i < parent.size(); ++i) parent[i] = i;
  // All pairs that may be equal, so that it does not matter which come first. Two numbers never
  // are.
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t j = i + 1; j < keys.size(); ++j) {
      if (keys[i][0] == 'n' && keys[j][0] == 'n') continue;
      if (!may_be_equal(prints[i], prints[j])) continue;
      if (decide(expressions[i], expressions[j], Domain::kSame).equal())
        parent[root_of(parent, j)] = root_of(parent, i);
    }
  }
  // The first key of a class stands for it.
  std::map<std::size_t, std::string> first;
  for (std::size_t i = 0; i < keys.size(); ++i) first.emplace(root_of(parent, i), keys[i]);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string& name = first.at(root_of(parent, i));
    if (name != keys[i]) representative_.emplace(keys[i], name);
  }
}

std::string ScalarClasses::key(const AnswerValue& scalar) const {
  std::string key = own_key(scalar);
  const auto found = representative_.find(key);
  return found == representative_.end() ? key : found->second;
}

}  // namespace quorum
