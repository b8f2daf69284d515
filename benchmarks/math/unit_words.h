// The names of units, and the words that are none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quorum {

// The normal form of a unit's words ("cm", "hour^-1*km"; other nouns as they are); empty: they mean
// no unit (ordinal endings); nullopt: they are no unit but change the value or the sense.
std::optional<std::string> unit_of(std::string_view words);

// Of one word that is a known unit or the symbol of one; nullopt: it is none.
std::optional<std::string> simple_unit(std::string_view word);

// Whether the text in lower case is the spelling of a known unit.
bool is_unit_name(std::string_view text);

// "Mm", "MW": a symbol whose capital M is a factor of a million, which its lower case is not.
bool is_mega_unit(std::string_view word);

}  // namespace quorum
