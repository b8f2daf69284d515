#include "benchmarks/math/notation.h"

#include <array>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/extraction.h"
#include "benchmarks/math/function_names.h"

namespace quorum {
namespace {

struct Change {
  std::string_view from, to;
};

constexpr std::array<Change, 51> kUnicode = {{{"\u00b2", "^{2}"},
                                              {"\u00b3", "^{3}"},
                                              {"\u00bd", "\\frac{1}{2}"},
                                              {"\u00bc", "\\frac{1}{4}"},
                                              {"\u00be", "\\frac{3}{4}"},
                                              {"\u2153", "\\frac{1}{3}"},
                                              {"\u2154", "\\frac{2}{3}"},
                                              {"\u00f7", "\\div "},
                                              {"\u2219", "\\cdot "},
                                              {"\u2022", "\\cdot "},
                                              {"\u2215", "/"},
                                              {"\u2044", "/"},
                                              {"\u2216", "\\setminus "},
                                              {"\u211d", "\\mathbb{R}"},
                                              {"\u2a7d", "\\le "},
                                              {"\u2a7e", "\\ge "},
                                              {"\u03b3", "\\gamma "},
                                              {"\u03c6", "\\varphi "},
                                              {"\u2212", "-"},
                                              {"\u2013", "-"},
                                              {"\u2010", "-"},
                                              {"\u00d7", "\\times "},
                                              {"\u00b7", "\\cdot "},
                                              {"\u22c5", "\\cdot "},
                                              {"\u00b0", "^\\circ "},
                                              {"\u03c0", "\\pi "},
                                              {"\u221e", "\\infty "},
                                              {"\u2264", "\\le "},
                                              {"\u2265", "\\ge "},
                                              {"\u2260", "\\ne "},
                                              {"\u00a0", " "},
                                              {"\u2009", " "},
                                              {"\u202f", " "},
                                              {"\uff05", "%"},
                                              {"\u2208", "\\in "},
                                              {"\u222a", "\\cup "},
                                              {"\u2229", "\\cap "},
                                              {"\u2248", "\\approx "},
                                              {"\u03b8", "\\theta "},
                                              {"\u03bb", "\\lambda "},
                                              {"\u03b1", "\\alpha "},
                                              {"\u03b2", "\\beta "},
                                              {"\u2032", "'"},
                                              {"\u2205", "\\emptyset "},
                                              {"\u2026", "\\ldots "},
                                              {"\u00b1", "\\pm "},
                                              {"\uff0c", ","},
                                              {"\uff08", "("},
                                              {"\uff09", ")"},
                                              {"\u200b", ""},
                                              {"\ufeff", ""}}};

// Commands that are spelt in several ways, or that mean nothing here. The name is without its
// backslash.
std::string_view synonym(std::string_view name) {
  constexpr std::array<Change, 42> kSynonyms = {{{"langle", "("},
                                                 {"rangle", ")"},
                                                 {"cupdot", "\\cup "},
                                                 {"sqcup", "\\cup "},
                                                 {"smallsetminus", "\\setminus "},
                                                 {"land",
                                                  "\x01"
                                                  "and\x02"},
                                                 {"lor", "\x01or\x02"},
                                                 {"wedge",
                                                  "\x01"
                                                  "and\x02"},
                                                 {"vee", "\x01or\x02"},
                                                 {"leq", "\\le "},
                                                 {"leqslant", "\\le "},
                                                 {"geq", "\\ge "},
                                                 {"geqslant", "\\ge "},
                                                 {"neq", "\\ne "},
                                                 {"lt", "<"},
                                                 {"gt", ">"},
                                                 {"dfrac", "\\frac"},
                                                 {"tfrac", "\\frac"},
                                                 {"cfrac", "\\frac"},
                                                 {"dbinom", "\\binom"},
                                                 {"tbinom", "\\binom"},
                                                 {"degree", "^\\circ "},
                                                 {"mid", "|"},
                                                 {"vert", "|"},
                                                 {"lvert", "|"},
                                                 {"rvert", "|"},
                                                 {"varnothing", "\\emptyset "},
                                                 {"dots", "\\ldots "},
                                                 {"cdots", "\\ldots "},
                                                 {"ast", "\\cdot "},
                                                 {"backslash", "\\setminus "},
                                                 {"lbrace", "\\{"},
                                                 {"rbrace", "\\}"},
                                                 {"lbrack", "["},
                                                 {"rbrack", "]"},
                                                 {"quad", " "},
                                                 {"qquad", " "},
                                                 {"displaystyle", " "},
                                                 {"textstyle", " "},
                                                 {"colon", ":"},
                                                 {"hfill", " "},
                                                 {"thinspace", " "}}};
  for (const Change& change : kSynonyms) {
    if (name == change.from) return change.to;
  }
  return {};
}
bool vanishes(std::string_view name) {
  return name == "limits" || name == "nolimits" || name == "dollar";
}

bool is_size(std::string_view name) {
  for (const std::string_view base : {"left", "right", "middle", "big", "Big", "bigg", "Bigg"}) {
    if (name == base) return true;
    if (base[0] != 'l' && base[0] != 'r' && base[0] != 'm' && name.size() == base.size() + 1 &&
        name.substr(0, base.size()) == base &&
        std::string_view("lrm").find(name.back()) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

bool is_words_command(std::string_view name) {
  for (const std::string_view words :
       {"text", "textbf", "textit", "textrm", "textsf", "texttt", "textnormal", "mbox", "hbox",
        "mathrm", "mathbf", "mathit", "mathsf", "operatorname", "rm", "bf", "boldsymbol", "bm"}) {
    if (name == words) return true;
  }
  return false;
}

// What \text{…} holds, as words, or as mathematics when it is a number, a single letter or a
// choice. `before` is what stands in front: behind a number a letter may be a unit.
std::string words(std::string_view inside, std::string_view before) {
  std::string_view text = trim(inside);
  for (const std::string_view space : {"\\ ", "\\,", "\\;", "~"})
    if (text.substr(0, space.size()) == space) text = trim(text.substr(space.size()));
  if (text.size() > 1 && text.back() == '.') text = trim(text.substr(0, text.size() - 1));
  bool letters = false;
  for (const char c : text)
    letters = letters || is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
  std::string_view core = text;
  if (core.size() > 2 && core.front() == '(' && core.back() == ')')
    core = core.substr(1, core.size() - 2);
  // \text{(b)} is the choice B.
  if (core.size() == 1 && core.size() < text.size() && is_letter(core[0])) {
    return std::string("(") + static_cast<char>(core[0] & ~0x20) + ")";
  }
  const bool sec_unit = text == "sec" && !trim(before).empty() && is_digit(trim(before).back());
  if (function_named(text) != nullptr && !sec_unit) return "\\" + std::string(text) + " ";
  const std::string_view front = trim(before);
  const bool behind_number = !front.empty() && (is_digit(front.back()) || front.back() == '}');
  if (behind_number && text.size() == 1 &&
      std::string_view("mgshlLJNWV").find(text[0]) != std::string_view::npos) {
    return kWordsBegin + std::string(text) + kWordsEnd;
  }
  if (!letters || core.size() == 1 || text.find_first_of("\\$") != std::string_view::npos)
    return " " + std::string(text) + " ";
  return kWordsBegin + std::string(text) + kWordsEnd;
}

// `at` is behind the ** of x**12: writes ^{12} and gives the place behind it.
std::size_t power_of_program(std::string_view text, std::size_t at, std::string& out) {
  while (at < text.size() && text[at] == ' ') ++at;
  std::size_t end = at;
  if (end < text.size() && text[end] == '-') ++end;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == at || !is_digit(text[end - 1])) {
    out += '^';
    return at;
  }
  out += "^{" + std::string(text.substr(at, end - at)) + "}";
  return end;
}

// Rewrites commands from left to right.
std::string rewrite_commands(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '$') {
      ++at;
      continue;
    }
    if (c == '~') {
      out += ' ';
      ++at;
      continue;
    }
    if (c == '*') {
      // x**12 is x^{12} in the languages that write so.
      if (at + 1 < text.size() && text[at + 1] == '*') {
        at = power_of_program(text, at + 2, out);
        continue;
      }
      out += "\\cdot ";
      ++at;
      continue;
    }
    if (c != '\\' || at + 1 >= text.size()) {
      out += c;
      ++at;
      continue;
    }
    const char next = text[at + 1];
    if (!is_letter(next)) {
      if (next == '$' || next == '!') {  // nothing remains
      } else if (next == ',' || next == ';' || next == ':' || next == ' ' || next == '>') {
        out += ' ';
      } else if (next == '%') {
        out += '%';
      } else if (next == '(' || next == ')' || next == '[' || next == ']') {
        out += ' ';  // delimiters of mathematics
      } else if (next == '|') {
        out += "||";
      } else {
        out += c;
        out += next;
      }
      at += 2;
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && is_letter(text[end])) ++end;
    const std::string_view name = text.substr(at + 1, end - at - 1);
    if (is_size(name)) {
      if (end < text.size() && text[end] == '.') ++end;
    } else if (is_words_command(name)) {
      if (name == "operatorname" && end < text.size() && text[end] == '*') ++end;
      while (end < text.size() && text[end] == ' ') ++end;
      const std::size_t close =
          end < text.size() && text[end] == '{' ? group_end(text, end) : std::string_view::npos;
      if (close != std::string_view::npos) {
        out += words(text.substr(end + 1, close - end - 2), out);
        end = close;
      } else {
        out += ' ';
      }
    } else if (vanishes(name)) {
    } else if (const std::string_view other = synonym(name); !other.empty()) {
      out += other;
    } else {
      out += text.substr(at, end - at);
    }
    at = end;
  }
  return out;
}

// \frac12, \frac1{72}, \frac{270}7, \sqrt3: the arguments in braces.
std::string brace_arguments(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    int arguments = 0;
    std::size_t end = at;
    for (const auto& [name, count] : {std::pair<std::string_view, int>{"\\frac", 2},
                                      {"\\sqrt", 1},
                                      {"\\binom", 2},
                                      {"\\pmod", 1}}) {
      if (text.substr(at, name.size()) != name) continue;
      if (at + name.size() < text.size() && is_letter(text[at + name.size()])) continue;
      arguments = count;
      end = at + name.size();
    }
    if (arguments == 0) {
      out += text[at++];
      continue;
    }
    out += text.substr(at, end - at);
    at = end;
    if (at < text.size() && text[at] == '[') {
      const std::size_t close = group_end(text, at);
      if (close != std::string_view::npos) {
        out += text.substr(at, close - at);
        at = close;
      }
    }
    for (; arguments > 0; --arguments) {
      std::size_t begin = at;
      while (begin < text.size() && text[begin] == ' ') ++begin;
      if (begin >= text.size()) break;
      if (text[begin] == '{') {
        const std::size_t close = group_end(text, begin);
        if (close == std::string_view::npos) break;
        out += '{' + brace_arguments(text.substr(begin + 1, close - begin - 2)) + '}';
        at = close;
      } else if (text[begin] == '(' && arguments == 1 && out.size() >= 5 &&
                 out.compare(out.size() - 5, 5, "\\sqrt") == 0) {  // \sqrt(3)
        const std::size_t close = group_end(text, begin);
        if (close == std::string_view::npos) break;
        out += '{' + brace_arguments(text.substr(begin + 1, close - begin - 2)) + '}';
        at = close;
      } else if (is_digit(text[begin]) || is_letter(text[begin])) {
        out += std::string("{") + text[begin] + '}';
        at = begin + 1;
      } else if (text[begin] == '\\') {
        std::size_t close = begin + 1;
        while (close < text.size() && is_letter(text[close])) ++close;
        if (close == begin + 1) break;
        const std::string_view name = text.substr(begin, close - begin);
        if (name == "\\frac" || name == "\\sqrt" || name == "\\binom") break;
        out += '{' + std::string(name) + '}';
        at = close;
      } else {
        break;
      }
    }
  }
  return out;
}

// √19 and √(x+1) as \sqrt{19} and \sqrt{x+1}.
std::string root_signs(std::string text) {
  constexpr std::string_view kSign = "\u221a";
  for (std::size_t at; (at = text.rfind(kSign)) != std::string::npos;) {
    std::size_t begin = at + kSign.size();
    while (begin < text.size() && text[begin] == ' ') ++begin;
    std::size_t end = begin;
    if (begin < text.size() && (text[begin] == '(' || text[begin] == '{')) {
      end = group_end(text, begin);
      if (end == std::string::npos) end = begin;
    } else {
      while (end < text.size() && is_digit(text[end])) ++end;
    }
    std::string inside = text.substr(begin, end - begin);
    if (inside.size() > 1 && !is_digit(inside[0])) inside = inside.substr(1, inside.size() - 2);
    text.replace(at, end - at, inside.empty() ? "\\sqrt " : "\\sqrt{" + inside + "}");
  }
  return text;
}

// 0.\dot{3}, 0.\dot{1}2\dot{3} and 0.333\ldots, as a whole answer, with \overline over the period.
std::string repeating_decimals(std::string text) {
  const std::size_t point = text.find('.');
  if (point == std::string::npos || text.find("\\overline") != std::string::npos) return text;
  const auto all_digits = [](std::string_view part) {
    return part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const std::string_view whole = std::string_view(text).substr(0, point);
  if (!all_digits(whole.substr(std::min<std::size_t>(whole.size(), whole.find('-') == 0))))
    return text;
  const std::string front = text.substr(0, point + 1);
  std::string_view behind = std::string_view(text).substr(point + 1);
  constexpr std::string_view kDot = "\\dot{", kAndSoOn = "\\ldots";
  if (const std::size_t first = behind.find(kDot); first != std::string_view::npos) {
    std::string period;
    std::string_view rest = behind.substr(first);
    for (; !rest.empty();) {
      const bool dot = rest.substr(0, kDot.size()) == kDot;
      const std::size_t at = dot ? kDot.size() : 0;
      if (at >= rest.size() || !is_digit(rest[at]) || (dot && rest.substr(at + 1, 1) != "}"))
        return text;
      period += rest[at];
      rest.remove_prefix(at + (dot ? 2 : 1));
    }
    if (behind.back() != '}' || !all_digits(behind.substr(0, first))) return text;
    return front + std::string(behind.substr(0, first)) + "\\overline{" + period + "}";
  }
  for (const std::string_view end : {kAndSoOn, std::string_view("...")}) {
    const std::size_t at = behind.find(end);
    if (at == std::string_view::npos || !trim(behind.substr(at + end.size())).empty()) continue;
    const std::string_view digits = trim(behind.substr(0, at));
    if (!all_digits(digits)) continue;
    // The shortest period that is written twice, one digit three times.
    for (std::size_t size = 1; 2 * size <= digits.size(); ++size) {
      const std::size_t times = size == 1 ? 3 : 2;
      if (times * size > digits.size()) continue;
      const std::string_view tail = digits.substr(digits.size() - size);
      bool repeats = true;
      for (std::size_t i = 2; i <= times; ++i)
        repeats = repeats && digits.substr(digits.size() - i * size, size) == tail;
      if (!repeats) continue;
      std::size_t begin = digits.size() - size;
      while (begin >= size && digits.substr(begin - size, size) == tail) begin -= size;
      return front + std::string(digits.substr(0, begin)) + "\\overline{" + std::string(tail) + "}";
    }
  }
  return text;
}

// Digits from `at`; their count.
std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

// The length of a thousands separator at `at`; 0: none. `plain` allows a bare comma or space.
std::size_t separator_at(std::string_view text, std::size_t at, bool plain) {
  for (const std::string_view sure :
       {"{,}\\!", "{,}", ",\\!", ",\\,", "\\,", "{\\,}", "\\!", "\\ ", "~"}) {
    if (text.substr(at, sure.size()) != sure) continue;
    std::size_t end = at + sure.size();
    if (end < text.size() && text[end] == ' ' && sure != "\\ ") ++end;
    return end - at;
  }
  return plain && (text[at] == ',' || text[at] == ' ') ? 1 : 0;
}

// 1,250 and 1{,}250 and 1\,250 and 1 250 become 1250. A bare comma counts only outside brackets,
// where it cannot part the elements of a pair, and never with a space behind it.
std::string join_thousands(std::string_view text) {
  std::string out;
  int depth = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == '{' && at > 0 && text[at - 1] == '\\') ++depth;
    if (c == '}' && at > 0 && text[at - 1] == '\\') --depth;
    const bool starts =
        is_digit(c) && (at == 0 || (!is_digit(text[at - 1]) && text[at - 1] != '.'));
    if (!starts) {
      out += c;
      ++at;
      continue;
    }
    std::size_t count = digits_at(text, at);
    out += text.substr(at, count);
    const bool groups = count <= 3 && c != '0';
    at += count;
    if (!groups) continue;
    std::string joined;
    std::size_t end = at, kind = 0;
    for (;;) {
      if (end >= text.size()) break;
      const std::size_t separator = separator_at(text, end, depth <= 0);
      if (separator == 0 || digits_at(text, end + separator) != 3) break;
      const std::size_t this_kind = text[end] == ' '                     ? 1
                                    : text[end] == ',' && separator == 1 ? 2
                                                                         : 3;
      if (kind != 0 && kind != this_kind) break;
      kind = this_kind;
      joined += text.substr(end + separator, 3);
      end += separator + 3;
    }
    // "1 125/1000" is a mixed number.
    const bool mixed = kind == 1 && end < text.size() &&
                       text.substr(end).find_first_not_of(' ') != std::string_view::npos &&
                       trim(text.substr(end)).front() == '/';
    if (kind != 0 && !mixed) {
      out += joined;
      at = end;
    }
  }
  return out;
}

}  // namespace

std::size_t group_end(std::string_view text, std::size_t at) {
  // Of the open brackets: 'b' for \{, '{', and '(' for ( and [, which close each other: [0, 1).
  std::string open;
  const auto closes = [&](char kind) {
    if (open.empty() || open.back() != kind) return false;
    open.pop_back();
    return true;
  };
  for (; at < text.size(); ++at) {
    const char c = text[at];
    bool closed = false;
    if (c == '\\' && at + 1 < text.size()) {
      ++at;
      if (text[at] == '{') open += 'b';
      if (text[at] != '}') continue;
      if (!closes('b')) return std::string_view::npos;
      closed = true;
    } else if (c == '{') {
      open += '{';
    } else if (c == '(' || c == '[') {
      open += '(';
    } else if (c == '}' || c == ')' || c == ']') {
      if (!closes(c == '}' ? '{' : '(')) return std::string_view::npos;
      closed = true;
    }
    if (closed && open.empty()) return at + 1;
  }
  return std::string_view::npos;
}

std::string normalise_notation(std::string_view answer) {
  if (answer.size() > kMaxAnswerBytes) return std::string(answer);
  std::string text = tidy_answer(answer);
  if (text.size() > 1 && text.back() == '\\') text.pop_back();
  for (const Change& change : kUnicode) {
    if (text.find(change.from) != std::string::npos)
      text = replace_all(text, change.from, change.to);
  }
  text = root_signs(text);
  text = join_thousands(text);
  text = rewrite_commands(text);
  text = brace_arguments(text);
  text = repeating_decimals(text);
  return std::string(trim(text));
}

std::string text_key(std::string_view normal_form) {
  std::string out;
  bool in_words = false;
  std::size_t at = 0;
  while (at < normal_form.size()) {
    const char c = normal_form[at];
    if (c == kWordsBegin || c == kWordsEnd) {
      in_words = c == kWordsBegin;
      ++at;
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      std::size_t next = at;
      while (next < normal_form.size() &&
             std::string_view(" \t\n\r").find(normal_form[next]) != std::string_view::npos)
        ++next;
      if (!out.empty() && is_digit(out.back()) && next < normal_form.size() &&
          is_digit(normal_form[next]))
        out += ' ';
      at = next;
      continue;
    }
    if (c == '\\' && !in_words) {
      std::size_t end = at + 1;
      while (end < normal_form.size() && is_letter(normal_form[end])) ++end;
      if (end == at + 1) end = std::min(at + 2, normal_form.size());
      out += normal_form.substr(at, end - at);
      at = end;
      continue;
    }
    if (is_letter(c)) {
      std::size_t end = at;
      while (end < normal_form.size() && is_letter(normal_form[end])) ++end;
      const std::string_view run = normal_form.substr(at, end - at);
      const std::string lower = to_lower_ascii(run);
      // A word outside \text: long, or written like one ("Odd"). Short runs of capitals are
      // products or labels (ABC).
      const bool word = run.size() >= 4 ||
                        (run.size() == 3 && run.substr(1) == std::string_view(lower).substr(1));
      out += in_words || word ? lower : std::string(run);
      at = end;
      continue;
    }
    if ((c == '^' || c == '_') && at + 3 < normal_form.size() && normal_form[at + 1] == '{' &&
        normal_form[at + 3] == '}' && normal_form[at + 2] != '\\') {
      out += c;
      out += normal_form[at + 2];
      at += 4;
      continue;
    }
    out += c;
    ++at;
  }
  for (const std::string_view before : {",", "(", "[", "=", "<", "\\le"}) {
    out = replace_all(out, std::string(before) + "+\\infty", std::string(before) + "\\infty");
  }
  if (out.rfind("+\\infty", 0) == 0) out.erase(0, 1);
  out = replace_all(out, "^{\\circ}", "^\\circ");
  return out;
}

}  // namespace quorum
