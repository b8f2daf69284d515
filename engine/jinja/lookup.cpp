// Members, subscripts and slices.
#include <algorithm>

#include "engine/jinja/builtins.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/unicode.h"

namespace quorum::jinja {
namespace {

std::int64_t slice_index(const Value& value) {
  if (value.is_integral()) return value.as_int();
  throw Failure("slice indices must be integers or None or have an __index__ method");
}

// What `slice.indices(size)` gives, as the selected positions.
RangeObject slice_positions(std::int64_t size, const Value& start, const Value& stop,
                            const Value& step) {
  RangeObject range;
  range.step = step.is_none() ? 1 : slice_index(step);
  if (range.step == 0) throw Failure("slice step cannot be zero");
  const bool forward = range.step > 0;
  const std::int64_t lowest = forward ? 0 : -1, highest = forward ? size : size - 1;
  const auto clamp = [&](const Value& bound, std::int64_t otherwise) {
    if (bound.is_none()) return otherwise;
    std::int64_t index = slice_index(bound);
    if (index < 0) index = index < -size ? lowest : std::max(index + size, lowest);
    return std::min(index, highest);
  };
  range.start = clamp(start, forward ? lowest : highest);
  range.stop = clamp(stop, forward ? highest : lowest);
  return range;
}

Value slice_text(Runtime& runtime, const Value& value, const RangeObject& range) {
  const std::string& text = value.as_text();
  runtime.charge(text.size() / 64);
  if (range.step == 1) {
    const std::size_t begin = byte_offset(text, range.start);
    const std::string_view rest = std::string_view(text).substr(begin);
    return runtime.text(std::string(rest.substr(0, byte_offset(rest, range.size()))),
                        value.is_markup());
  }
  runtime.charge(text.size() / 16);
  const std::u32string points = decode(text);
  std::u32string out;
  for (std::int64_t i = 0; i < range.size(); ++i)
    out += points[static_cast<std::size_t>(range.at(i))];
  return runtime.text(encode(out), value.is_markup());
}

std::optional<Value> element(Runtime& runtime, const Value& value, std::int64_t index) {
  const std::int64_t size = length(value);
  if (index < 0) index += size;
  if (index < 0 || index >= size) return std::nullopt;
  if (value.is(Kind::kRange)) return Value::integer(value.as_range().at(index));
  if (!value.is_text()) return value.items()[static_cast<std::size_t>(index)];
  const std::string_view text = value.as_text();
  runtime.charge(1 + static_cast<std::size_t>(index) / 64);
  // Pure ASCII needs no scan.
  const std::size_t begin = static_cast<std::size_t>(size) == text.size()
                                ? static_cast<std::size_t>(index)
                                : byte_offset(text, index);
  const std::string_view rest = text.substr(begin);
  return Value::text(std::string(rest.substr(0, byte_offset(rest, 1))), value.is_markup());
}

}  // namespace

Value get_attribute(Runtime& runtime, const Value& value, std::string_view name) {
  if (value.is_undefined()) throw Failure(value.undefined_message());
  if (auto attribute = find_attribute(runtime, value, name)) return std::move(*attribute);
  if (value.is(Kind::kDict)) {
    if (const Value* item = value.as_dict().find(name)) return *item;
  }
  return Value::undefined_member(value, Value::text(std::string(name)));
}

Value get_item(Runtime& runtime, const Value& value, const Value& key) {
  switch (value.kind()) {
    case Kind::kUndefined: throw Failure(value.undefined_message());
    case Kind::kDict:
      if (key.is(Kind::kList) || key.is(Kind::kDict)) break;
      runtime.charge_key(key);
      if (const Value* item = value.as_dict().find(key)) return *item;
      break;
    case Kind::kText:
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kRange:
      if (!key.is_integral()) break;
      if (auto item = element(runtime, value, key.as_int())) return std::move(*item);
      break;
    default: break;
  }
  if (key.is_text())
    if (auto attribute = find_attribute(runtime, value, key.as_text()))
      return std::move(*attribute);
  return Value::undefined_member(value, key);
}

Value get_slice(Runtime& runtime, const Value& value, const Value& start, const Value& stop,
                const Value& step) {
  if (value.is_undefined()) throw Failure(value.undefined_message());
  if (!value.is_text() && !value.is_sequence() && !value.is(Kind::kRange))
    throw Failure("'" + type_name(value) + "' object cannot be sliced");
  const RangeObject range = slice_positions(length(value), start, stop, step);
  if (value.is_text()) return slice_text(runtime, value, range);
  if (value.is(Kind::kRange)) {
    const RangeObject& whole = value.as_range();
    const auto step_product = static_cast<std::int64_t>(static_cast<std::uint64_t>(whole.step) *
                                                        static_cast<std::uint64_t>(range.step));
    return Value::range(whole.at(range.start), whole.at(range.stop), step_product);
  }
  std::vector<Value> items;
  for (std::int64_t i = 0; i < range.size(); ++i)
    items.push_back(value.items()[static_cast<std::size_t>(range.at(i))]);
  return value.is(Kind::kList) ? runtime.list(std::move(items)) : runtime.tuple(std::move(items));
}

}  // namespace quorum::jinja
