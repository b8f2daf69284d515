#include "benchmarks/math/number.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/unit_product.h"
#include "benchmarks/math/unit_words.h"
#include "benchmarks/math/units.h"

namespace quorum {
namespace {

constexpr int kMaxFractionDepth = 8;

// Reads numbers from the front of a text.
class NumberReader {
 public:
  explicit NumberReader(std::string_view text) : text_(text) {}

  std::string_view rest() const { return text_.substr(at_); }

  // sign? (fraction | decimal ((fraction | a/b as the rest of a mixed number) | /b | × 10^n)?)
  std::optional<Rational> number(int depth = 0) {
    if (depth > kMaxFractionDepth) return std::nullopt;
    spaces();
    bool negative = false;
    if (peek() == '-' || peek() == '+') {
      negative = peek() == '-';
      ++at_;
      spaces();
    }
    auto value = starts("\\frac{") ? fraction(depth) : decimal_form(depth);
    if (!value) return std::nullopt;
    return negative ? value->negated() : *value;
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool starts(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
  void spaces() {
    while (peek() == ' ') ++at_;
  }

  std::string_view digits() {
    const std::size_t begin = at_;
    while (is_digit(peek())) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  // \frac{a}{b}, both numbers.
  std::optional<Rational> fraction(int depth) {
    at_ += 5;
    std::array<Rational, 2> parts;
    for (Rational& part : parts) {
      if (peek() != '{') return std::nullopt;
      const std::size_t end = group_end(text_, at_);
      if (end == std::string_view::npos) return std::nullopt;
      NumberReader inside(text_.substr(at_ + 1, end - at_ - 2));
      const auto value = inside.number(depth + 1);
      if (!value || !trim(inside.rest()).empty()) return std::nullopt;
      part = *value;
      at_ = end;
    }
    return parts[0].divided_by(parts[1]);
  }

  // Whether a digit or a braced integer stands behind the ^ at the reader.
  bool at_exponent() const {
    if (peek() != '^') return false;
    std::size_t ahead = 1;
    if (peek(ahead) == '{') ++ahead;
    while (peek(ahead) == ' ' || peek(ahead) == '-') ++ahead;
    return is_digit(peek(ahead));
  }

  // ^5 or ^{-5} of an integer.
  std::optional<Rational> power_of(const Rational& base) {
    ++at_;
    const bool braced = peek() == '{';
    if (braced) ++at_;
    spaces();
    bool negative = false;
    if (peek() == '-' || peek() == '+') {
      if (!braced) return std::nullopt;
      negative = peek() == '-';
      ++at_;
    }
    const std::string_view exponent = digits();  // 2^10 too: 2^{1}0 is no product
    if (exponent.empty() || exponent.size() > 4 || !is_digit(exponent[0])) return std::nullopt;
    spaces();
    if (braced && peek() != '}') return std::nullopt;
    if (braced) ++at_;
    long count = 0;
    for (const char c : exponent) count = 10 * count + (c - '0');
    // Every step is bounded: a result beyond 4096 bits ends the loop.
    auto result = Rational::from_decimal("1");
    for (long i = 0; i < count && result; ++i) result = result->times(base);
    if (result && negative) result = Rational::from_decimal("1")->divided_by(*result);
    return result;
  }

  std::optional<Rational> decimal_form(int depth) {
    const std::size_t begin = at_;
    const std::string_view whole = digits();
    bool point = false;
    if (peek() == '.' &&
        (is_digit(peek(1)) || !whole.empty() || text_.substr(at_ + 1, 10) == "\\overline{")) {
      point = true;
      ++at_;
      digits();
    }
    const std::string_view written = text_.substr(begin, at_ - begin);
    if (whole.empty() && written.size() < 2 && !starts("\\overline{")) return std::nullopt;
    if (point && starts("\\overline{")) return repeating(written);
    auto value = Rational::from_decimal(written);
    if (!value) return std::nullopt;
    if ((peek() == 'E' || (peek() == 'e' && at_exponent_digits())) && !point_only(written))
      return exponent_form(*value);
    if (!point && at_exponent()) return power_of(*value);

    const std::size_t behind = at_;
    spaces();
    if (!point && (starts("\\frac{") || starts("{\\frac{"))) {  // 1\frac{4}{5}, 1{\frac{4}{5}}
      const bool braced = peek() == '{';
      if (braced) ++at_;
      const auto part = fraction(depth);
      if (braced && peek() != '}') return std::nullopt;
      if (braced) ++at_;
      if (!part || part->negative()) return std::nullopt;
      return value->plus(*part);
    }
    if (!point && at_ > behind && is_digit(peek())) {  // 1 4/5
      const auto top = Rational::from_decimal(digits());
      if (!top || peek() != '/') return std::nullopt;
      ++at_;
      const std::string_view below = digits();
      if (below.empty()) return std::nullopt;
      const auto bottom = Rational::from_decimal(below);
      const auto part = bottom ? top->divided_by(*bottom) : std::nullopt;
      return part ? value->plus(*part) : std::nullopt;
    }
    if (peek() == '/') {
      ++at_;
      spaces();
      bool negative = false;
      if (peek() == '-') {
        negative = true;
        ++at_;
      }
      const std::size_t divisor_begin = at_;
      digits();
      if (peek() == '.' && is_digit(peek(1))) {
        ++at_;
        digits();
      }
      const auto divisor = Rational::from_decimal(text_.substr(divisor_begin, at_ - divisor_begin));
      if (!divisor) return std::nullopt;
      return value->divided_by(negative ? divisor->negated() : *divisor);
    }
    for (const std::string_view times : {"\\times", "\\cdot", "x"}) {
      if (!starts(times)) continue;
      at_ += times.size();
      spaces();
      if (!starts("10^")) return std::nullopt;
      at_ += 2;
      const auto scale = power_of(*Rational::from_decimal("10"));
      return scale ? value->times(*scale) : std::nullopt;
    }
    at_ = behind;
    return value;
  }

  // Behind the e of 8.13e-4: a sign and digits.
  bool at_exponent_digits() const {
    const std::size_t sign = peek(1) == '-' || peek(1) == '+' ? 1 : 0;
    return is_digit(peek(1 + sign));
  }

  static bool point_only(std::string_view written) { return written == "."; }

  // 6.72E-5.
  std::optional<Rational> exponent_form(const Rational& value) {
    ++at_;
    bool negative = false;
    if (peek() == '-' || peek() == '+') {
      negative = peek() == '-';
      ++at_;
    }
    const std::string_view exponent = digits();
    if (exponent.empty() || exponent.size() > 4) return std::nullopt;
    long number = 0;
    for (const char c : exponent) number = 10 * number + (c - '0');
    const auto scale = Rational::from_decimal("1", negative ? -number : number);
    return scale ? value.times(*scale) : std::nullopt;
  }

  // `written` is what stands before the bar, "0." or "1.2": the value is written + period / (10^k
  // (10^m - 1)).
  std::optional<Rational> repeating(std::string_view written) {
    at_ += 10;
    const std::string_view period = digits();
    if (period.empty() || peek() != '}') return std::nullopt;
    ++at_;
    const auto front = Rational::from_decimal(written.size() == 1 ? "0" : written);
    const auto nines = Rational::from_decimal(std::string(period.size(), '9'));
    const auto top = Rational::from_decimal(period);
    if (!front || !nines || !top) return std::nullopt;
    const auto shift =
        Rational::from_decimal("1", static_cast<long>(written.size() - written.find('.') - 1));
    const auto divisor = shift ? nines->times(*shift) : std::nullopt;
    const auto tail = divisor ? top->divided_by(*divisor) : std::nullopt;
    return tail ? front->plus(*tail) : std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Further words that may stand glued to a number or behind it without \text.
constexpr std::array<std::string_view, 12> kShortUnits = {
    "cm", "mm", "km", "kg", "mg", "ml", "cm^2", "cm^3", "km/h", "m/s", "oz", "percent"};

// What may stand raised behind a number: an ordinal ending, a degree in words.
bool is_raised(std::string_view unit) { return unit.empty() || unit == "degree"; }

bool has_two_letters(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at)
    if (is_letter(text[at - 1]) && is_letter(text[at])) return true;
  return false;
}

// What stands behind the number; false: it is more than a unit.
bool read_suffix(std::string_view suffix, Quantity& quantity) {
  suffix = trim(suffix);
  if (suffix.empty()) return true;
  if (suffix[0] == '%') {
    quantity.percent = true;
    return trim(suffix.substr(1)).empty();
  }
  for (const std::string_view degree : {"^\\circ", "^{\\circ}", "^{\\circ }"}) {
    if (suffix.substr(0, degree.size()) != degree) continue;
    const std::string_view behind = trim(suffix.substr(degree.size()));
    quantity.unit = "degree";
    if (behind.empty()) return true;
    std::string_view scale = behind;
    if (scale.size() > 2 && scale.front() == kWordsBegin && scale.back() == kWordsEnd)
      scale = scale.substr(1, scale.size() - 2);
    scale = trim(scale);
    if (scale != "C" && scale != "F") return false;
    quantity.unit = "degree " + std::string(scale);
    return true;
  }
  for (const std::string_view ordinal : {"^{th}", "^{st}", "^{nd}", "^{rd}"})
    if (suffix == ordinal) return true;
  // 12^{\text{th}}
  if (suffix.size() > 3 && suffix.substr(0, 2) == "^{" && suffix.back() == '}' &&
      suffix[2] == kWordsBegin) {
    const auto unit = unit_of(suffix.substr(3, suffix.size() - 5));
    if (!unit || !is_raised(*unit)) return false;
    quantity.unit = *unit;
    return true;
  }
  std::string power;
  for (const auto& [end, name] : {std::pair<std::string_view, std::string_view>{"^{2}", "^2"},
                                  {"^2", "^2"},
                                  {"^{3}", "^3"},
                                  {"^3", "^3"}}) {
    if (suffix.size() > end.size() && suffix.substr(suffix.size() - end.size()) == end) {
      power = name;
      suffix = trim(suffix.substr(0, suffix.size() - end.size()));
      break;
    }
  }
  std::string words;
  const bool marked = suffix.front() == kWordsBegin;
  if (marked) {
    for (const char c : suffix) {
      if (c == kWordsBegin || c == kWordsEnd) {
        words += ' ';
      } else {
        words += c;
      }
    }
  } else {
    for (const char c : suffix) {
      if (!is_letter(c) && c != ' ' && c != '.' && c != '/') return false;
    }
    words = suffix;
  }
  std::string text = to_lower_ascii(trim(words));
  if (text == "percent" || text == "per cent" || text == "pct") {
    quantity.percent = power.empty();
    return power.empty();
  }
  auto unit = unit_of(words);
  if (!unit) return false;
  const auto product =
      power.empty() ? std::nullopt : read_unit_product(std::string(trim(words)) + power);
  if (product) {
    unit = unit_product_name(*product);
    power.clear();
  }
  if (!marked) {
    // Letters outside \text are a product unless they are a known unit or plainly words.
    bool known = *unit != text && text.size() >= 2 && !is_mega_unit(*unit);
    // m/h may be a quotient of symbols.
    known = known && (text.find('/') == std::string::npos || has_two_letters(text));
    for (const std::string_view name : kShortUnits) known = known || text == name;
    known = known || (is_unit_name(text) && text.size() >= 2);
    bool plain_words = true;
    for (const std::string& word : split(text, ' ')) plain_words = plain_words && word.size() >= 4;
    if (!known && !plain_words) return false;
  }
  quantity.unit = unit->empty() ? std::string() : *unit + power;
  return true;
}

// 5 million: takes the words that multiply the number from the front of what stands behind it.
std::optional<Rational> multiplied(Rational value, std::string& suffix) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kMultipliers = {
      {{"dozen", "12"},
       {"hundred", "100"},
       {"thousand", "1000"},
       {"million", "1000000"},
       {"billion", "1000000000"},
       {"trillion", "1000000000000"}}};
  for (;;) {
    suffix = trim(suffix);
    if (suffix.empty()) return value;
    const bool marked = suffix.front() == kWordsBegin;
    const std::string words = to_lower_ascii(trim(std::string_view(suffix).substr(marked ? 1 : 0)));
    const auto* const found =
        std::find_if(kMultipliers.begin(), kMultipliers.end(), [&](const auto& multiplier) {
          const std::string_view name = multiplier.first;
          if (!words.starts_with(name)) return false;
          return words.size() == name.size() || words[name.size()] == ' ' ||
                 words[name.size()] == kWordsEnd;
        });
    if (found == kMultipliers.end()) return value;
    const auto product = value.times(*Rational::from_decimal(found->second));
    if (!product) return std::nullopt;
    value = *product;
    const std::size_t begin = suffix.find_first_not_of(' ', marked ? 1 : 0);
    const std::string rest(trim(std::string_view(suffix).substr(begin + found->first.size())));
    if (marked && rest.front() == kWordsEnd)
      suffix = rest.substr(1);
    else
      suffix = marked ? kWordsBegin + rest : rest;
  }
}

constexpr int kMostUnits = 4;

std::optional<Quantity> quantity_in(std::string_view text, int units);

// Not zero, so that its sign is known.
bool is_whole(const Rational& value) { return value.integer() && !value.numerator().zero(); }
bool is_part_of_one(const Rational& value) {
  return !value.negative() && value.numerator().compare(value.denominator()) < 0;
}

// 22^\circ 30' 15'': degrees and their minutes and seconds behind the value.
std::optional<Rational> degrees_and_minutes(const Rational& degrees, std::string_view suffix) {
  std::string_view rest;
  for (const std::string_view sign : {"^\\circ", "^{\\circ}"})
    if (suffix.starts_with(sign)) rest = suffix.substr(sign.size());
  if (rest.empty() || !is_whole(degrees)) return std::nullopt;
  Rational value = degrees, part = *Rational::from_decimal("1");
  const Rational sixty = *Rational::from_decimal("60");
  for (const std::string_view mark : {"'", "''"}) {
    rest = trim(rest);
    if (rest.empty()) break;
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const auto count = Rational::from_decimal(rest.substr(0, digits));
    part = *part.divided_by(sixty);
    if (digits == 0 || digits > 2 || !count || !rest.substr(digits).starts_with(mark))
      return std::nullopt;
    const auto share = count->times(part);
    if (!share || !is_part_of_one(*count->divided_by(sixty))) return std::nullopt;
    const auto sum = value.plus(degrees.negative() ? share->negated() : *share);
    if (!sum) return std::nullopt;
    value = *sum;
    rest = rest.substr(digits + mark.size());
  }
  return trim(rest).empty() ? std::optional(value) : std::nullopt;
}

// 3 hours 20 minutes: each unit smaller than the one before, and less than one of it.
std::optional<Quantity> mixed_units(const Rational& value, std::string_view suffix, int units) {
  if (units == kMostUnits || suffix.empty() || suffix.front() != kWordsBegin) return std::nullopt;
  const std::size_t end = suffix.find(kWordsEnd);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view behind = trim(suffix.substr(end + 1));
  if (behind.empty() || !is_digit(behind.front())) return std::nullopt;
  Quantity first;
  first.value = value;
  std::string unit(suffix.substr(0, end));  // 3 hours and 20 minutes
  if (trim(unit).ends_with(" and")) unit = unit.substr(0, unit.rfind("and"));
  if (!is_whole(value) || !read_suffix(unit + kWordsEnd, first)) return std::nullopt;
  const auto rest = quantity_in(behind, units + 1);
  const auto factor = rest ? conversion(rest->unit, first.unit) : std::nullopt;
  const auto share = factor ? rest->value.times(*factor) : std::nullopt;
  if (!share || !is_part_of_one(*share)) return std::nullopt;
  const auto sum = value.plus(value.negative() ? share->negated() : *share);
  if (!sum) return std::nullopt;
  first.value = *sum;
  return first;
}

std::optional<Quantity> quantity_in(std::string_view text, int units) {
  NumberReader reader(text);
  const auto value = reader.number();
  if (!value) return std::nullopt;
  std::string suffix(reader.rest());
  const auto product = multiplied(*value, suffix);
  if (!product) return std::nullopt;
  Quantity quantity;
  quantity.value = *product;
  if (read_suffix(suffix, quantity)) return quantity;
  if (const auto angle = degrees_and_minutes(*product, suffix)) {
    quantity.value = *angle;
    quantity.unit = "degree";
    quantity.percent = false;
    return quantity;
  }
  return mixed_units(*product, suffix, units);
}

}  // namespace

std::optional<Quantity> parse_quantity(std::string_view normal_form) {
  std::string_view text = trim(normal_form);
  if (text.size() >= 2 && text.front() == '{' && group_end(text, 0) == text.size())
    text = trim(text.substr(1, text.size() - 2));
  return quantity_in(text, 1);
}

std::optional<Quantity> parse_unit(std::string_view suffix) {
  Quantity quantity;
  if (!read_suffix(suffix, quantity)) return std::nullopt;
  return quantity;
}

}  // namespace quorum
