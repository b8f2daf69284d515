#include "benchmarks/math/integer_parameter.h"

#include <string>

#include "base/text.h"
#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/bound_variable.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

// "where", "for some": the words that may stand in front.
std::string_view without_words_at_end(std::string_view text) {
  if (text.empty() || text.back() != kWordsEnd) return text;
  const std::size_t begin = text.rfind(kWordsBegin);
  if (begin == std::string_view::npos) return text;
  const std::string words = to_lower_ascii(trim(text.substr(begin + 1, text.size() - begin - 2)));
  for (const std::string_view one : {"where", "for", "with", "for some", "for all", "for any"})
    if (words == one) return trim(text.substr(0, begin));
  return text;
}

}  // namespace

std::optional<IntegerParameter> integer_parameter(std::string_view normal_form) {
  const std::string_view text = trim(normal_form);
  if (text.size() < 5 || !is_letter(text[0])) return std::nullopt;
  const std::string_view rest = trim(text.substr(1));
  if (!starts_with(rest, "\\in") || rest.size() < 5 || is_letter(rest[3])) return std::nullopt;
  const std::string domain = text_key(rest.substr(3));
  for (const std::string_view positive :
       {"\\mathbb{N}^*", "\\mathbb{N}_+", "\\mathbb{N}^+", "\\mathbb{Z}^+", "\\mathbb{Z}_+", "N^*",
        "N_+", "N^+", "Z^+", "Z_+", "\\mathbb{N}^{\\cdot}", "\\mathbb{N}^\\cdot", "N^\\cdot"})
    if (domain == positive) return IntegerParameter{text[0], "N+"};
  for (const std::string_view one :
       {"\\mathbb{Z}", "\\mathbbZ", "\\Z", "Z", "\\mathbb{N}", "\\mathbbN", "\\N", "N"})
    if (domain == one)
      return IntegerParameter{text[0], domain.find('N') != std::string::npos ? "N" : "Z"};
  return std::nullopt;
}

std::string_view without_parameter_range(std::string_view normal_form) {
  const std::size_t in = normal_form.rfind("\\in");
  if (in == std::string_view::npos || in == 0) return normal_form;
  std::string_view text = trim(normal_form);
  std::size_t begin = trim(normal_form.substr(0, in)).size();
  if (begin < 2) return normal_form;
  --begin;  // at the symbol
  std::string_view range = text.substr(begin), front = trim(text.substr(0, begin));
  if (!front.empty() && front.back() == '(' && range.back() == ')') {
    range.remove_suffix(1);
    front.remove_suffix(1);
  }
  const auto parameter = integer_parameter(range);
  if (!parameter) return normal_form;
  front = without_words_at_end(trim(front));
  if (!front.empty() && front.back() == ',') front.remove_suffix(1);
  front = trim(front);
  if (front.empty() || has_relation(front) || !has_symbol(front, parameter->symbol))
    return normal_form;
  return front;
}

}  // namespace quorum
