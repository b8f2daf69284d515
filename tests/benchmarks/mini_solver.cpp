#include "benchmarks/mini_solver.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace quorum::testing {
namespace {

using Number = std::int64_t;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Number expression(bool& exact) {
    Number value = term(exact);
    while (peek() == '+' || peek() == '-') {
      const char operation = take();
      const Number right = term(exact);
      value = operation == '+' ? value + right : value - right;
    }
    return value;
  }
  bool ended() { return peek() == '\0'; }

 private:
  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  char take() {
    const char c = peek();
    ++at_;
    return c;
  }
  Number term(bool& exact) {
    Number value = factor(exact);
    while (peek() == '*' || peek() == '/') {
      const char operation = take();
      const Number right = factor(exact);
      if (operation == '/' && (right == 0 || value % right != 0)) exact = false;
      if (operation == '*') value *= right;
      if (operation == '/' && right != 0) value /= right;
    }
    return value;
  }
  Number factor(bool& exact) {
    if (peek() == '(') {
      take();
      const Number value = expression(exact);
      if (peek() != ')') exact = false;
      take();
      return value;
    }
    if (!std::isdigit(static_cast<unsigned char>(peek()))) exact = false;
    Number value = 0;
    while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])))
      value = value * 10 + (text_[at_++] - '0');
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Number solve_fraction(const std::string& text, std::vector<Number> n) {
  if (has(text, "A box holds") || has(text, "seeds"))
    std::rotate(n.begin(), n.begin() + 1, n.end());  // quantity last
  Number value = n.back();
  Number above = 1, below = 1;
  for (std::size_t i = 0; i + 1 < n.size(); i += 2) {
    above *= n[i];
    below *= n[i + 1];
  }
  value *= above;
  return value % below == 0 ? value / below : -1;
}

Number solve_sequence(const std::string& text, const std::vector<Number>& n) {
  if (has(text, "term number")) return n[0] + n[1] * (n[2] - 1);
  if (has(text, "times the last one") || has(text, "multiply by")) {
    Number value = n[0];
    for (int i = 0; i < 3; ++i) value = value * n[1] + n[2];
    return value;
  }
  if (has(text, "seventh")) {
    std::vector<Number> terms = n;
    while (terms.size() < 7) terms.push_back(terms[terms.size() - 1] + terms[terms.size() - 2]);
    return terms[6];
  }
  return 2 * n[3] - n[2];
}

Number solve_money(const std::string& text, std::vector<Number> n) {
  Number note = 0;
  const bool has_first = has(text, " has "), pays_last = has(text, "pays with");
  if (has_first) {
    note = n.front();
    n.erase(n.begin());
  } else if (pays_last) {
    note = n.back();
    n.pop_back();
  }
  Number cost = 0;
  for (std::size_t i = 0; i + 1 < n.size(); i += 2) cost += n[i] * n[i + 1];
  return has_first || pays_last ? note - cost : cost;
}

Number solve_travel(const std::string& text, const std::vector<Number>& n) {
  if (has(text, "opposite")) return (n[0] + n[1]) * n[2];
  if (n.size() == 4) return n[0] * n[1] + n[2] * n[3];
  if (n.size() == 3) return n[0] - n[1] * n[2];
  if (has(text, "speed") || has(text, "per hour is that"))
    return std::max(n[0], n[1]) / std::min(n[0], n[1]);
  return n[0] * n[1];
}

Number solve_ages(const std::string& text, const std::vector<Number>& n) {
  if (text.rfind("Together", 0) == 0) return (n[0] + n[1]) / 2 + n[2];
  if (has(text, "times as old")) {
    const Number young = has(text, "years old and") ? n[0] : n[1];
    return n[0] * n[1] + young + 2 * n[2];
  }
  if (has(text, "sum of their ages") || has(text, "together")) return 2 * n[0] + n[1] + 2 * n[2];
  return std::accumulate(n.begin(), n.end(), Number{0});
}

Number solve_units(const std::string& text, const std::vector<Number>& n) {
  if (has(text, "days")) return (n[0] * 24 + n[1]) * 60 + n[2];
  if (has(text, "Each of")) return n[0] * (n[1] * 1000 + n[2]);
  if (has(text, "bag weighs")) return (n[0] * 1000 + n[1]) * n[2];
  if (has(text, " cm")) return n[0] * 100 + n[1] + n[2];
  if (has(text, "seconds")) return n[0] * 3600 + n[1] * 60 + n[2];
  return n[0] * 60 + n[1];
}

Number solve_area(const std::string& text, const std::vector<Number>& n) {
  if (has(text, "fence") || has(text, "perimeter")) return 2 * (n[0] + n[1]);
  if (has(text, "cubic")) return n[0] * n[1] * n[2];
  if (has(text, "pond") || has(text, "cut off")) return n[0] * n[1] - n[2] * n[3];
  if (n.size() == 4) return n[0] * n[1] + n[2] * n[3];
  return n[0] * n[1];
}

}  // namespace

std::vector<std::int64_t> numbers_in(std::string_view text) {
  std::vector<Number> numbers;
  bool inside = false;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && !inside) numbers.push_back(0);
    if (digit) numbers.back() = numbers.back() * 10 + (c - '0');
    inside = digit;
  }
  return numbers;
}

std::int64_t evaluate(std::string_view expression, bool& exact) {
  exact = true;
  Parser parser(expression);
  const Number value = parser.expression(exact);
  exact = exact && parser.ended();
  return value;
}

std::int64_t solve(const std::string& kind, const std::string& problem) {
  const std::vector<Number> n = numbers_in(problem);
  if (kind == "add") return std::accumulate(n.begin(), n.end(), Number{0});
  if (kind == "subtract") {
    if (has(problem, "Subtract")) return n[1] - n[0];
    return 2 * n[0] - std::accumulate(n.begin(), n.end(), Number{0});
  }
  if (kind == "multiply") return n[0] * n[1];
  if (kind == "remainder") return n[0] % n[1];
  if (kind == "fraction") return solve_fraction(problem, n);
  if (kind == "sequence") return solve_sequence(problem, n);
  if (kind == "money") return solve_money(problem, n);
  if (kind == "travel") return solve_travel(problem, n);
  if (kind == "ages") return solve_ages(problem, n);
  if (kind == "units") return solve_units(problem, n);
  if (kind == "area") return solve_area(problem, n);
  if (kind == "brackets") {
    const std::size_t from = problem.find_first_of("(0123456789");
    bool exact = false;
    const Number value =
        evaluate(std::string_view(problem).substr(from, problem.size() - 1 - from), exact);
    return exact ? value : -1;
  }
  return -1;
}

}  // namespace quorum::testing
