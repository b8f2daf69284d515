#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "base/text.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/box_scanner.h"
#include "benchmarks/math/extraction.h"
#include "benchmarks/math/spacing.h"

namespace quorum {
namespace {

bool starts_with_fold(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && to_lower_ascii(text.substr(0, lower.size())) == lower;
}

// The group {…} at the front of `text` spans how many bytes; 0: none or not closed.
std::size_t group_at_front(std::string_view text) {
  if (text.empty() || text[0] != '{') return 0;
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '{') {
      ++depth;
    } else if (text[at] == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return 0;
}

// Whether the words before a value only announce it: "The answer is", "Maximum:".
bool announces(std::string_view words) {
  const std::string lower = to_lower_ascii(trim(words));
  if (lower.size() < 2) return false;                      // 4\text{:}1
  if (lower.size() == 2 && lower[1] == ':') return false;  // \text{A: } 5
  for (const std::string_view end : {" is", " is:", " are", " are:", " equals", ":", " be"}) {
    if (lower.size() >= end.size() &&
        std::string_view(lower).substr(lower.size() - end.size()) == end) {
      return true;
    }
  }
  return lower == "is" || lower == "are";
}

// Announcing words are short; a bound keeps many open groups from costing a scan each.
constexpr std::size_t kMaxWords = 256;

// How often a word stands in a text of small letters.
int count_word(std::string_view lower, std::string_view word) {
  int count = 0;
  for (std::size_t at = lower.find(word); at != std::string_view::npos;
       at = lower.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    count +=
        (at == 0 || !is_letter(lower[at - 1])) && (end == lower.size() || !is_letter(lower[end]));
  }
  return count;
}

// Whether what stands before a value says more than which value it is: a condition, a denial, a
// bound, another value ("The maximum is 5 and the minimum is"), or a sign (-\text{total:}).
// `outside`: what of it is not words.
bool says_more(std::string_view words, std::string_view outside) {
  for (const std::string_view relation : {"=", "<", ">", "+", "-", "*", "/", "\\le", "\\ge", "\\ne",
                                          "\\in", "\\pm", "\\cdot", "\\times"})
    if (outside.find(relation) != std::string_view::npos) return true;
  const std::string lower = to_lower_ascii(words);
  const auto has = [&](std::initializer_list<std::string_view> list) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view word) { return count_word(lower, word) > 0; });
  };
  if (lower.find("n't") != std::string::npos ||
      has({"not", "never", "except", "fails", "at least", "at most", "less than", "more than",
           "greater than", "other", "of the answer", "respectively"}))
    return true;
  // "all pairs (a, b) where a is"
  if (!trim(outside).empty() && has({"when", "where", "if", "such that", "for which"})) return true;
  // More than one verb: more than one value, or a sentence within it.
  return count_word(lower, "is") + count_word(lower, "are") + count_word(lower, "equals") > 1;
}

// The text behind announcing words, or all of it.
std::string_view without_announcement(std::string_view text) {
  // \text{The value of } x \text{ is } 12: what stands behind the last words that announce.
  std::size_t value_begin = 0, words_end = 0;
  std::string words, outside;  // before the value
  std::size_t words_size = 0, outside_size = 0;
  for (std::size_t at = text.find('\\'); at != std::string_view::npos;
       at = text.find('\\', at + 1)) {
    for (const std::string_view command :
         {"\\text", "\\mbox", "\\textrm", "\\mathrm", "\\textbf"}) {
      const std::string_view rest = text.substr(at);
      if (rest.substr(0, command.size()) != command) continue;
      const std::size_t group = group_at_front(rest.substr(command.size(), kMaxWords));
      if (group < 2) continue;
      const std::size_t end = at + command.size() + group;
      if (trim(text.substr(end)).empty()) continue;
      const std::string_view inside = rest.substr(command.size() + 1, group - 2);
      if (at > words_end) outside += text.substr(words_end, at - words_end);
      words += ' ';
      words += inside;
      words_end = std::max(words_end, end);
      if (!announces(inside)) continue;
      // Another value is announced before.
      if (value_begin > 0 && at > value_begin &&
          !trim(text.substr(value_begin, at - value_begin)).empty())
        return text;
      value_begin = end;
      words_size = words.size();
      outside_size = outside.size();
    }
  }
  if (value_begin > 0) {
    words.resize(words_size);
    outside.resize(outside_size);
    return says_more(words, outside) ? text : trim(text.substr(value_begin));
  }
  for (const std::string_view prefix : {"the final answer is", "the answer is", "final answer:",
                                        "answer:", "answer is", "final answer is"}) {
    if (!starts_with_fold(text, prefix)) continue;
    std::string_view behind = trim(text.substr(prefix.size()));
    if (!behind.empty() && behind[0] == ':') behind = trim(behind.substr(1));
    if (!behind.empty()) return behind;
  }
  const std::size_t is = text.rfind(" is ");
  if (is != std::string_view::npos && starts_with_fold(text, "the ") &&
      !trim(text.substr(is + 4)).empty() && !says_more(text.substr(0, is + 3), "")) {
    return trim(text.substr(is + 4));
  }
  return text;
}

// The inside of a command that wraps all of the text and only changes its looks.
std::string_view without_wrapper(std::string_view text) {
  struct Wrapper {
    std::string_view name;
    int ignored_groups;
  };
  constexpr std::array<Wrapper, 6> kWrappers = {{{"\\textcolor", 1},
                                                 {"\\color", 1},
                                                 {"\\colorbox", 1},
                                                 {"\\ensuremath", 0},
                                                 {"\\boxed", 0},
                                                 {"\\fbox", 0}}};
  for (const Wrapper& wrapper : kWrappers) {
    if (text.substr(0, wrapper.name.size()) != wrapper.name) continue;
    std::string_view rest = text.substr(wrapper.name.size());
    if (!rest.empty() && is_letter(rest[0])) continue;
    for (int i = 0; i < wrapper.ignored_groups; ++i) {
      const std::size_t group = group_at_front(rest);
      if (group == 0) return text;
      rest = rest.substr(group);
    }
    rest = trim(rest);
    const std::size_t group = group_at_front(rest);
    if (group == rest.size() && group >= 2) return trim(rest.substr(1, group - 2));
    if (wrapper.name == "\\color" && !rest.empty() && group == 0) return rest;
  }
  return text;
}

// Without the delimiters when one pair encloses all of the text.
std::string_view without_delimiters(std::string_view text) {
  struct Pair {
    std::string_view open, close;
  };
  constexpr std::array<Pair, 5> kPairs = {
      {{"$$", "$$"}, {"$", "$"}, {"\\(", "\\)"}, {"\\[", "\\]"}, {"**", "**"}}};
  for (const Pair& pair : kPairs) {
    if (text.size() < pair.open.size() + pair.close.size() + 1) continue;
    if (text.substr(0, pair.open.size()) != pair.open) continue;
    if (text.substr(text.size() - pair.close.size()) != pair.close) continue;
    const std::string_view inside =
        text.substr(pair.open.size(), text.size() - pair.open.size() - pair.close.size());
    if (inside.find(pair.open) != std::string_view::npos) continue;
    if (!inside.empty() && inside.back() == '\\') continue;  // \$ is currency
    return trim(inside);
  }
  return text;
}

// Without a period or comma that ends the sentence, not the answer.
std::string_view without_punctuation(std::string_view text) {
  if (text.empty()) return text;
  const char last = text.back();
  if (last == ',' || last == ';') return trim(text.substr(0, text.size() - 1));
  if (last != '.') return text;
  const std::string_view before = text.substr(0, text.size() - 1);
  if (before.size() >= 6 && before.substr(before.size() - 6) == "\\right") return text;
  if (!before.empty() && before.back() == '.') return text;  // an ellipsis
  if (!before.empty() && before.back() == '}') return trim(before);
  const std::size_t word = before.find_last_of(" \t\n~") + 1;
  const std::string_view last_word = before.substr(word);
  for (std::size_t at = 0; at + 1 < last_word.size(); ++at) {  // p.m.
    if (last_word[at] == '.' && is_letter(last_word[at + 1])) return text;
  }
  return trim(before);
}

// Without quotation marks around all of it.
std::string_view without_quotes(std::string_view text) {
  struct Pair {
    std::string_view open, close;
  };
  constexpr std::array<Pair, 5> kPairs = {
      {{"\"", "\""}, {"``", "''"}, {"“", "”"}, {"„", "“"}, {"'", "'"}}};
  for (const Pair& pair : kPairs) {
    if (text.size() <= pair.open.size() + pair.close.size() || !text.starts_with(pair.open) ||
        !text.ends_with(pair.close))
      continue;
    const std::string_view inside =
        text.substr(pair.open.size(), text.size() - pair.open.size() - pair.close.size());
    // "a" or "b" are two.
    if (inside.find(pair.open) == std::string_view::npos &&
        inside.find(pair.close) == std::string_view::npos)
      return trim(inside);
  }
  return text;
}

// "So the correct answer is Friday" as "Friday".
std::string_view behind_answer_is(std::string_view words) {
  std::string_view rest = words;
  const auto take_one = [&](std::initializer_list<std::string_view> fronts) {
    for (const std::string_view front : fronts) {
      if (!starts_with_fold(rest, front)) continue;
      rest = trim(rest.substr(front.size()));
      return true;
    }
    return false;
  };
  take_one({"so ", "thus ", "hence ", "therefore "});
  take_one({"the "});
  take_one({"final ", "correct "});
  const bool taken =
      take_one({"answer is:", "answer is ", "answer:", "choice is ", "option is ", "option: "});
  return taken ? rest : words;
}

// \text{The answer is Friday} and \text{"Friday"} as \text{Friday}.
std::string without_announcement_inside(std::string_view text) {
  constexpr std::string_view kText = "\\text";
  if (!text.starts_with(kText) || text.size() < kText.size() + 3 ||
      group_at_front(text.substr(kText.size())) + kText.size() != text.size())
    return std::string(text);
  const std::string_view inside =
      trim(text.substr(kText.size() + 1, text.size() - kText.size() - 2));
  std::string_view rest = behind_answer_is(inside);
  if (rest.size() != inside.size()) rest = without_punctuation(rest);
  rest = without_quotes(rest);
  if (rest.empty() || rest.size() == inside.size()) return std::string(text);
  return std::string(kText) + '{' + std::string(rest) + '}';
}

}  // namespace

std::string tidy_answer(std::string_view content) {
  std::string_view text = trim(content);
  // Each round removes at least a byte; a hostile text of many layers is left as it is after some.
  for (int round = 0; round < 32; ++round) {
    const std::string_view before = text;
    while (const std::size_t n = spacing_at_front(text)) text = trim(text.substr(n));
    while (const std::size_t n = spacing_at_back(text)) {
      text = trim(text.substr(0, text.size() - n));
    }
    text = without_punctuation(text);
    text = without_delimiters(text);
    text = without_quotes(text);
    text = without_wrapper(text);
    text = without_announcement(text);
    if (text.size() == before.size()) break;
  }
  return without_announcement_inside(text);
}

}  // namespace quorum
