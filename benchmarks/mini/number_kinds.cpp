// The kinds whose problems are stated in numbers.
#include <array>

#include "benchmarks/mini/problem_kinds.h"
#include "benchmarks/mini/steps.h"

namespace quorum::mini {
namespace {

Draft finish(std::string problem, Number answer, Steps& steps) {
  steps.say(fill("So the result is {0}.", {text(answer)}));
  return {std::move(problem), answer, steps.written()};
}

}  // namespace

Draft draw_add(PhiloxStream& random, int level) {
  static constexpr int kTerms[] = {2, 3, 3, 3, 4}, kDigits[] = {4, 3, 5, 6, 6};
  std::vector<Number> terms;
  for (int i = 0; i < kTerms[level - 1]; ++i)
    terms.push_back(number_of_digits(random, kDigits[level - 1] - (random.below(3) == 0)));
  const std::string problem =
      coin(random)
          ? fill(pick(random, {"What is {0}?", "Calculate {0}."}), {joined(terms, " + ")})
          : fill(pick(random, {"Find the sum of {0}.", "Add up the numbers {0}."}), {list(terms)});
  Steps steps(random);
  const Number answer = steps.sum(terms);
  return finish(problem, answer, steps);
}

Draft draw_subtract(PhiloxStream& random, int level) {
  static constexpr int kTerms[] = {1, 2, 2, 2, 3}, kDigits[] = {4, 3, 5, 6, 6};
  const int digits = kDigits[level - 1];
  std::vector<Number> terms;
  Number total = 0;
  for (int i = 0; i < kTerms[level - 1]; ++i) {
    terms.push_back(number_of_digits(random, digits - static_cast<int>(random.below(2))));
    total += terms.back();
  }
  const Number from = total + number_of_digits(random, digits);
  std::string problem;
  if (coin(random)) {
    problem = fill(pick(random, {"What is {0} - {1}?", "Calculate {0} - {1}."}),
                   {text(from), joined(terms, " - ")});
  } else if (terms.size() == 1) {
    problem = fill(pick(random, {"Subtract {1} from {0}.", "How much larger is {0} than {1}?"}),
                   {text(from), text(terms[0])});
  } else {
    problem = fill(pick(random, {"From {0} take away {1}. What is left?",
                                 "What remains of {0} after removing {1}?"}),
                   {text(from), list(terms)});
  }
  Steps steps(random);
  const Number answer = steps.subtract_all(from, terms);
  return finish(problem, answer, steps);
}

Draft draw_multiply(PhiloxStream& random, int level) {
  static constexpr int kFirst[] = {2, 2, 4, 3, 4}, kSecond[] = {1, 2, 1, 2, 2};
  Number a = number_of_digits(random, kFirst[level - 1]);
  Number b = random.between(2, 9);
  if (kSecond[level - 1] > 1) b = number_of_digits(random, kSecond[level - 1]);
  if (coin(random)) std::swap(a, b);
  const std::string problem =
      fill(pick(random, {"What is {0} * {1}?", "Calculate {0} * {1}.", "Multiply {0} by {1}.",
                         "Find the product of {0} and {1}."}),
           {text(a), text(b)});
  Steps steps(random);
  const Number answer = steps.multiply(a, b);
  return finish(problem, answer, steps);
}

Draft draw_brackets(PhiloxStream& random, int level) {
  const int most = level == 1 ? 99 : 499;
  const Number a = random.between(12, most), b = random.between(12, most);
  const Number c = random.between(3, 9), d = random.between(11, 89), e = random.between(3, 9);
  std::string expression;
  Steps steps(random);
  const auto sum_times = [&](Number x, Number y, Number factor) {
    if (steps.one_go())
      return steps.state(fill("({0} + {1}) * {2}", {text(x), text(y), text(factor)}),
                         (x + y) * factor);
    return steps.multiply(steps.add(x, y), factor);
  };
  Number value = 0;
  if (level == 1) {
    expression = fill("({0} + {1}) * {2}", {text(a), text(b), text(c)});
    value = sum_times(a, b, c);
  } else if (level == 2) {
    expression = fill("({0} + {1}) * {2} - {3}", {text(a), text(b), text(c), text(d)});
    value = steps.subtract(sum_times(a, b, c), d);
  } else if (level == 3) {
    expression = fill("({0} + {1}) * ({2} + {3})", {text(a), text(d), text(c), text(e)});
    const Number left = steps.add(a, d), right = steps.add(c, e);
    value = steps.multiply(left, right);
  } else if (level == 4) {
    expression =
        fill("{0} * {1} + ({2} + {3}) * {4}", {text(a), text(d), text(b), text(c), text(e)});
    const Number right = sum_times(b, c, e);
    value = steps.add(steps.multiply(a, d), right);
  } else {
    expression =
        fill("(({0} + {1}) * {2} - {3}) * {4}", {text(a), text(b), text(c), text(d), text(e)});
    value = steps.multiply(steps.subtract(sum_times(a, b, c), d), e);
  }
  return finish(fill(pick(random, {"What is {0}?", "Calculate {0}.", "Find the value of {0}."}),
                     {expression}),
                value, steps);
}

Draft draw_remainder(PhiloxStream& random, int level) {
  static constexpr int kDigits[] = {2, 3, 4, 3, 4};
  const Number a = number_of_digits(random, kDigits[level - 1]);
  const Number b = level <= 3 ? random.between(3, 9) : random.between(11, 29);
  const std::string problem =
      fill(pick(random, {"What is the remainder when {0} is divided by {1}?",
                         "Divide {0} by {1}. What is the remainder?",
                         "Find the remainder of {0} divided by {1}."}),
           {text(a), text(b)});
  Steps steps(random);
  const Number answer = steps.remainder(a, b);
  return finish(problem, answer, steps);
}

Draft draw_fraction(PhiloxStream& random, int level) {
  static constexpr int kLow[] = {4, 20, 200, 10, 40}, kHigh[] = {29, 199, 1499, 39, 199};
  const Number whole = random.between(3, 9);
  const Number part = random.between(2, static_cast<int>(whole) - 1);
  const Number unit = random.between(kLow[level - 1], kHigh[level - 1]);
  Steps steps(random);
  const auto share = [&](Number quantity, Number p, Number w) {
    if (steps.one_go())
      return steps.state(fill("{0} / {1} * {2}", {text(quantity), text(w), text(p)}),
                         quantity / w * p);
    return steps.multiply(steps.divide(quantity, w), p);
  };
  if (level <= 3) {
    const std::string problem =
        fill(pick(random,
                  {"What is {0}/{1} of {2}?", "Find {0}/{1} of {2}.",
                   "A box holds {2} beads and {0}/{1} of them are red. How many beads are red?"}),
             {text(part), text(whole), text(unit * whole)});
    const Number answer = share(unit * whole, part, whole);
    return finish(problem, answer, steps);
  }
  const Number whole2 = random.between(3, 9);
  const Number part2 = random.between(2, static_cast<int>(whole2) - 1);
  const Number quantity = unit * whole * whole2;
  const std::string problem = fill(
      pick(random, {"What is {0}/{1} of {2}/{3} of {4}?", "Find {0}/{1} of {2}/{3} of {4}.",
                    "Of {4} seeds {2}/{3} sprouted, and {0}/{1} of those bloomed. How many seeds "
                    "bloomed?"}),
      {text(part), text(whole), text(part2), text(whole2), text(quantity)});
  const Number answer = share(share(quantity, part2, whole2), part, whole);
  return finish(problem, answer, steps);
}

Draft draw_sequence(PhiloxStream& random, int level) {
  Steps steps(random);
  if (level <= 2) {
    const Number start = random.between(2, level == 1 ? 900 : 9000);
    const Number gap = random.between(3, level == 1 ? 99 : 999);
    const std::vector<Number> terms{start, start + gap, start + 2 * gap, start + 3 * gap};
    const std::string problem =
        fill(pick(random, {"What is the next number in the sequence {0}?",
                           "The sequence {0} grows by equal steps. What comes next?"}),
             {joined(terms, ", ")});
    const std::size_t at = random.below(3);
    const Number step = steps.subtract(terms[at + 1], terms[at]);
    return finish(problem, steps.add(terms[3], step), steps);
  }
  if (level == 3) {
    const Number start = random.between(2, 999), gap = random.between(3, 99);
    const Number index = random.between(11, 79);
    const std::string problem =
        fill(pick(random,
                  {"A sequence starts at {0} and each term is {1} more than the one before. What "
                   "is term number {2}?",
                   "The first term of a sequence is {0} and it grows by {1} each time. What is "
                   "term number {2}?"}),
             {text(start), text(gap), text(index)});
    const Number growth = steps.multiply(gap, steps.subtract(index, 1));
    return finish(problem, steps.add(start, growth), steps);
  }
  if (level == 4) {
    const Number start = random.between(2, 50), factor = random.between(2, 6),
                 shift = random.between(2, 60);
    const std::string problem =
        fill(pick(random,
                  {"A sequence starts at {0}. Each next term is {1} times the last one plus {2}. "
                   "What is the fourth term?",
                   "Start with {0}. In every step multiply by {1} and add {2}. What do you have "
                   "after three steps?"}),
             {text(start), text(factor), text(shift)});
    Number term = start;
    for (int i = 0; i < 3; ++i) {
      if (steps.one_go()) {
        term = steps.state(fill("{0} * {1} + {2}", {text(term), text(factor), text(shift)}),
                           term * factor + shift);
      } else {
        term = steps.add(steps.multiply(term, factor), shift);
      }
    }
    return finish(problem, term, steps);
  }
  const Number first = random.between(12, 299), second = random.between(12, 299);
  const std::string problem = fill(
      pick(random, {"A sequence starts {0}, {1}. Each next term is the sum of the two before it. "
                    "What is the seventh term?",
                    "The first two terms are {0} and {1}, and every later term adds the two before "
                    "it. What is the seventh term?"}),
      {text(first), text(second)});
  if (steps.one_go()) {
    const Number low = steps.multiply(first, 5), high = steps.multiply(second, 8);
    return finish(problem, steps.add(low, high), steps);
  }
  Number before = first, last = second;
  for (int i = 0; i < 5; ++i) {
    const Number next = steps.add(before, last);
    before = last;
    last = next;
  }
  return finish(problem, last, steps);
}

}  // namespace quorum::mini
