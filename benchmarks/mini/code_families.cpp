#include "benchmarks/mini/code_families.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

#include "base/text.h"

namespace quorum::mini {
namespace {

using V = CodeValues;
using P = CodeParameter;
using enum CodeInput;
constexpr auto kNone = CodeFamily::kNone, kNumber = CodeFamily::kNumber,
               kLetter = CodeFamily::kLetter, kTwoLetters = CodeFamily::kTwoLetters;

std::string out(Number number) { return std::to_string(number); }
std::string yes_no(bool yes) { return yes ? "yes" : "no"; }
Number total(const std::vector<Number>& xs) {
  return std::accumulate(xs.begin(), xs.end(), Number{0});
}

std::string out(const std::vector<Number>& xs, std::string_view separator) {
  std::vector<std::string> parts;
  for (const Number x : xs) parts.push_back(out(x));
  return join(parts, separator);
}

std::vector<Number> sorted(std::vector<Number> xs) {
  std::sort(xs.begin(), xs.end());
  return xs;
}

std::vector<Number> count_to(Number n) {
  std::vector<Number> xs(static_cast<std::size_t>(n));
  std::iota(xs.begin(), xs.end(), Number{1});
  return xs;
}

std::string reversed(std::string_view s) { return {s.rbegin(), s.rend()}; }

Number digit_sum(Number n) {
  Number sum = 0;
  for (; n > 0; n /= 10) sum += n % 10;
  return sum;
}

Number divisors(Number n) {
  Number count = 0;
  for (Number d = 1; d <= n; ++d) count += n % d == 0;
  return count;
}

Number fibonacci(Number n) {
  Number a = 0, b = 1;
  for (; n > 0; --n) {
    const Number next = a + b;
    a = b;
    b = next;
  }
  return a;
}

Number factorial(Number n) { return n < 2 ? 1 : n * factorial(n - 1); }

std::string upper(std::string s) {
  for (char& c : s)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return s;
}

constexpr std::array kFamilies = {
    CodeFamily{"sum_of_two", kTwoNumbers, kNone, "prints their sum", "add them", "print(a + b)",
               [](const V& v, const P&) { return out(v.numbers[0] + v.numbers[1]); }},
    CodeFamily{"difference_of_two", kTwoNumbers, kNone, "prints the first minus the second",
               "subtract the second from the first", "print(a - b)",
               [](const V& v, const P&) { return out(v.numbers[0] - v.numbers[1]); }},
    CodeFamily{"product_of_two", kTwoNumbers, kNone, "prints their product", "multiply them",
               "print(a * b)",
               [](const V& v, const P&) { return out(v.numbers[0] * v.numbers[1]); }},
    CodeFamily{"larger_of_two", kTwoNumbers, kNone, "prints the larger one", "take the maximum",
               "print(max(a, b))",
               [](const V& v, const P&) { return out(std::max(v.numbers[0], v.numbers[1])); }},
    CodeFamily{"smaller_of_two", kTwoNumbers, kNone, "prints the smaller one", "take the minimum",
               "print(min(a, b))",
               [](const V& v, const P&) { return out(std::min(v.numbers[0], v.numbers[1])); }},
    CodeFamily{"quotient_of_two", kTwoNumbers, kNone,
               "prints how many times the second fits into the first", "divide with //",
               "print(a // b)",
               [](const V& v, const P&) { return out(v.numbers[0] / v.numbers[1]); }},
    CodeFamily{"remainder_of_two", kTwoNumbers, kNone,
               "prints the remainder of the first divided by the second", "use the operator %",
               "print(a % b)",
               [](const V& v, const P&) { return out(v.numbers[0] % v.numbers[1]); }},
    CodeFamily{"distance_of_two", kTwoNumbers, kNone, "prints their absolute difference",
               "take the absolute value of the difference", "print(abs(a - b))",
               [](const V& v, const P&) { return out(std::abs(v.numbers[0] - v.numbers[1])); }},
    CodeFamily{"squares_of_two", kTwoNumbers, kNone, "prints the sum of their squares",
               "square both and add", "print(a * a + b * b)",
               [](const V& v, const P&) {
                 return out(v.numbers[0] * v.numbers[0] + v.numbers[1] * v.numbers[1]);
               }},
    CodeFamily{"gcd_of_two", kTwoNumbers, kNone, "prints their greatest common divisor",
               "replace the pair by b and a % b until b is zero",
               "while b:\n    a, b = b, a % b\nprint(a)",
               [](const V& v, const P&) { return out(std::gcd(v.numbers[0], v.numbers[1])); }},
    CodeFamily{"equal_two", kTwoNumbers, kNone, "prints yes if they are equal and no otherwise",
               "compare them", "print(\"yes\" if a == b else \"no\")",
               [](const V& v, const P&) { return yes_no(v.numbers[0] == v.numbers[1]); }},
    CodeFamily{"both_above", kTwoNumbers, kNumber,
               "prints yes if both are above {0} and no otherwise", "compare both with {0}",
               "print(\"yes\" if a > {0} and b > {0} else \"no\")",
               [](const V& v, const P& p) {
                 return yes_no(v.numbers[0] > p.number && v.numbers[1] > p.number);
               }},
    CodeFamily{"weighted_sum", kTwoNumbers, kNumber, "prints the first plus {0} times the second",
               "multiply the second by {0} and add the first", "print(a + {0} * b)",
               [](const V& v, const P& p) { return out(v.numbers[0] + p.number * v.numbers[1]); }},
    CodeFamily{"times", kOneNumber, kNumber, "prints {0} times that number", "multiply it by {0}",
               "print(a * {0})", [](const V& v, const P& p) { return out(v.numbers[0] * p.number); }},
    CodeFamily{"plus", kOneNumber, kNumber, "prints it plus {0}", "add {0}", "print(a + {0})",
               [](const V& v, const P& p) { return out(v.numbers[0] + p.number); }},
    CodeFamily{"minus", kOneNumber, kNumber, "prints it minus {0}", "subtract {0}",
               "print(a - {0})", [](const V& v, const P& p) { return out(v.numbers[0] - p.number); }},
    CodeFamily{"square", kOneNumber, kNone, "prints its square", "multiply it by itself",
               "print(a * a)",
               [](const V& v, const P&) { return out(v.numbers[0] * v.numbers[0]); }},
    CodeFamily{"square_plus", kOneNumber, kNumber, "prints its square plus {0}",
               "square it and add {0}", "print(a * a + {0})",
               [](const V& v, const P& p) { return out(v.numbers[0] * v.numbers[0] + p.number); }},
    CodeFamily{"modulo", kOneNumber, kNumber, "prints its remainder when divided by {0}",
               "use the operator %", "print(a % {0})",
               [](const V& v, const P& p) { return out(v.numbers[0] % p.number); }},
    CodeFamily{"divisible", kOneNumber, kNumber,
               "prints yes if {0} divides it and no otherwise",
               "test whether the remainder is zero", "print(\"yes\" if a % {0} == 0 else \"no\")",
               [](const V& v, const P& p) { return yes_no(v.numbers[0] % p.number == 0); }},
    CodeFamily{"even_or_odd", kOneNumber, kNone, "prints even or odd", "look at its remainder by 2",
               "print(\"even\" if a % 2 == 0 else \"odd\")",
               [](const V& v, const P&) -> std::string {
                 return v.numbers[0] % 2 == 0 ? "even" : "odd";
               }},
    CodeFamily{"factorial", kOneNumber, kNone, "prints its factorial",
               "multiply all numbers up to it",
               "r = 1\nfor i in range(2, a + 1):\n    r *= i\nprint(r)",
               [](const V& v, const P&) { return out(factorial(v.numbers[0])); }},
    CodeFamily{"sum_up_to", kOneNumber, kNone, "prints the sum of all numbers from 1 to it",
               "sum the range", "print(sum(range(1, a + 1)))",
               [](const V& v, const P&) { return out(total(count_to(v.numbers[0]))); }},
    CodeFamily{"digit_sum", kOneNumber, kNone, "prints the sum of its digits",
               "sum the digits of its text", "print(sum(int(c) for c in str(a)))",
               [](const V& v, const P&) { return out(digit_sum(v.numbers[0])); }},
    CodeFamily{"count_up", kOneNumber, kNone, "prints the numbers from 1 to it, one per line",
               "loop over the range", "for i in range(1, a + 1):\n    print(i)",
               [](const V& v, const P&) { return out(count_to(v.numbers[0]), "\n"); }},
    CodeFamily{"fibonacci", kOneNumber, kNone,
               "prints the Fibonacci number with that index, where number 0 is 0 and number 1 is 1",
               "step through the sequence", "x, y = 0, 1\nfor i in range(a):\n    x, y = y, x + y\nprint(x)",
               [](const V& v, const P&) { return out(fibonacci(v.numbers[0])); }},
    CodeFamily{"divisor_count", kOneNumber, kNone, "prints how many divisors it has",
               "count the numbers that divide it",
               "print(sum(1 for d in range(1, a + 1) if a % d == 0))",
               [](const V& v, const P&) { return out(divisors(v.numbers[0])); }},
    CodeFamily{"is_prime", kOneNumber, kNone, "prints yes if it is prime and no otherwise",
               "count its divisors",
               "n = sum(1 for d in range(1, a + 1) if a % d == 0)\nprint(\"yes\" if n == 2 else \"no\")",
               [](const V& v, const P&) { return yes_no(divisors(v.numbers[0]) == 2); }},
    CodeFamily{"list_sum", kNumberList, kNone, "prints their sum", "sum them", "print(sum(xs))",
               [](const V& v, const P&) { return out(total(v.numbers)); }},
    CodeFamily{"list_max", kNumberList, kNone, "prints the largest", "take the maximum",
               "print(max(xs))", [](const V& v, const P&) { return out(sorted(v.numbers).back()); }},
    CodeFamily{"list_min", kNumberList, kNone, "prints the smallest", "take the minimum",
               "print(min(xs))", [](const V& v, const P&) { return out(sorted(v.numbers).front()); }},
    CodeFamily{"list_sorted", kNumberList, kNone, "prints them in ascending order on one line",
               "sort them", "print(*sorted(xs))",
               [](const V& v, const P&) { return out(sorted(v.numbers), " "); }},
    CodeFamily{"list_reversed", kNumberList, kNone, "prints them in reverse order on one line",
               "reverse the list", "print(*xs[::-1])",
               [](const V& v, const P&) {
                 return out({v.numbers.rbegin(), v.numbers.rend()}, " ");
               }},
    CodeFamily{"list_count", kNumberList, kNone, "prints how many there are", "take the length",
               "print(len(xs))",
               [](const V& v, const P&) { return out(static_cast<Number>(v.numbers.size())); }},
    CodeFamily{"list_above", kNumberList, kNumber, "prints how many are above {0}",
               "count those above {0}", "print(sum(1 for x in xs if x > {0}))",
               [](const V& v, const P& p) {
                 return out(std::count_if(v.numbers.begin(), v.numbers.end(),
                                          [&](Number x) { return x > p.number; }));
               }},
    CodeFamily{"list_shifted", kNumberList, kNumber, "prints each plus {0} on one line",
               "add {0} to each", "print(*[x + {0} for x in xs])",
               [](const V& v, const P& p) {
                 V shifted = v;
                 for (Number& x : shifted.numbers) x += p.number;
                 return out(shifted.numbers, " ");
               }},
    CodeFamily{"list_even_sum", kNumberList, kNone, "prints the sum of the even ones",
               "sum those with remainder 0 by 2", "print(sum(x for x in xs if x % 2 == 0))",
               [](const V& v, const P&) {
                 Number sum = 0;
                 for (const Number x : v.numbers) sum += x % 2 == 0 ? x : 0;
                 return out(sum);
               }},
    CodeFamily{"list_distinct", kNumberList, kNone, "prints how many different ones there are",
               "take the size of their set", "print(len(set(xs)))",
               [](const V& v, const P&) {
                 return out(static_cast<Number>(std::set<Number>(v.numbers.begin(), v.numbers.end()).size()));
               }},
    CodeFamily{"list_range", kNumberList, kNone, "prints the largest minus the smallest",
               "subtract the minimum from the maximum", "print(max(xs) - min(xs))",
               [](const V& v, const P&) {
                 return out(sorted(v.numbers).back() - sorted(v.numbers).front());
               }},
    CodeFamily{"text_reversed", kText, kNone, "prints it backwards", "reverse it", "print(s[::-1])",
               [](const V& v, const P&) { return reversed(v.line); }},
    CodeFamily{"text_length", kText, kNone, "prints its length", "take its length",
               "print(len(s))",
               [](const V& v, const P&) { return out(static_cast<Number>(v.line.size())); }},
    CodeFamily{"text_upper", kText, kNone, "prints it in capital letters", "make it upper case",
               "print(s.upper())", [](const V& v, const P&) { return upper(v.line); }},
    CodeFamily{"text_words", kText, kNone, "prints how many words it has", "split it into words",
               "print(len(s.split()))",
               [](const V& v, const P&) { return out(static_cast<Number>(split(v.line, ' ').size())); }},
    CodeFamily{"text_first_word", kText, kNone, "prints its first word", "split it into words",
               "print(s.split()[0])",
               [](const V& v, const P&) { return split(v.line, ' ').front(); }},
    CodeFamily{"text_last_letter", kText, kNone, "prints its last letter", "take index -1",
               "print(s[-1])", [](const V& v, const P&) { return std::string(1, v.line.back()); }},
    CodeFamily{"text_hyphens", kText, kNone, "prints its words joined by hyphens",
               "split it and join with hyphens", "print(\"-\".join(s.split()))",
               [](const V& v, const P&) { return join(split(v.line, ' '), "-"); }},
    CodeFamily{"text_palindrome", kText, kNone,
               "prints yes if it reads the same backwards and no otherwise",
               "compare it with its reverse", "print(\"yes\" if s == s[::-1] else \"no\")",
               [](const V& v, const P&) { return yes_no(v.line == reversed(v.line)); }},
    CodeFamily{"text_repeat", kText, kNumber, "prints it {0} times in a row without spaces between",
               "repeat it {0} times", "print(s * {0})",
               [](const V& v, const P& p) {
                 std::string repeated;
                 for (Number i = 0; i < p.number; ++i) repeated += v.line;
                 return repeated;
               }},
    CodeFamily{"letter_count", kText, kLetter, "prints how often the letter {0} occurs in it",
               "count the letter {0}", "print(s.count(\"{0}\"))",
               [](const V& v, const P& p) {
                 return out(std::count(v.line.begin(), v.line.end(), p.letter));
               }},
    CodeFamily{"letter_present", kText, kLetter,
               "prints yes if the letter {0} occurs in it and no otherwise", "look for the letter {0}",
               "print(\"yes\" if \"{0}\" in s else \"no\")",
               [](const V& v, const P& p) {
                 return yes_no(v.line.find(p.letter) != std::string::npos);
               }},
    CodeFamily{"letter_replaced", kText, kTwoLetters, "prints it with every {0} replaced by {1}",
               "replace {0} by {1}", "print(s.replace(\"{0}\", \"{1}\"))",
               [](const V& v, const P& p) {
                 std::string replaced = v.line;
                 std::replace(replaced.begin(), replaced.end(), p.letter, p.letter2);
                 return replaced;
               }},
};

std::string draw_word(PhiloxStream& random) {
  std::string word;
  const int letters = random.between(2, 6);
  for (int i = 0; i < letters; ++i) word += static_cast<char>('a' + random.below(26));
  return random.below(4) == 0 ? word + reversed(word) : word;
}

}  // namespace

std::span<const CodeFamily> code_families() { return kFamilies; }

CodeValues draw_values(PhiloxStream& random, CodeInput input) {
  CodeValues values;
  if (input == kText) {
    values.line = draw_word(random);
    const int more = random.below(2) == 0 ? 0 : random.between(1, 3);
    for (int i = 0; i < more; ++i) values.line += ' ' + draw_word(random);
  } else if (input == kNumberList) {
    const int count = random.between(3, 8);
    for (int i = 0; i < count; ++i) values.numbers.push_back(random.between(0, 60));
  } else {
    values.numbers = {random.between(1, 18)};
    if (input == kTwoNumbers) {
      values.numbers[0] = random.between(0, 99);
      const bool same = values.numbers[0] > 0 && random.below(5) == 0;
      values.numbers.push_back(same ? values.numbers[0] : random.between(1, 99));
    }
  }
  return values;
}

}  // namespace quorum::mini
