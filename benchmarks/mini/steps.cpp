#include "benchmarks/mini/steps.h"

#include <algorithm>
#include <utility>

namespace quorum::mini {
namespace {

// The value of the first digit: 4000 of 4711.
Number leading(Number number) {
  Number place = 1;
  while (place * 10 <= number) place *= 10;
  return number / place * place;
}

}  // namespace

Number Steps::state(const std::string& expression, Number result) {
  say(expression + " = " + text(result) + '.');
  return result;
}

Number Steps::plain(Number a, char operation, Number b, Number result) {
  return state(text(a) + ' ' + operation + ' ' + text(b), result);
}

void Steps::say(std::string_view sentence) {
  if (!text_.empty()) text_ += ' ';
  text_ += sentence;
}

void Steps::shuffle(std::vector<Number>& numbers) {
  for (std::size_t i = numbers.size(); i > 1; --i)
    std::swap(numbers[i - 1], numbers[random_.below(static_cast<std::uint32_t>(i))]);
}

Number Steps::add(Number a, Number b) {
  const Number small = std::min(a, b), large = std::max(a, b), high = leading(small);
  if (small < 1000 || small == high || one_go()) return plain(a, '+', b, a + b);
  return plain(plain(large, '+', high, large + high), '+', small - high, a + b);
}

Number Steps::subtract(Number a, Number b) {
  const Number high = leading(b);
  if (b < 1000 || b == high || one_go()) return plain(a, '-', b, a - b);
  return plain(plain(a, '-', high, a - high), '-', b - high, a - b);
}

Number Steps::multiply(Number a, Number b) {
  const bool easy =
      (a < 10 && b < 100) || (b < 10 && a < 100) || a == leading(a) || b == leading(b);
  if (easy) return plain(a, '*', b, a * b);
  if (a < 10 || b < 10) {
    if (one_go()) return plain(a, '*', b, a * b);
    return a < 10 ? multiply_by_places(a, b) : multiply_by_places(b, a);
  }
  switch (random_.below(3)) {
    case 0: return plain(a, '*', b, a * b);
    case 1: return multiply_by_places(a, b);
    default: return multiply_by_places(b, a);
  }
}

// 47 * 83 as 47 * 80 + 47 * 3.
Number Steps::multiply_by_places(Number a, Number b) {
  std::vector<Number> parts;
  for (Number rest = b; rest > 0; rest -= leading(rest))
    parts.push_back(plain(a, '*', leading(rest), a * leading(rest)));
  Number total = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i)
    total = plain(total, '+', parts[i], total + parts[i]);
  return total;
}

// 658 / 7 as 7 * 90 = 630, and 28 / 7 for the rest.
Number Steps::divide(Number a, Number b) {
  const Number quotient = a / b, high = leading(quotient);
  if (quotient < 10 || quotient == high || one_go()) return plain(a, '/', b, quotient);
  const Number part = plain(b, '*', high, b * high), rest = plain(a, '-', part, a - part);
  const Number low = plain(rest, '/', b, rest / b);
  return plain(high, '+', low, quotient);
}

Number Steps::remainder(Number a, Number b) {
  if (one_go()) return plain(a, '-', plain(a / b, '*', b, a / b * b), a % b);
  Number rest = a;
  while (rest >= b) {
    const Number part = leading(rest / b);
    rest = plain(rest, '-', plain(b, '*', part, b * part), rest - b * part);
  }
  return rest;
}

Number Steps::sum(std::vector<Number> terms) {
  Number total = 0;
  for (const Number term : terms) total += term;
  if (terms.size() > 2 && one_go()) return state(joined(terms, " + "), total);
  shuffle(terms);
  total = terms[0];
  for (std::size_t i = 1; i < terms.size(); ++i) total = add(total, terms[i]);
  return total;
}

Number Steps::subtract_all(Number from, std::vector<Number> terms) {
  if (terms.size() == 1) return subtract(from, terms[0]);
  Number left = from;
  for (const Number term : terms) left -= term;
  switch (random_.below(3)) {
    case 0: return state(text(from) + " - " + joined(terms, " - "), left);
    case 1: return subtract(from, sum(terms));
    default: break;
  }
  shuffle(terms);
  left = from;
  for (const Number term : terms) left = subtract(left, term);
  return left;
}

}  // namespace quorum::mini
