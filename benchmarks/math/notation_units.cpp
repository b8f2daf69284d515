#include "benchmarks/math/notation_units.h"

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/unit_product.h"

namespace quorum {
namespace {

// The number behind a dollar sign at `at`, when it is all of an answer or of an element in a list,
// with nothing before the sign but `before`; empty: the sign belongs to something else.
std::string_view amount_of_money(std::string_view text, std::size_t at, std::string_view before) {
  before = before.substr(before.find_last_of(",;=\x02") + 1);
  if (before.find_first_not_of(" +-([") != std::string_view::npos) return {};
  while (at < text.size() && text[at] == ' ') ++at;
  std::size_t end = at;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
  while (end > at && text[end - 1] == '.') --end;
  const std::string_view behind = trim(text.substr(end));
  const bool whole = behind.empty() || behind[0] == ',' || behind[0] == ';';
  return whole ? text.substr(at, end - at) : std::string_view();
}

}  // namespace

bool is_lone_dollar(std::string_view text, std::size_t at) {
  for (std::size_t other = 0; other < text.size(); ++other)
    if (other != at && text[other] == '$' && (other == 0 || text[other - 1] != '\\')) return false;
  return true;
}

std::size_t dollars(std::string_view text, std::size_t at, std::size_t sign, std::string& out) {
  std::size_t end = at + sign;
  const std::string unit = kWordsBegin + std::string("dollars") + kWordsEnd;
  if (trim(text.substr(end)).empty() && !trim(out).empty() && is_digit(trim(out).back())) {
    out += unit;
  } else if (const std::string_view amount = amount_of_money(text, end, out); !amount.empty()) {
    out += std::string(amount) + unit;
    end = static_cast<std::size_t>(amount.data() + amount.size() - text.data());
  }
  return end;
}

std::size_t fraction_of_units(std::string_view text, std::size_t at, std::size_t end,
                              std::string& out) {
  const std::string_view front = trim(out), name = text.substr(at + 1, end - at - 1);
  const bool fraction = name == "frac" || name == "dfrac" || name == "tfrac";
  if (!fraction || front.empty() || !(is_digit(front.back()) || front.back() == '}')) return 0;
  for (int group = 0; group < 2; ++group) {
    const std::string_view rest = text.substr(end);
    if (!rest.starts_with("{\\text{") && !rest.starts_with("{\\mathrm{")) return 0;
    end = group_end(text, end);
    if (end == std::string_view::npos) return 0;
  }
  const auto unit = read_unit_product(text.substr(at, end - at));
  if (!unit) return 0;
  out += kWordsBegin + unit_product_name(*unit) + kWordsEnd;
  return end;
}

}  // namespace quorum
