#include "engine/jinja/operators.h"

#include <cmath>

#include "engine/jinja/printing.h"
#include "engine/jinja/unicode.h"

namespace quorum::jinja {

bool is_true(const Value& value) {
  switch (value.kind()) {
    case Kind::kUndefined:
    case Kind::kNone: return false;
    case Kind::kBool:
    case Kind::kInt: return value.as_int() != 0;
    case Kind::kFloat: return value.as_double() != 0;
    case Kind::kText: return !value.as_text().empty();
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kView: return !value.items().empty();
    case Kind::kDict: return !value.as_dict().entries.empty();
    case Kind::kRange: return value.as_range().size() != 0;
    default: return true;
  }
}

namespace {

// -1, 0, 1; 2 where a NaN makes them unordered. Exact for an integer against a float.
int order_numbers(const Value& left, const Value& right) {
  if (left.is_integral() && right.is_integral())
    return left.as_int() < right.as_int() ? -1 : left.as_int() > right.as_int() ? 1 : 0;
  const auto exact = [](const Value& value) {
    return value.is_integral() ? static_cast<long double>(value.as_int())
                               : static_cast<long double>(value.as_double());
  };
  const long double a = exact(left), b = exact(right);
  return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
}

bool equal_items(Runtime& runtime, const std::vector<Value>& left,
                 const std::vector<Value>& right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!equal(runtime, left[i], right[i])) return false;
  return true;
}

}  // namespace

bool equal(Runtime& runtime, const Value& left, const Value& right) {
  runtime.charge(1);
  if (left.is_number() && right.is_number()) return order_numbers(left, right) == 0;
  if (left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case Kind::kUndefined:
    case Kind::kNone: return true;
    case Kind::kText:
      runtime.charge(std::min(left.as_text().size(), right.as_text().size()) / 64);
      return left.as_text() == right.as_text();
    case Kind::kList:
    case Kind::kTuple: return equal_items(runtime, left.items(), right.items());
    case Kind::kView:
      return left.identity() == right.identity() ||
             (std::string_view(left.view_name()) != "dict_values" &&
              equal_items(runtime, left.items(), right.items()));
    case Kind::kDict: {
      const auto& entries = left.as_dict().entries;
      if (entries.size() != right.as_dict().entries.size()) return false;
      for (const auto& [key, value] : entries) {
        runtime.charge_key(key);
        const Value* other = right.as_dict().find(key);
        if (other == nullptr || !equal(runtime, value, *other)) return false;
      }
      return true;
    }
    case Kind::kRange: return hash_key(left) == hash_key(right);
    default: return left.identity() == right.identity();
  }
}

bool less(Runtime& runtime, const Value& left, const Value& right) {
  runtime.charge(1);
  if (left.is_number() && right.is_number()) return order_numbers(left, right) == -1;
  if (left.is_undefined()) throw Failure(left.undefined_message());
  if (right.is_undefined()) throw Failure(right.undefined_message());
  if (left.is_text() && right.is_text()) {
    runtime.charge(std::min(left.as_text().size(), right.as_text().size()) / 64);
    return left.as_text() < right.as_text();  // bytes of UTF-8 order as code points do
  }
  if (left.is_sequence() && left.kind() == right.kind()) {
    const auto &a = left.items(), &b = right.items();
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
      if (!equal(runtime, a[i], b[i])) return less(runtime, a[i], b[i]);
    return a.size() < b.size();
  }
  throw Failure("'<' not supported between instances of '" + type_name(left) + "' and '" +
                type_name(right) + "'");
}

bool contains(Runtime& runtime, const Value& container, const Value& item) {
  switch (container.kind()) {
    case Kind::kText:
      if (!item.is_text())
        throw Failure("'in <string>' requires string as left operand, not " + type_name(item));
      runtime.charge_search(container.as_text(), item.as_text());
      return container.as_text().find(item.as_text()) != std::string::npos;
    case Kind::kDict: runtime.charge_key(item); return container.as_dict().find(item) != nullptr;
    case Kind::kGenerator: {
      SequenceObject& generator = container.as_generator();
      while (generator.next < generator.items.size())
        if (equal(runtime, generator.items[generator.next++], item)) return true;
      return false;
    }
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kView:
      for (const Value& element : container.items())
        if (equal(runtime, element, item)) return true;
      return false;
    case Kind::kUndefined: return false;
    case Kind::kRange:
      for (const Value& element : iterate(runtime, container))
        if (equal(runtime, element, item)) return true;
      return false;
    default: throw Failure("argument of type '" + type_name(container) + "' is not iterable");
  }
}

bool compare(Runtime& runtime, Comparison comparison, const Value& left, const Value& right) {
  const auto no_order = [&] {
    return left.is_number() && right.is_number() && order_numbers(left, right) == 2;
  };
  switch (comparison) {
    case Comparison::kEqual: return equal(runtime, left, right);
    case Comparison::kNotEqual: return !equal(runtime, left, right);
    case Comparison::kLess: return less(runtime, left, right);
    case Comparison::kGreater: return less(runtime, right, left);
    case Comparison::kLessEqual: return !less(runtime, right, left) && !no_order();
    case Comparison::kGreaterEqual: return !less(runtime, left, right) && !no_order();
    case Comparison::kIn: return contains(runtime, right, left);
    case Comparison::kNotIn: return !contains(runtime, right, left);
  }
  return false;
}

bool is_iterable(const Value& value) {
  switch (value.kind()) {
    case Kind::kNone:
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kFloat:
    case Kind::kNamespace:
    case Kind::kCallable: return false;
    default: return true;
  }
}

std::vector<Value> iterate(Runtime& runtime, const Value& value) {
  std::vector<Value> result;
  switch (value.kind()) {
    case Kind::kUndefined: break;
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kView:
      runtime.charge(2 * value.items().size());
      result = value.items();
      break;
    case Kind::kGenerator: {
      SequenceObject& generator = value.as_generator();
      runtime.charge(2 * (generator.items.size() - generator.next));
      result.assign(generator.items.begin() + static_cast<std::ptrdiff_t>(generator.next),
                    generator.items.end());
      generator.next = generator.items.size();
      break;
    }
    case Kind::kText: {
      runtime.charge(8 * static_cast<std::size_t>(value.code_points()));
      result.reserve(static_cast<std::size_t>(value.code_points()));
      for (std::string& part : split_code_points(value.as_text()))
        result.push_back(Value::text(std::move(part)));
      break;
    }
    case Kind::kDict:
      runtime.charge(2 * value.as_dict().entries.size());
      for (const auto& [key, entry] : value.as_dict().entries) result.push_back(key);
      break;
    case Kind::kRange: {
      const RangeObject& range = value.as_range();
      runtime.charge(2 * static_cast<std::size_t>(range.size()));
      for (std::int64_t i = 0; i < range.size(); ++i) result.push_back(Value::integer(range.at(i)));
      break;
    }
    default: throw Failure("'" + type_name(value) + "' object is not iterable");
  }
  return result;
}

bool has_length(const Value& value) { return is_iterable(value) && !value.is(Kind::kGenerator); }

std::int64_t length(const Value& value) {
  switch (value.kind()) {
    case Kind::kUndefined: return 0;
    case Kind::kText: return value.code_points();
    case Kind::kList:
    case Kind::kTuple:
    case Kind::kView: return static_cast<std::int64_t>(value.items().size());
    case Kind::kDict: return static_cast<std::int64_t>(value.as_dict().entries.size());
    case Kind::kRange: return value.as_range().size();
    case Kind::kLoop:
      if (value.as_loop().items) return static_cast<std::int64_t>(value.as_loop().items->size());
      [[fallthrough]];
    default: throw Failure("object of type '" + type_name(value) + "' has no len()");
  }
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '\'': out += "&#39;"; break;
      case '"': out += "&#34;"; break;
      default: out += c;
    }
  }
  return out;
}

Value concatenate(Runtime& runtime, const Value& left, const Value& right) {
  const bool markup = left.is_markup() || right.is_markup();
  const auto part = [&](const Value& value) {
    return markup && !value.is_markup() ? escape_html(value.as_text()) : value.as_text();
  };
  if (left.as_text().size() + right.as_text().size() > kMaxTextBytes)
    throw Failure("a string grows beyond 16 MiB");
  return runtime.text(part(left) + part(right), markup);
}

}  // namespace quorum::jinja
