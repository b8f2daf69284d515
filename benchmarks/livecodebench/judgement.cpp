#include "benchmarks/livecodebench/judgement.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "benchmarks/livecodebench/typed_value.h"

namespace quorum::code {
namespace {

using sandbox::Ending;
using PV = ProgramVerdict;

constexpr std::array<std::pair<PV, std::string_view>, 7> kVerdicts{{{PV::kAccepted, "AC"},
                                                                    {PV::kWrongAnswer, "WA"},
                                                                    {PV::kTimeLimit, "TLE"},
                                                                    {PV::kMemoryLimit, "MLE"},
                                                                    {PV::kOutputLimit, "OLE"},
                                                                    {PV::kRuntimeError, "RE"},
                                                                    {PV::kCompileError, "CE"}}};

// Codes of the official checker.
constexpr int kWrong = -2, kTime = -3, kError = -4, kDied = -5;

constexpr std::size_t kShownValues = std::size_t{1} << 16;

Judgement judgement(PV verdict, std::size_t test, const TestSuite& suite, std::string detail = {},
                    int official = 0) {
  Judgement out;
  out.verdict = verdict;
  out.test = test;
  out.tests = suite.tests.size();
  out.official = official;
  out.detail = std::move(detail);
  return out;
}

Judgement judge_comparison(const OutputComparison& comparison, const TestSuite& suite,
                           std::size_t test) {
  if (comparison.equal) return judgement(PV::kAccepted, test, suite);
  // The official checker fails on the whole program there.
  return judgement(PV::kWrongAnswer, test, suite, comparison.why,
                   comparison.raises ? kError : kWrong);
}

// The value that a function returned, in the driver's form.
Judgement judge_value(std::string_view wire, const TestSuite& suite, std::size_t test) {
  const Result<TypedValue> expected = parse_json_value(suite.tests[test].output);
  // What is to be shown needs some even if none can be right.
  const std::size_t most =
      std::max(kShownValues, expected.ok() ? count_values(expected.value()) : 0);
  const Result<TypedValue> value = parse_wire_value(wire, most);
  if (!value.ok())
    return judgement(PV::kWrongAnswer, test, suite,
                     "it sent a result that " + value.error().message(), kWrong);
  if (expected.ok() && equal_values(value.value(), expected.value()))
    return judgement(PV::kAccepted, test, suite);
  return judgement(PV::kWrongAnswer, test, suite,
                   "returned " + show_value(value.value()) + " instead of " +
                       (expected.ok() ? show_value(expected.value()) : "what is no JSON"),
                   kWrong);
}

PV verdict_of(Ending ending) {
  switch (ending) {
    case Ending::kTimeLimit: return PV::kTimeLimit;
    case Ending::kMemoryLimit: return PV::kMemoryLimit;
    case Ending::kOutputLimit: return PV::kOutputLimit;
    case Ending::kCompileError: return PV::kCompileError;
    case Ending::kRuntimeError:
    case Ending::kExited: break;
  }
  return PV::kRuntimeError;
}

// The last line of a traceback says what happened.
std::string describe(const sandbox::Outcome& outcome) {
  std::string_view err = trim(outcome.err);
  if (const std::size_t line = err.rfind('\n'); line != std::string_view::npos)
    err = err.substr(line + 1);
  std::string out = outcome.detail;
  if (out.empty() && outcome.signal != 0) out = "signal " + std::to_string(outcome.signal);
  if (out.empty() && outcome.exit_code != 0) out = "exit code " + std::to_string(outcome.exit_code);
  if (!err.empty()) out += (out.empty() ? "" : ": ") + sanitize_utf8(err.substr(0, 200));
  return out;
}

}  // namespace

std::string verdict_code(PV verdict) {
  for (const auto& [value, code] : kVerdicts)
    if (value == verdict) return std::string(code);
  return "?";
}

std::optional<PV> parse_verdict_code(std::string_view wanted) {
  for (const auto& [value, code] : kVerdicts)
    if (code == wanted) return value;
  return std::nullopt;
}

std::string mode_name(Mode mode) { return mode == Mode::kProcess ? "process" : "lcb-official"; }

std::optional<Mode> parse_mode(std::string_view name) {
  for (const Mode mode : {Mode::kProcess, Mode::kLcbOfficial})
    if (mode_name(mode) == name) return mode;
  return std::nullopt;
}

Judgement decide(const sandbox::Outcome& outcome, const TestSuite& suite, std::size_t test,
                 const std::optional<std::string>& record) {
  if (outcome.ending != Ending::kExited)
    return judgement(verdict_of(outcome.ending), test, suite, describe(outcome));
  if (suite.function.empty())
    return judge_comparison(compare_output(suite.rule, outcome.out, suite.tests[test].output),
                            suite, test);
  if (!record || record->empty())
    return judgement(PV::kWrongAnswer, test, suite, "the function did not return");
  if (record->front() == 'l')
    return judgement(PV::kOutputLimit, test, suite, "the result is too large");
  return judge_value(std::string_view(*record).substr(1), suite, test);
}

Judgement decide_official(std::string_view record, const TestSuite& suite, std::size_t test) {
  const std::string_view text = record.empty() ? record : record.substr(1);
  switch (record.empty() ? '\0' : record.front()) {
    case 'o':
      return judge_comparison(
          compare_output(OutputRule::kLcbDecimal, text, suite.tests[test].output), suite, test);
    case 'v': return judge_value(text, suite, test);
    case 'x':
      return judgement(PV::kRuntimeError, test, suite, sanitize_utf8(text.substr(0, 200)), kError);
    case 'e':
      return judgement(PV::kRuntimeError, test, suite,
                       "before the tests: " + sanitize_utf8(text.substr(0, 200)), kError);
    case 't': return judgement(PV::kTimeLimit, test, suite, {}, kTime);
    case 'l': return judgement(PV::kOutputLimit, test, suite, "the output is too large", kWrong);
    default: return judgement(PV::kWrongAnswer, test, suite, "it sent a damaged record", kDied);
  }
}

Judgement decide_official_end(const sandbox::Outcome& outcome, const TestSuite& suite,
                              std::size_t test) {
  return judgement(verdict_of(outcome.ending), test, suite,
                   "the process died: " + describe(outcome), kDied);
}

}  // namespace quorum::code
