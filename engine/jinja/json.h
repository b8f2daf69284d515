// JSON in and out: the variables of a rendering, and what transformers' `tojson` writes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/jinja/callable.h"
#include "engine/jinja/runtime.h"
#include "engine/jinja/value.h"

namespace quorum::jinja {

// The members of a JSON object. Throws Failure for malformed JSON, another type, nesting beyond
// kMaxValueDepth, or an integer beyond 64 bits.
std::vector<std::pair<std::string, Value>> read_json_object(std::string_view json);

// The filter tojson(ensure_ascii=false, indent=none, separators=none, sort_keys=false): Python's
// json.dumps.
Value filter_tojson(Runtime& runtime, const Value& input, const Arguments& arguments);

}  // namespace quorum::jinja
