#include "benchmarks/math/notation_unicode.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

struct Change {
  std::string_view from, to;
};

constexpr auto kCharacters = std::to_array<Change>({{"\u2227", "\\land "},
                                                    {"\u2228", "\\lor "},
                                                    {"\u6216", " or "},
                                                    {"\u4e14", " and "},
                                                    {"\u2209", "\\notin "},
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
                                                    {"\ufeff", ""},
                                                    {"\u2155", "\\frac{1}{5}"},
                                                    {"\u2156", "\\frac{2}{5}"},
                                                    {"\u2157", "\\frac{3}{5}"},
                                                    {"\u2158", "\\frac{4}{5}"},
                                                    {"\u2159", "\\frac{1}{6}"},
                                                    {"\u215a", "\\frac{5}{6}"},
                                                    {"\u2150", "\\frac{1}{7}"},
                                                    {"\u215b", "\\frac{1}{8}"},
                                                    {"\u215c", "\\frac{3}{8}"},
                                                    {"\u215d", "\\frac{5}{8}"},
                                                    {"\u215e", "\\frac{7}{8}"},
                                                    {"\u2151", "\\frac{1}{9}"},
                                                    {"\u2152", "\\frac{1}{10}"},
                                                    {"\u2266", "\\le "},
                                                    {"\u2267", "\\ge "},
                                                    {"\u00ba", "^\\circ "},
                                                    {"\u02da", "^\\circ "},
                                                    {"\u2014", "-"},
                                                    {"\u2011", "-"},
                                                    {"\uff0d", "-"},
                                                    {"\ufe63", "-"},
                                                    {"\u3001", ","},
                                                    {"\uff1b", ";"},
                                                    {"\uff1a", ":"},
                                                    {"\uff1d", "="},
                                                    {"\uff0b", "+"},
                                                    {"\uff0e", "."},
                                                    {"\uff1c", "<"},
                                                    {"\uff1e", ">"},
                                                    {"\u3000", " "},
                                                    {"\u2003", " "},
                                                    {"\u2002", " "},
                                                    {"\u2220", "\\angle "},
                                                    {"\u25b3", "\\triangle "},
                                                    {"\u22a5", "\\perp "},
                                                    {"\u2225", "\\parallel "},
                                                    {"\u2261", "\\equiv "},
                                                    {"\u2124", "\\mathbb{Z}"},
                                                    {"\u2115", "\\mathbb{N}"},
                                                    {"\u211a", "\\mathbb{Q}"},
                                                    {"\u2223", "|"},
                                                    {"\u22c3", "\\cup "},
                                                    {"\u22c2", "\\cap "},
                                                    {"\u22ef", "\\ldots "},
                                                    {"\u03c9", "\\omega "},
                                                    {"\u03c1", "\\rho "},
                                                    {"\u03c3", "\\sigma "},
                                                    {"\u03c4", "\\tau "},
                                                    {"\u03bc", "\\mu "},
                                                    {"\u03b4", "\\delta "},
                                                    {"\u03b5", "\\varepsilon "},
                                                    {"\u03b7", "\\eta "},
                                                    {"\u03c8", "\\psi "},
                                                    {"\u03be", "\\xi "},
                                                    {"\u03a9", "\\Omega "},
                                                    {"\u0394", "\\Delta "},
                                                    {"\u2206", "\\Delta "},
                                                    {"\u03a6", "\\Phi "},
                                                    {"\u0393", "\\Gamma "},
                                                    {"\u039b", "\\Lambda "},
                                                    {"\u2033", "''"},
                                                    {"\u2019", "'"},
                                                    {"\u00a2", "\\text{ cents}"}});

// Raised and lowered characters, whose runs are one exponent or index.
constexpr auto kRaised = std::to_array<Change>({{"\u2070", "0"},
                                                {"\u00b9", "1"},
                                                {"\u00b2", "2"},
                                                {"\u00b3", "3"},
                                                {"\u2074", "4"},
                                                {"\u2075", "5"},
                                                {"\u2076", "6"},
                                                {"\u2077", "7"},
                                                {"\u2078", "8"},
                                                {"\u2079", "9"},
                                                {"\u207b", "-"},
                                                {"\u207a", "+"},
                                                {"\u207d", "("},
                                                {"\u207e", ")"},
                                                {"\u207f", "n"},
                                                {"\u02e3", "x"},
                                                {"\u1d4f", "k"},
                                                {"\u1d40", "T"}});
constexpr auto kLowered = std::to_array<Change>({{"\u2080", "0"},
                                                 {"\u2081", "1"},
                                                 {"\u2082", "2"},
                                                 {"\u2083", "3"},
                                                 {"\u2084", "4"},
                                                 {"\u2085", "5"},
                                                 {"\u2086", "6"},
                                                 {"\u2087", "7"},
                                                 {"\u2088", "8"},
                                                 {"\u2089", "9"},
                                                 {"\u208a", "+"},
                                                 {"\u208b", "-"},
                                                 {"\u2099", "n"},
                                                 {"\u2096", "k"},
                                                 {"\u1d62", "i"}});

// Of the characters at `at` that are in the table, what they stand for; moves `at` behind them.
template <class Table>
std::string take_run(std::string_view text, std::size_t& at, const Table& table) {
  std::string run;
  for (bool found = true; found;) {
    found = false;
    for (const Change& one : table) {
      if (text.substr(at, one.from.size()) != one.from) continue;
      run += one.to;
      at += one.from.size();
      found = true;
      break;
    }
  }
  return run;
}

// Digits of full width are three bytes: EF BC 90 to EF BC 99.
bool is_wide_digit(std::string_view text, std::size_t at) {
  return text.substr(at, 2) == "\xef\xbc" && at + 2 < text.size() &&
         static_cast<unsigned char>(text[at + 2]) >= 0x90 &&
         static_cast<unsigned char>(text[at + 2]) <= 0x99;
}

// x\u00b9\u2070 as x^{10}, x\u2081 as x_{1}.
std::string raised_and_lowered(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      out += text[at++];
    } else if (const std::string raised = take_run(text, at, kRaised); !raised.empty()) {
      out += "^{" + raised + "}";
    } else if (const std::string lowered = take_run(text, at, kLowered); !lowered.empty()) {
      out += "_{" + lowered + "}";
    } else if (is_wide_digit(text, at)) {
      out += static_cast<char>('0' + (static_cast<unsigned char>(text[at + 2]) - 0x90));
      at += 3;
    } else {
      out += text[at++];
    }
  }
  return out;
}

// \u221a3, \u221a(x + 1) and \u221b5 as \sqrt{3}, \sqrt{x + 1} and \sqrt[3]{5}.
std::string root_signs(std::string text, std::string_view sign, std::string_view command) {
  for (std::size_t at; (at = text.rfind(sign)) != std::string::npos;) {
    std::size_t begin = at + sign.size();
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
    const std::string root(command);
    text.replace(at, end - at, inside.empty() ? root + " " : root + "{" + inside + "}");
  }
  return text;
}

// €5 as 5\text{ euros}: signs of currencies that stand in front of a number.
std::string currencies_behind(std::string text) {
  for (const auto& [sign, words] :
       {std::pair<std::string_view, std::string_view>{"\u20ac", "\\text{ euros}"},
        {"\u00a3", "\\text{ pounds sterling}"},
        {"\u20b9", "\\text{ rupees}"},
        {"\u00a5", "\\text{ yen}"}}) {
    for (std::size_t at = 0; (at = text.find(sign, at)) != std::string::npos;) {
      std::size_t begin = at + sign.size();
      while (begin < text.size() && text[begin] == ' ') ++begin;
      std::size_t end = begin;
      while (end < text.size() && (is_digit(text[end]) || text[end] == '.' || text[end] == ','))
        ++end;
      while (end > begin && !is_digit(text[end - 1])) --end;
      const std::string amount = text.substr(begin, end - begin);
      text.replace(at, end - at, amount + std::string(words));
      at += amount.size() + words.size();
    }
  }
  return text;
}

// Statements are numbered with digits in circles: \u2460\u2462 is the list \u2460, \u2462.
std::string circled_as_list(const std::string& text) {
  const auto circled = [&](std::size_t at) {
    return text.compare(at, 2, "\xe2\x91") == 0 && at + 2 < text.size() &&
           static_cast<unsigned char>(text[at + 2]) >= 0xa0 &&
           static_cast<unsigned char>(text[at + 2]) <= 0xa8;
  };
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    out += text[at];
    if (at >= 2 && circled(at - 2) && at + 1 < text.size() && circled(at + 1)) out += ',';
  }
  return out;
}

}  // namespace

std::string characters_as_latex(std::string text) {
  text = currencies_behind(raised_and_lowered(circled_as_list(text)));
  for (const Change& change : kCharacters)
    if (text.find(change.from) != std::string::npos)
      text = replace_all(text, change.from, change.to);
  text = root_signs(std::move(text), "\u221a", "\\sqrt");
  text = root_signs(std::move(text), "\u221b", "\\sqrt[3]");
  return root_signs(std::move(text), "\u221c", "\\sqrt[4]");
}

}  // namespace quorum
