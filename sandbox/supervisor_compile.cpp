// C++: compiled once for each program, in a worker of its own.
#include "base/error.h"
#include "sandbox/supervisor.h"
#include "sandbox/worker.h"

namespace quorum::sandbox {
namespace {

using std::chrono::seconds;

constexpr std::size_t kCompiledKept = 48;  // static programs have some 2 MiB each

// The compiler's own limits: a program that needs more than these does not compile. Wall time is
// generous, because what its processes wait for a CPU is not known.
const Limits kCompilerLimits{seconds(10),
                             seconds(60),
                             std::uint64_t{2} << 30,
                             kMaxExecutableBytes,
                             std::uint64_t{1} << 20,
                             0};

}  // namespace

// False: the job waits, or is answered. True with job->executable: it can run. True without: this
// place compiles it.
bool Supervisor::find_executable(const JobPtr& job) {
  const std::string hash = job->run.program->hash();
  Compiled& entry = compiled_[hash];
  if (entry.started) {
    if (entry.executable) {
      job->executable = entry.executable;
      return true;
    }
    if (entry.refusal) {
      complete(job, *entry.refusal);
    } else {
      entry.waiting.push_back(job);
    }
    return false;
  }
  entry.started = true;
  entry.waiting.push_back(job);
  auto compile = std::make_shared<Job>();
  compile->run = {job->run.program, Input(), kCompilerLimits};
  compile->compiles = true;
  compile->hash = hash;
  compile->alone = job->alone;
  start_compiler(compile);
  return true;
}

void Supervisor::start_compiler(const JobPtr& job) {
  WorkerPtr worker;
  try {
    worker = start_worker(true);
  } catch (const Error& error) {
    free_place();
    return try_again(job, error.what());
  }
  begin(worker, job);
}

void Supervisor::compiled(const JobPtr& job, const Outcome& said, const RunFacts& facts,
                          std::vector<UniqueFd>& descriptors) {
  Compiled& entry = compiled_[job->hash];
  if (!descriptors.empty() && !facts.killed_for_time) {
    entry.executable = std::make_shared<UniqueFd>(std::move(descriptors[0]));
  } else {
    Outcome refusal;
    refusal.ending = Ending::kCompileError;
    refusal.level = level_;
    refusal.err = said.err;
    const Decision decision = decide(Language::kCpp, kCompilerLimits, facts);
    refusal.detail = decision.ending == Ending::kTimeLimit ? "the compiler needs more than 60 s"
                     : decision.ending == Ending::kOutputLimit
                         ? "the compiler's messages are longer than 1 MiB"
                         : said.err.substr(0, 4000);
    if (refusal.detail.empty()) refusal.detail = "the compiler made no program within its limits";
    entry.refusal = std::make_shared<Outcome>(std::move(refusal));
  }
  compiled_order_.push_back(job->hash);
  {
    const std::lock_guard lock(mutex_);
    again_.insert(again_.end(), entry.waiting.begin(), entry.waiting.end());
  }
  entry.waiting.clear();
  while (compiled_order_.size() > kCompiledKept) {
    compiled_.erase(compiled_order_.front());
    compiled_order_.pop_front();
  }
  free_place();
}

}  // namespace quorum::sandbox
