// Variables that are only names: the n of f(n) = 2n + 1.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace quorum {

// Of normal forms (notation.h) that define a function or sequence of the same letter with arguments
// of different names, the argument gets one name that none of them uses: f(n) = 2n and f(m) = 2m
// become one text, and so do a_n = 2n and a_k = 2k, g(x,y) = x and g(s,t) = s, but not v_x = 3 and
// v_y = 3. The outcome does not depend on the order. Whether any text has changed.
bool use_one_argument(std::span<std::string* const> normal_forms);

// Whether a letter occurs as a symbol in a normal form; the form with another letter in its place.
bool has_symbol(std::string_view normal_form, char symbol);
std::string with_symbol(std::string normal_form, char from, char to);

}  // namespace quorum
