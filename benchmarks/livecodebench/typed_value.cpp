#include "benchmarks/livecodebench/typed_value.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "base/text.h"

namespace quorum::code {

using Kind = TypedValue::Kind;

TypedValue TypedValue::number(double value) {
  TypedValue out;
  out.kind = std::isnan(value) ? Kind::kOther : Kind::kNumber;
  char buffer[400];
  // %.0f prints every integral double exactly, in the form that integers have.
  const bool integral = std::isfinite(value) && value == std::trunc(value);
  std::snprintf(buffer, sizeof buffer, integral ? "%.0f" : "%a", value == 0 ? 0.0 : value);
  out.text = buffer;
  return out;
}

TypedValue TypedValue::integer(std::string_view digits) {
  TypedValue out;
  out.kind = Kind::kNumber;
  const bool negative = !digits.empty() && digits[0] == '-';
  if (negative) digits.remove_prefix(1);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  out.text = digits.empty() ? "0" : (negative ? "-" : "") + std::string(digits);
  return out;
}

namespace {

// Two maps are equal when they have the same keys with equal values; keys that are no text equal
// none of JSON's.
bool equal_maps(const TypedValue& a, const TypedValue& b) {
  if (a.items.size() != b.items.size()) return false;
  std::map<std::string_view, const TypedValue*> values;
  for (std::size_t i = 0; i < a.items.size(); i += 2) {
    if (a.items[i].kind != Kind::kText) return false;
    values[a.items[i].text] = &a.items[i + 1];
  }
  for (std::size_t i = 0; i < b.items.size(); i += 2) {
    if (b.items[i].kind != Kind::kText) return false;
    const auto found = values.find(b.items[i].text);
    if (found == values.end() || !equal_values(*found->second, b.items[i + 1])) return false;
  }
  return true;
}

void show(const TypedValue& value, std::size_t bytes, std::string& out) {
  if (out.size() >= bytes) return;
  const auto items = [&](const char* open, const char* close) {
    out += open;
    for (std::size_t i = 0; i < value.items.size() && out.size() < bytes; ++i) {
      if (i > 0) out += value.kind == Kind::kMap && i % 2 == 1 ? ": " : ", ";
      show(value.items[i], bytes, out);
    }
    out += close;
  };
  switch (value.kind) {
    case Kind::kNone: out += "None"; break;
    case Kind::kNumber: out += value.text.substr(0, bytes); break;
    case Kind::kText: out += '"' + sanitize_utf8(value.text.substr(0, bytes)) + '"'; break;
    case Kind::kList: items("[", "]"); break;
    case Kind::kTuple: items("(", ")"); break;
    case Kind::kMap: items("{", "}"); break;
    case Kind::kOther: out += '<' + sanitize_utf8(value.text.substr(0, bytes)) + '>'; break;
  }
}

}  // namespace

bool equal_values(const TypedValue& a, const TypedValue& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kNone: return true;
    case Kind::kNumber:
    case Kind::kText: return a.text == b.text;
    case Kind::kList:
    case Kind::kTuple:
      return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                        equal_values);
    case Kind::kMap: return equal_maps(a, b);
    case Kind::kOther: return false;
  }
  return false;
}

std::size_t count_values(const TypedValue& value) {
  std::size_t count = 1;
  for (const TypedValue& item : value.items) count += count_values(item);
  return count;
}

std::string show_value(const TypedValue& value, std::size_t bytes) {
  std::string out;
  show(value, bytes, out);
  if (out.size() > bytes)
    out.resize(bytes - incomplete_utf8_tail(std::string_view(out).substr(0, bytes)));
  return out;
}

}  // namespace quorum::code
