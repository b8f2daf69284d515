// str() and repr() of values as Python prints them, and numbers as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/jinja/value.h"

namespace quorum::jinja {

// Both throw Failure beyond kMaxTextBytes.
std::string to_text(const Value& value);
std::string to_repr(const Value& value);

std::string float_repr(double value);
std::string quote(std::string_view text);  // repr of a string

// int(text, base) and float(text); nullopt where Python raises ValueError. An integer beyond 64
// bits is a Failure.
std::optional<std::int64_t> parse_integer(std::string_view text, int base);
std::optional<double> parse_float(std::string_view text);

}  // namespace quorum::jinja
