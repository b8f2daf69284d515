// Brings the notation of an answer to one form, without changing what it means.
#pragma once

#include <string>
#include <string_view>

namespace quorum {

// Words in a normal form stand between these, so that "5\text{ m}" (a unit) and "5m" (a product)
// stay apart.
inline constexpr char kWordsBegin = '\x01', kWordsEnd = '\x02';

// Spacing, sizes and delimiters of LaTeX removed; \dfrac, \tfrac, \cfrac become \frac and all
// \frac, \sqrt get braces; Unicode operators become commands; synonyms (\leq, \le) become one;
// thousands separators go; \$5 is 5 with the word dollars, other signs of currency go. Input beyond
// 4096 bytes comes back unchanged.
std::string normalise_notation(std::string_view answer);

// A normal form as LaTeX that has this normal form: words in \text{…}.
std::string as_latex(std::string_view normal_form);

// The key under which two normal forms are the same text: no spaces (but between digits and between
// words), words in lower case and without their marks, exponents and indices of one character
// without braces.
std::string text_key(std::string_view normal_form);

// One past the bracketed group that opens at `at` ('{', '(' or '['); npos: it does not close. \{
// and \} count as brackets of their own kind.
std::size_t group_end(std::string_view text, std::size_t at);

}  // namespace quorum
