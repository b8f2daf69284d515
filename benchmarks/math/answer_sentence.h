// The answer in what follows "the answer is".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace quorum {

struct SentenceAnswer {
  std::string answer;   // tidied; may be empty
  std::size_t end = 0;  // one past it in the line
};

// Of a line that begins behind the label: formulas that a list joins, else the words of the first
// sentence up to a reason ("because …", ", since …"); adverbs in front ("therefore", "simply") are
// passed over. nullopt: the line denies ("not 5") or
// only speaks of the answer ("obtained by …", "correct"). Linear.
std::optional<SentenceAnswer> answer_in_sentence(std::string_view line);

}  // namespace quorum
