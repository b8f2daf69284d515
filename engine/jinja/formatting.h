// Python's two ways to format strings: `text % values` and `text.format(…)`.
#pragma once

#include "engine/jinja/callable.h"
#include "engine/jinja/runtime.h"

namespace quorum::jinja {

// `format % values`, where values is a tuple, a mapping for %(name)s, or the only value.
Value percent_format(Runtime& runtime, const Value& format, const Value& values);
// `format.format(*positional, **named)`.
Value brace_format(Runtime& runtime, const Value& format, const Arguments& arguments);

// How one value is laid out; of both ways.
struct FormatSpec {
  std::string fill = " ";
  char align = '\0';  // < > ^ =
  char sign = '-';    // - + space
  bool alternate = false, zero = false;
  std::int64_t width = 0, precision = -1;
  char grouping = '\0';  // , _
  char type = '\0';
};
// Throws Failure for a value that is neither number nor string, and for a layout that it cannot
// have.
std::string format_value(const Value& value, const FormatSpec& spec);
FormatSpec parse_format_spec(std::string_view text);

}  // namespace quorum::jinja
