#include "benchmarks/math/thought.h"

#include <array>

namespace quorum {
namespace {

constexpr std::array<std::string_view, 3> kOpen = {"<think>", "<thinking>", "<|begin_of_thought|>"};
constexpr std::array<std::string_view, 3> kClose = {"</think>", "</thinking>",
                                                    "<|end_of_thought|>"};

// The tag of `tags` that stands at `at`; empty: none.
template <std::size_t N>
std::string_view tag_at(const std::array<std::string_view, N>& tags, std::string_view text,
                        std::size_t at) {
  for (const std::string_view tag : tags) {
    if (text.substr(at, tag.size()) == tag) return tag;
  }
  return {};
}

}  // namespace

ThoughtSplit split_thought(const AnswerText& answer) {
  const std::string_view text = answer.text;
  std::size_t close_begin = std::string_view::npos, close_end = 0;
  std::size_t open_begin = std::string_view::npos;  // the first one behind the last closing tag
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    if (const std::string_view tag = tag_at(kClose, text, at); !tag.empty()) {
      close_begin = at;
      close_end = at + tag.size();
      open_begin = std::string_view::npos;
    } else if (open_begin == std::string_view::npos && !tag_at(kOpen, text, at).empty()) {
      open_begin = at;
    }
  }

  ThoughtSplit split;
  if (close_begin == std::string_view::npos) {
    split.unfinished = answer.thinking || open_begin != std::string_view::npos;
    if (answer.thinking) {
      split.thought = text;
    } else if (split.unfinished) {
      split.thought = text.substr(open_begin);
    } else {
      split.final_text = text;
    }
    return split;
  }
  split.thought = text.substr(0, close_begin);
  split.final_text = text.substr(close_end);
  if (open_begin != std::string_view::npos) {
    split.final_text = text.substr(close_end, open_begin - close_end);
    split.unfinished = true;
  }
  return split;
}

}  // namespace quorum
