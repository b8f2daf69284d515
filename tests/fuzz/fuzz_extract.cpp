// Extraction and comparison on any completion: bounded work, reflexive and symmetric verdicts.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "benchmarks/math/answer.h"
#include "benchmarks/math/extraction.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using quorum::GraderKind;
  if (size == 0) return 0;
  const std::uint8_t flags = data[0];
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const quorum::Extraction extraction =
      quorum::extract_answer({text, (flags & 1) != 0, (flags & 2) != 0});
  require(extraction.steps <= 300 * size + 300);
  require(extraction.answer.has_value() || !extraction.reason.empty());
  if (extraction.answer) {
    require(!extraction.answer->empty() && extraction.answer->size() <= quorum::kMaxAnswerBytes);
    require(quorum::equivalent(*extraction.answer, *extraction.answer, GraderKind::kMath).equal);
  }

  // The same bytes as a pair of answers.
  const std::size_t half = text.find('\n');
  const std::string_view gold = text.substr(0, half);
  const std::string_view prediction = half == std::string_view::npos ? text : text.substr(half + 1);
  for (const GraderKind kind :
       {GraderKind::kMath, GraderKind::kInteger, GraderKind::kChoice, GraderKind::kExact}) {
    const bool equal = quorum::equivalent(gold, prediction, kind).equal;
    require(equal == quorum::equivalent(prediction, gold, kind).equal);
    const std::string answers[] = {std::string(gold), std::string(prediction), std::string(gold)};
    const std::vector<int> classes = quorum::answer_classes("1", answers, kind);
    require(classes[0] == classes[2]);
  }
  return 0;
}
