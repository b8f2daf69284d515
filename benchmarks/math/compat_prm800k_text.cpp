// The two texts that prm800k's grader makes of an answer.
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/compat_prm800k.h"
#include "benchmarks/math/notation.h"

namespace quorum::prm800k {
namespace {

// The content of \text{…} when it is the whole.
std::string without_text(std::string text) {
  constexpr std::string_view kText = "\\text{";
  if (text.rfind(kText, 0) == 0 && text.size() > kText.size() + 1 && text.back() == '}' &&
      text.find('\n') == std::string::npos)
    return text.substr(kText.size(), text.size() - kText.size() - 1);
  return text;
}

// \frac12 and \sqrt3 with braces. False: an argument is missing, the text stays as it is.
bool brace(std::string& text, std::string_view command, int arguments) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t next; (next = text.find(command, at)) != std::string::npos;) {
    const std::size_t end = next + command.size();
    out += text.substr(at, end - at);
    at = end;
    if (at < text.size() && text[at] == '{') continue;
    if (at + static_cast<std::size_t>(arguments) > text.size()) return false;
    out += std::string("{") + text[at++] + '}';
    if (arguments == 2 && text[at] != '{') out += std::string("{") + text[at++] + '}';
  }
  text = out + text.substr(at);
  return true;
}

bool whole_number(const std::string& text) {
  static const RE2 kWhole(R"(-?(?:0|[1-9]\d*))");
  return RE2::FullMatch(text, kWhole) && text != "-0";
}

struct Sign {
  std::string_view name, text;
};
// What commands become; those that are not here leave no trace.
constexpr std::array<Sign, 46> kSigns = {
    {{"pi", "pi"},         {"infty", "inf"},       {"cup", "U"},         {"cdot", "*"},
     {"times", "*"},       {"pm", "\u00b1"},       {"mp", "\u2213"},     {"div", "\u00f7"},
     {"le", "\u2264"},     {"leq", "\u2264"},      {"ge", "\u2265"},     {"geq", "\u2265"},
     {"ne", "\u2260"},     {"neq", "\u2260"},      {"in", "\u2208"},     {"circ", "\u2218"},
     {"theta", "\u03b8"},  {"alpha", "\u03b1"},    {"beta", "\u03b2"},   {"gamma", "\u03b3"},
     {"lambda", "\u03bb"}, {"phi", "\u03d5"},      {"Delta", "\u0394"},  {"approx", "\u2248"},
     {"mid", "|"},         {"vert", "|"},          {"sin", "sin"},       {"cos", "cos"},
     {"tan", "tan"},       {"log", "log"},         {"ln", "ln"},         {"exp", "exp"},
     {"arcsin", "arcsin"}, {"arccos", "arccos"},   {"arctan", "arctan"}, {"max", "max"},
     {"min", "min"},       {"ldots", "\u2026"},    {"dots", "\u2026"},   {"cdots", "\u22ef"},
     {"angle", "\u2220"},  {"emptyset", "\u2205"}, {"textdollar", "$"},  {"cap", "\u2229"},
     {"to", "\u2192"},     {"equiv", "\u2261"}}};

// LaTeX as plain text: fractions as a/b, roots as sqrt(a), signs as words or signs.
class PlainText {
 public:
  explicit PlainText(std::string_view text, int depth = 0) : text_(text), depth_(depth) {}

  std::string read() {
    if (depth_ > 20) return std::string(text_);
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\') {
        command();
        continue;
      }
      if (c == '&')
        out_ += ' ';
      else if (c == '~')
        out_ += "\u00a0";
      else if (c != '{' && c != '}')
        out_ += c;
      ++at_;
    }
    return out_;
  }

 private:
  // A group or one token, as plain text; a group that does not close ends with the text.
  std::string argument() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ >= text_.size()) return {};
    std::size_t begin = at_, end = at_ + 1;
    if (text_[at_] == '{') {
      const std::size_t close = group_end(text_, at_);
      ++begin;
      end = close == std::string_view::npos ? text_.size() : close - 1;
      at_ = close == std::string_view::npos ? text_.size() : close;
    } else {
      if (text_[at_] == '\\')
        while (end < text_.size() && is_letter(text_[end])) ++end;
      at_ = end;
    }
    return PlainText(text_.substr(begin, end - begin), depth_ + 1).read();
  }

  void command() {
    if (at_ + 1 >= text_.size()) {
      ++at_;
      return;
    }
    const char sign = text_[at_ + 1];
    if (!is_letter(sign)) {
      at_ += 2;
      if (sign == '\\')
        out_ += matrices_ > 0 ? ';' : '\n';
      else if (sign == ',' || sign == ';' || sign == ' ' || sign == ':')
        out_ += ' ';
      else if (std::string_view("!()[]").find(sign) == std::string_view::npos)
        out_ += sign;
      return;
    }
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_letter(text_[end])) ++end;
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end;
    if (name == "frac" || name == "tfrac" || name == "dfrac") {
      const std::string top = argument(), bottom = argument();
      out_ += " " + top + "/" + bottom;
    } else if (name == "sqrt") {
      if (at_ < text_.size() && text_[at_] == '[')
        at_ = std::min(text_.find(']', at_), text_.size() - 1) + 1;
      out_ += "sqrt(" + argument() + ")";
    } else if (name == "begin" || name == "end") {
      const std::string kind = argument();
      const bool bracket = kind == "pmatrix" || kind == "bmatrix";
      matrices_ += bracket ? (name == "begin" ? 1 : -1) : 0;
      if (bracket) out_ += name == "begin" ? '[' : ']';
    } else if (name == "mbox" || name == "color" || name == "textcolor") {
      argument();
    } else if (name == "mathbf") {
      const std::string inside = argument();
      bool letters = false;
      for (const char c : inside) letters = letters || is_letter(c);
      out_ += (letters ? "\u2060" : "") + inside;  // bold letters are others, bold digits are not
    } else {
      while (at_ < text_.size() && text_[at_] == ' ') ++at_;
      for (const Sign& one : kSigns)
        if (name == one.name) out_ += one.text;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0, matrices_ = 0;
  std::string out_;
};

}  // namespace

void strip_separators(std::string& text) {
  static const RE2 kComma(R"((\d),(\d\d\d)($|\D))");
  while (RE2::GlobalReplace(&text, kComma, R"(\1\2\3)") > 0) {
  }
}

namespace {

std::optional<long double> as_float(const std::string& text) {
  static const RE2 kFloat(R"(\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*)");
  if (!RE2::FullMatch(text, kFloat)) return std::nullopt;
  return std::strtold(text.c_str(), nullptr);
}

// A whole number in digits, nothing else; unchanged where it is none.
std::string as_whole(const std::string& text) {
  std::string digits = text;
  strip_separators(digits);
  const auto value = as_float(digits);
  if (!value || std::abs(*value) > 1e18L || std::abs(*value - std::round(*value)) > 1e-7L)
    return text;
  return std::to_string(std::llround(*value));
}

}  // namespace

std::string bare_text(std::string_view answer) {
  std::string text(trim(answer));
  text = std::string(trim(without_text(text)));
  for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>{"\n", ""},
                                 {"\\!", ""},
                                 {"\\\\", "\\"},
                                 {"tfrac", "frac"},
                                 {"dfrac", "frac"},
                                 {"\\left", ""},
                                 {"\\right", ""},
                                 {"^{\\circ}", ""},
                                 {"^\\circ", ""},
                                 {"\\$", ""}})
    text = replace_all(text, from, to);
  if (const std::size_t unit = text.find("\\text{ "); unit != std::string::npos) {
    if (text.find("\\text{ ", unit + 1) != std::string::npos) return std::string(trim(answer));
    text = text.substr(0, unit);
  }
  for (const auto& [from, to] :
       {std::pair<std::string_view, std::string_view>{"\\%", ""}, {" .", " 0."}, {"{.", "{0."}})
    text = replace_all(text, from, to);
  if (text.empty()) return text;
  if (text.front() == '.') text = "0" + text;
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos && equals <= 2 && text.find('=', equals + 1) == std::string::npos)
    text = text.substr(equals + 1);
  if (!brace(text, "\\sqrt", 1)) return std::string(trim(answer));
  text = replace_all(text, " ", "");
  std::string braced = text;
  if (brace(braced, "\\frac", 2)) text = braced;
  if (text == "0.5") text = "\\frac{1}{2}";
  if (const std::size_t slash = text.find('/'); slash != std::string::npos &&
                                                whole_number(text.substr(0, slash)) &&
                                                whole_number(text.substr(slash + 1)))
    text = "\\frac{" + text.substr(0, slash) + "}{" + text.substr(slash + 1) + "}";
  return text;
}

std::string plain_text(std::string_view answer) {
  std::string text = without_text(std::string(answer));
  for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>{"\\%", ""},
                                 {"\\$", ""},
                                 {"$", ""},
                                 {"%", ""},
                                 {" or ", " , "},
                                 {" and ", " , "},
                                 {"million", "*10^6"},
                                 {"billion", "*10^9"},
                                 {"trillion", "*10^12"}})
    text = replace_all(text, from, to);
  static const std::array<RE2, 16> kUnits = {
      RE2(R"(degree(es)?(s)? *(\^[0-9]+)?)"),     RE2(R"(cm(es)?(s)? *(\^[0-9]+)?)"),
      RE2(R"(centimeter(es)?(s)? *(\^[0-9]+)?)"), RE2(R"(meter(es)?(s)? *(\^[0-9]+)?)"),
      RE2(R"(mile(es)?(s)? *(\^[0-9]+)?)"),       RE2(R"(second(es)?(s)? *(\^[0-9]+)?)"),
      RE2(R"(minute(es)?(s)? *(\^[0-9]+)?)"),     RE2(R"(hour(es)?(s)? *(\^[0-9]+)?)"),
      RE2(R"(day(es)?(s)? *(\^[0-9]+)?)"),        RE2(R"(week(es)?(s)? *(\^[0-9]+)?)"),
      RE2(R"(month(es)?(s)? *(\^[0-9]+)?)"),      RE2(R"(year(es)?(s)? *(\^[0-9]+)?)"),
      RE2(R"(foot(es)?(s)? *(\^[0-9]+)?)"),       RE2(R"(feet(es)?(s)? *(\^[0-9]+)?)"),
      RE2(R"(inch(es)?(s)? *(\^[0-9]+)?)"),       RE2(R"(yard(es)?(s)? *(\^[0-9]+)?)")};
  for (const RE2& unit : kUnits) RE2::GlobalReplace(&text, unit, "");
  static const RE2 kDegrees(R"(\^ *\\circ)"), kGroups(R"(,\\! *)"), kMinus(R"(- *)"),
      kMixed(R"(([0-9]) +([0-9]))");
  RE2::GlobalReplace(&text, kDegrees, "");
  if (text.size() > 1 && text.front() == '{' && text.back() == '}')
    text = text.substr(1, text.size() - 2);
  RE2::GlobalReplace(&text, kGroups, "");
  if (const auto value = as_float(text);
      value && std::abs(*value) < 1e18L && std::abs(*value - std::round(*value)) <= 1e-7L)
    text = std::to_string(std::llround(*value));
  if (text.find('\\') != std::string::npos) text = std::string(trim(PlainText(text).read()));
  RE2::GlobalReplace(&text, kMinus, "-");
  RE2::GlobalReplace(&text, kMixed, R"(\1+\2)");
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '{' && c != '}') out += c;
  return as_whole(to_lower_ascii(out));
}

}  // namespace quorum::prm800k
