// Methods of the kinds of values, by name; nullptr where there is none of this name.
#pragma once

#include <string>
#include <string_view>

#include "engine/jinja/callable.h"

namespace quorum::jinja {

Builtin find_text_method(std::string_view name);
Builtin find_split_method(std::string_view name);      // split and its kin
Builtin find_text_test_method(std::string_view name);  // isdigit and its kin
Builtin find_container_method(Kind kind, std::string_view name);

// str.replace with a count, where a negative one means all; str.join of strings only.
std::string replace_text(const std::string& text, const std::string& from, const std::string& to,
                         std::int64_t count);

}  // namespace quorum::jinja
