// Expressions as answers write them: numbers, symbols, + - * / ^, roots and named functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/math/rational.h"

namespace quorum {

struct Expression {
  enum class Kind {
    kNumber,
    kSymbol,    // a letter with what belongs to it: "x_{12}", "\\theta", "a'"; "e", "i" and "\\pi"
    kSum,       // of all parts
    kProduct,   // of all parts
    kQuotient,  // parts[0] / parts[1]
    kNegative,
    kPower,     // parts[0] to parts[1]; roots are powers
    kFunction,  // `name` of the parts: "sin", "ln", "log" (of unknown base), "abs", "fact",
                // "binom", …; "apply f" is an unknown function f
  };
  struct Node {
    Kind kind;
    Rational number;
    std::string name;
    std::vector<int> parts;  // indices of nodes, all smaller than this one's
  };
  std::vector<Node> nodes;  // the last one is the whole
};

// Reads a normal form (notation.h) with one way to be read. A degree sign is π/180 inside of a
// trigonometric function and no factor outside. nullopt: it is no expression, is larger than 1,000
// bytes, 400 nodes or 40 levels, or can be read in two ways (1/2x, 2\frac{1}{2}, x^12, 5!!).
std::optional<Expression> parse_expression(std::string_view normal_form);

// left - right.
Expression difference(const Expression& left, const Expression& right);

// A fraction in lowest terms with a positive bottom.
struct SmallFraction {
  long top = 0, bottom = 1;
};
// What a node writes as a number, its negative or a quotient of these, below 2^30. nullopt: it is
// something else.
std::optional<SmallFraction> small_fraction(const Expression& expression, int node);

// Whether it is a number, if an unknown one: no symbols but i, e and π.
bool is_constant(const Expression& expression);

}  // namespace quorum
