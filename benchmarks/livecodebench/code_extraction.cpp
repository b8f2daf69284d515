#include "benchmarks/livecodebench/code_extraction.h"

#include <algorithm>
#include <utility>
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
  std::string_view words;   // behind it
  std::string_view indent;  // before it
};

Fence fence_of(std::string_view line) {
  const std::string_view body = trim(line);
  if (body.empty() || (body[0] != '`' && body[0] != '~')) return {};
  const std::size_t length = std::min(body.find_first_not_of(body[0]), body.size());
  if (length < 3) return {};
  const std::string_view rest = body.substr(length);
  // ```x = 1``` on one line is code in a sentence.
  if (rest.find(body[0]) != std::string_view::npos) return {};
  return {body[0], length, trim(rest), line.substr(0, line.find(body[0]))};
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
  if (name == "py" || name == "py3" || name.rfind("python", 0) == 0 || name.rfind("pypy", 0) == 0)
    return Language::kPython;
  return std::nullopt;
}

// Where a fence of backticks stands behind words, "Here it is: ```python": it opens a block when it
// names a language, and ends one behind the last line of code, "print(x)```".
struct LateFence {
  Fence fence;
  std::string_view before;
};

LateFence late_fence_of(std::string_view line) {
  const std::size_t begin = line.find("```");
  if (begin == std::string_view::npos) return {};
  return {fence_of(line.substr(begin)), line.substr(0, begin)};
}

struct Block {
  std::string text;
  std::optional<Language> language;  // that its fence names
  bool names_other = false;          // its fence has words, but none that we know
};

class BlockReader {
 public:
  // Blocks of an answer's text, in order. Empty ones are left out.
  std::vector<Block> read(std::string_view text, bool finished) {
    for (const std::string_view line : split_lines(text)) take(line);
    // The end of an answer that was not cut off ends a block, where there is no other.
    if (found_.empty() && finished && open_.mark != 0) close();
    return std::move(found_);
  }

 private:
  void take(std::string_view line) {
    const Fence fence = fence_of(line);
    if (open_.mark == 0) {
      const Fence late = fence.mark == 0 ? late_fence_of(line).fence : Fence{};
      if (fence.mark != 0) open(fence);
      if (late.mark != 0 && language_of(late.words)) open(late);
      return;
    }
    if (fence.mark == open_.mark && fence.length >= open_.length) {
      // A program cannot have such a line: the block before it was not ended.
      if (language_of(fence.words)) return open(fence);
      return close();
    }
    if (const LateFence late = late_fence_of(line);
        fence.mark == 0 && open_.mark == '`' && late.fence.mark != 0 &&
        late.fence.length >= open_.length && late.fence.words.empty()) {
      add(late.before);
      return close();
    }
    add(line);
  }

  void open(const Fence& fence) {
    open_ = fence;
    text_.clear();
  }

  // As the fence is indented, the lines are.
  void add(std::string_view line) {
    std::size_t same = 0;
    while (same < std::min(line.size(), open_.indent.size()) && line[same] == open_.indent[same])
      ++same;
    text_ += line.substr(same);
    text_ += '\n';
  }

  void close() {
    const Fence fence = std::exchange(open_, {});
    if (!text_.empty()) text_.pop_back();
    if (trim(text_).empty()) return;
    const std::string name = to_lower_ascii(fence.words);
    if (name == "markdown" || name == "md") {
      for (Block& inner : BlockReader().read(text_, true)) found_.push_back(std::move(inner));
      return;
    }
    const auto language = language_of(fence.words);
    found_.push_back({std::move(text_), language, !language && !fence.words.empty()});
  }

  std::vector<Block> found_;
  Fence open_;
  std::string text_;  // of the open block
};

// Of a block that says nothing, or where the rule is blind to what it says.
Language language_by_text(SuiteLanguage wanted, std::string_view program) {
  if (wanted == SuiteLanguage::kPython) return Language::kPython;
  if (wanted == SuiteLanguage::kCpp) return Language::kCpp;
  for (const std::string_view line : split_lines(program))
    if (trim(line).substr(0, 8) == "#include") return Language::kCpp;
  return Language::kPython;
}

// The last block that names a wanted language; where none does the last that names none.
const Block& choose_block(SuiteLanguage wanted, const std::vector<Block>& blocks) {
  const auto last = [&](const auto& fits) -> const Block* {
    const auto found = std::find_if(blocks.rbegin(), blocks.rend(), fits);
    return found == blocks.rend() ? nullptr : &*found;
  };
  const auto names_wanted = [&](const Block& block) {
    if (!block.language || wanted == SuiteLanguage::kAny) return block.language.has_value();
    return *block.language == (wanted == SuiteLanguage::kCpp ? Language::kCpp : Language::kPython);
  };
  if (const Block* block = last(names_wanted)) return *block;
  if (const Block* block = last([](const Block& b) { return !b.language && !b.names_other; }))
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
  const std::vector<Block> blocks = BlockReader().read(thought.final_text, !answer.truncated);
  if (blocks.empty()) return {std::nullopt, answer.truncated ? "truncated" : "no_code"};
  const Block& block = choose_block(wanted, blocks);
  const bool named = wanted == SuiteLanguage::kAny && block.language;
  return {block.text, {}, named ? *block.language : language_by_text(wanted, block.text)};
}

}  // namespace quorum::code
