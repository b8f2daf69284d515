// Matrices, and systems of equations.
#include <string>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/answer_parser.h"
#include "benchmarks/math/answer_rows.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

using Rows = std::vector<std::vector<std::string_view>>;

constexpr std::size_t kMostCells = 256;

// x & = & 1 and x &= 1 are equations whose signs are aligned: each such row becomes one cell of the
// texts that are given back.
std::vector<std::string> join_equations(Rows& rows) {
  std::vector<std::string> joined;
  joined.reserve(rows.size());
  for (auto& row : rows) {
    bool aligned = false;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool left = i > 0 && starts_with(row[i], "=");
      const bool right = i + 1 < row.size() && !row[i].empty() && row[i].back() == '=';
      aligned = aligned || left || right;
    }
    if (!aligned) continue;
    std::string& whole = joined.emplace_back();
    for (const std::string_view cell : row) whole += std::string(cell) + ' ';
    row.assign(1, trim(whole));
  }
  return joined;
}

}  // namespace

std::vector<std::vector<std::string_view>> rows_of(std::string_view body) {
  if (body.size() >= 2 && body.substr(body.size() - 2) == "\\\\")
    body = trim(body.substr(0, body.size() - 2));
  Rows rows(1);
  std::size_t begin = 0;
  int braces = 0;
  for (std::size_t at = 0; at <= body.size(); ++at) {
    const bool end = at == body.size();
    if (!end && body[at] == '{') ++braces;
    if (!end && body[at] == '}') --braces;
    const bool row = !end && braces == 0 && body.substr(at, 2) == "\\\\";
    if (end || row || (braces == 0 && body[at] == '&')) {
      rows.back().push_back(trim(body.substr(begin, at - begin)));
      if (row) rows.emplace_back();
      at += row;
      begin = at + 1;
    } else if (body[at] == '\\') {
      ++at;
    }
  }
  return rows;
}

namespace {

// Of two or three rows, as an expression; empty: of others.
std::string determinant(const Rows& rows) {
  const std::size_t size = rows.size();
  for (const auto& row : rows)
    if (row.size() != size) return {};
  const auto product = [&](std::initializer_list<std::size_t> columns) {
    std::string all;
    std::size_t row = 0;
    for (const std::size_t column : columns) all += "(" + std::string(rows[row++][column]) + ")";
    return all;
  };
  if (size == 2) return product({0, 1}) + "-" + product({1, 0});
  if (size != 3) return {};
  return product({0, 1, 2}) + "+" + product({1, 2, 0}) + "+" + product({2, 0, 1}) + "-" +
         product({2, 1, 0}) + "-" + product({1, 0, 2}) + "-" + product({0, 2, 1});
}

}  // namespace

AnswerValue AnswerParser::matrix(std::string_view text, std::string_view factor, int depth,
                                 AnswerValue value) {
  const std::size_t name_end = text.find('}');
  if (name_end == std::string_view::npos) return value;
  const std::string_view name = text.substr(7, name_end - 7);
  const std::string close = "\\end{" + std::string(name) + "}";
  std::string_view body = text.substr(name_end + 1);
  if (body.size() < close.size() || body.substr(body.size() - close.size()) != close) return value;
  body = trim(body.substr(0, body.size() - close.size()));
  if (body.find("\\begin{") != std::string_view::npos) return value;
  if (name == "array" && !body.empty() && body.front() == '{') {  // the columns' alignment
    const std::size_t end = group_end(body, 0);
    if (end == std::string_view::npos) return value;
    body = trim(body.substr(end));
  }
  // \left\{ in front of an array makes it a system.
  const bool braced = factor == "\\{" && (name == "array" || name == "aligned" || name == "matrix");
  if (name == "vmatrix" && factor.empty()) {
    const std::string written_out = determinant(rows_of(body));
    return written_out.empty() ? value : expression(written_out, std::move(value));
  }
  const bool system = name == "cases" || braced;
  if (braced) factor = {};
  if (!system && name != "pmatrix" && name != "bmatrix" && name != "Bmatrix" && name != "matrix" &&
      name != "smallmatrix" && name != "array")
    return value;
  Rows rows = rows_of(body);
  std::vector<std::string> joined;
  if (system) joined = join_equations(rows);
  if (rows.size() * rows[0].size() > kMostCells) return value;
  Parts cells;
  for (const auto& row : rows) {
    if (row.size() != rows[0].size()) return value;
    for (const std::string_view cell : row) cells.list.push_back(cell);
  }
  if (system && !factor.empty()) return value;
  if (system) {  // x = 1, y = 2; with & it is a function in pieces
    if (rows[0].size() > 1 || rows.size() < 2) return value;
    cells.commas = true;
    for (std::string_view& cell : cells.list)
      if (!cell.empty() && (cell.back() == ',' || cell.back() == ';')) cell.remove_suffix(1);
    return list(text, cells, depth, std::move(value));
  }
  std::vector<std::string> products;
  if (!factor.empty()) {
    for (const std::string_view cell : cells.list)
      products.push_back("(" + std::string(factor) + ")(" + std::string(cell) + ")");
    cells.list.assign(products.begin(), products.end());
  }
  if (!items(cells, depth, value)) return value;
  value.type = AnswerValue::Type::kMatrix;
  value.form = std::to_string(rows.size()) + "x" + std::to_string(rows[0].size());
  return value;
}

AnswerParser::Read AnswerParser::nested_rows(const Parts& rows, int depth) {
  if (rows.list.size() < 2 || rows.words) return std::nullopt;
  Parts cells;
  std::size_t columns = 0;
  for (const std::string_view row : rows.list) {
    if (row.size() < 3 || row.front() != '[' || row.back() != ']' ||
        group_end(row, 0) != row.size())
      return std::nullopt;
    const Parts inside = split_list(row.substr(1, row.size() - 2));
    if (inside.words) return std::nullopt;
    cells.list.insert(cells.list.end(), inside.list.begin(), inside.list.end());
    if (columns != 0 && columns != inside.list.size()) return std::nullopt;
    columns = inside.list.size();
  }
  AnswerValue value;
  if (!items(cells, depth, value)) return std::nullopt;
  value.type = AnswerValue::Type::kMatrix;
  value.form = std::to_string(rows.list.size()) + "x" + std::to_string(columns);
  return value;
}

}  // namespace quorum
