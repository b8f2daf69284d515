#include "benchmarks/livecodebench/judge.h"

#include <mutex>
#include <nlohmann/json.hpp>

namespace quorum::embedded {
extern const std::string_view livecodebench_driver;
}

namespace quorum::code {
namespace {

using sandbox::ChannelHandler;
using sandbox::InfraFailure;
using sandbox::Outcome;

// The driver for a program. The sandbox looks for the name of numpy in what it runs, to use an
// interpreter that has it loaded.
std::shared_ptr<const sandbox::Program> driver(const std::string& program) {
  const auto make = [](const char* more) {
    return std::make_shared<const sandbox::Program>(
        sandbox::Program{sandbox::Language::kPython, std::string(driver_source()) + more});
  };
  static const auto kDriver = make(""), kWithNumpy = make("# for numpy\n");
  return program.find("numpy") == std::string::npos ? kDriver : kWithNumpy;
}

// driver.py says what it reads.
std::string driver_input(const char* mode, const TestSuite& suite, const std::string& program,
                         std::size_t first, std::size_t count, const JudgeLimits& limits) {
  nlohmann::json header{{"mode", mode},
                        {"fn_name", suite.function},
                        {"timeout", limits.seconds},
                        {"max_record", limits.output_bytes},
                        {"program", program.size()},
                        {"inputs", nlohmann::json::array()}};
  std::size_t bytes = program.size();
  for (std::size_t i = first; i < first + count; ++i) {
    header["inputs"].push_back(suite.tests[i].input.size());
    bytes += suite.tests[i].input.size();
  }
  std::string out = header.dump() + "\n";
  out.reserve(out.size() + bytes);
  out += program;
  for (std::size_t i = first; i < first + count; ++i) out += suite.tests[i].input;
  return out;
}

// Cuts what the driver sends into records. Of a run that is repeated only the last counts.
class RecordReader : public ChannelHandler {
 public:
  explicit RecordReader(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

  void on_start() override {
    bytes_.clear();
    begin();
  }

  std::optional<std::string> on_bytes(std::string_view bytes) override {
    bytes_ += bytes;
    std::string answer;
    std::size_t at = 0;
    while (bytes_.size() - at >= 4) {
      std::size_t size = 0;
      for (std::size_t i = 4; i-- > 0;)
        size = size << 8 | static_cast<unsigned char>(bytes_[at + i]);
      // The driver keeps to the limit; a program that writes here itself may not.
      if (size > max_bytes_ + 1) return std::nullopt;
      if (bytes_.size() - at < 4 + size) break;
      const std::optional<std::string> reply = take(bytes_.substr(at + 4, size));
      if (!reply) return std::nullopt;
      answer += *reply;
      at += 4 + size;
    }
    // Once for all of them: a program may write tiny ones by the thousand, and everybody waits.
    bytes_.erase(0, at);
    return answer;
  }

 protected:
  virtual void begin() = 0;
  // What to answer; nullopt: end the program.
  virtual std::optional<std::string> take(const std::string& record) = 0;

 private:
  std::uint64_t max_bytes_;
  std::string bytes_;
};

// Judges each test as its record comes, so that the driver stops at the first failure.
class OfficialTests : public RecordReader {
 public:
  OfficialTests(const TestSuite& suite, std::uint64_t max_bytes)
      : RecordReader(max_bytes), suite_(suite) {}

  Judgement result(const Outcome& outcome) const {
    const std::lock_guard lock(mutex_);
    if (failed_) return *failed_;
    if (passed_ < suite_.tests.size()) return decide_official_end(outcome, suite_, passed_);
    Judgement accepted;
    accepted.test = accepted.tests = suite_.tests.size();
    return accepted;
  }

 protected:
  void begin() override {
    const std::lock_guard lock(mutex_);
    passed_ = 0;
    failed_.reset();
  }

  std::optional<std::string> take(const std::string& record) override {
    const std::lock_guard lock(mutex_);
    if (failed_ || passed_ == suite_.tests.size()) return std::nullopt;
    Judgement one = decide_official(record, suite_, passed_);
    if (one.verdict != ProgramVerdict::kAccepted) {
      failed_ = std::move(one);
      return std::nullopt;
    }
    if (++passed_ == suite_.tests.size()) return std::nullopt;
    return "+";
  }

 private:
  const TestSuite& suite_;
  mutable std::mutex mutex_;
  std::size_t passed_ = 0;
  std::optional<Judgement> failed_;
};

// The one record of a wrapped function.
class OneRecord : public RecordReader {
 public:
  using RecordReader::RecordReader;
  std::optional<std::string> record() const {
    const std::lock_guard lock(mutex_);
    return record_;
  }

 protected:
  void begin() override {
    const std::lock_guard lock(mutex_);
    record_.reset();
  }
  std::optional<std::string> take(const std::string& record) override {
    const std::lock_guard lock(mutex_);
    // The first counts; what the program adds behind it does not. Its exit code still does.
    if (!record_) record_ = record;
    return "";
  }

 private:
  mutable std::mutex mutex_;
  std::optional<std::string> record_;
};

sandbox::Limits limits_of(std::chrono::seconds seconds, std::uint64_t memory,
                          const JudgeLimits& limits) {
  sandbox::Limits out;
  out.cpu = out.wall = seconds;
  out.memory_bytes = memory;
  out.output_bytes = limits.output_bytes;
  return out;
}

JudgeResult judge_official(ProgramRunner& runner, const TestSuite& suite,
                           const std::string& program, const JudgeLimits& limits) {
  const char* mode = suite.function.empty() ? "stdin" : "function";
  const auto tests = std::make_shared<OfficialTests>(suite, limits.output_bytes);
  sandbox::Run run;
  run.program = driver(program);
  run.input = sandbox::Input(driver_input(mode, suite, program, 0, suite.tests.size(), limits));
  // The driver's alarms end a test; this is the official checker's limit for all of them.
  const auto seconds = (limits.seconds + 1) * static_cast<std::int64_t>(suite.tests.size()) + 5;
  run.limits = limits_of(std::chrono::seconds(seconds), limits.official_memory, limits);
  const sandbox::Sandbox::Result result = runner.run(std::move(run), tests);
  if (const auto* failure = std::get_if<InfraFailure>(&result)) return *failure;
  return tests->result(std::get<Outcome>(result));
}

JudgeResult judge_process(ProgramRunner& runner, const TestSuite& suite,
                          const sandbox::Program& program, const JudgeLimits& limits) {
  const bool function = !suite.function.empty();
  const auto shared =
      function ? driver(program.source) : std::make_shared<const sandbox::Program>(program);
  for (std::size_t i = 0; i < suite.tests.size(); ++i) {
    sandbox::Run run;
    run.program = shared;
    run.input = function ? sandbox::Input(driver_input("once", suite, program.source, i, 1, limits))
                         : sandbox::Input(suite.tests[i].input);
    run.limits = limits_of(std::chrono::seconds(limits.seconds), limits.process_memory, limits);
    const auto channel = function ? std::make_shared<OneRecord>(limits.output_bytes) : nullptr;
    const sandbox::Sandbox::Result result = runner.run(std::move(run), channel);
    if (const auto* failure = std::get_if<InfraFailure>(&result)) return *failure;
    const Outcome& outcome = std::get<Outcome>(result);
    // Only a record that is too long makes the reader stop a program.
    Judgement one = outcome.stopped
                        ? decide({}, suite, i, std::string("l"))
                        : decide(outcome, suite, i, channel ? channel->record() : std::nullopt);
    if (one.verdict != ProgramVerdict::kAccepted) return one;
  }
  Judgement accepted;
  accepted.test = accepted.tests = suite.tests.size();
  return accepted;
}

}  // namespace

std::string_view driver_source() { return embedded::livecodebench_driver; }

JudgeResult judge(ProgramRunner& runner, Mode mode, const TestSuite& suite,
                  const sandbox::Program& program, const JudgeLimits& limits) {
  JudgeLimits own = limits;
  if (suite.seconds > 0) own.seconds = suite.seconds;
  return mode == Mode::kLcbOfficial ? judge_official(runner, suite, program.source, own)
                                    : judge_process(runner, suite, program, own);
}

}  // namespace quorum::code
