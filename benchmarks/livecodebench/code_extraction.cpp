#include "benchmarks/livecodebench/code_extraction.h"

#include <vector>

#include "base/text.h"
#include "benchmarks/livecodebench/python_text.h"
#include "benchmarks/math/thought.h"

namespace quorum::code {
namespace {

using sandbox::Language;

struct Fence {
  char mark = 0;  // 0: the line is none
  std::size_t length = 0;
  std::string_view words;  // behind it
};

Fence fence_of(std::string_view line) {
  const std::string_view body = trim(line);
  if (body.empty() || (body[0] != '`' && body[0] != '~')) return {};
  const std::size_t length = std::min(body.find_first_not_of(body[0]), body.size());
  if (length < 3) return {};
  const std::string_view rest = body.substr(length);
  // ```x = 1``` on one line is code in a sentence.
  if (rest.find(body[0]) != std::string_view::npos) return {};
  return {body[0], length, trim(rest)};
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

// What the words behind a fence name: "cpp", "c++ title=x", "{.python}".
std::optional<Language> language_of(std::string_view words) {
  const std::size_t begin = std::min(words.find_first_not_of("{. "), words.size());
  const std::string_view rest = words.substr(begin);
  const std::string name = to_lower_ascii(rest.substr(0, rest.find_first_of(" \t{},:;")));
  for (const char* known : {"cpp", "c++", "cc", "cxx", "c++17", "cpp17"})
    if (name == known) return Language::kCpp;
  for (const char* known : {"python", "python3", "py", "py3"})
    if (name == known) return Language::kPython;
  return std::nullopt;
}

struct Block {
  std::string text;
  std::optional<Language> language;  // that its fence names
};

std::vector<Block> closed_blocks(std::string_view text) {
  const std::vector<std::string_view> lines = split_lines(text);
  std::vector<Block> found;
  Fence open;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Fence fence = fence_of(lines[i]);
    if (fence.mark == 0) continue;
    if (open.mark == 0) {
      open = fence;
      begin = i + 1;
    } else if (fence.mark == open.mark && fence.length >= open.length && fence.words.empty()) {
      found.push_back({join_lines(lines, begin, i), language_of(open.words)});
      open = {};
    }
  }
  return found;
}

// Of a block that says nothing, or where the rule is blind to what it says.
Language language_by_text(SuiteLanguage wanted, std::string_view program) {
  if (wanted == SuiteLanguage::kPython) return Language::kPython;
  if (wanted == SuiteLanguage::kCpp) return Language::kCpp;
  for (const std::string_view line : split_lines(program))
    if (trim(line).substr(0, 8) == "#include") return Language::kCpp;
  return Language::kPython;
}

const Block& choose_block(SuiteLanguage wanted, const std::vector<Block>& blocks) {
  if (wanted == SuiteLanguage::kPython) return blocks.back();
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block)
    if (block->language && (wanted == SuiteLanguage::kAny || *block->language == Language::kCpp))
      return *block;
  return blocks.back();
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

ExtractedCode extract_code(ExtractionRule rule, const AnswerText& answer, SuiteLanguage wanted) {
  if (rule == ExtractionRule::kOfficial) {
    std::string program = official_code(answer.text);
    const Language language = language_by_text(wanted, program);
    return {std::move(program), {}, language};
  }
  const ThoughtSplit thought = split_thought(answer);
  if (thought.unfinished) return {std::nullopt, "unfinished_thought"};
  const std::vector<Block> blocks = closed_blocks(thought.final_text);
  if (blocks.empty()) return {std::nullopt, answer.truncated ? "truncated" : "no_code"};
  const Block& block = choose_block(wanted, blocks);
  const bool named = wanted == SuiteLanguage::kAny && block.language;
  return {block.text, {}, named ? *block.language : language_by_text(wanted, block.text)};
}

}  // namespace quorum::code
