// Functions in pieces: \begin{cases} x^2 & x \ge 0 \\ -x & x < 0 \end{cases}.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/answer_parser.h"
#include "benchmarks/math/answer_rows.h"
#include "benchmarks/math/interval_set.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;

constexpr std::size_t kMostPieces = 16;

// Where the pieces stand in a text.
struct Pieces {
  std::string_view name;  // f(x) of "f(x) = …"; may be empty
  std::string_view body;  // rows
};

std::optional<Pieces> pieces_in(std::string_view text) {
  constexpr std::string_view kBegin = "\\begin{", kSystem = "\\{";
  const std::size_t at = text.find(kBegin);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t name_end = text.find('}', at);
  if (name_end == std::string_view::npos) return std::nullopt;
  const std::string_view environment =
      text.substr(at + kBegin.size(), name_end - at - kBegin.size());
  std::string_view front = trim(text.substr(0, at)), body = text.substr(name_end + 1);
  const bool array = environment == "array" || environment == "aligned";
  if (environment != "cases" && !(array && front.ends_with(kSystem))) return std::nullopt;
  if (array) front = trim(front.substr(0, front.size() - kSystem.size()));
  const std::string close = "\\end{" + std::string(environment) + "}";
  if (!body.ends_with(close) || body.find(kBegin) != std::string_view::npos) return std::nullopt;
  body = trim(body.substr(0, body.size() - close.size()));
  if (array && body.starts_with('{')) {  // how the columns are aligned
    const std::size_t end = group_end(body, 0);
    if (end == std::string_view::npos) return std::nullopt;
    body = trim(body.substr(end));
  }
  if (!front.empty()) {
    if (front.back() != '=') return std::nullopt;
    front = trim(front.substr(0, front.size() - 1));
    if (!is_symbol(front)) return std::nullopt;
  }
  return Pieces{front, body};
}

std::string_view without_marks_at_end(std::string_view text) {
  while (!text.empty() && std::string_view(",;. ").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}

// The condition of a row without "if", "for", "when" and brackets around it.
std::string plain_condition(std::string_view text) {
  std::string plain(without_marks_at_end(trim(text)));
  if (!plain.empty() && plain.back() == kWordsEnd) {  // \text{if } x > 0 \text{.}
    const std::size_t begin = plain.rfind(kWordsBegin);
    if (without_marks_at_end(std::string_view(plain).substr(begin + 1, plain.size() - begin - 2))
            .empty())
      plain = trim(std::string_view(plain).substr(0, begin));
  }
  for (const std::string_view word : {"if", "for", "when", "where", "as"}) {
    for (const std::string& front :
         {kWordsBegin + std::string(word) + kWordsEnd, std::string(word) + " "}) {
      if (to_lower_ascii(plain).starts_with(front))
        plain = trim(std::string_view(plain).substr(front.size()));
    }
  }
  if (plain.size() > 2 && plain.front() == '(' && group_end(plain, 0) == plain.size())
    plain = trim(std::string_view(plain).substr(1, plain.size() - 2));
  return plain;
}

bool begins_with_relation(std::string_view text) {
  for (const std::string_view sign : {"=", "<", ">", "\\le", "\\ge", "\\ne"})
    if (text.starts_with(sign)) return true;
  return false;
}

bool is_otherwise(std::string_view condition) {
  std::string plain;
  for (const char c : condition)
    if (c != kWordsBegin && c != kWordsEnd) plain += c;
  plain = to_lower_ascii(without_marks_at_end(trim(plain)));
  return plain == "otherwise" || plain == "else" || plain == "elsewhere";
}

}  // namespace

AnswerParser::Read AnswerParser::piecewise(std::string_view text, int depth) {
  const auto pieces = pieces_in(text);
  if (!pieces) return std::nullopt;
  AnswerValue all;
  all.type = Type::kList;
  all.form = "cases";
  all.text = text_key(text);
  std::optional<AnswerValue> rest = all_real_numbers();  // what no condition has named
  std::string variable;                                  // of the conditions: "x\\in"
  for (const auto& row : rows_of(pieces->body)) {
    if (all.items.size() == kMostPieces) return std::nullopt;
    // "x^2, x \ge 0" without & is parted by its comma.
    const Parts parts = split_list(row[0]);
    const bool by_comma = row.size() == 1 && parts.list.size() == 2 && !parts.words;
    if (row.size() != 2 && !by_comma) return std::nullopt;
    const std::string_view value =
        without_marks_at_end(by_comma ? parts.list[0] : std::string_view(row[0]));
    const std::string condition = plain_condition(by_comma ? parts.list[1] : row[1]);
    // x &= 1 is an equation, x > 0, y > 0 are two conditions.
    const bool statement = value.find('=') != std::string_view::npos || has_relation(value);
    if (value.empty() || condition.empty() || statement || begins_with_relation(condition))
      return std::nullopt;
    AnswerValue piece;
    piece.type = Type::kTuple;
    piece.form = "if";
    piece.items.push_back(parse(value, depth + 1));
    Read where;
    if (is_otherwise(condition)) {
      if (!rest) return std::nullopt;
      where = *rest;
      where->name = variable;
    } else if ((where = conditions(split_list(condition), depth + 1, true))) {
      variable = where->name;
      if (rest) rest = combine_sets(*rest, *where, SetOperation::kDifference);
    } else {
      const bool words = condition.find(kWordsBegin) != std::string::npos;
      if (by_comma && !words) return std::nullopt;
      where = parse(condition, depth + 1);
      rest.reset();
    }
    where->relation.clear();
    piece.items.push_back(std::move(*where));
    all.items.push_back(std::move(piece));
  }
  if (all.items.size() < 2) return std::nullopt;
  all.name = text_key(pieces->name);
  return all;
}

}  // namespace quorum
