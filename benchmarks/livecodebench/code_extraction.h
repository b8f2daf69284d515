// Which part of a completion is the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "benchmarks/livecodebench/test_suite.h"
#include "harness/task.h"
#include "sandbox/sandbox.h"

namespace quorum::code {

enum class ExtractionRule {
  // LiveCodeBench: all lines between the last two lines that contain ``` anywhere, thought
  // included; empty when there are fewer than two.
  kOfficial,
  // Ours: of the text behind the thought the last fenced block whose fence names the wanted
  // language (python, python3, py, pypy3; cpp, c++, cc, cxx), where none does the last whose fence
  // has no words, else the last; empty ones aside. A fence is a line that begins with three or more
  // backticks or tildes, and ends a block of the same kind that is not longer; where it names a
  // language it begins the next one, as the end of the block before was forgotten. Lines are
  // indented as their fence is. Of a block of Markdown the blocks inside count. A fence behind
  // words begins a block when it names a language ("Here it is: ```python"), and ends one
  // ("print(x)```"). A block without end counts only where there is no other and the answer was not
  // cut off.
  kLastBlock,
};

struct ExtractedCode {
  std::optional<std::string> program;  // nothing: there is none
  std::string reason;                  // without a program why: "no_code", "truncated",
                                       // "unfinished_thought"
  sandbox::Language language = sandbox::Language::kPython;
};

// The official rule gives an empty program where there is no block. Of SuiteLanguage::kAny a block
// whose fence names no language is C++ when a line of it begins with #include.
ExtractedCode extract_code(ExtractionRule rule, const AnswerText& answer,
                           SuiteLanguage wanted = SuiteLanguage::kPython);

// The official rule alone.
std::string official_code(std::string_view text);

}  // namespace quorum::code
