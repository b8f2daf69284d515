// The parser of answers, in parts: answer_parser.cpp (which type), answer_sets.cpp (relations,
// intervals and sets), answer_chain.cpp, answer_approximation.cpp, answer_points.cpp,
// answer_matrix.cpp, answer_forms.cpp (times, ratios, numerals of other bases).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/answer_value.h"

namespace quorum {

class AnswerParser {
 public:
  static constexpr int kMaxNesting = 6;
  static constexpr std::size_t kMaxItems = 64;

  // Reads a normal form (notation.h).
  AnswerValue parse(std::string_view text, int depth);

 private:
  using Read = std::optional<AnswerValue>;

  // Readers of one form each. nullopt: the text does not have it.
  Read plus_and_minus(std::string_view text, int depth);
  // \sqrt{2} \text{ cm} \approx 1.41 \text{ cm} where this is true.
  Read approximated(std::string_view text, int depth);
  Read approximated_signs(const Parts& parts, int depth);  // \pm\sqrt{2} \approx 1.41, -1.41
  Read assignments(const Parts& parts, int depth);         // p=1,q=2;p=3,q=4
  Read condition(std::string_view text, int depth);  // x < 5, x \ne 2, x \in A: a set of numbers
  Read solved_inequality(std::string_view text, int depth);
  Read exclusion(std::string_view text, int depth);  // x \notin A
  Read absolute_inequality(std::string_view text, int depth);
  // `equations`: x = 1 is one too, even without others.
  Read conditions(const Parts& parts, int depth,
                  bool equations = false);  // joined by "or", "and" or commas
  Read relation(std::string_view text, int depth);
  Read alternatives(const Parts& parts, const std::vector<AnswerValue>& sets);  // (1, 2] or (5, 6)
  Read set_operation(std::string_view text, int depth);  // A \cup B, A \setminus B
  Read set_builder(std::string_view inside, int depth);  // of \{ x | x > 0 \}
  Read family_of(std::string_view inside, int depth);    // of \{ 2k + 1 | k \in \mathbb{Z} \}
  Read nested_rows(const Parts& rows, int depth);        // inside of [[1,2],[3,4]]: a matrix
  Read with_unit(std::string_view text, int depth);      // 2\sqrt{3} \text{ cm}
  Read worked_out(std::string_view text, int depth);     // 2^3 = 8, x = 4 + 4 = 8
  Read same_value_of_all(const std::vector<std::string_view>& sides, int depth);  // x = y = 1
  Read piecewise(std::string_view text, int depth);     // f(x) = \begin{cases} … \end{cases}
  Read named_point(std::string_view text, int depth);   // P(3,-1)
  Read scaled_point(std::string_view text, int depth);  // -(2,1)
  Read transposed(std::string_view text, int depth);    // (1,2)^T

  // These fill in `value`, which has its text, and give it back unchanged if they cannot.
  AnswerValue expression(std::string_view text, AnswerValue value);
  AnswerValue list(std::string_view text, const Parts& parts, int depth, AnswerValue value);
  AnswerValue bracketed(std::string_view text, int depth, AnswerValue value);
  AnswerValue braced(std::string_view text, int depth, AnswerValue value);
  // `factor` is what stands in front, an expression or nothing.
  AnswerValue matrix(std::string_view text, std::string_view factor, int depth, AnswerValue value);
  // The parsed parts as items; false when there are too many or one is empty.
  bool items(const Parts& parts, int depth, AnswerValue& value, bool flatten = false);
};

// Where the text is one equation, the value gets its key and its difference of sides.
void add_equation(std::string_view text, AnswerValue& value);

}  // namespace quorum
