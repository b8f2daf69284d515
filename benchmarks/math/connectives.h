// The signs of logic between statements: x < 1 \lor x > 3.
#pragma once

#include <string>
#include <string_view>

namespace quorum {

// With the words "and" and "or" of a normal form (notation.h) for each \land and \lor that joins
// two relations; between anything else they stay signs of logic. Names are those of the commands:
// synonyms have been replaced.
std::string connectives_as_words(std::string_view text);

}  // namespace quorum
