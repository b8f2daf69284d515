// One policy each: the readings of normal forms (notation.h), written out as normal forms.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quorum::reading {

// "25%" and "25 percent" as "25\times 10^{-2}" (its value) or as "25".
bool has_percent(std::string_view text);
std::string percent_as_value(std::string_view text);
std::string without_percent(std::string_view text);

// Of "x = a = b" and "x \approx b" what stands last, with "x =" in front when the chain begins with
// a symbol. Other texts unchanged.
std::string last_of_chain(std::string_view text);

// "1,5" as "1.5", when the text is nothing else.
std::string with_decimal_point(std::string_view text);

// "3:4" as "\frac{3}{4}", when the text is nothing else.
std::string ratio_as_quotient(std::string_view text);

// Words behind numbers taken away, also those glued to one at the end ("10m").
bool has_words(std::string_view text);
std::string without_words(std::string_view text);

// "52_8" as "52", when the text is nothing else.
bool has_base(std::string_view text);
std::string without_base(std::string_view text);

// "30^\circ" as "30\cdot\frac{\pi}{180}".
bool has_degrees(std::string_view text);
std::string degrees_as_radians(std::string_view text);

// The one letter of k, l, m, n that is a symbol in the text; 0: none or several.
char parameter_of(std::string_view text);
std::string with_parameter(std::string_view text, char from, char to);

// A time of day: minutes since midnight as it is written, and whether a. m. or p. m. says which
// half.
struct ClockTime {
  int minutes = 0;
  bool half_known = false;
};
std::optional<ClockTime> clock_time(std::string_view text);
bool same_time(const ClockTime& a, const ClockTime& b);

// What an answer is dressed in: how many "=" and "\approx", an ordinal ending, the outer bracket.
// Equal texts: the same form.
std::string form_of(std::string_view text);

}  // namespace quorum::reading
