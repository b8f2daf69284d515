// Python literals as repr() writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quorum::code {

// The JSON text (as Python's json reads it) of what a literal means: None, True, False, numbers,
// inf and nan, texts, lists, tuples (as lists) and dicts with texts as keys, nested at most 100
// deep. nullopt for anything else.
std::optional<std::string> literal_to_json(std::string_view literal);

// The JSON texts of the elements of a list.
std::optional<std::vector<std::string>> list_to_json(std::string_view literal);

}  // namespace quorum::code
