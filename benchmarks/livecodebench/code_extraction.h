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
  // Ours: of the text behind the thought the last fenced block that is closed, where a fence is a
  // line that begins with three backticks or tildes and a block ends with a fence of the same kind
  // without words behind it; so a block without closing fence (a truncated one) and a single line
  // with ``` in the text do not shift it. Where C++ is wanted or allowed, the last block whose
  // fence names a wanted language (cpp, c++, cc, cxx; python, python3, py) comes before later ones
  // that name none or another one, such as ```bash.
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
