#include "benchmarks/math/compat_prm800k.h"

#include <re2/re2.h>

#include <cstdlib>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/approximate.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/extraction.h"

namespace quorum::prm800k {
namespace {

enum class Rule {
  kSameText,
  kName,
  kPercent,
  kUnits,
  kShape,
  kFraction,
  kInteger,
  kLetters,
  kExponents,
  kNotEvaluated,
  kEvaluated,
  kEmpty,
};

struct Decision {
  bool equal;
  Rule rule;  // that decided
};

bool is_fraction(const std::string& text) {
  static const RE2 kFraction(R"(-?[0-9]+.?/0*[1-9][0-9]*.?)");
  return RE2::FullMatch(text, kFraction);
}
bool is_whole(std::string text) {
  strip_separators(text);
  static const RE2 kWhole(R"([+-]?(?:\d+(?:\.0*)?|\.0+))");
  return RE2::FullMatch(text, kWhole);
}

// The elements of (a,b), [a,b); other texts are one element.
std::vector<std::string> elements(std::string text) {
  strip_separators(text);
  constexpr std::string_view kBrackets = "()[]";
  if (text.empty()) return {};
  const auto bracket = [&](char c) { return kBrackets.find(c) != std::string_view::npos; };
  bool inner = false;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) inner = inner || bracket(text[i]);
  if (text.size() > 2 && bracket(text.front()) && bracket(text.back()) && !inner)
    return split(text.substr(1, text.size() - 2), ',');
  return {text};
}

// What the algebra is asked; the rule that keeps it from being asked.
std::optional<Rule> refused(const std::string& text) {
  std::string rest = replace_all(replace_all(text, "sqrt", ""), "frac", "");
  std::set<std::string> letters;
  for (std::size_t at = 0; at < rest.size();) {
    const std::size_t begin = at;
    const std::int32_t code = next_code_point(rest, at);
    const bool letter =
        code < 0x80 ? is_letter(rest[begin]) : code >= 0xc0 && code < 0x2000 && code != 0xd7;
    if (letter) letters.insert(rest.substr(begin, at - begin));
  }
  if (letters.size() > 2) return Rule::kLetters;
  static const RE2 kExponents(R"(\^[{(]|\^[0-9]+\^|\^[0-9][0-9]+)");
  if (RE2::PartialMatch(text, kExponents)) return Rule::kExponents;
  return std::nullopt;
}

// With the signs of products that the algebra puts between factors: 2/3sqrt(2) is 2/3*sqrt(2).
// nullopt: it reads no such text.
std::optional<std::string> with_products(std::string_view text) {
  static const RE2 kNumbers(R"(\d+\.?\d*|\.\d+)"),
      kFunctions(R"((?:sin|cos|tan|log|ln|exp)($|[^(]))");
  std::string rest(text);
  RE2::GlobalReplace(&rest, kNumbers, "1");
  if (rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz1+-*/^()!") != std::string::npos ||
      RE2::PartialMatch(rest, kFunctions))
    return std::nullopt;
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at], before = at > 0 ? text[at - 1] : '+';
    const bool opens = is_letter(c) || c == '(', value = is_digit(before) || before == ')';
    const bool factor =
        (value && opens) || (before == ')' && is_digit(c)) || (is_letter(before) && is_digit(c));
    if (factor) out += '*';
    // Its i is a symbol.
    const bool alone =
        (at == 0 || !is_letter(before)) && (at + 1 == text.size() || !is_letter(text[at + 1]));
    out += c == 'i' && alone ? 'j' : c;
  }
  out = replace_all(out, "--", "+");
  out = replace_all(out, "+-", "-");
  return out.front() == '+' ? out.substr(1) : out;
}

// A decimal times a power of ten is multiplied in double precision.
std::optional<double> scientific(const std::string& text) {
  static const RE2 kScientific(R"((-?\d*\.\d+)\*10\^(-?\d+))");
  std::string mantissa, exponent;
  if (!RE2::FullMatch(text, kScientific, &mantissa, &exponent) || exponent.size() > 4)
    return std::nullopt;
  return std::strtod(mantissa.c_str(), nullptr) * std::strtod(("1e" + exponent).c_str(), nullptr);
}
bool same_value(const std::string& a, const std::string& b) {
  if (equivalent(a, b, GraderKind::kMath).equal) {
    const auto x = scientific(a), y = scientific(b);
    if (!x && !y) return true;
    const auto value = [](const std::string& text, const std::optional<double>& product) {
      if (product) return product;
      const auto parsed = parse_expression(text);
      const auto number = parsed ? approximate(*parsed) : std::nullopt;
      return number ? std::optional(static_cast<double>(number->real())) : std::nullopt;
    };
    return value(a, x) == value(b, y);
  }
  const auto x = parse_expression(a), y = parse_expression(b);
  return x && y && agree_at_points(*x, *y);
}

Decision decide_element(const std::string& gold, const std::string& prediction) {
  if (is_fraction(gold) && is_fraction(prediction)) return {gold == prediction, Rule::kFraction};
  if (is_whole(gold) != is_whole(prediction)) return {false, Rule::kInteger};
  if (const auto rule = refused("(" + gold + ")-(" + prediction + ")")) return {false, *rule};
  const auto a = with_products(gold), b = with_products(prediction);
  if (!a || !b) return {false, Rule::kNotEvaluated};
  const bool same = gold == prediction || same_value(*a, *b);
  return {same, same ? Rule::kEvaluated : Rule::kNotEvaluated};
}

Decision decide(std::string_view gold_answer, std::string_view answer) {
  // Which of the rules of the texts made them equal.
  const auto textual = [&]() -> Rule {
    const auto has = [](std::string_view text, std::string_view part) {
      return text.find(part) != std::string_view::npos;
    };
    if (has(gold_answer, "%") != has(answer, "%")) return Rule::kPercent;
    if (has(gold_answer, "=") || has(answer, "=")) return Rule::kName;
    if (has(gold_answer, "\\text{ ") || has(answer, "\\text{ ")) return Rule::kUnits;
    return Rule::kSameText;
  };
  if (bare_text(gold_answer) == bare_text(answer)) return {true, textual()};
  const std::string gold = plain_text(gold_answer), prediction = plain_text(answer);
  if (gold == prediction) return {true, textual()};
  if (prediction.empty()) return {false, Rule::kEmpty};
  const std::vector<std::string> a = elements(gold), b = elements(prediction);
  if (a.size() != b.size() ||
      (a.size() > 1 && (gold.front() != prediction.front() || gold.back() != prediction.back())))
    return {false, Rule::kShape};
  Decision last{false, Rule::kShape};
  for (std::size_t i = 0; i < a.size(); ++i) {
    last = decide_element(std::string(trim(a[i])), std::string(trim(b[i])));
    if (!last.equal) break;
  }
  return last;
}

}  // namespace

const std::vector<Deviation>& rules() {
  static const std::vector<Deviation> kRules = {
      {"same_text", "answers whose texts are the same without signs, braces and case are equal"},
      {"name_dropped", "what stands in front of = goes when it is at most two bytes long"},
      {"percent_dropped", "a percent sign is dropped: 25% is 25 and not 0.25"},
      {"text_dropped", "everything behind \\text{ with a space is a unit"},
      {"shape_as_written",
       "tuples need the same brackets and number of elements; lists are one text"},
      {"fractions_as_written", "two fractions are equal only as written: 4/6 is not 2/3"},
      {"integers_as_written", "an integer equals only an integer: 2^3 is not 8"},
      {"three_letters_not_evaluated", "more than two different letters are not evaluated"},
      {"exponents_not_evaluated",
       "exponents of two digits, in brackets or of exponents are not evaluated"},
      {"not_evaluated", "relations, lists, matrices and words are equal only as texts"},
      {"evaluated", "what the algebra reads as the same is equal: 5 1/2 is 5+1/2"},
      {"empty", "what cleaning leaves nothing of is wrong"},
  };
  return kRules;
}

bool equal(std::string_view gold, std::string_view prediction, DeviationSet on) {
  const bool ours = equivalent(gold, prediction, GraderKind::kMath).equal;
  if (on == 0 || gold.size() > kMaxAnswerBytes || prediction.size() > kMaxAnswerBytes) return ours;
  const Decision decision = decide(gold, prediction);
  return (on >> static_cast<int>(decision.rule) & 1) != 0 ? decision.equal : ours;
}

}  // namespace quorum::prm800k
