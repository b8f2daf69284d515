#include "benchmarks/math/unit_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/unit_product.h"

namespace quorum {
namespace {

struct UnitName {
  std::string_view name, canonical;
};
// Units of one spelling; "" is no unit. Plurals lose their s first.
constexpr std::array<UnitName, 71> kUnits = {{{"degree", "degree"},
                                              {"deg", "degree"},
                                              {"celsius", "degree C"},
                                              {"degree celsius", "degree C"},
                                              {"degrees celsius", "degree C"},
                                              {"degree c", "degree C"},
                                              {"degrees c", "degree C"},
                                              {"degree f", "degree F"},
                                              {"degrees f", "degree F"},
                                              {"fahrenheit", "degree F"},
                                              {"degree fahrenheit", "degree F"},
                                              {"degrees fahrenheit", "degree F"},
                                              {"unit", "unit"},
                                              {"sq unit", "unit^2"},
                                              {"cu unit", "unit^3"},
                                              {"dollar", "dollar"},
                                              {"usd", "dollar"},
                                              {"us dollar", "dollar"},
                                              {"buck", "dollar"},
                                              {"rad", "radian"},
                                              {"th", ""},
                                              {"st", ""},
                                              {"nd", ""},
                                              {"rd", ""},
                                              {"centimeter", "cm"},
                                              {"centimetre", "cm"},
                                              {"meter", "m"},
                                              {"metre", "m"},
                                              {"kilometer", "km"},
                                              {"kilometre", "km"},
                                              {"millimeter", "mm"},
                                              {"millimetre", "mm"},
                                              {"inche", "inch"},
                                              {"in", "inch"},
                                              {"inch", "inch"},
                                              {"feet", "foot"},
                                              {"ft", "foot"},
                                              {"foot", "foot"},
                                              {"yard", "yard"},
                                              {"yd", "yard"},
                                              {"mile", "mile"},
                                              {"mi", "mile"},
                                              {"second", "second"},
                                              {"sec", "second"},
                                              {"minute", "minute"},
                                              {"min", "minute"},
                                              {"hour", "hour"},
                                              {"hr", "hour"},
                                              {"h", "hour"},
                                              {"day", "day"},
                                              {"week", "week"},
                                              {"month", "month"},
                                              {"year", "year"},
                                              {"yr", "year"},
                                              {"gram", "g"},
                                              {"kilogram", "kg"},
                                              {"pound", "lb"},
                                              {"lb", "lb"},
                                              {"ounce", "oz"},
                                              {"liter", "L"},
                                              {"litre", "L"},
                                              {"cent", "cent"},
                                              {"radian", "radian"},
                                              {"mph", "hour^-1*mile"},
                                              {"kph", "hour^-1*km"},
                                              {"kmh", "hour^-1*km"},
                                              {"s", "second"},
                                              {"l", "L"},
                                              {"milliliter", "ml"},
                                              {"millilitre", "ml"},
                                              {"milligram", "mg"}}};
// Words that change the value or the sense, so that they cannot be dropped as a unit. Plurals lose
// their s first.
bool changes_value(std::string_view word) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {// multipliers and parts
       "hundred", "thousand", "million", "billion", "trillion", "lakh", "crore", "dozen", "score",
       "gross", "pair", "couple", "twice", "double", "triple", "half", "halves", "third", "quarter",
       "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
       "sixteenth", "twentieth", "hundredth", "thousandth", "millionth", "billionth", "quadrillion",
       "quintillion", "ten", "percent", "ppm", "ppb", "permille", "basis", "\u2030", "\u2031",
       // operations and numbers
       "squared", "cubed", "factorial", "times", "plus", "minus", "over", "mod", "modulo", "base",
       "pi", "power", "root", "divided", "multiplied", "remainder", "alpha", "beta", "gamma",
       "delta", "theta", "lambda", "sigma", "omega", "epsilon", "infinity", "infinite", "sqrt",
       "sine", "cosine", "tangent", "zero", "negative", "reciprocal", "inverse", "opposite",
       // denials and doubts
       "not", "no", "non", "none", "never", "neither", "nor", "cannot", "without", "except",
       "excluding", "excluded", "exclusive", "wrong", "incorrect", "false", "true", "invalid",
       "impossible", "rejected", "extraneous", "undefined", "unknown", "error", "missing", "maybe",
       "perhaps", "possibly", "probably", "guess", "unsure", "nothing", "nil", "null", "fail",
       "failed", "discarded", "ignored", "omitted", "removed", "unless", "besides", "instead",
       "rather", "otherwise", "hardly", "barely", "mistake", "mistaken", "incorrectly", "wrongly",
       "falsely", "untrue", "unacceptable", "inadmissible", "inconsistent", "contradiction",
       "refuted", "myriad", "nonnegative", "nonpositive",
       // comparisons and what is near
       "more", "less", "fewer", "greater", "least", "most", "than", "above", "below",
       "approximately", "approx", "about", "around", "roughly", "nearly", "almost", "estimated",
       // joiners of sentences
       "or", "and", "to", "by", "into", "of", "from", "per", "with", "if", "when", "for", "is",
       "are", "was", "only", "each", "both", "even", "odd", "because", "since", "as", "where",
       "which", "so", "that", "therefore", "hence", "thus", "but", "am", "pm", "a.m", "p.m", "noon",
       "midnight"});
  const auto is_one = [&](std::string_view text) {
    return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
  };
  while (!word.empty() && std::string_view("().,;:!?").find(word.back()) != std::string_view::npos)
    word.remove_suffix(1);
  if (is_one(word) || word.ends_with("n't")) return true;
  return word.size() > 3 && word.back() == 's' && is_one(word.substr(0, word.size() - 1));
}

std::optional<std::string> canonical(std::string_view name) {
  for (const UnitName& unit : kUnits)
    if (name == unit.name) return std::string(unit.canonical);
  return std::nullopt;
}

}  // namespace

bool is_mega_unit(std::string_view word) {
  if (word.size() < 2 || word.front() != 'M') return false;
  for (const std::string_view base : {"m", "g", "W", "L", "J", "N", "V", "A", "Hz", "Pa"})
    if (word.substr(1) == base) return true;
  return false;
}

bool is_unit_name(std::string_view text) { return canonical(text).has_value(); }

std::optional<std::string> simple_unit(std::string_view word) {
  if (is_mega_unit(word)) return std::string(word);
  for (const std::string_view symbol : {"N", "J", "W", "V", "A", "K", "mol", "Pa", "Hz"})
    if (word == symbol) return std::string(word);
  std::string text = to_lower_ascii(word);
  for (int plural = 0; plural < 2; ++plural) {
    if (const auto known = canonical(text)) return known->empty() ? std::nullopt : known;
    for (const std::string_view symbol : {"m", "cm", "mm", "km", "g", "kg", "mg", "ml", "oz"})
      if (text == symbol) return text;
    if (text.size() < 3 || text.back() != 's') break;
    text.pop_back();
  }
  return std::nullopt;
}

std::optional<std::string> unit_of(std::string_view words) {
  if (is_mega_unit(trim(words))) return std::string(trim(words));
  std::string text = to_lower_ascii(trim(words));
  while (!text.empty() && (text.back() == '.' || text.back() == ',')) text.pop_back();
  if (text.empty()) return std::string();
  if (text.find_first_of("/*^") != std::string::npos || text.find(" per ") != std::string::npos) {
    if (const auto product = read_unit_product(trim(words))) return unit_product_name(*product);
  }
  if (text.find_first_of("0123456789=<>\\{}()[]+*") != std::string::npos) return std::nullopt;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" -,;", begin), text.size());
    const std::string_view word = std::string_view(text).substr(begin, end - begin);
    const bool rate = word == "per" || word == "of";
    if (changes_value(word) && !rate) return std::nullopt;
    begin = end + 1;
  }
  if (text.rfind("per ", 0) == 0 || text.rfind("of ", 0) == 0) return std::nullopt;
  if (const auto known = canonical(text)) return known;
  if (text.size() > 2 && text.back() == 's') {
    text.pop_back();
    if (const auto known = canonical(text)) return known;
  }
  for (const auto& [prefix, power] :
       {std::pair<std::string_view, std::string_view>{"square ", "^2"},
        {"sq ", "^2"},
        {"sq. ", "^2"},
        {"cubic ", "^3"}}) {
    if (text.substr(0, prefix.size()) != prefix) continue;
    const auto base = unit_of(std::string_view(text).substr(prefix.size()));
    if (base) return base->empty() ? std::string() : *base + std::string(power);
  }
  // 90 degrees clockwise: what a unit of no size is said of.
  if (const std::size_t space = text.find(' '); space != std::string::npos) {
    const auto first = simple_unit(std::string_view(text).substr(0, space));
    const std::string_view rest = trim(std::string_view(text).substr(space));
    const bool rate = rest.starts_with("per ") || rest.starts_with("of ");
    if (first && !rate && (*first == "degree" || *first == "dollar" || *first == "unit"))
      return first;
  }
  return text;
}

}  // namespace quorum
