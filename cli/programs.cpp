#include "cli/programs.h"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.h"
#include "benchmarks/livecodebench/test_suite.h"
#include "cli/sandbox_options.h"
#include "sandbox/cpp_support.h"

namespace quorum::cli {

Programs::Programs(const ProgramSpec& spec) {
  SandboxOptions flags;
  flags.level = spec.sandbox_level;
  options_ = sandbox_options(flags);
}

void Programs::open() {
  const std::lock_guard lock(mutex_);
  if (sandbox_ != nullptr) return;
  sandbox_ = sandbox::Sandbox::open(options_);
  if (stopped_) sandbox_->stop();
}

void Programs::open_for(std::span<const Query> queries) {
  if (!has_tests(queries)) return;
  open();
  const auto refusal = sandbox::no_cpp(sandbox_->report());
  if (!refusal) return;
  for (const Query& query : queries)
    if (query.grader == GraderKind::kTests &&
        code::language_of_tests(query.tests_json) != code::SuiteLanguage::kPython)
      throw Error(ErrorKind::kEnvironment,
                  "answers to query " + query.id + " may be in C++, which cannot be run here",
                  refusal->message() + ": " + refusal->because(), refusal->hint());
}

void Programs::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (sandbox_ != nullptr) sandbox_->stop();
}

sandbox::Sandbox::Result Programs::run(sandbox::Run run,
                                       std::shared_ptr<sandbox::ChannelHandler> channel) {
  open();
  return channel ? sandbox_->run(std::move(run), std::move(channel))
                 : sandbox_->run(std::move(run));
}

int Programs::threads() const {
  const std::lock_guard lock(mutex_);
  // A worker should find the next program waiting when it is done with one.
  return sandbox_ == nullptr ? 1 : 2 * sandbox_->workers();
}

std::string Programs::manifest_json() const {
  const std::lock_guard lock(mutex_);
  if (sandbox_ == nullptr) return "null";
  const sandbox::Report& report = sandbox_->report();
  return nlohmann::ordered_json{{"level", sandbox::to_string(report.level)},
                                {"policy", report.policy},
                                {"kernel", report.kernel},
                                {"python", report.python_version},
                                {"numpy", report.numpy_version}}
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

code::CodeGraderOptions code_options(const ProgramSpec& spec,
                                     const std::shared_ptr<Programs>& programs) {
  code::CodeGraderOptions options;
  options.modes = code::parse_modes(spec.modes).take();
  if (spec.code_block != "last" && spec.code_block != "official")
    throw Error(ErrorKind::kUsage, "--code-block " + spec.code_block + " does not exist", "",
                "last or official");
  if (spec.code_block == "official") options.extraction = code::ExtractionRule::kOfficial;
  options.runner = programs;
  return options;
}

bool has_tests(std::span<const Query> queries) {
  return std::any_of(queries.begin(), queries.end(),
                     [](const Query& query) { return query.grader == GraderKind::kTests; });
}

bool only_tests(std::span<const Query> queries) {
  return std::all_of(queries.begin(), queries.end(),
                     [](const Query& query) { return query.grader == GraderKind::kTests; });
}

std::size_t grade_batch(int threads) {
  return threads <= 1 ? 1 : static_cast<std::size_t>(16 * threads);
}

std::vector<GradeOrError> grade_all(const Grader& grader, std::span<const GradeTask> tasks,
                                    int threads, const std::stop_token& stop) {
  std::vector<GradeOrError> grades(tasks.size(), GradeOrError(std::string("it was not begun")));
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i; !stop.stop_requested() && (i = next.fetch_add(1)) < tasks.size();) {
      const GradeTask& task = tasks[i];
      try {
        grades[i] = grader.grade(task.query, {task.text, task.thinking, task.truncated});
      } catch (const std::exception& error) {
        grades[i] = std::string(error.what());
      }
    }
  };
  const std::size_t wanted = std::min(tasks.size(), static_cast<std::size_t>(std::max(1, threads)));
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < wanted; ++i) others.emplace_back(work);
  work();
  return grades;
}

}  // namespace quorum::cli
