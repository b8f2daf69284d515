// Choices that are written with their letter and their content.
#pragma once

#include <optional>
#include <string_view>

namespace quorum {

struct LabelledChoice {
  char letter = 0;           // 'A' to 'H'
  std::string_view content;  // of the text that was read, not empty
};
// "\textbf{(B) }12", "B. 12", "B) 12". Not "(B) 12", which may be a product; nor "B: 12", which may
// be a ratio. nullopt: it is none.
std::optional<LabelledChoice> labelled_choice(std::string_view answer);

// Whether what stands behind the letter of a choice is its content, or nothing: no operator, no
// word that joins choices or speaks of one, no other choice. \text{(A)} + 1 is no choice, "(A) or
// (B)" not one.
bool is_choice_content(std::string_view content);

}  // namespace quorum
