// An answer as a whole: words, one value, or an equation.
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/algebra.h"
#include "benchmarks/math/answer_forms.h"
#include "benchmarks/math/answer_parser.h"
#include "benchmarks/math/answer_prose.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/bound_variable.h"
#include "benchmarks/math/extraction.h"
#include "benchmarks/math/integer_parameter.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/relation.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;

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

// Words that are a whole answer, so that short ones are no products of symbols.
bool is_answer_word(std::string_view text) {
  constexpr auto kWords =
      std::to_array<std::string_view>({"yes", "no", "odd", "even", "true", "false", "none",
                                       "neither", "both", "all", "never", "always", "dne"});
  const std::string lower = to_lower_ascii(text);
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

// Two letters or more and nothing else.
bool is_one_word(std::string_view text) {
  return text.size() > 1 && std::all_of(text.begin(), text.end(), is_letter);
}

// Without units: "14 apples or 15 pears" says more than 14, 15.
bool is_list_of_plain_scalars(const AnswerValue& value) {
  return value.type == Type::kList &&
         std::all_of(value.items.begin(), value.items.end(), [](const AnswerValue& item) {
           return is_scalar(item) && item.number.unit.empty();
         });
}

// l: 2x + y = 0 is the equation of the line l; but x : x^2 = 1 are all such x.
std::string_view without_label(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
    return text;
  const std::string_view label = trim(text.substr(0, colon)), rest = trim(text.substr(colon + 1));
  const auto chain = split_relations(rest);
  const bool equation = chain && chain->relations == std::vector<Relation>{Relation::kEqual} &&
                        !is_symbol(chain->sides[0]);
  return label.size() == 1 && is_letter(label[0]) && equation && !has_symbol(rest, label[0]) ? rest
                                                                                             : text;
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
  return parse_normal_form(normalise_notation(answer));
}

AnswerValue parse_normal_form(std::string_view normal) {
  if (normal.size() > kMaxAnswerBytes) {
    AnswerValue value;
    value.text = normal;
    return value;
  }
  if (const auto value_text = value_of_sentence(normal)) {
    AnswerValue value = AnswerParser().parse(*value_text, 0);
    if (is_scalar(value) || value.type == Type::kTuple || value.type == Type::kUnion ||
        is_list_of_plain_scalars(value))
      return value;
  }
  std::string_view text = normal;
  // \text{...} around all of it: lists and numbers may be inside.
  const bool marked =
      text.size() > 2 && text.front() == kWordsBegin && text.find(kWordsEnd) == text.size() - 1;
  const bool answer_word = is_answer_word(text);
  if (marked || answer_word || is_prose(text)) {
    if (marked) text = text.substr(1, text.size() - 2);
    AnswerValue value;
    // Letters in \text are a word, not a product.
    if (!answer_word && !(marked && is_one_word(trim(text)))) {
      value = AnswerParser().parse(trim(text), 0);
      if (value.type != Type::kText || time_text(trim(text)) || numeral_text(trim(text)))
        return value;
    }
    const std::string unwrapped = plain_words(to_lower_ascii(trim(text)));
    value.text = text_key(kWordsBegin + unwrapped + kWordsEnd);
    value.name.clear();
    if (const auto phrase = standard_phrase(to_lower_ascii(trim(text)))) {
      value.text = *phrase;
      value.expression.reset();
      value.algebra.clear();
      return value;
    }
    // Several words are no product of their letters.
    const std::string_view all = trim(text);
    if (marked && all.find(' ') != std::string_view::npos &&
        std::all_of(all.begin(), all.end(), [](char c) { return is_letter(c) || c == ' '; })) {
      value.expression.reset();
      value.algebra.clear();
    }
    return value;
  }
  text = without_parameter_range(without_label(text));
  AnswerValue value = AnswerParser().parse(text, 0);
  add_equation(text, value);
  return value;
}

void add_equation(std::string_view text, AnswerValue& value) {
  // 2^3 = 8 is a number, no equation.
  if (value.name.empty() && is_scalar(value)) return;
  const auto chain = split_relations(text);
  if (!chain || chain->relations != std::vector<Relation>{Relation::kEqual}) return;
  const auto left = parse_expression(chain->sides[0]), right = parse_expression(chain->sides[1]);
  if (!left || !right) return;
  auto whole = std::make_shared<const Expression>(difference(*left, *right));
  if (const auto key = equation_key(*whole)) value.relation = "=" + *key;
  value.equation = std::move(whole);
}

std::optional<AnswerValue> list_of_thousands(std::string_view answer, std::string_view other) {
  std::string_view text = trim(answer);
  while (text.size() > 1 && text.front() == '$' && text.back() == '$')
    text = trim(text.substr(1, text.size() - 2));
  const std::size_t first = text.find(',');
  if (first == std::string_view::npos || first == 0 || first > 3 || text.size() % 4 != first % 4 ||
      replace_all(text_key(other), ";", ",") == text)
    return std::nullopt;
  AnswerValue list;
  list.type = Type::kList;
  list.text = answer;
  for (std::size_t begin = 0, end = first; begin < text.size(); begin = end + 1, end += 4) {
    const std::string_view digits = text.substr(begin, end - begin);
    // No element is written 000 or 050.
    if ((end < text.size() && text[end] != ',') || digits.empty() || digits.front() == '0' ||
        !std::all_of(digits.begin(), digits.end(), is_digit))
      return std::nullopt;
    AnswerValue item;
    item.type = Type::kNumber;
    item.number.value = *Rational::from_decimal(digits);
    item.text = digits;
    list.items.push_back(std::move(item));
  }
  return list;
}

}  // namespace quorum
