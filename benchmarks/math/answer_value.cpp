#include "benchmarks/math/answer_value.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/algebra.h"
#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/expression.h"
#include "benchmarks/math/extraction.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/relation.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;

constexpr int kMaxNesting = 6;
constexpr std::size_t kMaxItems = 64;

class AnswerParser {
 public:
  AnswerValue parse(std::string_view text, int depth) {
    text = without_approximation(trim(text));
    AnswerValue value;
    value.text = text_key(text);
    if (value.text == "+\\infty") value.text = "\\infty";
    if (depth > kMaxNesting || text.empty()) return value;
    if (text.size() > 2 && text.front() == '{' && group_end(text, 0) == text.size())
      return parse(text.substr(1, text.size() - 2), depth + 1);

    if (const Parts parts = split_list(text); parts.list.size() > 1)
      return list(text, parts, depth, std::move(value));
    if (auto interval = solved_inequality(text, depth)) return std::move(*interval);
    if (std::string name = take_name(text); !name.empty()) {
      AnswerValue inner = parse(text, depth + 1);
      // A chain of names has been refused above; keep the outer one.
      inner.name = std::move(name);
      return inner;
    }
    if (auto both = plus_and_minus(text, depth)) return std::move(*both);
    if (auto quantity = parse_quantity(text)) {
      value.type = Type::kNumber;
      value.number = std::move(*quantity);
      return value;
    }
    if (has_union(text)) return union_of(text, depth, std::move(value));
    if (starts_with(text, "\\{") && group_end(text, 0) == text.size() && text.size() >= 4) {
      const std::string_view inside = trim(text.substr(2, text.size() - 4));
      if (has_relation(inside) || inside.find('|') != std::string_view::npos ||
          inside.find(':') != std::string_view::npos)
        return value;
      const Parts parts = split_list(inside);
      if (inside.empty() || !items(parts, depth, value, true)) return value;
      value.type = Type::kSet;
      return value;
    }
    if ((text.front() == '(' || text.front() == '[') && group_end(text, 0) == text.size())
      return bracketed(text, depth, std::move(value));
    if (starts_with(text, "\\begin{")) return matrix(text, depth, std::move(value));
    return expression(text, std::move(value));
  }

 private:
  // 1 \pm \sqrt{2}: two numbers.
  std::optional<AnswerValue> plus_and_minus(std::string_view text, int depth) {
    constexpr std::string_view kSign = "\\pm";
    const std::size_t at = text.find(kSign), end = at + kSign.size();
    if (at == std::string_view::npos || text.find(kSign, end) != std::string_view::npos ||
        (end < text.size() && is_letter(text[end])))
      return std::nullopt;
    // Of a set or a tuple it is one element that is doubled.
    const bool bracketed = text.front() == '(' || text.front() == '[' || starts_with(text, "\\{");
    if (has_relation(text) || has_union(text) || (bracketed && group_end(text, 0) == text.size()))
      return std::nullopt;
    const std::string before(trim(text.substr(0, at))), behind(text.substr(end));
    AnswerValue both;
    both.type = Type::kList;
    both.text = text_key(text);
    both.items = {parse(before.empty() ? behind : before + "+" + behind, depth + 1),
                  parse(before + "-" + behind, depth + 1)};
    return both;
  }

  // x < 5 is x \in (-\infty, 5) and 0 \le x < 1 is x \in [0, 1): a symbol between numbers.
  std::optional<AnswerValue> solved_inequality(std::string_view text, int depth) {
    auto chain = split_relations(text);
    if (!chain) return std::nullopt;
    for (const Relation relation : chain->relations)
      if (relation == Relation::kEqual) return std::nullopt;
    const auto less = [](Relation relation) {
      return relation == Relation::kLess || relation == Relation::kLessEqual;
    };
    const auto closed = [](Relation relation) {
      return relation == Relation::kLessEqual || relation == Relation::kGreaterEqual;
    };
    // From small to large.
    if (!less(chain->relations[0])) {
      std::reverse(chain->sides.begin(), chain->sides.end());
      std::reverse(chain->relations.begin(), chain->relations.end());
      for (Relation& relation : chain->relations) {
        if (less(relation)) return std::nullopt;  // 1 > x < 2
        relation = closed(relation) ? Relation::kLessEqual : Relation::kLess;
      }
    }
    for (const Relation relation : chain->relations)
      if (!less(relation)) return std::nullopt;
    const auto infinity = [](const char* sign) {
      AnswerValue value;
      value.text = std::string(sign) + "\\infty";
      return value;
    };
    AnswerValue low = infinity("-"), high = infinity("");
    bool low_closed = false, high_closed = false;
    std::string_view symbol;
    if (chain->sides.size() == 3) {
      symbol = chain->sides[1];
      low = parse(chain->sides[0], depth + 1);
      high = parse(chain->sides[2], depth + 1);
      low_closed = closed(chain->relations[0]);
      high_closed = closed(chain->relations[1]);
    } else if (is_symbol(chain->sides[0])) {
      symbol = chain->sides[0];
      high = parse(chain->sides[1], depth + 1);
      high_closed = closed(chain->relations[0]);
    } else {
      symbol = chain->sides[1];
      low = parse(chain->sides[0], depth + 1);
      low_closed = closed(chain->relations[0]);
    }
    const auto is_bound = [](std::string_view side, const AnswerValue& value) {
      if (value.type == Type::kNumber) return value.number.unit.empty() && value.name.empty();
      const auto parsed = parse_expression(side);
      return value.type == Type::kText && !value.algebra.empty() && parsed && is_constant(*parsed);
    };
    for (const std::string_view side : chain->sides) {
      if (side == symbol) continue;
      if (!is_bound(side, side == chain->sides[0] ? low : high)) return std::nullopt;
    }
    if (!is_symbol(symbol)) return std::nullopt;
    AnswerValue interval;
    interval.type = Type::kTuple;
    interval.text = text_key(text);
    interval.name = text_key(symbol) + "\\in";
    interval.form = {low_closed ? '[' : '(', high_closed ? ']' : ')'};
    interval.items = {std::move(low), std::move(high)};
    return interval;
  }

  // Several of one symbol, by "or".
  std::optional<AnswerValue> inequalities(const Parts& parts, int depth) {
    if (!parts.words || parts.and_words || parts.commas || parts.list.size() > kMaxItems)
      return std::nullopt;
    AnswerValue all;
    all.type = Type::kUnion;
    for (const std::string_view part : parts.list) {
      auto interval = solved_inequality(part, depth + 1);
      if (!interval || (!all.name.empty() && all.name != interval->name)) return std::nullopt;
      all.name = std::exchange(interval->name, {});
      all.items.push_back(std::move(*interval));
    }
    return all;
  }

  // What is nothing else may be an expression, and this a number.
  AnswerValue expression(std::string_view text, AnswerValue value) {
    if (text.find(kWordsBegin) != std::string_view::npos) return value;
    const auto parsed = parse_expression(text);
    const auto form = parsed ? algebraic_form(*parsed) : std::nullopt;
    if (!form) return value;
    if (!form->number) {
      value.algebra = form->key;
    } else if (text.find_first_not_of("0123456789-/. ") != std::string_view::npos) {
      value.type = Type::kNumber;  // and no range (3-5) or date (1/2/2003)
      value.number.value = *form->number;
    }
    return value;
  }

  // The parsed parts as items; false when there are too many or one is empty.
  bool items(const Parts& parts, int depth, AnswerValue& value, bool flatten = false) {
    if (parts.list.size() > kMaxItems) return false;
    std::vector<AnswerValue> parsed;
    for (const std::string_view part : parts.list) {
      if (part.empty()) return false;
      AnswerValue item = parse(part, depth + 1);
      if (item.type == Type::kList && item.name.empty() && flatten) {  // of \pm
        for (AnswerValue& one : item.items) parsed.push_back(std::move(one));
      } else {
        parsed.push_back(std::move(item));
      }
    }
    value.items = std::move(parsed);
    return true;
  }

  AnswerValue list(std::string_view text, const Parts& parts, int depth, AnswerValue value) {
    // "x < 1 or x > 3" and "x < 1 and x > 3" are different sets: text, unless this engine
    // understood relations.
    if (has_relation(text)) {
      auto intervals = inequalities(parts, depth);
      return intervals ? std::move(*intervals) : value;
    }
    // "x = 1, 2": the name belongs to all.
    Parts used = parts;
    std::string name;
    std::string_view first = parts.list.front();
    if (std::string taken = take_name(first); !taken.empty()) {
      bool others = false;
      for (std::size_t i = 1; i < parts.list.size(); ++i)
        others = others || parts.list[i].find('=') != std::string_view::npos;
      if (!others) {
        name = std::move(taken);
        used.list.front() = first;
      }
    }
    if (!items(used, depth, value, true)) return value;
    value.type = Type::kList;
    value.name = std::move(name);
    return value;
  }

  AnswerValue bracketed(std::string_view text, int depth, AnswerValue value) {
    const std::string_view inside = trim(text.substr(1, text.size() - 2));
    if (inside.empty()) return value;
    const Parts parts = split_list(inside);
    if (parts.words) return value;
    if (parts.list.size() == 1) {
      if (text.front() != '(' || text.back() != ')') return value;
      return parse(inside, depth + 1);
    }
    if (!items(parts, depth, value)) return value;
    value.type = Type::kTuple;
    value.form = {text.front(), text.back()};
    return value;
  }

  static bool has_union(std::string_view text) {
    return text.find("\\cup") != std::string_view::npos && !has_relation(text);
  }

  AnswerValue union_of(std::string_view text, int depth, AnswerValue value) {
    Parts parts;
    for (std::size_t at; (at = text.find("\\cup")) != std::string_view::npos;) {
      parts.list.push_back(trim(text.substr(0, at)));
      text.remove_prefix(at + 4);
    }
    parts.list.push_back(trim(text));
    // Only whole intervals and sets: A \cup B \cap C would be parted wrongly.
    for (const std::string_view part : parts.list) {
      if (part.empty() ||
          (part.front() != '(' && part.front() != '[' && !starts_with(part, "\\{")) ||
          group_end(part, 0) != part.size())
        return value;
    }
    if (!items(parts, depth, value)) return value;
    value.type = Type::kUnion;
    return value;
  }

  AnswerValue matrix(std::string_view text, int depth, AnswerValue value) {
    for (const std::string_view kind : {"pmatrix", "bmatrix"}) {
      const std::string open = "\\begin{" + std::string(kind) + "}",
                        close = "\\end{" + std::string(kind) + "}";
      if (!starts_with(text, open) || text.size() < open.size() + close.size()) continue;
      if (text.substr(text.size() - close.size()) != close) continue;
      std::string_view body =
          trim(text.substr(open.size(), text.size() - open.size() - close.size()));
      if (body.find("\\begin{") != std::string_view::npos) return value;
      if (body.size() >= 2 && body.substr(body.size() - 2) == "\\\\")
        body = trim(body.substr(0, body.size() - 2));
      std::vector<std::vector<std::string_view>> rows(1);
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
      if (rows.size() * rows[0].size() > 256) return value;
      Parts cells;
      for (const auto& cells_of_row : rows) {
        if (cells_of_row.size() != rows[0].size()) return value;
        for (const std::string_view cell : cells_of_row) cells.list.push_back(cell);
      }
      if (!items(cells, depth, value)) return value;
      value.type = Type::kMatrix;
      value.form = std::to_string(rows.size()) + "x" + std::to_string(rows[0].size());
      return value;
    }
    return value;
  }
};

// Words without \text: letters and spaces, a word of four letters among them.
bool is_prose(std::string_view text) {
  std::size_t run = 0, longest = 0;
  for (const char c : text) {
    run = is_letter(c) ? run + 1 : 0;
    longest = std::max(longest, run);
    if (!is_letter(c) && c != ' ' && c != '\'' && c != '-') return false;
  }
  return longest >= 4;
}

// "the hexagon." and "Hexagon" are the same words.
std::string plain_words(std::string text) {
  for (const std::string_view article : {"the ", "a ", "an "}) {
    if (starts_with(text, article)) return text.substr(article.size());
  }
  return text;
}

}  // namespace

AnswerValue parse_answer(std::string_view answer) {
  const std::string normal = normalise_notation(answer);
  if (normal.size() > kMaxAnswerBytes) {
    AnswerValue value;
    value.text = normal;
    return value;
  }
  std::string_view text = normal;
  // \text{...} around all of it: lists and numbers may be inside.
  const bool marked =
      text.size() > 2 && text.front() == kWordsBegin && text.find(kWordsEnd) == text.size() - 1;
  if (marked || is_prose(text)) {
    if (marked) text = text.substr(1, text.size() - 2);
    const std::string unwrapped = plain_words(to_lower_ascii(trim(text)));
    AnswerValue value = AnswerParser().parse(unwrapped, 0);
    if (value.type != Type::kText) return value;
    value.text = text_key(kWordsBegin + unwrapped + kWordsEnd);
    value.name.clear();
    return value;
  }
  AnswerValue value = AnswerParser().parse(text, 0);
  const auto chain = split_relations(text);
  if (chain && chain->relations == std::vector<Relation>{Relation::kEqual}) {
    const auto left = parse_expression(chain->sides[0]), right = parse_expression(chain->sides[1]);
    if (left && right) value.equation = equation_key(difference(*left, *right)).value_or("");
  }
  return value;
}

std::string canonical_key(const AnswerValue& value, const KeyRules& rules) {
  if (!value.equation.empty() && value.name.empty()) return "q" + value.equation;
  std::string key = value.name.empty() || rules.drop_names ? "" : value.name + "=";
  const auto item_keys = [&] {
    std::vector<std::string> keys;
    for (const AnswerValue& item : value.items) keys.push_back(canonical_key(item, rules));
    return keys;
  };
  // Lengths in front keep ("a,b", "c") and ("a", "b,c") apart.
  const auto joined = [](const std::vector<std::string>& keys) {
    std::string out;
    for (const std::string& item : keys) out += std::to_string(item.size()) + ":" + item;
    return out;
  };
  switch (value.type) {
    case Type::kNumber:
      key += "n" + value.number.value.key();
      if (rules.keep_percent && value.number.percent) key += "%";
      if (!rules.drop_units && !value.number.unit.empty()) key += " " + value.number.unit;
      return key;
    case Type::kText: return key + (value.algebra.empty() ? "x" + value.text : "e" + value.algebra);
    case Type::kTuple: return key + "t" + value.form + joined(item_keys());
    case Type::kMatrix: return key + "m" + value.form + " " + joined(item_keys());
    case Type::kList:
    case Type::kSet:
    case Type::kUnion: {
      std::vector<std::string> keys = item_keys();
      std::sort(keys.begin(), keys.end());
      if (value.type != Type::kList) keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      if (value.type == Type::kSet && keys.size() == 1) return key + keys[0];
      return key + (value.type == Type::kUnion ? "u" : "l") + joined(keys);
    }
  }
  return key;
}

}  // namespace quorum
