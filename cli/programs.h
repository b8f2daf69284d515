// The sandbox as the verbs that grade use it: opened once, by what the flags say.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "benchmarks/livecodebench/code_grader.h"
#include "harness/run_spec.h"
#include "harness/task.h"
#include "sandbox/sandbox.h"

namespace quorum::cli {

class Programs : public code::ProgramRunner {
 public:
  // Opens nothing. Throws Error(kUsage) for a level that does not exist.
  explicit Programs(const ProgramSpec& spec);
  // For the programs that answer these queries: nothing is opened where none of them has tests.
  // Languages are seen where the queries come with their tests (of a store: Store::queries).
  // Throws Error(kEnvironment) where no allowed level holds, or where answers may be in C++ and
  // that cannot be run: then nothing is worth being generated. Once open it opens nothing.
  void open_for(std::span<const Query> queries);
  // From now on nothing is run, and what runs is ended: that is no verdict. For an interruption.
  void stop();
  // Opens it when nobody did. Throws Error(kEnvironment) where no allowed level holds.
  sandbox::Sandbox::Result run(sandbox::Run run,
                               std::shared_ptr<sandbox::ChannelHandler> channel) override;
  // Programs that are worth being graded at once; 1 when it is not open.
  int threads() const;
  // Level, policy, interpreter, for the manifest; "null" when it is not open.
  std::string manifest_json() const;

 private:
  void open();

  sandbox::Options options_;
  mutable std::mutex mutex_;
  bool stopped_ = false;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
};

// Throws Error(kUsage) for modes and rules that do not exist.
code::CodeGraderOptions code_options(const ProgramSpec& spec,
                                     const std::shared_ptr<Programs>& programs);

bool has_tests(std::span<const Query> queries);
bool only_tests(std::span<const Query> queries);

// What is graded, with its own copies.
struct GradeTask {
  Query query;
  std::string text;
  bool thinking = false, truncated = false;
};
// In the order of the tasks, on so many threads; where there is no grade, what the error says. Once
// a stop is requested no further one is begun.
using GradeOrError = std::variant<Grade, std::string>;
std::vector<GradeOrError> grade_all(const Grader& grader, std::span<const GradeTask> tasks,
                                    int threads, const std::stop_token& stop = {});
// Tasks that grade_all should get at once.
std::size_t grade_batch(int threads);

}  // namespace quorum::cli
