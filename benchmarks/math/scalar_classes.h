// Classes of numbers and expressions that occur in the answers to one question.
#pragma once

#include <span>
#include <string>
#include <unordered_map>

#include "benchmarks/math/answer_value.h"

namespace quorum {

// Joins the scalars (at any depth) of several answers whose values are equal though their forms
// differ.
class ScalarClasses {
 public:
  explicit ScalarClasses(std::span<const AnswerValue> answers);

  // One key for the scalars of a class; it does not depend on the order of the answers.
  std::string key(const AnswerValue& scalar) const;

 private:
  std::unordered_map<std::string, std::string> representative_;  // of own keys, where it differs
};

}  // namespace quorum
