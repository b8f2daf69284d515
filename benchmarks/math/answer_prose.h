// Words around an answer, and words that are one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quorum {

// "no solutions", "there is no real solution", "the empty set" as \emptyset, "does not exist" as
// dne, "infinitely many solutions" as infinitely many. `words` are in small letters. nullopt: they
// are no such phrase.
std::optional<std::string> standard_phrase(std::string_view words);

// Of a normal form that is one sentence about its value ("so the answer is 5", "there are exactly 5
// apples", "x equals 5", "approximately 3.2 cm") the part that may be the value; of "x equals 5",
// x = 5. A word that doubts, denies or compares is never dropped; "about" only in front of a
// decimal. "All real numbers except 2" as \mathbb{R} \setminus \{2\}. nullopt: it is no such
// sentence.
std::optional<std::string> value_of_sentence(std::string_view normal_form);

}  // namespace quorum
