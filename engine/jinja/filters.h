// The filters, by theme; builtins.cpp has their names.
#pragma once

#include <functional>

#include "engine/jinja/callable.h"
#include "engine/jinja/runtime.h"

namespace quorum::jinja {

Value filter_abs(Runtime&, const Value&, const Arguments&);
Value filter_attr(Runtime&, const Value&, const Arguments&);
Value filter_batch(Runtime&, const Value&, const Arguments&);
Value filter_capitalize(Runtime&, const Value&, const Arguments&);
Value filter_center(Runtime&, const Value&, const Arguments&);
Value filter_default(Runtime&, const Value&, const Arguments&);
Value filter_dictsort(Runtime&, const Value&, const Arguments&);
Value filter_escape(Runtime&, const Value&, const Arguments&);
Value filter_first(Runtime&, const Value&, const Arguments&);
Value filter_float(Runtime&, const Value&, const Arguments&);
Value filter_forceescape(Runtime&, const Value&, const Arguments&);
Value filter_format(Runtime&, const Value&, const Arguments&);
Value filter_indent(Runtime&, const Value&, const Arguments&);
Value filter_int(Runtime&, const Value&, const Arguments&);
Value filter_items(Runtime&, const Value&, const Arguments&);
Value filter_join(Runtime&, const Value&, const Arguments&);
Value filter_last(Runtime&, const Value&, const Arguments&);
Value filter_length(Runtime&, const Value&, const Arguments&);
Value filter_list(Runtime&, const Value&, const Arguments&);
Value filter_lower(Runtime&, const Value&, const Arguments&);
Value filter_map(Runtime&, const Value&, const Arguments&);
Value filter_max(Runtime&, const Value&, const Arguments&);
Value filter_min(Runtime&, const Value&, const Arguments&);
Value filter_reject(Runtime&, const Value&, const Arguments&);
Value filter_rejectattr(Runtime&, const Value&, const Arguments&);
Value filter_replace(Runtime&, const Value&, const Arguments&);
Value filter_reverse(Runtime&, const Value&, const Arguments&);
Value filter_round(Runtime&, const Value&, const Arguments&);
Value filter_safe(Runtime&, const Value&, const Arguments&);
Value filter_select(Runtime&, const Value&, const Arguments&);
Value filter_selectattr(Runtime&, const Value&, const Arguments&);
Value filter_slice(Runtime&, const Value&, const Arguments&);
Value filter_sort(Runtime&, const Value&, const Arguments&);
Value filter_string(Runtime&, const Value&, const Arguments&);
Value filter_sum(Runtime&, const Value&, const Arguments&);
Value filter_title(Runtime&, const Value&, const Arguments&);
Value filter_trim(Runtime&, const Value&, const Arguments&);
Value filter_truncate(Runtime&, const Value&, const Arguments&);
Value filter_unique(Runtime&, const Value&, const Arguments&);
Value filter_upper(Runtime&, const Value&, const Arguments&);
Value filter_urlencode(Runtime&, const Value&, const Arguments&);
Value filter_wordcount(Runtime&, const Value&, const Arguments&);

// The attribute "a.b.0" of an item, or an index; none gives the item itself. `otherwise` replaces
// what is undefined.
class AttributeGetter {
 public:
  AttributeGetter(Runtime& runtime, const Value& path, const Value* otherwise = nullptr);
  Value operator()(const Value& item) const;

 private:
  Runtime& runtime_;
  std::vector<Value> parts_;
  const Value* otherwise_;
};

// Strings in lower case, other values as they are: how sorting ignores case.
Value without_case(Runtime& runtime, const Value& value);

}  // namespace quorum::jinja
