#include "benchmarks/math/answer_points.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/algebra.h"
#include "benchmarks/math/answer_parser.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/interval_set.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;
using Nature = AnswerValue::Nature;

// Of "(x,y)": x and y; none of other names.
std::vector<std::string> coordinates(const AnswerValue& value) {
  if (value.name.size() < 3 || value.name.front() != '(' || value.name.back() != ')') return {};
  return split(std::string_view(value.name).substr(1, value.name.size() - 2), ',');
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "(" : ",") + name;
  return all + ")";
}

// Gives the coordinates of a point, or of all points of a list, the order of `names`; false: they
// have others.
bool reorder(AnswerValue& value, const std::vector<std::string>& names) {
  const std::vector<std::string> own = coordinates(value);
  if (own.size() != names.size() || !std::is_permutation(own.begin(), own.end(), names.begin()))
    return false;
  std::vector<AnswerValue*> points;
  if (is_round_tuple(value)) points.push_back(&value);
  if (value.type == Type::kList || value.type == Type::kSet)
    for (AnswerValue& item : value.items) points.push_back(&item);
  for (const AnswerValue* point : points)
    if (!is_round_tuple(*point) || point->items.size() != names.size()) return false;
  for (AnswerValue* point : points) {
    std::vector<AnswerValue> items;
    for (const std::string& name : names) {
      const auto at = std::find(own.begin(), own.end(), name) - own.begin();
      items.push_back(point->items[static_cast<std::size_t>(at)]);
    }
    point->items = std::move(items);
  }
  value.name = joined(names);
  return !points.empty();
}

// P, A_1, B': what names a point.
bool names_point(std::string_view text) {
  if (text.empty() || text[0] < 'A' || text[0] > 'Z') return false;
  std::size_t at = 1;
  if (at < text.size() && text[at] == '_') {
    const bool braced = text.substr(at + 1, 1) == "{";
    const std::size_t end = braced ? group_end(text, at + 1) : at + 2;
    if (end == std::string_view::npos || end > text.size()) return false;
    at = end;
  }
  while (at < text.size() && text[at] == '\'') ++at;
  return at == text.size();
}

}  // namespace

void order_coordinates(AnswerValue& value) {
  std::vector<std::string> names = coordinates(value);
  for (const std::string& name : names)
    if (name != "x" && name != "y" && name != "z") return;
  if (names.empty() || std::is_sorted(names.begin(), names.end())) return;
  std::sort(names.begin(), names.end());
  reorder(value, names);
}

void settle_nature(AnswerValue& value) {
  const auto make_point = [](AnswerValue& tuple) {
    if (is_round_tuple(tuple) && tuple.nature == Nature::kOpen) tuple.nature = Nature::kPoint;
  };
  const bool names_coordinates = !coordinates(value).empty();
  if (names_coordinates) make_point(value);
  if (names_coordinates || value.type == Type::kSet)
    for (AnswerValue& item : value.items) make_point(item);
  if (is_round_tuple(value) && value.items.size() == 2) {
    const bool endless = is_infinity(value.items[0]) || is_infinity(value.items[1]);
    if (endless || value.name.ends_with("\\in")) value.nature = Nature::kSet;
  }
  if (value.type != Type::kList) return;
  std::set<std::string_view> names;
  bool again = false;
  for (const AnswerValue& item : value.items)
    again = again || (!item.name.empty() && !names.insert(item.name).second);
  if (again || (!value.name.empty() && !names_coordinates)) value.nature = Nature::kSet;
}

std::optional<AnswerValue> in_order_of(const AnswerValue& model, const AnswerValue& value) {
  if (model.name == value.name) return std::nullopt;
  AnswerValue ordered = value;
  const std::vector<std::string> names = coordinates(model);
  return !names.empty() && reorder(ordered, names) ? std::optional(ordered) : std::nullopt;
}

// Whether some have the names of different symbols; an index makes no other symbol.
bool names_differ(const std::vector<AnswerValue>& items) {
  std::string_view first;
  for (const AnswerValue& item : items) {
    const std::string_view name = std::string_view(item.name).substr(0, item.name.find('_'));
    if (!first.empty() && !name.empty() && name != first) return true;
    if (!name.empty()) first = name;
  }
  return false;
}

bool has_no_names(const std::vector<AnswerValue>& items) {
  return std::all_of(items.begin(), items.end(),
                     [](const AnswerValue& item) { return item.name.empty(); });
}

std::vector<AnswerValue> in_order_of_coordinates(std::vector<AnswerValue> items) {
  for (const AnswerValue& item : items)
    if (item.name != "x" && item.name != "y" && item.name != "z") return items;
  std::stable_sort(items.begin(), items.end(),
                   [](const AnswerValue& a, const AnswerValue& b) { return a.name < b.name; });
  return items;
}

void point_of_system(AnswerValue& value) {
  if (value.type != Type::kList || !value.form.empty() || !value.name.empty() ||
      !names_differ(value.items))
    return;
  std::vector<std::string> names;
  for (const AnswerValue& item : value.items) {
    if (item.name.empty()) return;
    names.push_back(item.name);
  }
  for (AnswerValue& item : value.items) {
    item.name.clear();
    item.relation.clear();
    item.equation.reset();
  }
  value.type = Type::kTuple;
  value.form = "()";
  value.name = joined(names);
  order_coordinates(value);
}

std::optional<AnswerValue> counted(const AnswerValue& value) {
  if (!is_round_tuple(value) || value.items.size() != 2 || (value.name != "C" && value.name != "P"))
    return std::nullopt;
  for (const AnswerValue& item : value.items)
    if (item.type != Type::kNumber || item.text.size() > 4 ||
        !std::all_of(item.text.begin(), item.text.end(), is_digit))
      return std::nullopt;
  return parse_answer(value.name + "_{" + value.items[0].text + "}^{" + value.items[1].text + "}");
}

// P(3,-1): a capital letter and numbers.
AnswerParser::Read AnswerParser::named_point(std::string_view text, int depth) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || open == 0 || group_end(text, open) != text.size() ||
      !names_point(trim(text.substr(0, open))))
    return std::nullopt;
  AnswerValue point = parse(text.substr(open), depth + 1);
  if (!is_round_tuple(point) || !point.name.empty()) return std::nullopt;
  for (const AnswerValue& item : point.items)
    if (!is_scalar(item) || !item.name.empty() || !is_constant(expression_of(item)))
      return std::nullopt;
  point.nature = Nature::kPoint;
  point.name = text_key(trim(text.substr(0, open)));
  return point;
}

// -(2,1) and \frac{1}{5}(3,4): the coordinates times a number.
AnswerParser::Read AnswerParser::scaled_point(std::string_view text, int depth) {
  if (text.back() != ')') return std::nullopt;
  std::size_t open = text.find('(');
  while (open != std::string_view::npos && group_end(text, open) != text.size())
    open = text.find('(', open + 1);
  if (open == std::string_view::npos || open == 0) return std::nullopt;
  std::string_view factor = trim(text.substr(0, open));
  if (factor.ends_with("\\cdot")) factor = trim(factor.substr(0, factor.size() - 5));
  if (factor != "-" && factor != "+") {
    const auto number = parse_expression(factor);
    if (!number || !is_constant(*number)) return std::nullopt;
  }
  const Parts parts = split_list(text.substr(open + 1, text.size() - open - 2));
  if (parts.list.size() < 2 || parts.words) return std::nullopt;
  const bool sign = factor == "-" || factor == "+";
  std::vector<std::string> products;
  for (const std::string_view part : parts.list)
    products.push_back((sign ? std::string(factor) : "(" + std::string(factor) + ")") + "(" +
                       std::string(part) + ")");
  Parts cells;
  cells.list.assign(products.begin(), products.end());
  AnswerValue point;
  point.text = text_key(text);
  if (!items(cells, depth, point)) return std::nullopt;
  for (const AnswerValue& item : point.items)
    if (!is_scalar(item)) return std::nullopt;
  point.type = Type::kTuple;
  point.nature = Nature::kPoint;
  point.form = "()";
  return point;
}

// \begin{pmatrix} 1 & 2 \end{pmatrix}^T, (1,2)^T.
AnswerParser::Read AnswerParser::transposed(std::string_view text, int depth) {
  const std::size_t sign = text.rfind('^');
  if (sign == std::string_view::npos || sign == 0) return std::nullopt;
  std::string_view power = trim(text.substr(sign + 1));
  if (power.size() > 2 && power.front() == '{' && power.back() == '}')
    power = trim(power.substr(1, power.size() - 2));
  if (power != "T" && power != "\\top" && power != "\\intercal") return std::nullopt;
  AnswerValue value = parse(text.substr(0, sign), depth + 1);
  if (!value.name.empty()) return std::nullopt;
  if (value.type == Type::kTuple && (value.form == "()" || value.form == "[]")) {
    value.form = "()";  // a column
    value.nature = Nature::kPoint;
    value.text = text_key(text);
    return value;
  }
  if (value.type != Type::kMatrix) return std::nullopt;
  const std::size_t rows = std::stoul(value.form), columns = value.items.size() / rows;
  AnswerValue turned = value;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      turned.items[column * rows + row] = value.items[row * columns + column];
  turned.form = std::to_string(columns) + "x" + std::to_string(rows);
  turned.text = text_key(text);
  return turned;
}

}  // namespace quorum
