#include "benchmarks/math/compat_math_verify_value.h"

#include <cmath>

#include "base/text.h"
#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/approximate.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/number.h"
#include "benchmarks/math/units.h"

namespace quorum::math_verify {
namespace {

constexpr std::size_t kMaxItems = 64;

class Reader {
 public:
  explicit Reader(Log& log) : log_(log) {}

  Value read(std::string_view text, int depth) {
    Value value;
    text = trim(text);
    value.text = text;
    if (depth > kMaxDepth || text.empty()) return value;
    if (text.size() > 2 && text.front() == '{' && group_end(text, 0) == text.size())
      return read(text.substr(1, text.size() - 2), depth + 1);
    if (const Parts parts = split_list(text); parts.list.size() > 1)
      return list(parts, depth, value);
    if (relation(text, depth, value)) return value;
    if (plus_minus(text, depth, value)) return value;
    if (const auto parts = union_parts(text); parts.size() > 1) {
      value.type = Value::Type::kUnion;
      for (const std::string_view part : parts) value.items.push_back(read(part, depth + 1));
      return value;
    }
    if (starts_with(text, "\\{") && group_end(text, 0) == text.size() && text.size() > 4) {
      const Parts parts = split_list(text.substr(2, text.size() - 4));
      return list(parts, depth, value);
    }
    if ((text.front() == '(' || text.front() == '[') && group_end(text, 0) == text.size())
      return bracketed(text, depth, value);
    if (starts_with(text, "\\begin{")) matrix(text, depth, value);
    return value;
  }

 private:
  // Around the \cup outside of brackets.
  static std::vector<std::string_view> union_parts(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    int level = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char c = text[at];
      if (c == '{' || c == '(' || c == '[') ++level;
      if (c == '}' || c == ')' || c == ']') --level;
      if (level != 0 || !starts_with(text.substr(at), "\\cup")) continue;
      parts.push_back(text.substr(begin, at - begin));
      begin = at + 4;
    }
    parts.push_back(text.substr(begin));
    return parts;
  }

  Value list(const Parts& parts, int depth, Value value) {
    if (parts.list.size() > kMaxItems) return value;
    // "x = 1, 2" names one set.
    std::string_view first = parts.list.front();
    const std::size_t equals = first.find('=');
    bool others = false;
    for (std::size_t i = 1; i < parts.list.size(); ++i) others = others || has_sign(parts.list[i]);
    if (equals != std::string_view::npos && !others && parts.list.size() > 1 &&
        !has_relation(first)) {
      value.type = Value::Type::kRelation;
      value.relations = {"="};
      value.items.push_back(read(first.substr(0, equals), depth + 1));
      Parts rest = parts;
      rest.list.front() = trim(first.substr(equals + 1));
      Value set;
      set.text = value.text;
      value.items.push_back(list(rest, depth + 1, set));
      return value;
    }
    value.type = Value::Type::kSet;
    for (const std::string_view part : parts.list) {
      Value item = read(part, depth + 1);
      if (item.type == Value::Type::kSet && part.find("\\pm") != std::string_view::npos) {
        for (Value& one : item.items) value.items.push_back(std::move(one));
      } else {
        value.items.push_back(std::move(item));
      }
    }
    return value;
  }

  static bool has_sign(std::string_view text) {
    return text.find('=') != std::string_view::npos || has_relation(text);
  }

  bool relation(std::string_view text, int depth, Value& value) {
    struct Sign {
      std::string_view text, name;
    };
    static constexpr Sign kSigns[] = {
        {"\\le", "\\le"}, {"\\ge", "\\ge"}, {"<=", "\\le"},   {">=", "\\ge"}, {"<", "<"},
        {">", ">"},       {"=", "="},       {"\\ne", "\\ne"}, {"\\in", "="},  {"\\approx", "~"}};
    std::vector<std::string_view> sides;
    std::vector<std::string> relations;
    std::size_t begin = 0;
    int level = 0;
    for (std::size_t at = 0; at < text.size();) {
      const char c = text[at];
      if (c == '{' || c == '(' || c == '[') ++level;
      if (c == '}' || c == ')' || c == ']') --level;
      std::size_t bytes = 0;
      for (const Sign& sign : kSigns) {
        if (level != 0 || bytes != 0 || !starts_with(text.substr(at), sign.text)) continue;
        const std::size_t end = at + sign.text.size();
        if (sign.text[0] == '\\' && end < text.size() && is_letter(text[end])) continue;
        bytes = sign.text.size();
        sides.push_back(trim(text.substr(begin, at - begin)));
        relations.emplace_back(sign.name);
      }
      if (bytes == 0 && c == '\\') {
        ++at;
        while (at < text.size() && is_letter(text[at])) ++at;
        if (at < text.size() && !is_letter(text[at]) && text[at - 1] == '\\') ++at;
        continue;
      }
      at += bytes == 0 ? 1 : bytes;
      if (bytes != 0) begin = at;
    }
    if (relations.empty()) return false;
    sides.push_back(trim(text.substr(begin)));
    for (const std::string_view side : sides)
      if (side.empty()) return false;
    // "x \approx 5" is 5, "1/3 \approx 0.3" is 1/3.
    if (relations.back() == "~") {
      const bool symbol = sides.size() == 2 && symbols_only(sides[0]);
      if (symbol && !log_.applies(Rule::kOuterMarks)) return false;
      value = symbol ? read(sides[1], depth + 1)
                     : read(text.substr(0, text.rfind("\\approx")), depth + 1);
      return true;
    }
    for (const std::string& name : relations)
      if (name == "~") return false;
    value.type = Value::Type::kRelation;
    value.relations = std::move(relations);
    for (const std::string_view side : sides) value.items.push_back(read(side, depth + 1));
    return true;
  }

  bool plus_minus(std::string_view text, int depth, Value& value) {
    const std::size_t at = text.find("\\pm");
    if (at == std::string_view::npos || text.find("\\pm", at + 3) != std::string_view::npos ||
        text.front() == '(' || text.front() == '[' || text.front() == '\\')
      if (at != 0 || text.find("\\pm", 3) != std::string_view::npos) return false;
    const std::string before(trim(text.substr(0, at))), behind(text.substr(at + 3));
    value.type = Value::Type::kSet;
    value.items = {read(before.empty() ? behind : before + "+" + behind, depth + 1),
                   read(before + "-" + behind, depth + 1)};
    return true;
  }

  Value bracketed(std::string_view text, int depth, Value value) {
    const std::string_view inside = trim(text.substr(1, text.size() - 2));
    const Parts parts = split_list(inside);
    if (parts.list.size() == 1) {
      if (inside.empty()) return value;
      if (text.front() == '[' && !log_.applies(Rule::kOuterMarks)) return value;
      return read(inside, depth + 1);
    }
    if (parts.list.size() > kMaxItems) return value;
    for (const std::string_view part : parts.list) value.items.push_back(read(part, depth + 1));
    value.type = Value::Type::kTuple;
    value.form = {text.front(), text.back()};
    if (parts.list.size() != 2) return value;
    const auto low = number_of(parts.list[0]), high = number_of(parts.list[1]);
    if (low && high && !(*low < *high)) return value;
    value.type = Value::Type::kInterval;
    const bool low_end = low && std::isinf(*low) && value.form[0] == '[';
    const bool high_end = high && std::isinf(*high) && value.form[1] == ']';
    if ((low_end || high_end) && log_.applies(Rule::kInfiniteEnd)) {
      if (low_end) value.form[0] = '(';
      if (high_end) value.form[1] = ')';
      value.text = value.form.substr(0, 1) + value.items[0].text + "," + value.items[1].text +
                   value.form.substr(1);
    }
    return value;
  }

  void matrix(std::string_view text, int depth, Value& value) {
    const std::size_t name_end = text.find('}');
    const std::string kind(text.substr(7, name_end - 7));
    if (kind.size() < 6 || kind.find("matrix") == std::string::npos) return;
    if (kind != "pmatrix" && kind != "bmatrix" && !log_.applies(Rule::kMatrixKinds)) return;
    if (kind == "vmatrix" || kind == "Vmatrix") return;
    const std::string close = "\\end{" + kind + "}";
    if (text.size() < name_end + 1 + close.size() ||
        text.substr(text.size() - close.size()) != close)
      return;
    std::string_view body =
        trim(text.substr(name_end + 1, text.size() - name_end - 1 - close.size()));
    if (body.size() >= 2 && body.substr(body.size() - 2) == "\\\\") body.remove_suffix(2);
    std::size_t rows = 0, begin = 0;
    for (std::size_t at = 0; at <= body.size(); ++at) {
      const bool row = at == body.size() || body.substr(at, 2) == "\\\\";
      if (!row && body[at] != '&') continue;
      value.items.push_back(read(body.substr(begin, at - begin), depth + 1));
      rows += row ? 1 : 0;
      at += row ? 1 : 0;
      begin = at + 1;
    }
    value.type = Value::Type::kMatrix;
    value.form = std::to_string(rows) + "x" + std::to_string(value.items.size() / rows);
  }

  Log& log_;
};

}  // namespace

std::optional<long double> number_of(std::string_view text) {
  text = trim(text);
  if (text == "\\infty" || text == "+\\infty") return HUGE_VALL;
  if (text == "-\\infty") return -HUGE_VALL;
  if (const auto quantity = parse_quantity(text); quantity && is_formal_unit(quantity->unit))
    return to_float(quantity->value);
  const auto expression = parse_expression(text);
  if (!expression || !is_constant(*expression)) return std::nullopt;
  const auto value = approximate(*expression);
  if (!value || std::abs(value->imag()) > 1e-15L) return std::nullopt;
  return value->real();
}

bool symbols_only(std::string_view text) {
  text = trim(text);
  if (text.empty()) return false;
  if (is_symbol(text)) return true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\') {
      std::size_t end = at + 1;
      while (end < text.size() && is_letter(text[end])) ++end;
      const std::string_view name = text.substr(at + 1, end - at - 1);
      if (name == "sqrt" || name == "pi" || name == "infty") return false;
      at = end - 1;
      continue;
    }
    if (c == '_') {
      const std::size_t end =
          at + 1 < text.size() && text[at + 1] == '{' ? group_end(text, at + 1) : at + 2;
      if (end == std::string_view::npos) return false;
      at = end - 1;
      continue;
    }
    if (is_letter(c) ? c == 'e'
                     : std::string_view(" +-(),/{}|'\x01\x02").find(c) == std::string_view::npos)
      return false;
  }
  return true;
}

Value read_value(std::string_view normal_form, Log& log) {
  return Reader(log).read(normal_form, 0);
}

}  // namespace quorum::math_verify
