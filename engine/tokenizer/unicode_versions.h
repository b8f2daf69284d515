// Hugging Face tokenizers takes character properties from several libraries of several Unicode
// versions. These are the differences to Unicode 14, so that ids agree for characters that came or
// changed in other versions. Ranges are sorted.
#pragma once

#include <cstdint>
#include <span>

namespace quorum::tok {

struct CodeRange {
  char32_t first, last;
};
struct CategoryRange {
  char32_t first, last;
  const char* category;  // general category, for example "Lo"
};
struct LowerRange {
  char32_t first, last;
  std::int32_t distance;  // lower case minus upper case
};

std::span<const CategoryRange> regex_categories();  // general categories in regular expressions
std::span<const CodeRange> regex_han();             // more of script Han there
std::span<const CodeRange> newer_numeric();
std::span<const CodeRange> newer_words();
std::span<const CodeRange> older_punctuation();  // punctuation, although it is none today
std::span<const CodeRange> newer_punctuation();  // no punctuation, although it is some today
std::span<const LowerRange> newer_lower_case();
std::span<const CodeRange> newer_normal_forms();  // not decomposed, composed or ordered

}  // namespace quorum::tok
