#include "harness/generator.h"
#include "harness/task.h"

#include <array>
#include <utility>

namespace quorum {
namespace {

constexpr std::array<std::pair<GraderKind, std::string_view>, 5> kGraders{
    {{GraderKind::kInteger, "integer"},
     {GraderKind::kMath, "math"},
     {GraderKind::kChoice, "choice"},
     {GraderKind::kExact, "exact"},
     {GraderKind::kTests, "tests"}}};
constexpr std::array<std::pair<Verdict, std::string_view>, 3> kVerdicts{
    {{Verdict::kCorrect, "correct"},
     {Verdict::kIncorrect, "incorrect"},
     {Verdict::kNoAnswer, "no-answer"}}};

template <class Table, class Key>
std::string name_in(const Table& table, Key key) {
  for (const auto& [value, name] : table)
    if (value == key) return std::string(name);
  return "?";
}

template <class Key, class Table>
std::optional<Key> find_in(const Table& table, std::string_view wanted) {
  for (const auto& [value, name] : table)
    if (name == wanted) return value;
  return std::nullopt;
}

}  // namespace

std::string grader_kind_name(GraderKind kind) { return name_in(kGraders, kind); }
std::optional<GraderKind> parse_grader_kind(std::string_view name) {
  return find_in<GraderKind>(kGraders, name);
}
std::string verdict_name(Verdict verdict) { return name_in(kVerdicts, verdict); }
std::optional<Verdict> parse_verdict(std::string_view name) {
  return find_in<Verdict>(kVerdicts, name);
}

std::string finish_reason_name(FinishReason reason) {
  return reason == FinishReason::kStop ? "stop" : "length";
}

}  // namespace quorum
