// The worked solutions of the problems, as text: "12 * 7 = 84. 84 + 5 = 89.".
//
// A solution takes one of several natural routes at random, all equally likely: a long product in
// one go or place by place, three terms at once or one after the other, and so on. One go is
// shorter and harder. So a model that learns from these texts reaches an answer on different ways
// in different samples, and its slips differ while its right answers agree, which is what makes a
// vote over many samples better than one of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/philox.h"
#include "benchmarks/mini/problem_kinds.h"

namespace quorum::mini {

// Every operation writes its steps and returns its result.
class Steps {
 public:
  explicit Steps(PhiloxStream& random) : random_(random) {}

  Number add(Number a, Number b);
  Number subtract(Number a, Number b);
  Number multiply(Number a, Number b);
  // Precondition: b divides a.
  Number divide(Number a, Number b);
  Number remainder(Number a, Number b);
  // Precondition: two terms or more.
  Number sum(std::vector<Number> terms);
  Number subtract_all(Number from, std::vector<Number> terms);

  // One step as it stands: "expression = result.".
  Number state(const std::string& expression, Number result);
  // Whether to take the shorter of two routes.
  bool one_go() { return coin(random_); }
  void say(std::string_view sentence);
  const std::string& written() const { return text_; }

 private:
  void shuffle(std::vector<Number>& numbers);
  Number plain(Number a, char operation, Number b, Number result);
  Number multiply_by_places(Number a, Number b);

  PhiloxStream& random_;
  std::string text_;
};

}  // namespace quorum::mini
