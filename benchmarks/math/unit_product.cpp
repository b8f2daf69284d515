#include "benchmarks/math/unit_product.h"

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/unit_words.h"

namespace quorum {
namespace {

constexpr int kMostPower = 6;
constexpr std::size_t kMostBytes = 120;

bool add(UnitFactors& factors, const std::string& name, int power) {
  const int sum = factors[name] += power;
  if (sum == 0) factors.erase(name);
  return sum >= -kMostPower && sum <= kMostPower;
}

// The commands of LaTeX that a unit is written with, taken away: "\mathrm{m\cdot s^{-2}}" is
// "m*s^-2", \frac{A}{B} is "A/B".
std::optional<std::string> plain_form(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == kWordsBegin || c == kWordsEnd || c == '{' || c == '~') {
      at += 1;
      if (c == '~') out += ' ';
    } else if (c == '}') {
      // Of \frac: the one between the groups.
      out += at + 1 < text.size() && text[at + 1] == '{' ? "/" : "";
      ++at;
    } else if (c != '\\') {
      out += c;
      ++at;
    } else {
      std::size_t end = at + 1;
      while (end < text.size() && is_letter(text[end])) ++end;
      const std::string_view name = text.substr(at + 1, end - at - 1);
      if (name == "cdot" || name == "times")
        out += '*';
      else if (name.empty() && end < text.size() &&
               std::string_view(" ,;:!").find(text[end]) != std::string_view::npos)
        out += text[end++] == '!' ? "" : " ";
      else if (name != "text" && name != "mathrm" && name != "rm" && name != "frac" &&
               name != "dfrac" && name != "tfrac")
        return std::nullopt;
      at = end;
    }
  }
  return out;
}

// A sign and one digit behind a "^"; 0: something else.
int power_at(std::string_view text, std::size_t& at) {
  const bool negative = at < text.size() && text[at] == '-';
  if (negative) ++at;
  if (at >= text.size() || !is_digit(text[at])) return 0;
  const int power = text[at++] - '0';
  if (at < text.size() && is_digit(text[at])) return 0;
  return negative ? -power : power;
}

}  // namespace

std::optional<UnitFactors> read_unit_product(std::string_view text) {
  if (text.size() > kMostBytes) return std::nullopt;
  const auto plain = plain_form(trim(text));
  if (!plain) return std::nullopt;
  UnitFactors factors;
  bool divided = false, divides = false, first = true, joined = true;
  std::size_t at = 0;
  while (at < plain->size()) {
    const char c = (*plain)[at];
    if (c == ' ') {
      ++at;
      continue;
    }
    if (c == '*' || c == '/') {
      // "J/kg*K" has two meanings.
      if (first || divides || (c == '*' && divided)) return std::nullopt;
      divides = c == '/';
      joined = true;
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < plain->size() && is_letter((*plain)[at])) ++at;
    const std::string_view word = std::string_view(*plain).substr(begin, at - begin);
    if (word.empty()) return std::nullopt;
    if (word == "per") {
      if (first || divides) return std::nullopt;
      divides = joined = true;
      continue;
    }
    if (divided && !divides) return std::nullopt;
    if (!joined && !divides && word.size() > 3) return std::nullopt;  // words in a row
    const auto unit = simple_unit(word);
    const auto parts = unit ? factors_of_name(*unit) : std::nullopt;
    if (!parts) return std::nullopt;
    int power = 1;
    if (at < plain->size() && (*plain)[at] == '^') power = power_at(*plain, ++at);
    if (power == 0) return std::nullopt;
    for (const auto& [name, own] : *parts)
      if (!add(factors, name, (divides ? -power : power) * own)) return std::nullopt;
    divided = divided || divides;
    first = divides = joined = false;
  }
  if (first || divides || factors.empty()) return std::nullopt;
  return factors;
}

std::string unit_product_name(const UnitFactors& factors) {
  std::string name;
  for (const auto& [unit, power] : factors) {
    name += (name.empty() ? "" : "*") + unit;
    if (power != 1) name += "^" + std::to_string(power);
  }
  return name;
}

std::optional<UnitFactors> factors_of_name(std::string_view name) {
  UnitFactors factors;
  for (const std::string& part : split(name, '*')) {
    const std::size_t sign = part.find('^');
    int power = 1;
    if (sign != std::string::npos) {
      std::size_t at = sign + 1;
      power = power_at(part, at);
      if (power == 0 || at != part.size()) return std::nullopt;
    }
    const std::string unit = part.substr(0, sign);
    if (unit.empty() || !add(factors, unit, power)) return std::nullopt;
  }
  return factors;
}

}  // namespace quorum
