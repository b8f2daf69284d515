#include "benchmarks/math/extraction.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/answer_line.h"
#include "benchmarks/math/ascii.h"
#include "benchmarks/math/box_scanner.h"
#include "benchmarks/math/thought.h"

namespace quorum {
namespace {

constexpr std::size_t kMaxJoinerBytes = 40;

bool is_dropped(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7f;
}

// Rule 4: whether the text between two boxes makes them one list. It must hold a joiner, and
// besides joiners only math delimiters and space.
bool joins(std::string_view between) {
  if (between.size() > kMaxJoinerBytes) return false;
  constexpr std::array<std::string_view, 17> kJoiners = {",",
                                                         ";",
                                                         "\\text{and}",
                                                         "\\text{ and }",
                                                         "\\text{or}",
                                                         "\\text{ or }",
                                                         "\\text{,}",
                                                         "\\qquad",
                                                         "\\quad",
                                                         "\\mbox{and}",
                                                         "\\mbox{or}",
                                                         "\\mbox{ and }",
                                                         "\\mbox{ or }",
                                                         "\\text{and }",
                                                         "\\text{ and}",
                                                         "\\text{or }",
                                                         "\\text{ or}"};
  constexpr std::array<std::string_view, 10> kNeutral = {"$",   "\\(", "\\)", "\\[", "\\]",
                                                         "\\,", "\\;", "\\ ", "\\!", "~"};
  bool joined = false;
  std::size_t at = 0;
  while (at < between.size()) {
    const std::string_view rest = between.substr(at);
    const char c = between[at];
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      ++at;
      continue;
    }
    std::size_t matched = 0;
    for (const std::string_view joiner : kJoiners) {
      if (rest.substr(0, joiner.size()) == joiner) matched = std::max(matched, joiner.size());
    }
    if (matched == 0 && is_letter(c)) {
      std::size_t end = 0;
      while (end < rest.size() && is_letter(rest[end])) ++end;
      const std::string word = to_lower_ascii(rest.substr(0, end));
      if (word == "and" || word == "or") matched = end;
    }
    if (matched > 0) {
      joined = true;
      at += matched;
      continue;
    }
    for (const std::string_view neutral : kNeutral) {
      if (rest.substr(0, neutral.size()) == neutral) matched = neutral.size();
    }
    if (matched == 0) return false;
    at += matched;
  }
  return joined;
}

// What stands in a box that shows where the answer goes.
bool is_placeholder(std::string_view tidied) {
  std::string_view text = tidied;
  if (text.substr(0, 6) == "\\text{" && text.back() == '}') {
    text = trim(text.substr(6, text.size() - 7));
  }
  constexpr std::array<std::string_view, 20> kWords = {"",
                                                       "...",
                                                       "\\ldots",
                                                       "\\dots",
                                                       "\\cdots",
                                                       "…",
                                                       "?",
                                                       "answer",
                                                       "your answer",
                                                       "final answer",
                                                       "the answer",
                                                       "$answer",
                                                       "your final answer",
                                                       "answer here",
                                                       "your answer here",
                                                       "\\square",
                                                       "\\cdot",
                                                       "\\boxed",
                                                       "{}",
                                                       "<answer>"};
  const std::string lower = to_lower_ascii(text);
  for (const std::string_view word : kWords) {
    if (lower == word) return true;
  }
  return lower.find_first_not_of("_ ") == std::string::npos || lower.rfind("\\phantom", 0) == 0;
}

// Rule 8: a percent sign, degree sign or unit directly behind a box.
std::string attribute_behind(std::string_view behind) {
  behind = behind.substr(0, 64);
  std::string_view rest = behind;
  std::size_t spaces = 0;
  while (spaces < rest.size() && rest[spaces] == ' ') ++spaces;
  // In mathematics a space means nothing, so the LaTeX forms may follow one.
  const std::string_view spaced = rest.substr(spaces);
  for (const std::string_view degree : {"^\\circ", "^{\\circ}", "\\degree", "^{\\degree}"}) {
    if (spaced.substr(0, degree.size()) == degree) return "^\\circ";
  }
  if (spaced.substr(0, 2) == "\\%") return "%";
  if (spaced.substr(0, 2) == "\\,") rest = spaced.substr(2);
  for (const std::string_view command : {"\\text{", "\\mathrm{", "\\mbox{", "\\textrm{"}) {
    if (rest.substr(0, command.size()) != command) continue;
    const std::size_t close = rest.find('}');
    const std::string_view words = close == std::string_view::npos
                                       ? std::string_view{}
                                       : trim(rest.substr(command.size(), close - command.size()));
    if (words.empty() || words == "and" || words == "or" || words == "." || words == ",") return {};
    std::size_t end = close + 1;
    if (rest.substr(end, 2) == "^2" || rest.substr(end, 2) == "^3") end += 2;
    if (rest.substr(end, 4) == "^{2}" || rest.substr(end, 4) == "^{3}") end += 4;
    return std::string(rest.substr(0, end));
  }
  for (const std::string_view close : {"$", "\\)"}) {
    if (behind.substr(0, close.size()) == close) {
      behind = behind.substr(close.size());
      break;
    }
  }
  if (behind.substr(0, 2) == "\\%" || behind.substr(0, 1) == "%") return "%";
  if (behind.substr(0, 2) == "°") return "^\\circ";
  return {};
}

// The tidied content of one box; empty when it holds none.
std::string box_answer(std::string_view text, const Box& box) {
  const std::string_view raw = text.substr(box.content_begin, box.content_end - box.content_begin);
  if (raw.size() > 8 * kMaxAnswerBytes) return std::string(raw.substr(0, kMaxAnswerBytes + 1));
  std::string content = unwrap_inner_boxes(raw);
  if (box.double_escaped) content = replace_all(content, "\\\\", "\\");
  return tidy_answer(content);
}

struct BoxAnswer {
  std::optional<std::string> answer;
  std::string reason;
  WarningLevel level = WarningLevel::kNone;
  std::size_t end = 0;   // of the box that won
  bool any_box = false;  // a complete box or an open one
};

BoxAnswer answer_in_boxes(std::string_view text, bool truncated, bool is_thought,
                          std::size_t& steps) {
  const BoxScan scan = scan_boxes(text);
  steps += scan.steps;
  BoxAnswer out;
  out.any_box = !scan.boxes.empty() || scan.unbalanced;
  if (scan.unbalanced && (truncated || is_thought)) {
    out.reason = "unbalanced_box";
    return out;
  }

  std::size_t last = scan.boxes.size();
  std::string answer;
  while (last > 0) {
    const Box& box = scan.boxes[last - 1];
    steps += box.end - box.begin;
    const bool cut_token = !box.braced && truncated && box.end == text.size();
    if (!cut_token) answer = box_answer(text, box);
    if (!answer.empty() && !is_placeholder(answer)) break;
    answer.clear();
    --last;
  }
  if (last == 0) {
    out.reason = scan.unbalanced ? "unbalanced_box" : "empty_box";
    return out;
  }
  const Box& winner = scan.boxes[last - 1];
  out.end = winner.end;
  answer += attribute_behind(text.substr(winner.end));

  // Boxes in front of it that a list joins to it, each once, in order.
  std::vector<std::string> list = {answer};
  std::size_t bytes = answer.size();
  std::size_t first = last - 1;
  while (first > 0 && bytes <= kMaxAnswerBytes) {
    const Box& before = scan.boxes[first - 1];
    const std::size_t gap = scan.boxes[first].begin - before.end;
    if (gap > kMaxJoinerBytes || !joins(text.substr(before.end, gap))) break;
    std::string element = box_answer(text, before);
    if (element.empty() || is_placeholder(element)) break;
    bytes += element.size() + 1;
    list.push_back(std::move(element));
    --first;
  }
  std::reverse(list.begin(), list.end());
  std::vector<std::string> distinct;
  if (list.size() > 64) list.erase(list.begin(), list.end() - 64);
  for (std::string& element : list) {
    if (std::find(distinct.begin(), distinct.end(), element) == distinct.end()) {
      distinct.push_back(std::move(element));
    }
  }
  answer = join(distinct, ",");
  if (answer.size() > kMaxAnswerBytes) {
    out.reason = "answer_too_long";
    return out;
  }
  out.answer = std::move(answer);
  if (scan.unbalanced) {
    out.reason = "earlier_box";
    out.level = WarningLevel::kWarning;
  } else if (distinct.size() > 1) {
    out.reason = "joined_boxes";
    out.level = WarningLevel::kNote;
  } else if (first > 0 && box_answer(text, scan.boxes[first - 1]) != out.answer && !is_thought) {
    out.reason = "several_boxes";
    out.level = WarningLevel::kNote;
  } else if (!winner.braced) {
    out.reason = "unbraced_box";
    out.level = WarningLevel::kNote;
  }
  return out;
}

// Without the bytes that rule 1 drops; `storage` holds the copy when there are any.
std::string_view cleaned(std::string_view text, std::string& storage) {
  if (std::none_of(text.begin(), text.end(), is_dropped)) return text;
  storage.reserve(text.size());
  for (const char c : text) {
    if (!is_dropped(c)) storage += c;
  }
  return storage;
}

// The last bytes of a text, beginning at a character.
std::string_view last_bytes(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  text.remove_prefix(text.size() - bytes);
  while (!text.empty() && (static_cast<unsigned char>(text[0]) & 0xC0) == 0x80) {
    text.remove_prefix(1);
  }
  return text;
}

}  // namespace

Extraction extract_final_answer(std::string_view final_text, bool truncated) {
  std::string storage;
  const std::string_view text = cleaned(last_bytes(final_text, kMaxExtractionBytes), storage);
  Extraction out;
  out.steps = text.size();
  BoxAnswer boxed = answer_in_boxes(text, truncated, false, out.steps);
  if (boxed.answer) {
    out.answer = std::move(boxed.answer);
    out.reason = std::move(boxed.reason);
    out.level = boxed.level;
    out.steps += text.size() - boxed.end;
    const std::size_t label = last_answer_label(text.substr(boxed.end));
    if (out.reason.empty() && label != std::string_view::npos) {
      const auto line = find_answer_line(text.substr(boxed.end));
      if (line && line->answer != *out.answer) {
        out.reason = "label_after_box";
        out.level = WarningLevel::kWarning;
      }
    }
    return out;
  }
  if (boxed.any_box && boxed.reason != "empty_box") {
    out.reason = boxed.reason;
    return out;
  }
  out.steps += text.size();
  if (const auto line = find_answer_line(text)) {
    if (truncated && line->cut) {
      out.reason = "cut_answer_line";
    } else {
      out.answer = line->answer;
      out.reason = "answer_line";
      out.level = WarningLevel::kNote;
    }
    return out;
  }
  out.reason = boxed.any_box ? "empty_box" : "no_answer";
  return out;
}

Extraction extract_answer(const AnswerText& answer) {
  const ThoughtSplit split = split_thought(answer);
  if (split.unfinished && split.final_text.empty()) {
    Extraction out;
    std::string storage;
    const std::string_view thought =
        cleaned(last_bytes(split.thought, kMaxExtractionBytes), storage);
    out.steps = answer.text.size() + thought.size();
    out.lenient = answer_in_boxes(thought, false, true, out.steps).answer;
    out.reason = out.lenient ? "unfinished_thought_with_box" : "unfinished_thought";
    return out;
  }
  // Text that another open thought follows was not cut itself.
  Extraction out = extract_final_answer(split.final_text, answer.truncated && !split.unfinished);
  out.steps += answer.text.size();
  if (out.answer) return out;
  if (split.unfinished) {
    out.reason = "unfinished_thought";
    return out;
  }
  const bool nothing_there = out.reason == "no_answer" || out.reason == "empty_box";
  if (!nothing_there || split.thought.empty()) return out;
  std::string storage;
  const std::string_view thought = cleaned(last_bytes(split.thought, kMaxExtractionBytes), storage);
  out.steps += thought.size();
  BoxAnswer inside = answer_in_boxes(thought, false, true, out.steps);
  if (inside.answer) {
    out.answer = std::move(inside.answer);
    out.from_think = true;
    out.reason = "from_think";
    out.level = WarningLevel::kWarning;
  }
  return out;
}

}  // namespace quorum
