// The kinds whose problems are stated in numbers. Where a problem has several natural routes (which
// pair to add first, which factor to split), the worked solution takes a random one.
#include "benchmarks/mini/problem_kinds.h"

namespace quorum::mini {
namespace {

// The product by the places of one of the factors, whichever chance picks.
Number product(PhiloxStream& random, Steps& steps, Number a, Number b) {
  if (coin(random)) return steps.multiply_by_places(b, a);
  return steps.multiply_by_places(a, b);
}

Draft finish(std::string problem, Number answer, Steps& steps) {
  steps.say(fill("So the result is {0}.", {text(answer)}));
  return {std::move(problem), answer, steps.written()};
}

}  // namespace

Draft draw_add(PhiloxStream& random, int level) {
  static constexpr int kTerms[] = {2, 3, 3, 4, 5}, kDigits[] = {4, 4, 6, 6, 7};
  std::vector<Number> terms;
  for (int i = 0; i < kTerms[level - 1]; ++i)
    terms.push_back(number_of_digits(random, kDigits[level - 1] - (random.below(3) == 0)));
  const std::string problem =
      coin(random)
          ? fill(pick(random, {"What is {0}?", "Calculate {0}."}), {joined(terms, " + ")})
          : fill(pick(random, {"Find the sum of {0}.", "Add up the numbers {0}."}), {list(terms)});
  Steps steps;
  const Number answer = steps.sum(shuffled(random, terms));
  return finish(problem, answer, steps);
}

Draft draw_subtract(PhiloxStream& random, int level) {
  static constexpr int kTerms[] = {1, 2, 2, 3, 4}, kDigits[] = {4, 4, 6, 6, 7};
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
  Steps steps;
  Number left = from;
  if (terms.size() > 1 && coin(random)) {
    left = steps.subtract(from, steps.sum(terms));
  } else {
    for (const Number term : shuffled(random, terms)) left = steps.subtract(left, term);
  }
  return finish(problem, left, steps);
}

Draft draw_multiply(PhiloxStream& random, int level) {
  static constexpr int kFirst[] = {2, 2, 4, 4, 4}, kSecond[] = {1, 2, 1, 2, 3};
  Number a = number_of_digits(random, kFirst[level - 1]);
  Number b = random.between(2, 9);
  if (kSecond[level - 1] > 1) b = number_of_digits(random, kSecond[level - 1]);
  if (coin(random)) std::swap(a, b);
  const std::string problem =
      fill(pick(random, {"What is {0} * {1}?", "Calculate {0} * {1}.", "Multiply {0} by {1}.",
                         "Find the product of {0} and {1}."}),
           {text(a), text(b)});
  Steps steps;
  const Number answer =
      kSecond[level - 1] == 1 ? steps.multiply(a, b) : product(random, steps, a, b);
  return finish(problem, answer, steps);
}

Draft draw_brackets(PhiloxStream& random, int level) {
  const int most = level == 1 ? 99 : 989;
  const Number a = random.between(12, most), b = random.between(12, most), c = random.between(3, 9);
  const Number d = random.between(11, 89), e = random.between(3, 9);
  std::string expression;
  Steps steps;
  Number value = 0;
  if (level == 1) {
    expression = fill("({0} + {1}) * {2}", {text(a), text(b), text(c)});
    value = steps.multiply(steps.add(a, b), c);
  } else if (level == 2) {
    expression = fill("({0} + {1}) * {2} - {3}", {text(a), text(b), text(c), text(d)});
    value = steps.subtract(steps.multiply(steps.add(a, b), c), d);
  } else if (level == 3) {
    expression = fill("({0} + {1}) * ({2} + {3})", {text(a), text(d), text(c), text(e)});
    const Number left = steps.add(a, d), right = steps.add(c, e);
    value = product(random, steps, left, right);
  } else if (level == 4) {
    expression =
        fill("{0} * {1} + ({2} + {3}) * {4}", {text(a), text(d), text(b), text(c), text(e)});
    const Number inner = steps.add(b, c), right = steps.multiply(inner, e);
    value = steps.add(product(random, steps, a, d), right);
  } else {
    expression =
        fill("(({0} + {1}) * {2} - {3}) * {4}", {text(a), text(b), text(c), text(d), text(e)});
    value = steps.multiply(steps.subtract(steps.multiply(steps.add(a, b), c), d), e);
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
  Steps steps;
  const Number multiple = steps.multiply(a / b, b);
  const Number answer = steps.subtract(a, multiple);
  return finish(problem, answer, steps);
}

Draft draw_fraction(PhiloxStream& random, int level) {
  const Number whole = random.between(3, 9), part = random.between(2, static_cast<int>(whole) - 1);
  static constexpr int kLow[] = {4, 20, 200, 20, 100}, kHigh[] = {29, 199, 1999, 99, 499};
  Number unit = random.between(kLow[level - 1], kHigh[level - 1]);
  Steps steps;
  if (level <= 3) {
    const std::string problem =
        fill(pick(random,
                  {"What is {0}/{1} of {2}?", "Find {0}/{1} of {2}.",
                   "A box holds {2} beads and {0}/{1} of them are red. How many beads are red?"}),
             {text(part), text(whole), text(unit * whole)});
    const Number answer = steps.multiply(steps.divide(unit * whole, whole), part);
    return finish(problem, answer, steps);
  }
  const Number whole2 = random.between(3, 9),
               part2 = random.between(2, static_cast<int>(whole2) - 1);
  const Number quantity = unit * whole * whole2;
  const std::string problem = fill(
      pick(
          random,
          {"What is {0}/{1} of {2}/{3} of {4}?", "Find {0}/{1} of {2}/{3} of {4}.",
           "Of {4} seeds {2}/{3} sprouted, and {0}/{1} of those bloomed. How many seeds bloomed?"}),
      {text(part), text(whole), text(part2), text(whole2), text(quantity)});
  const Number inner = steps.multiply(steps.divide(quantity, whole2), part2);
  const Number answer = steps.multiply(steps.divide(inner, whole), part);
  return finish(problem, answer, steps);
}

Draft draw_sequence(PhiloxStream& random, int level) {
  Steps steps;
  if (level <= 2) {
    const Number start = random.between(2, level == 1 ? 900 : 9000),
                 gap = random.between(3, level == 1 ? 99 : 999);
    std::vector<Number> terms{start, start + gap, start + 2 * gap, start + 3 * gap};
    const std::string problem =
        fill(pick(random, {"What is the next number in the sequence {0}?",
                           "The sequence {0} grows by equal steps. What comes next?"}),
             {joined(terms, ", ")});
    const Number step = steps.subtract(terms[3], terms[2]);
    return finish(problem, steps.add(terms[3], step), steps);
  }
  if (level == 3) {
    const Number start = random.between(2, 999), gap = random.between(3, 199),
                 index = random.between(11, 99);
    const std::string problem =
        fill(pick(random, {"A sequence starts at {0} and each term is {1} more than the one "
                           "before. What is term number {2}?",
                           "The first term of a sequence is {0} and it grows by {1} each time. "
                           "What is term number {2}?"}),
             {text(start), text(gap), text(index)});
    const Number growth = product(random, steps, gap, steps.subtract(index, 1));
    return finish(problem, steps.add(start, growth), steps);
  }
  if (level == 4) {
    const Number start = random.between(2, 99), factor = random.between(2, 9),
                 shift = random.between(2, 99);
    const std::string problem =
        fill(pick(random, {"A sequence starts at {0}. Each next term is {1} times the last one "
                           "plus {2}. What is the fifth term?",
                           "Start with {0}. In every step multiply by {1} and add {2}. What do you "
                           "have after four steps?"}),
             {text(start), text(factor), text(shift)});
    Number term = start;
    for (int i = 0; i < 4; ++i) term = steps.add(steps.multiply(term, factor), shift);
    return finish(problem, term, steps);
  }
  Number before = random.between(112, 999), last = random.between(112, 999);
  const std::string problem =
      fill(pick(random, {"A sequence starts {0}, {1}. Each next term is the sum of the two before "
                         "it. What is the eighth term?",
                         "The first two terms are {0} and {1}, and every later term adds the two "
                         "before it. What is the eighth term?"}),
           {text(before), text(last)});
  for (int i = 0; i < 6; ++i) {
    const Number next = steps.add(before, last);
    before = last;
    last = next;
  }
  return finish(problem, last, steps);
}

}  // namespace quorum::mini
