#include "benchmarks/math/extraction.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.h"
#include "benchmarks/math/answer_line.h"
#include "benchmarks/math/box_scanner.h"
#include "benchmarks/math/box_text.h"
#include "benchmarks/math/byte_search.h"
#include "benchmarks/math/framed_line.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/number.h"
#include "benchmarks/math/thought.h"
#include "benchmarks/math/units.h"

namespace quorum {
namespace {

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
  answer += attribute_behind(text.substr(winner.end)).text;

  // Boxes in front of it that a list joins to it, each once, in order.
  std::vector<std::string> list = {answer};
  std::set<std::string> seen = {answer};
  std::size_t bytes = answer.size();  // of the distinct ones
  std::size_t first = last - 1;
  while (first > 0 && bytes <= kMaxAnswerBytes) {
    const Box& before = scan.boxes[first - 1];
    const std::size_t gap = scan.boxes[first].begin - before.end;
    if (gap > 2 * kMaxJoinerBytes) break;
    const std::string_view between = text.substr(before.end, gap);
    const Attribute attribute = attribute_behind(between);
    if (!joins(between.substr(attribute.bytes))) break;
    std::string element = box_answer(text, before);
    if (element.empty() || is_placeholder(element)) break;
    element += attribute.text;
    if (seen.insert(element).second) bytes += element.size() + 1;
    list.push_back(std::move(element));
    --first;
  }
  std::vector<std::string> distinct;
  for (auto element = list.rbegin(); element != list.rend(); ++element)
    if (seen.erase(*element) > 0) distinct.push_back(std::move(*element));
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

// Whether both are numbers and differ. A decimal that a label gives may be a rounding of the box.
bool other_number(std::string_view boxed, std::string_view label) {
  if (label.find('.') != std::string_view::npos) return false;
  const auto in_box = parse_quantity(normalise_notation(boxed));
  const auto in_label = parse_quantity(normalise_notation(label));
  return in_box && in_label && is_formal_unit(in_label->unit) && !in_label->percent &&
         in_box->value != in_label->value;
}

// Without the bytes that rule 1 drops; `storage` holds the copy when there are any.
std::string_view cleaned(std::string_view text, std::string& storage) {
  if (!has_control(text)) return text;
  storage.reserve(text.size());
  for (const char c : text) {
    if (!is_control(c)) storage += c;
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

const char* warning_level_name(WarningLevel level) {
  switch (level) {
    case WarningLevel::kNone: return "none";
    case WarningLevel::kNote: return "note";
    case WarningLevel::kWarning: return "warning";
  }
  return "";
}

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
    // A label behind the box that says something else: a person might believe it.
    const auto line = find_answer_line(text.substr(boxed.end));
    if (line && !(truncated && line->cut) && !line->broken && line->answer != *out.answer) {
      const bool contradicts = line->is_final && other_number(*out.answer, line->answer);
      if (contradicts) out.answer = line->answer;
      if (contradicts || out.reason.empty()) {
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
  out.steps += 2 * text.size();
  if (const auto line = find_answer_line(text)) {
    if ((truncated && line->cut) || line->broken) {
      out.reason = "cut_answer_line";
    } else {
      out.answer = line->answer;
      out.reason = "answer_line";
      out.level = WarningLevel::kNote;
    }
    return out;
  }
  if (auto framed = boxed.any_box || truncated ? std::nullopt : find_framed_line(text)) {
    out.answer = std::move(framed);
    out.reason = "framed_line";
    out.level = WarningLevel::kNote;
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
