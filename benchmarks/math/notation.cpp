#include "benchmarks/math/notation.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/connectives.h"
#include "benchmarks/math/extraction.h"
#include "benchmarks/math/notation_combinations.h"
#include "benchmarks/math/notation_commands.h"
#include "benchmarks/math/notation_numbers.h"
#include "benchmarks/math/notation_unicode.h"
#include "benchmarks/math/numbered_parts.h"
#include "benchmarks/math/unit_words.h"

namespace quorum {
namespace {

struct Change {
  std::string_view from, to;
};

constexpr std::array<Change, 4> kNegations = {{{"\\not=", "\\ne "},
                                               {"\\not =", "\\ne "},
                                               {"\\not\\in", "\\notin"},
                                               {"\\not \\in", "\\notin"}}};

// \frac12, \frac1{72}, \frac{270}7, \sqrt3: the arguments in braces.
std::string brace_arguments(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
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
        if (name == "\\sqrt") {  // \frac{1}\sqrt2
          std::size_t radicand = close;
          while (radicand < text.size() && text[radicand] == ' ') ++radicand;
          const bool braced = radicand < text.size() && text[radicand] == '{';
          const bool letter =
              radicand < text.size() && (is_digit(text[radicand]) || is_letter(text[radicand]));
          const std::size_t end_of_root = braced   ? group_end(text, radicand)
                                          : letter ? radicand + 1
                                                   : std::string_view::npos;
          if (end_of_root == std::string_view::npos) break;
          const std::string_view root = text.substr(begin, end_of_root - begin);
          out += '{' + brace_arguments(root) + '}';
          at = end_of_root;
          continue;
        }
        if (name == "\\frac" || name == "\\binom") break;
        out += '{' + std::string(name) + '}';
        at = close;
      } else {
        break;
      }
    }
  }
  return out;
}

// "1, 2, ..., 9": dots between commas are those of a list; others may be of a decimal.
std::string list_dots(std::string text) {
  for (std::size_t at = text.find("..."); at != std::string::npos; at = text.find("...", at + 3)) {
    const std::string_view before = trim(std::string_view(text).substr(0, at)),
                           behind = trim(std::string_view(text).substr(at + 3));
    const bool in_list = !before.empty() && before.back() == ',' &&
                         (behind.empty() || behind.front() == ',' || behind.front() == '\\' ||
                          behind.front() == '}');
    if (in_list) text.replace(at, 3, "\\ldots ");
  }
  return text;
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
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) text = characters_as_latex(std::move(text));
  text = number_parts(text);
  if (text.find("\\not") != std::string::npos)
    for (const Change& change : kNegations) text = replace_all(text, change.from, change.to);
  if (text.find('{') != std::string::npos) {
    text = replace_all(text, "{:}", ":");
    text = replace_all(text, "\\text{.}", "");
    text = replace_all(text, "\\text{:}", ":");
    text = replace_all(text, "\\text{\\$}", "\\$");
  }
  if (text.find("\\begin") == std::string::npos) text = replace_all(text, "\\&", " and ");
  // \langle 3, 8 \rangle is the vector (3, 8)^T, no interval (3, 8).
  if (text.ends_with("\\rangle") && text.find("\\langle") == text.rfind("\\langle") &&
      text.find("\\langle") != std::string::npos)
    text += "^T";
  text = list_dots(std::move(text));
  text = join_thousands(text);
  text = rewrite_commands(text);
  text = brace_arguments(text);
  text = combinations_as_binomials(text);
  text = repeating_decimals(text);
  text = connectives_as_words(text);
  return std::string(trim(text));
}

std::string as_latex(std::string_view normal_form) {
  std::string out;
  for (const char c : normal_form) {
    if (c == kWordsBegin)
      out += "\\text{";
    else
      out += c == kWordsEnd ? '}' : c;
  }
  return out;
}

std::string text_key(std::string_view normal_form) {
  std::string out;
  bool in_words = false;
  // Whether the last letters were words, and whether a space has come behind them: "a b" is not
  // "ab".
  bool behind_words = false, space = false;
  std::size_t at = 0;
  while (at < normal_form.size()) {
    const char c = normal_form[at];
    if (c == kWordsBegin || c == kWordsEnd) {
      in_words = c == kWordsBegin;
      space = space || in_words;  // \text{every }\text{day}, of which the space is gone
      ++at;
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      std::size_t next = at;
      while (next < normal_form.size() &&
             std::string_view(" \t\n\r").find(normal_form[next]) != std::string_view::npos)
        ++next;
      space = true;
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
      if (in_words && behind_words && space && is_letter(out.back())) out += ' ';
      out += (in_words && !is_mega_unit(run)) || word ? lower : std::string(run);
      behind_words = in_words;
      space = false;
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
