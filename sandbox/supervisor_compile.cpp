// C++: compiled once for each program, in a worker of its own.
#include <signal.h>
#include <sys/wait.h>

#include "base/error.h"
#include "base/text.h"
#include "sandbox/elf_image.h"
#include "sandbox/kernel_limits.h"
#include "sandbox/supervisor.h"
#include "sandbox/worker.h"

namespace quorum::sandbox {
namespace {

constexpr std::size_t kCompiledKept = 48;  // static programs have some 2 MiB each

// Why a compiler that made no program may have failed for the machine's sake; empty: certainly for
// the source's. The words are no proof, because a source can put any into messages: see doubt().
std::string compiler_failure(const std::string& said, const RunFacts& facts) {
  if (facts.killed_for_time || facts.out_of_memory == OutOfMemory::kAtLimit) return {};
  if (!WIFEXITED(facts.wait_status)) {
    const int signal = WTERMSIG(facts.wait_status);
    return signal == SIGXCPU || signal == SIGXFSZ
               ? ""
               : "the compiler was ended by signal " + std::to_string(signal);
  }
  // Only the driver's own lines: what it quotes of the source may say anything, and a #line names
  // any file.
  for (const std::string& line : split(said, '\n')) {
    const bool driver =
        line.rfind("g++: fatal error: ", 0) == 0 || line.rfind("collect2: fatal error: ", 0) == 0;
    const bool loader = line.rfind('/', 0) == 0 &&
                        line.find(": error while loading shared libraries: ") != line.npos;
    const bool disk =
        line.rfind("/usr/bin/ld: ", 0) == 0 && line.find("No space left on device") != line.npos;
    const bool limit = line.find("CPU time limit exceeded") != line.npos ||
                       line.find("File size limit exceeded") != line.npos;
    if ((driver || loader || disk) && !limit && line.find(": error: ") == line.npos)
      return "the compiler failed: " + line;
  }
  const int code = WEXITSTATUS(facts.wait_status);
  if (code == 0 || code == 127 || said.empty())
    return "the compiler made no program and gave no reason (exit code " + std::to_string(code) +
           ")";
  return {};
}

}  // namespace

// False: the job waits, or is answered. True with job->executable: it can run. True without: this
// place compiles it.
bool Supervisor::find_executable(const JobPtr& job) {
  const std::string hash = job->run.program->hash();
  Compiled& entry = compiled_[hash];
  if (entry.started) {
    if (entry.executable) {
      job->executable = entry.executable;
      job->image_bytes = entry.image_bytes;
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
  compile->run = {job->run.program, Input(), compiler_limits()};
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
  const bool made = !descriptors.empty() && !facts.killed_for_time;
  const std::string failure = made ? "" : compiler_failure(said.err, facts);
  free_place();
  if (job->doubtful) {
    if (!made) return try_again(job, failure.empty() ? "the compiler compiles nothing" : failure);
    compiled_[job->doubtful->hash].refusal = job->refusal;
    return settle(job->doubtful->hash);
  }
  if (made) {
    Compiled& entry = compiled_[job->hash];
    entry.image_bytes = loaded_bytes(descriptors[0].get());
    entry.executable = std::make_shared<UniqueFd>(std::move(descriptors[0]));
    return settle(job->hash);
  }
  Outcome refusal;
  refusal.ending = Ending::kCompileError;
  refusal.level = level_;
  refusal.err = said.err;
  refusal.detail =
      facts.killed_for_time ? "the compiler needs more than 60 s" : said.err.substr(0, 4000);
  if (refusal.detail.empty()) refusal.detail = "the compiler made no program within its limits";
  if (!failure.empty() && facts.out_of_memory == OutOfMemory::kOfMachine)
    return try_again(job, "the machine ran out of memory: " + failure);
  if (!failure.empty()) return doubt(job, std::move(refusal), failure);
  compiled_[job->hash].refusal = std::make_shared<Outcome>(std::move(refusal));
  settle(job->hash);
}

void Supervisor::doubt(const JobPtr& job, Outcome refusal, const std::string& why) {
  if (job->tries + 1 < max_tries_) return try_again(job, why);
  auto check = std::make_shared<Job>();
  check->run = {std::make_shared<Program>(Program{Language::kCpp, "int main() {}\n"}), Input(),
                compiler_limits()};
  check->compiles = true;
  check->doubtful = job;
  check->refusal = std::make_shared<Outcome>(std::move(refusal));
  put_back(check);
}

void Supervisor::settle(const std::string& hash) {
  Compiled& entry = compiled_[hash];
  compiled_order_.push_back(hash);
  {
    const std::lock_guard lock(mutex_);
    again_.insert(again_.end(), entry.waiting.begin(), entry.waiting.end());
  }
  entry.waiting.clear();
  while (compiled_order_.size() > kCompiledKept) {
    compiled_.erase(compiled_order_.front());
    compiled_order_.pop_front();
  }
  loop_.post([this] { pump(); });
}

}  // namespace quorum::sandbox
