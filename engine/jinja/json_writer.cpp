#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "engine/jinja/json.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/printing.h"
#include "engine/jinja/unicode.h"

namespace quorum::jinja {
namespace {

struct Layout {
  bool ensure_ascii = false, sort_keys = false;
  const std::string* indent = nullptr;
  std::string item_separator = ", ", key_separator = ": ";
};

std::string json_float(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return float_repr(value);
}

class Writer {
 public:
  Writer(Runtime& runtime, const Layout& layout) : runtime_(runtime), layout_(layout) {}

  void write(const Value& value, int depth) {
    runtime_.charge(1);
    switch (value.kind()) {
      case Kind::kNone: return add("null");
      case Kind::kBool: return add(value.as_int() != 0 ? "true" : "false");
      case Kind::kInt: return add(std::to_string(value.as_int()));
      case Kind::kFloat: return add(json_float(value.as_double()));
      case Kind::kText: return text(value.as_text());
      case Kind::kList:
      case Kind::kTuple: return array(value.items(), depth);
      case Kind::kDict: return object(value.as_dict(), depth);
      default: throw Failure("Object of type " + type_name(value) + " is not JSON serializable");
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void add(std::string_view text) {
    if (out_.size() + text.size() > kMaxTextBytes) throw Failure("tojson writes more than 16 MiB");
    out_ += text;
  }

  void escape_unit(unsigned unit) {
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "\\u%04x", unit);
    add(buffer);
  }

  void text(std::string_view text) {
    runtime_.charge(text.size() / 16);
    add("\"");
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t begin = at;
      const std::int32_t c = next_code_point(text, at);
      switch (c) {
        case '"': add("\\\""); continue;
        case '\\': add("\\\\"); continue;
        case '\n': add("\\n"); continue;
        case '\r': add("\\r"); continue;
        case '\t': add("\\t"); continue;
        case '\f': add("\\f"); continue;
        case '\b': add("\\b"); continue;
        default: break;
      }
      if (c >= 0 && c < 0x20) {
        escape_unit(static_cast<unsigned>(c));
      } else if (layout_.ensure_ascii && c >= 0x7F) {
        if (c < 0x10000) {
          escape_unit(static_cast<unsigned>(c));
        } else {
          escape_unit(0xD800 + static_cast<unsigned>((c - 0x10000) >> 10));
          escape_unit(0xDC00 + static_cast<unsigned>((c - 0x10000) & 0x3FF));
        }
      } else {
        add(text.substr(begin, at - begin));
      }
    }
    add("\"");
  }

  void line_break(int depth) {
    if (layout_.indent == nullptr) return;
    add("\n");
    for (int i = 0; i < depth; ++i) add(*layout_.indent);
  }

  void array(const std::vector<Value>& items, int depth) {
    if (items.empty()) return add("[]");
    add("[");
    bool first = true;
    for (const Value& item : items) {
      if (!first) add(layout_.item_separator);
      first = false;
      line_break(depth + 1);
      write(item, depth + 1);
    }
    line_break(depth);
    add("]");
  }

  std::string key_text(const Value& key) const {
    switch (key.kind()) {
      case Kind::kText: return key.as_text();
      case Kind::kNone: return "null";
      case Kind::kBool: return key.as_int() != 0 ? "true" : "false";
      case Kind::kInt: return std::to_string(key.as_int());
      case Kind::kFloat: return json_float(key.as_double());
      default: throw Failure("keys must be str, int, float, bool or None, not " + type_name(key));
    }
  }

  void object(const DictObject& dict, int depth) {
    if (dict.entries.empty()) return add("{}");
    auto entries = dict.entries;
    if (layout_.sort_keys)
      std::stable_sort(entries.begin(), entries.end(), [this](const auto& a, const auto& b) {
        return less(runtime_, a.first, b.first);
      });
    add("{");
    bool first = true;
    for (const auto& [key, value] : entries) {
      if (!first) add(layout_.item_separator);
      first = false;
      line_break(depth + 1);
      text(key_text(key));
      add(layout_.key_separator);
      write(value, depth + 1);
    }
    line_break(depth);
    add("}");
  }

  Runtime& runtime_;
  const Layout& layout_;
  std::string out_;
};

}  // namespace

Value filter_tojson(Runtime& runtime, const Value& input, const Arguments& arguments) {
  const Bound bound("tojson", arguments, {"ensure_ascii", "indent", "separators", "sort_keys"});
  Layout layout;
  layout.ensure_ascii = bound.truth(0, false);
  layout.sort_keys = bound.truth(3, false);
  std::string indent;
  if (const Value* wanted = bound.optional(1)) {
    if (wanted->is_text())
      indent = wanted->as_text();
    else if (const std::int64_t width = bound.integer(1, 0); width > 1024)
      throw Failure("tojson(): the indent is too large");
    else
      indent.assign(static_cast<std::size_t>(std::max<std::int64_t>(width, 0)), ' ');
    layout.indent = &indent;
    layout.item_separator = ",";
  }
  if (const Value* separators = bound.optional(2)) {
    const std::vector<Value> parts = iterate(runtime, *separators);
    if (parts.size() != 2 || !parts[0].is_text() || !parts[1].is_text())
      throw Failure("tojson(): separators must be two strings");
    layout.item_separator = parts[0].as_text();
    layout.key_separator = parts[1].as_text();
  }
  Writer writer(runtime, layout);
  writer.write(input, 0);
  return runtime.text(writer.take());
}

}  // namespace quorum::jinja
