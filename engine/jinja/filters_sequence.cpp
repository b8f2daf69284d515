// Filters that make one sequence or value of a sequence.
#include <algorithm>

#include "engine/jinja/builtins.h"
#include "engine/jinja/filters.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/unicode.h"

namespace quorum::jinja {

Value filter_length(Runtime&, const Value& input, const Arguments& arguments) {
  const Bound bound("length", arguments, {});
  return Value::integer(length(input));
}

Value filter_list(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("list", arguments, {});
  return runtime.list(iterate(runtime, input));
}

Value filter_items(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("items", arguments, {});
  if (input.is_undefined()) return runtime.generator({});
  if (!input.is(Kind::kDict)) throw Failure("Can only get item pairs from a mapping.");
  std::vector<Value> pairs;
  for (const auto& [key, value] : input.as_dict().entries)
    pairs.push_back(runtime.tuple({key, value}));
  return runtime.generator(std::move(pairs));
}

Value filter_first(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("first", arguments, {});
  if (input.is(Kind::kGenerator)) {
    SequenceObject& generator = input.as_generator();
    if (generator.next < generator.items.size()) return generator.items[generator.next++];
  } else if (input.is_text()) {
    if (!input.as_text().empty()) return get_item(runtime, input, Value::integer(0));
  } else if (const std::vector<Value> items = iterate(runtime, input); !items.empty()) {
    return items.front();
  }
  return Value::undefined_because("No first item, sequence was empty.");
}

Value filter_last(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("last", arguments, {});
  if (input.is(Kind::kGenerator) || input.is(Kind::kLoop))
    throw Failure("'" + type_name(input) + "' object is not reversible");
  if (input.is_text()) {
    if (!input.as_text().empty()) return get_item(runtime, input, Value::integer(-1));
  } else if (const std::vector<Value> items = iterate(runtime, input); !items.empty()) {
    return items.back();
  }
  return Value::undefined_because("No last item, sequence was empty.");
}

Value filter_reverse(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("reverse", arguments, {});
  if (input.is_text())
    return get_slice(runtime, input, Value::none(), Value::none(), Value::integer(-1));
  std::vector<Value> items = iterate(runtime, input);
  std::reverse(items.begin(), items.end());
  return input.is(Kind::kGenerator) ? runtime.list(std::move(items))
                                    : runtime.generator(std::move(items));
}

Value filter_batch(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("batch", arguments, {"linecount", "fill_with"}, 1);
  const std::int64_t size = bound.integer(0, 0);
  std::vector<Value> batches, batch;
  for (const Value& item : iterate(runtime, input)) {
    if (static_cast<std::int64_t>(batch.size()) == size) {
      batches.push_back(runtime.list(std::move(batch)));
      batch.clear();
    }
    batch.push_back(item);
  }
  if (!batch.empty()) {
    if (const Value* fill = bound.optional(1)) {
      const std::int64_t missing = size - static_cast<std::int64_t>(batch.size());
      if (missing > 0) {
        runtime.charge(2 * static_cast<std::size_t>(missing));
        batch.insert(batch.end(), static_cast<std::size_t>(missing), *fill);
      }
    }
    batches.push_back(runtime.list(std::move(batch)));
  }
  return runtime.generator(std::move(batches));
}

Value filter_slice(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("slice", arguments, {"slices", "fill_with"}, 1);
  const std::vector<Value> items = iterate(runtime, input);
  const std::int64_t slices = bound.integer(0, 0);
  if (slices == 0) throw Failure("integer division or modulo by zero");
  if (slices > 100'000) throw Failure("slice(): too many slices");
  std::vector<Value> result;
  if (slices < 0) return runtime.generator({});
  const auto size = static_cast<std::int64_t>(items.size());
  const std::int64_t each = size / slices, with_extra = size % slices;
  auto next = items.begin();
  for (std::int64_t i = 0; i < slices; ++i) {
    const auto end = next + each + (i < with_extra ? 1 : 0);
    std::vector<Value> slice(next, end);
    next = end;
    if (bound.optional(1) != nullptr && i >= with_extra) slice.push_back(bound[1]);
    result.push_back(runtime.list(std::move(slice)));
  }
  return runtime.generator(std::move(result));
}

Value filter_sum(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("sum", arguments, {"attribute", "start"});
  const AttributeGetter attribute(runtime, bound.optional(0) ? bound[0] : Value::none());
  Value total = bound.has(1) ? bound[1] : Value::integer(0);
  if (total.is_text()) throw Failure("sum() can't sum strings [use ''.join(seq) instead]");
  for (const Value& item : iterate(runtime, input))
    total = arithmetic(runtime, Operator::kAdd, total, attribute(item));
  return total;
}

namespace {

Value extreme(Runtime& runtime, const char* name, const Value& input, const Arguments& arguments,
              bool largest) {
  const Bound bound(name, arguments, {"case_sensitive", "attribute"});
  const bool case_sensitive = bound.truth(0, false);
  const AttributeGetter attribute(runtime, bound.optional(1) ? bound[1] : Value::none());
  const auto key = [&](const Value& item) {
    return case_sensitive ? attribute(item) : without_case(runtime, attribute(item));
  };
  const std::vector<Value> items = iterate(runtime, input);
  if (items.empty()) return Value::undefined_because("No aggregated item, sequence was empty.");
  Value best = items[0], best_key = key(best);
  for (std::size_t i = 1; i < items.size(); ++i) {
    Value next_key = key(items[i]);
    if (!(largest ? less(runtime, best_key, next_key) : less(runtime, next_key, best_key)))
      continue;
    best = items[i];
    best_key = std::move(next_key);
  }
  return best;
}

// A stable sort by keys made beforehand.
std::vector<Value> sort_by(Runtime& runtime, std::vector<std::pair<Value, Value>> keyed,
                           bool reverse) {
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    return reverse ? less(runtime, b.first, a.first) : less(runtime, a.first, b.first);
  });
  std::vector<Value> items;
  items.reserve(keyed.size());
  for (auto& [key, item] : keyed) items.push_back(std::move(item));
  return items;
}

}  // namespace

Value filter_min(Runtime& runtime, const Value& input, const Arguments& arguments) {
  return extreme(runtime, "min", input, arguments, false);
}

Value filter_max(Runtime& runtime, const Value& input, const Arguments& arguments) {
  return extreme(runtime, "max", input, arguments, true);
}

Value filter_sort(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("sort", arguments, {"reverse", "case_sensitive", "attribute"});
  const bool case_sensitive = bound.truth(1, false);
  std::vector<AttributeGetter> attributes;
  const Value attribute = bound.optional(2) ? bound[2] : Value::none();
  if (attribute.is_text()) {
    Arguments comma;
    comma.positional.push_back(Value::text(","));
    const Value names = apply_filter(runtime, "string", attribute, {});
    const Value split =
        find_attribute(runtime, names, "split")->as_callable().function(runtime, names, comma);
    for (const Value& name : split.items()) attributes.emplace_back(runtime, name);
  } else {
    attributes.emplace_back(runtime, attribute);
  }
  std::vector<std::pair<Value, Value>> keyed;
  for (Value& item : iterate(runtime, input)) {
    std::vector<Value> keys;
    for (const AttributeGetter& getter : attributes)
      keys.push_back(case_sensitive ? getter(item) : without_case(runtime, getter(item)));
    keyed.emplace_back(runtime.list(std::move(keys)), std::move(item));
  }
  return runtime.list(sort_by(runtime, std::move(keyed), bound.truth(0, false)));
}

Value filter_dictsort(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("dictsort", arguments, {"case_sensitive", "by", "reverse"});
  const std::string by = bound.has(1) ? bound.text(1) : "key";
  if (by != "key" && by != "value")
    throw Failure("You can only sort by either \"key\" or \"value\"");
  if (input.is_undefined()) throw Failure(input.undefined_message());
  if (!input.is(Kind::kDict)) throw Failure("dictsort() needs a mapping, got " + type_name(input));
  std::vector<std::pair<Value, Value>> keyed;
  for (const auto& [key, value] : input.as_dict().entries) {
    const Value& sorted = by == "key" ? key : value;
    keyed.emplace_back(bound.truth(0, false) ? sorted : without_case(runtime, sorted),
                       runtime.tuple({key, value}));
  }
  return runtime.list(sort_by(runtime, std::move(keyed), bound.truth(2, false)));
}

}  // namespace quorum::jinja
