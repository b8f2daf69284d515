#include "benchmarks/livecodebench/code_extraction.h"

#include <vector>

#include "base/text.h"
#include "benchmarks/livecodebench/python_text.h"
#include "benchmarks/math/thought.h"

namespace quorum::code {
namespace {

struct Fence {
  char mark = 0;  // 0: the line is none
  std::size_t length = 0;
  bool words = false;  // something stands behind it
};

Fence fence_of(std::string_view line) {
  const std::string_view body = trim(line);
  if (body.empty() || (body[0] != '`' && body[0] != '~')) return {};
  const std::size_t length = std::min(body.find_first_not_of(body[0]), body.size());
  if (length < 3) return {};
  const std::string_view rest = body.substr(length);
  // ```x = 1``` on one line is code in a sentence.
  if (rest.find(body[0]) != std::string_view::npos) return {};
  return {body[0], length, !trim(rest).empty()};
}

std::string join_lines(const std::vector<std::string_view>& lines, std::size_t begin,
                       std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin) out += '\n';
    out += lines[i];
  }
  return out;
}

std::optional<std::string> last_block(std::string_view text) {
  const std::vector<std::string_view> lines = split_lines(text);
  std::optional<std::string> found;
  Fence open;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Fence fence = fence_of(lines[i]);
    if (fence.mark == 0) continue;
    if (open.mark == 0) {
      open = fence;
      begin = i + 1;
    } else if (fence.mark == open.mark && fence.length >= open.length && !fence.words) {
      found = join_lines(lines, begin, i);
      open = {};
    }
  }
  return found;
}

}  // namespace

std::string official_code(std::string_view text) {
  const std::vector<std::string_view> lines = split_lines(text);
  std::vector<std::size_t> marks;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i].find("```") != std::string_view::npos) marks.push_back(i);
  if (marks.size() < 2) return {};
  return join_lines(lines, marks[marks.size() - 2] + 1, marks.back());
}

ExtractedCode extract_code(ExtractionRule rule, const AnswerText& answer) {
  if (rule == ExtractionRule::kOfficial) return {official_code(answer.text), {}};
  const ThoughtSplit thought = split_thought(answer);
  if (thought.unfinished) return {std::nullopt, "unfinished_thought"};
  if (auto program = last_block(thought.final_text)) return {std::move(program), {}};
  return {std::nullopt, answer.truncated ? "truncated" : "no_code"};
}

}  // namespace quorum::code
