// Names and meanings, in the order of Rule.
#include "benchmarks/math/compat_math_verify.h"

namespace quorum::math_verify {

const std::vector<Deviation>& rules() {
  static const std::vector<Deviation> kRules = {
      {"mark_at_end_unreadable",
       "an answer that ends with a dot, comma or line break is unreadable"},
      {"sign_unreadable",
       "°, \\degree, ~, colours, set-builders, repeating decimals are unreadable"},
      {"last_number_of_unreadable",
       "of an unreadable prediction the last number behind a space or = is taken"},
      {"text_to_end_dropped",
       "everything from the first \\text{ on goes when a group ends the answer"},
      {"unit_letters_dropped", "letters and words at the end that may be units go: 8t is 8"},
      {"base_dropped", "the base of a number is ignored: 52_8 is 52_9"},
      {"percent_is_value", "25% is 1/4 and never 25"},
      {"colon_divides", "3:4 is 3/4"},
      {"neighbours_add", "numbers side by side are added: 5 1/2 is (5+1)/2, 1\\,250 is 251"},
      {"words_are_letters", "words are products of letters or names with all their marks"},
      {"no_case", "A is a"},
      {"i_is_a_symbol", "i is a symbol, in 3i a real one and in (3)i a complex one; I is the unit"},
      {"decimals_to_6_places", "a decimal equals what agrees to 6 places behind the point"},
      {"numbers_to_15_places", "two irrational numbers equal that differ by less than 1e-15"},
      {"powers_in_double_precision", "1.312\\times 10^{-2} is multiplied in double precision"},
      {"lists_are_sets", "repeated elements of a list count once"},
      {"pairs_and_sets_mixed", "brackets of tuples do not matter, and (1,2) is \\{1,2\\}"},
      {"column_is_no_tuple", "a column vector is no tuple"},
      {"matrix_kinds", "all matrix environments are one"},
      {"interval_gold_no_inequality",
       "an inequality does not answer a gold interval, nor are several joined a union"},
      {"infinite_end_open", "(0,\\infty] is (0,\\infty)"},
      {"right_side_taken", "of an equation or chain the last side is compared with a plain gold"},
      {"one_symbol_not_solved", "2x=4 is not x=2"},
      {"inequalities_by_difference", "inequalities are equal when left minus right is, in order"},
      {"outer_marks_ignored", "[5] and a box in the box are 5, x \\approx 5 too"},
      {"plain_functions_are_letters", "sin(x) and pi without a backslash are products of letters"},
      {"other_readings", "y - -x is read, 0,478 is a decimal; x<1 or x>2 is a list"},
  };
  return kRules;
}

}  // namespace quorum::math_verify
