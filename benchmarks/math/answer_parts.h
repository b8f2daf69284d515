// The parts that an answer falls into, and the names in front of it; of normal forms (notation.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace quorum {

struct Parts {
  std::vector<std::string_view> list;  // of the text that was split
  // What parts them somewhere.
  bool words = false;      // "and" or "or"
  bool and_words = false;  // "and"
  bool or_words = false;   // "or"
  bool commas = false;     // a comma or semicolon
  // The parts between semicolons or words "or", or else between words "and", where something parts
  // them within as well.
  std::vector<std::vector<std::string_view>> groups;
};

// The parts of a text at top level: by commas, semicolons and the words "and", "or".
Parts split_list(std::string_view text);

// Whether an inequality, \ne or \equiv stands anywhere in it.
bool has_relation(std::string_view text);

// A symbol, f(x), |AB|, \angle A: what stands for a value.
bool is_symbol(std::string_view text);

// Removes "x =" or "x \in" from the front and gives the name; empty: there is none.
std::string take_name(std::string_view& text);

// \frac{\sqrt{3}}{3} \approx 0.577: what stands in front of the first \approx outside of brackets
// and what behind it. The latter is empty: there is none, or the text is a list.
struct Approximation {
  std::string_view exact, rounded;
};
Approximation split_approximation(std::string_view text);

bool starts_with(std::string_view text, std::string_view what);

}  // namespace quorum
