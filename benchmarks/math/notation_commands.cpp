#include "benchmarks/math/notation_commands.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/answer_parts.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/function_names.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/notation_units.h"
#include "benchmarks/math/unit_product.h"

namespace quorum {
namespace {

// Commands that are spelt in several ways, or that mean nothing here. The name is without its
// backslash.
std::string_view synonym(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 42> kSynonyms = {
      {{"langle", "("},
       {"sfrac", "\\frac"},
       {"nicefrac", "\\frac"},
       {"rangle", ")"},
       {"cupdot", "\\cup "},
       {"sqcup", "\\cup "},
       {"smallsetminus", "\\setminus "},
       {"wedge", "\\land "},
       {"vee", "\\lor "},
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
  for (const auto& [from, to] : kSynonyms) {
    if (name == from) return to;
  }
  return {};
}
bool vanishes(std::string_view name) {
  return name == "limits" || name == "nolimits" || name == "underline" || name == "dollar";
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
  if (text == "o" && (front.ends_with("^") || front.ends_with("^{"))) return "\\circ ";
  if (behind_number && text.find_first_of("\\^") != std::string_view::npos) {
    if (const auto unit = read_unit_product(text))
      return kWordsBegin + unit_product_name(*unit) + kWordsEnd;
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

// Behind the name of the colour of \color{red}; 0: the command is another.
std::size_t end_of_colour(std::string_view text, std::string_view command, std::size_t end) {
  if (command != "color" && command != "textcolor") return 0;
  while (end < text.size() && text[end] == ' ') ++end;
  const std::size_t close =
      text.substr(end, 1) == "{" ? group_end(text, end) : std::string_view::npos;
  return close == std::string_view::npos ? 0 : close;
}

// Whether \bigcup stands between two sets, like \cup, and is no union over an index.
bool is_between_sets(std::string_view before, std::string_view behind) {
  before = trim(before);
  behind = trim(behind);
  return !before.empty() && std::string_view(")]}").find(before.back()) != std::string_view::npos &&
         !behind.empty() && behind.front() != '_' && behind.front() != '^';
}

// The bytes of what may follow \\\\: a star, and in brackets a length ([4pt], [-0.5ex]).
std::size_t row_break_options(std::string_view rest) {
  std::size_t at = starts_with(rest, "*") ? 1 : 0;
  if (rest.substr(at, 1) != "[") return at;
  const std::size_t close = rest.find(']', at);
  if (close == std::string_view::npos) return at;
  const std::string_view length = trim(rest.substr(at + 1, close - at - 1));
  const std::size_t unit = length.find_first_not_of("+-0123456789. ");
  if (unit == std::string_view::npos || unit == 0) return at;
  for (const std::string_view name : {"pt", "em", "ex", "mm", "cm", "in", "pc", "bp", "sp", "mu"})
    if (length.substr(unit) == name) return close + 1;
  return at;
}

// \begin{pmatrix*}[r] as \begin{pmatrix}, dcases as cases: the environment whose name's group ends
// at `end` of the text. Gives the place behind it.
std::size_t environment(std::string_view text, std::size_t at, std::size_t end, std::string& out) {
  const std::size_t open = text.find('{', at);
  std::string_view name = trim(text.substr(open + 1, end - open - 2));
  const bool starred = !name.empty() && name.back() == '*';
  if (starred) name.remove_suffix(1);
  if (name == "dcases" || name == "rcases" || name == "drcases") name = "cases";
  const bool begins = starts_with(text.substr(at), "\\begin");
  out += (begins ? "\\begin{" : "\\end{") + std::string(name) + '}';
  const std::string_view rest = text.substr(end);
  const bool aligned = rest.size() > 2 && rest[0] == '[' && rest[2] == ']' &&
                       std::string_view("lcrtb").find(rest[1]) != std::string_view::npos;
  return begins && aligned && (starred || name == "array") ? end + 3 : end;
}

}  // namespace

std::string rewrite_commands(std::string_view text) {
  // Six answers in ten are plain numbers: there is nothing to change.
  if (text.find_first_of("\\$~*") == std::string_view::npos) return std::string(text);
  const bool rows = text.find("\\begin") != std::string_view::npos;
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '$') {
      at = is_lone_dollar(text, at) ? dollars(text, at, 1, out) : at + 1;
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
    if (next == '$') {
      at = dollars(text, at, 2, out);
      continue;
    }
    if (!is_letter(next)) {
      if (next == '!') {  // nothing remains
      } else if (next == ',' || next == ';' || next == ':' || next == ' ' || next == '>') {
        out += ' ';
      } else if (next == '%') {
        out += '%';
      } else if (next == '(' || next == ')' || next == '[' || next == ']') {
        out += ' ';  // delimiters of mathematics
      } else if (next == '|') {
        out += "||";
      } else if (next == '\\' && rows) {
        out += "\\\\";
        at += row_break_options(text.substr(at + 2));
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
    } else if (const std::size_t unit = fraction_of_units(text, at, end, out); unit != 0) {
      end = unit;
    } else if (rows && (name == "cr" || name == "tabularnewline")) {
      out += "\\\\";
    } else if (name == "begin" || name == "end") {
      const std::size_t close = text.substr(end, 1) == "{" ? group_end(text, end) : text.npos;
      if (close == text.npos)
        out += text.substr(at, end - at);
      else
        end = environment(text, at, close, out);
    } else if ((name == "bigcup" || name == "bigcap") && is_between_sets(out, text.substr(end))) {
      out += name == "bigcup" ? "\\cup " : "\\cap ";
    } else if (const std::size_t colour = end_of_colour(text, name, end); colour != 0) {
      if (!out.empty() && is_letter(out.back())) out += ' ';
      end = colour;
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

}  // namespace quorum
