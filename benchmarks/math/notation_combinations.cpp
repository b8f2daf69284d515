#include "benchmarks/math/notation_combinations.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

// What stands behind _ or ^ at `at`, without braces; moves `at` behind it.
std::optional<std::string_view> script(std::string_view text, std::size_t& at, char sign) {
  std::size_t begin = at;
  while (begin < text.size() && text[begin] == ' ') ++begin;
  if (begin >= text.size() || text[begin] != sign) return std::nullopt;
  ++begin;
  while (begin < text.size() && text[begin] == ' ') ++begin;
  if (begin >= text.size()) return std::nullopt;
  if (text[begin] != '{') {
    if (!is_digit(text[begin]) && !is_letter(text[begin])) return std::nullopt;
    at = begin + 1;
    return text.substr(begin, 1);
  }
  const std::size_t end = group_end(text, begin);
  if (end == std::string_view::npos) return std::nullopt;
  at = end;
  return trim(text.substr(begin + 1, end - begin - 2));
}

bool is_count(std::string_view text) {
  return !text.empty() && text.size() <= 4 && std::all_of(text.begin(), text.end(), is_digit);
}

// n over k, or n! / (n-k)! where order counts; empty: it may be something else.
std::string written_out(char letter, std::string_view n, std::string_view k) {
  if (is_count(n) && is_count(k)) {
    const int all = std::stoi(std::string(n)), chosen = std::stoi(std::string(k));
    if (chosen > all) return {};
    if (letter == 'C') return "\\binom{" + std::string(n) + "}{" + std::string(k) + "}";
    return "(\\frac{" + std::string(n) + "!}{" + std::to_string(all - chosen) + "!})";
  }
  const auto has_letter = [](std::string_view part) {
    return std::any_of(part.begin(), part.end(), is_letter) &&
           part.find_first_of(",=\\") == std::string_view::npos;
  };
  const bool index_of_several = n.size() > 1 && has_letter(n);
  const bool letter_above = k.size() == 1 && is_letter(k[0]) && has_letter(n);
  if (letter != 'C' || !(index_of_several || letter_above)) return {};
  return "\\binom{" + std::string(n) + "}{" + std::string(k) + "}";
}

// The letter at `at`, when it stands alone; 0: there is none.
char symbol_at(std::string_view text, std::size_t at) {
  if (at >= text.size() || (text[at] != 'C' && text[at] != 'P' && text[at] != 'A')) return 0;
  if (at + 1 < text.size() && is_letter(text[at + 1])) return 0;
  return text[at];
}

// C_8^3 and C^3_8.
std::string with_both_behind(std::string_view text, std::size_t& at) {
  const char letter = symbol_at(text, at);
  if (letter == 0 || (at > 0 && (is_letter(text[at - 1]) || text[at - 1] == '\\'))) return {};
  std::size_t end = at + 1;
  auto n = script(text, end, '_');
  const auto k = script(text, end, '^');
  if (!n) n = script(text, end, '_');
  if (!n || !k) return {};
  const std::string value = written_out(letter, *n, *k);
  if (!value.empty()) at = end;
  return value;
}

// _8C_3 and {}^8C_3, in front of which no base stands.
std::string with_one_in_front(std::string_view text, std::size_t& at, std::string& out) {
  if (text[at] != '_' && text[at] != '^') return {};
  std::string_view before = trim(out);
  const bool empty_base = before.ends_with("{}");
  if (empty_base) before = trim(before.substr(0, before.size() - 2));
  const bool no_base = before.empty() || empty_base ||
                       std::string_view("+-=({[,/").find(before.back()) != std::string_view::npos ||
                       before.ends_with("\\cdot") || before.ends_with("\\times");
  std::size_t end = at;
  const auto n = script(text, end, text[at]);
  if (!no_base || !n) return {};
  while (end < text.size() && text[end] == ' ') ++end;
  const char letter = symbol_at(text, end);
  if (letter == 0) return {};
  ++end;
  const auto k = script(text, end, '_');
  if (!k) return {};
  const std::string value = written_out(letter, *n, *k);
  if (value.empty()) return {};
  if (empty_base) out = std::string(before);
  at = end;
  return value;
}

}  // namespace

std::string combinations_as_binomials(std::string_view text) {
  if (text.find_first_of("CPA") == std::string_view::npos ||
      text.find_first_of("_^") == std::string_view::npos)
    return std::string(text);
  std::string out;
  bool in_words = false;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == kWordsBegin || text[at] == kWordsEnd) in_words = text[at] == kWordsBegin;
    std::string value;
    if (!in_words) value = with_both_behind(text, at);
    if (!in_words && value.empty()) value = with_one_in_front(text, at, out);
    if (value.empty())
      out += text[at++];
    else
      out += value;
  }
  return out;
}

}  // namespace quorum
