#include "benchmarks/math/compat_math_verify.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "base/text.h"
#include "benchmarks/math/algebra.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/approximate.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/compat_math_verify_value.h"
#include "benchmarks/math/compat_math_verify_words.h"
#include "benchmarks/math/extraction.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/number.h"
#include "benchmarks/math/relation.h"

namespace quorum::math_verify {
namespace {

bool strictly_equal(std::string_view gold, std::string_view prediction) {
  return equivalent(as_latex(gold), as_latex(prediction), GraderKind::kMath).equal;
}

class Comparison {
 public:
  explicit Comparison(Log& log) : log_(log) {}

  bool equal(Value gold, Value prediction, int depth) {
    if (depth > kMaxDepth) return false;
    const bool gold_equation = gold.equation(), equation = prediction.equation();
    const bool gold_assigns = gold_equation && symbols_only(gold.items.front().text);
    const bool assigns = equation && symbols_only(prediction.items.front().text);
    if (gold_assigns) shorten(gold);
    if (assigns) shorten(prediction);
    if (equation && !gold_equation) {
      if (!assigns && !log_.applies(Rule::kRightSide)) return strict(gold, prediction);
      prediction = Value(prediction.items.back());
    } else if (gold_assigns && !equation) {
      gold = Value(gold.items.back());
    }
    if (gold.text == prediction.text) return true;
    using Type = Value::Type;
    if (gold.type == Type::kRelation && is_set(prediction)) return strict(gold, prediction);
    if (gold.type == Type::kRelation && prediction.type == Type::kRelation)
      return relations(gold, prediction, depth);
    if (prediction.type == Type::kRelation && is_set(gold)) {
      if (!strict(gold, prediction)) return false;
      return !log_.applies(Rule::kIntervalGold);
    }
    if (is_set(gold) || is_set(prediction)) return sets(gold, prediction, depth);
    if (gold.type == Type::kRelation || prediction.type == Type::kRelation) {
      if (!strict(gold, prediction)) return false;
      return !log_.applies(Rule::kRightSide);
    }
    if (gold.type == Type::kMatrix && prediction.type == Type::kMatrix)
      return gold.form == prediction.form && ordered(gold.items, prediction.items, depth);
    if (gold.type != prediction.type) return false;
    return leaves(gold.text, prediction.text);
  }

  // LaTeX that is nothing but words on both sides; nullopt: it is not.
  std::optional<bool> words(std::string_view gold, std::string_view prediction) {
    const auto a = word_of(gold), b = word_of(prediction);
    if (!a || !b) return std::nullopt;
    const bool same = same_words(*a, *b);
    if (same == equivalent(gold, prediction, GraderKind::kMath).equal) return same;
    const bool single = a->name.size() == 1 && b->name.size() == 1;
    return log_.applies(single ? Rule::kNoCase : Rule::kWordsAreLetters) ? same : !same;
  }

 private:
  static bool strict(const Value& gold, const Value& prediction) {
    return strictly_equal(gold.text, prediction.text);
  }
  static bool is_set(const Value& value) {
    using Type = Value::Type;
    return value.type == Type::kSet || value.type == Type::kTuple ||
           value.type == Type::kInterval || value.type == Type::kUnion;
  }

  // x = a = b is x = b.
  void shorten(Value& chain) {
    if (chain.items.size() < 3) return;
    if (!log_.applies(Rule::kRightSide)) return;
    chain.items = {chain.items.front(), chain.items.back()};
    chain.relations = {"="};
    chain.text = chain.items[0].text + "=" + chain.items[1].text;
  }

  bool ordered(const std::vector<Value>& gold, const std::vector<Value>& prediction, int depth) {
    if (gold.size() != prediction.size()) return false;
    for (std::size_t i = 0; i < gold.size(); ++i)
      if (!equal(gold[i], prediction[i], depth + 1)) return false;
    return true;
  }
  bool unordered(const std::vector<Value>& gold, const std::vector<Value>& prediction, int depth) {
    if (gold.size() != prediction.size()) return false;
    std::vector<bool> used(prediction.size());
    for (const Value& item : gold) {
      bool found = false;
      for (std::size_t i = 0; i < prediction.size() && !found; ++i) {
        if (used[i] || !equal(item, prediction[i], depth + 1)) continue;
        used[i] = found = true;
      }
      if (!found) return false;
    }
    return true;
  }

  std::vector<Value> distinct(const Value& set) {
    std::vector<Value> items;
    for (const Value& item : set.items) {
      bool there = false;
      for (const Value& before : items)
        there =
            there || before.text == item.text || (before.type == item.type && strict(before, item));
      if (!there || !log_.applies(Rule::kSets)) items.push_back(item);
    }
    return items;
  }
  bool sets(const Value& gold, const Value& prediction, int depth) {
    using Type = Value::Type;
    if (gold.type == Type::kMatrix || prediction.type == Type::kMatrix) {
      if (!strict(gold, prediction)) return false;
      return !log_.applies(Rule::kColumns);
    }
    if (gold.type == Type::kUnion || prediction.type == Type::kUnion) {
      if (gold.type == prediction.type) return unordered(gold.items, prediction.items, depth);
      if (!strict(gold, prediction)) return false;
      return !log_.applies(Rule::kIntervalGold);
    }
    if (gold.type == Type::kInterval && prediction.type == Type::kInterval)
      return gold.form == prediction.form && ordered(gold.items, prediction.items, depth);
    // An open interval may be a pair, another one is nothing else.
    for (const Value* one : {&gold, &prediction})
      if (one->type == Type::kInterval && one->form != "()") return strict(gold, prediction);
    const auto items = [&](const Value& value) -> std::vector<Value> {
      if (value.type == Type::kSet) return distinct(value);
      if (is_set(value)) return value.items;
      return {value};
    };
    const std::vector<Value> a = items(gold), b = items(prediction);
    const bool same = gold.type == Type::kSet ? unordered(a, b, depth) : ordered(a, b, depth);
    if (gold.type == Type::kSet && prediction.type == Type::kSet) return same;
    if (same == strict(gold, prediction)) return same;
    // Without the rule it is as strict as ever.
    return log_.applies(Rule::kPairsAndSets) ? same : !same;
  }

  bool relations(const Value& gold, const Value& prediction, int depth) {
    if (gold.relations.size() != 1 || prediction.relations.size() != 1) {
      bool same = gold.relations == prediction.relations;
      for (std::size_t i = 0; same && i < gold.items.size(); ++i)
        same = strict(gold.items[i], prediction.items[i]);
      if (same == strict(gold, prediction)) return same;
      return log_.applies(Rule::kInequalities) ? same : !same;
    }
    const std::string &a = gold.relations[0], &b = prediction.relations[0];
    if (a == "=" && b == "=") return equations(gold, prediction, depth);
    const auto flipped = [](const std::string& relation) -> std::string {
      if (relation == "<") return ">";
      if (relation == ">") return "<";
      if (relation == "\\le") return "\\ge";
      return relation == "\\ge" ? "\\le" : "";
    };
    // Left minus right is the same, or its negative.
    const bool same = (a == b && same_difference(gold, prediction, false)) ||
                      (flipped(a) == b && same_difference(gold, prediction, true));
    if (same == strict(gold, prediction)) return same;
    return log_.applies(Rule::kInequalities) ? same : !same;
  }

  static bool same_difference(const Value& gold, const Value& prediction, bool negative) {
    const auto difference_of = [](const Value& relation,
                                  bool turned) -> std::optional<std::string> {
      const auto left = parse_expression(relation.items[turned ? 1 : 0].text),
                 right = parse_expression(relation.items[turned ? 0 : 1].text);
      if (!left || !right) return std::nullopt;
      const auto form = algebraic_form(difference(*left, *right));
      return form ? std::optional(form->key) : std::nullopt;
    };
    const auto a = difference_of(gold, false), b = difference_of(prediction, negative);
    return a && b && *a == *b;
  }

  bool equations(const Value& gold, const Value& prediction, int depth) {
    if (equal_sides(gold, prediction, depth)) return true;
    if (same_difference(gold, prediction, false) || same_difference(gold, prediction, true))
      return true;
    if (!strict(gold, prediction)) return false;
    // Of several symbols it is solved for one, of one symbol it is not.
    std::vector<std::string> symbols;
    for (const Value& side : gold.items)
      if (const auto parsed = parse_expression(side.text))
        for (const std::string& name : symbols_of(*parsed)) symbols.push_back(name);
    std::sort(symbols.begin(), symbols.end());
    symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
    if (symbols.size() != 1) return true;
    return !log_.applies(Rule::kEquations);
  }
  bool equal_sides(const Value& gold, const Value& prediction, int depth) {
    return equal(gold.items[0], prediction.items[0], depth + 1) &&
           equal(gold.items[1], prediction.items[1], depth + 1);
  }

  // The letters of mathematics as they are read there.
  std::string letters(std::string_view text) {
    // i is a symbol, and a complex one where it stands alone: in 3i it is real.
    bool unit = false, has_i = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\\') {  // a command, up to its last letter
        while (at + 1 < text.size() && is_letter(text[at + 1])) ++at;
        continue;
      }
      if (text[at] != 'i') continue;
      const auto joined = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
      has_i = true;
      unit = unit || ((at == 0 || !joined(text[at - 1])) &&
                      (at + 1 == text.size() || !joined(text[at + 1])));
    }
    const bool letter_i = has_i && log_.applies(Rule::kImaginaryUnit);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      if (text[at] == '\\') {
        std::size_t end = at + 1;
        while (end < text.size() && is_letter(text[end])) ++end;
        out += text.substr(at, end - at);
        if (end == at + 1 && end < text.size()) out += text[end++];
        at = end;
        continue;
      }
      const char c = text[at++];
      if (c == 'i' && letter_i)
        out += unit ? "\\xi " : "\\iota ";
      else if (c == 'I' && log_.applies(Rule::kNoCase))
        out += "i";
      else if (c >= 'A' && c <= 'Z' && c != 'E' && log_.applies(Rule::kNoCase))
        out += static_cast<char>(c - 'A' + 'a');
      else
        out += c;
    }
    return out;
  }

  bool leaves(const std::string& gold, const std::string& prediction) {
    const std::string gold_text = as_latex(gold), text = as_latex(prediction);
    if (const auto same = words(gold_text, text)) return *same;
    const auto gold_word = word_of(gold_text), word = word_of(text);
    const bool words = gold_word.has_value() || word.has_value() ||
                       gold_text.find("\\text") != std::string::npos ||
                       text.find("\\text") != std::string::npos;
    if (words && !(gold_word && !gold_word->marked) && !(word && !word->marked)) {
      if (!strictly_equal(gold, prediction)) return false;
      return !log_.applies(Rule::kWordsAreLetters);
    }
    // "10 cm^2" is a product of letters.
    if (has_letters(gold) != has_letters(prediction) &&
        parse_quantity(has_letters(gold) ? gold : prediction) && strictly_equal(gold, prediction) &&
        log_.applies(Rule::kWordsAreLetters))
      return false;
    const std::string a = letters(gold), b = letters(prediction);
    if (plain_function(a) != plain_function(b) && strictly_equal(a, b) &&
        log_.applies(Rule::kPlainFunctions))
      return false;
    return values(a, b);
  }

  // Two letters or more side by side outside of commands and of marked words.
  static bool has_letters(std::string_view text) {
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
      if (text[at] == kWordsBegin) at = std::min(text.find(kWordsEnd, at), text.size() - 1);
      if (text[at] == '\\')
        while (at + 1 < text.size() && is_letter(text[at + 1])) ++at;
      else if (is_letter(text[at]) && is_letter(text[at + 1]))
        return true;
    }
    return false;
  }

  static bool plain_function(std::string_view text) {
    for (const std::string_view name : {"sin", "cos", "tan", "log", "ln", "exp", "pi"}) {
      for (std::size_t at = 0; (at = text.find(name, at)) != std::string_view::npos; ++at) {
        std::size_t begin = at;
        while (begin > 0 && is_letter(text[begin - 1])) --begin;
        if (begin == 0 || text[begin - 1] != '\\') return true;
      }
    }
    return false;
  }

  enum class Kind { kDecimal, kExact, kDecimalInside, kOther };
  static Kind kind_of(std::string_view text) {
    text = trim(text);
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    const bool digits = text.find_first_not_of("0123456789. ") == std::string_view::npos;
    const bool point = text.find('.') != std::string_view::npos;
    if (digits && point) return Kind::kDecimal;
    const auto quantity = parse_quantity(text);
    const bool power = text.find('^') != std::string_view::npos;
    if (quantity && !point && !power) return Kind::kExact;
    return point ? Kind::kDecimalInside : Kind::kOther;
  }

  // A decimal times a power of ten is multiplied in double precision.
  static bool inexact_power(std::string_view scientific, std::string_view exact) {
    const std::size_t power = scientific.find("10^{");
    std::size_t sign = scientific.find("\\times");
    if (sign == std::string_view::npos) sign = scientific.find("\\cdot");
    if (power == std::string_view::npos || sign == std::string_view::npos || sign > power)
      return false;
    const std::string_view mantissa = trim(scientific.substr(0, sign));
    if (kind_of(mantissa) != Kind::kDecimal || scientific.back() != '}') return false;
    const std::string exponent(scientific.substr(power + 4, scientific.size() - power - 5));
    const auto value = number_of(exact), front = number_of(mantissa),
               ten = number_of("10^{" + exponent + "}");
    if (!value || !front || !ten) return false;
    return static_cast<double>(*front) * static_cast<double>(*ten) != static_cast<double>(*value);
  }

  bool values(const std::string& a, const std::string& b) {
    const Kind gold = kind_of(a), prediction = kind_of(b);
    const bool same = strictly_equal(a, b);
    const bool decimal = gold == Kind::kDecimal || prediction == Kind::kDecimal;
    const bool exact = gold == Kind::kExact || prediction == Kind::kExact;
    if (same) {
      const bool differs = (gold == Kind::kExact && inexact_power(b, a)) ||
                           (prediction == Kind::kExact && inexact_power(a, b));
      return !(differs && log_.applies(Rule::kScientific));
    }
    if (decimal) {
      const auto x = number_of(a), y = number_of(b);
      if (!x || !y || is_integer_text(a) || is_integer_text(b)) return false;
      return std::nearbyint(*x * 1e6L) == std::nearbyint(*y * 1e6L) &&
             log_.applies(Rule::kSixPlaces);
    }
    if (gold == Kind::kExact && prediction == Kind::kExact) return false;
    const auto x = parse_expression(a), y = parse_expression(b);
    if (!x || !y) return false;
    if (exact || !is_constant(*x) || !is_constant(*y)) return false;
    const auto p = approximate(*x), q = approximate(*y);
    return p && q && std::abs(*p - *q) < 1e-15L && log_.applies(Rule::kFifteenPlaces);
  }

  Log& log_;
};

}  // namespace

bool equal(std::string_view gold, std::string_view prediction, DeviationSet on) {
  const auto strict = [&] { return equivalent(gold, prediction, GraderKind::kMath).equal; };
  if (on == 0 || gold.size() > kMaxAnswerBytes || prediction.size() > kMaxAnswerBytes)
    return strict();
  Log log(on);
  const Reading a = read(gold, log);
  Reading b = read(prediction, log);
  if (a.readable && !b.readable) {
    const std::string number = last_number(prediction);
    if (number.empty() || !log.applies(Rule::kLastNumber)) return false;
    b = {true, false, number};
  }
  if (!a.readable || !b.readable || a.name || b.name) return a.text == b.text;
  if (const auto same = Comparison(log).words(a.text, b.text)) return *same;
  const auto value = [&log](std::string text) {
    static const std::string kChoose = "\\choose";
    if (const std::size_t at = text.find(kChoose);
        at != std::string::npos && text.front() == '{' && log.applies(Rule::kNotations))
      text = "\\binom" + text.substr(0, at) + "}{" + text.substr(at + kChoose.size());
    return read_value(normalise_notation(text), log);
  };
  const bool same = Comparison(log).equal(value(a.text), value(b.text), 0);
  if (log.any_came_up()) return same;
  const bool ours = strict();
  return same == ours || !log.applies(Rule::kNotations) ? ours : same;
}

}  // namespace quorum::math_verify
