#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <future>
#include <map>
#include <thread>

#include "sandbox/runner/containment.h"
#include "sandbox/runner/control.h"
#include "sandbox/runner/modes.h"
#include "sandbox/runner/traces.h"

namespace quorum::attacks {
namespace {

using Result = sandbox::Sandbox::Result;

struct Running {
  const Attack* attack;
  sandbox::Limits limits;
  std::optional<std::string> expected;
  std::future<Result> result;
};

std::chrono::nanoseconds seconds(double value) {
  return std::chrono::nanoseconds(static_cast<long>(value * 1e9));
}

class Contained {
 public:
  Contained(const std::vector<Attack>& corpus, const Selection& selection,
            const SandboxChoice& choice)
      : corpus_(corpus), selection_(selection), choice_(choice) {
    sandbox::Options options;
    options.level = sandbox::parse_level(choice.level);
    options.workers = choice.workers;
    options.launcher = choice.launcher;
    options.without = {choice.without == "seccomp", choice.without == "landlock",
                       choice.without == "namespaces"};
    mounts_ = mounts();
    // Before the sandbox is there: a control ends everything that is below this process.
    for (const Attack& attack : corpus)
      if (selected(attack) && attack.key("control") == "same" && attack.wanted.count("OK") != 0)
        expected_[attack.name] = run_control(attack, targets_, amounts_of(attack, true)).out;
    sandbox_ = sandbox::Sandbox::open(options);
    check_sentinels("before");  // also makes every worker begin
    processes_ = settled().size();
    launchers_ = sandbox_->counts().launchers_started;
  }

  int run() {
    std::vector<Running> running;
    for (const Attack& attack : corpus_)
      if (selected(attack) && attack.key("follows").empty()) running.push_back(start(attack));
    for (Running& each : running) finish(each);
    for (const Attack& attack : corpus_)
      if (selected(attack) && !attack.key("follows").empty()) follow(attack);
    if (!choice_.without.empty()) return failures_;  // what happens then is what was asked for
    for (const std::string& what : targets_.damage()) fail("(all)", what);
    check_sentinels("after");
    check_unharmed();
    return failures_;
  }

 private:
  bool selected(const Attack& attack) const {
    if (attack.name.rfind(selection_.only, 0) != 0) return false;
#if !defined(__x86_64__)
    if (attack.key("machine") == "x86_64") return false;
#endif
    if (choice_.level == "D" && (attack.cpp || !attack.key("library").empty())) return false;
    return selection_.slow || attack.key("slow").empty();
  }

  void fail(const std::string& name, const std::string& what) {
    std::printf("FAIL %s: %s\n", name.c_str(), what.c_str());
    ++failures_;
  }

  sandbox::Limits limits_of(const Attack& attack, const Amounts& amounts) const {
    sandbox::Limits limits;
    limits.wall = seconds(amounts.wall_seconds);
    limits.cpu = seconds(attack.number("cpu", amounts.wall_seconds));
    limits.memory_bytes = static_cast<std::uint64_t>(amounts.memory_mib) << 20;
    limits.output_bytes = limits.error_bytes = kOutputBytes;
    limits.scratch_bytes = static_cast<std::uint64_t>(amounts.scratch_mib) << 20;
    return limits;
  }

  const sandbox::Input& input_of(std::size_t size) {
    auto found = inputs_.find(size);
    if (found == inputs_.end())
      found =
          inputs_
              .emplace(size, size == 0 ? sandbox::Input() : sandbox::Input(std::string(size, 'i')))
              .first;
    return found->second;
  }

  Running start(const Attack& attack) {
    // With a wall left out an attack gets no more rope than its control.
    const Amounts amounts = amounts_of(attack, !choice_.without.empty());
    Running running{&attack, limits_of(attack, amounts), std::nullopt, {}};
    if (const auto known = expected_.find(attack.name); known != expected_.end())
      running.expected = known->second;
    auto program = std::make_shared<sandbox::Program>();
    program->language = attack.cpp ? sandbox::Language::kCpp : sandbox::Language::kPython;
    program->source = substitute(attack.source, targets_.values(amounts, false));
    auto promise = std::make_shared<std::promise<Result>>();
    running.result = promise->get_future();
    sandbox_->submit(
        {program, input_of(static_cast<std::size_t>(attack.number("stdin", 0))), running.limits},
        [promise](Result result) { promise->set_value(std::move(result)); });
    return running;
  }

  void finish(Running& running) {
    const Result result = running.result.get();
    if (!choice_.without.empty()) {
      const std::string breach = breach_of(result);
      std::printf("%s %s: %s\n", breach.empty() ? "ok" : "BREACH", running.attack->name.c_str(),
                  breach.c_str());
      failures_ += breach.empty() ? 0 : 1;
      return;
    }
    const auto wrong =
        complaints(*running.attack, result, running.limits, running.expected, targets_.token());
    for (const std::string& what : wrong) fail(running.attack->name, what);
    if (wrong.empty()) std::printf("ok %s\n", running.attack->name.c_str());
  }

  // Each worker must have run the leader when the followers look for what it left.
  void follow(const Attack& attack) {
    for (const Attack& leader : corpus_) {
      if (leader.name != attack.key("follows")) continue;
      std::vector<Running> all;
      for (int i = 0; i < 3 * sandbox_->workers(); ++i) all.push_back(start(leader));
      for (Running& each : all) each.result.wait();
    }
    std::vector<Running> all;
    for (int i = 0; i < 3 * sandbox_->workers(); ++i) all.push_back(start(attack));
    for (Running& each : all) finish(each);
  }

  // Harmless programs find the sandbox, and the inputs that attacks had, as they must be. All at
  // once: one after the other they would all have the same worker.
  void check_sentinels(const std::string& when) {
    std::vector<std::pair<std::string, std::future<Result>>> running;
    for (int i = 0; i < 3 * sandbox_->workers(); ++i) {
      sandbox::Run run;
      auto program = std::make_shared<sandbox::Program>();
      program->source = "import sys\ndata = sys.stdin.read()\nprint(len(data), set(data), " +
                        std::to_string(i) + ")\n";
      run.program = program;
      const std::size_t size = when == "after" ? 1000 + 4000 * static_cast<std::size_t>(i % 2) : 10;
      run.input = input_of(size);
      auto promise = std::make_shared<std::promise<Result>>();
      running.emplace_back(std::to_string(size) + " {'i'} " + std::to_string(i) + "\n",
                           promise->get_future());
      sandbox_->submit(run, [promise](Result each) { promise->set_value(std::move(each)); });
    }
    for (auto& [wanted, future] : running) {
      const Result result = future.get();
      const auto* outcome = std::get_if<sandbox::Outcome>(&result);
      if (outcome == nullptr || outcome->out != wanted)
        fail("(harmless program)",
             when + " the attacks: " +
                 (outcome == nullptr ? std::get<sandbox::InfraFailure>(result).what
                                     : outcome->out + outcome->err + outcome->detail));
    }
  }

  // The processes below this one, when what has just ended is gone.
  std::set<pid_t> settled() const {
    std::set<pid_t> last = descendants(::getpid(), {targets_.victim()});
    for (int i = 0; i < 50; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      std::set<pid_t> now = descendants(::getpid(), {targets_.victim()});
      if (now == last) break;
      last = std::move(now);
    }
    return last;
  }

  void check_unharmed() {
    if (const auto now = settled();
        now.size() > processes_ + static_cast<std::size_t>(sandbox_->workers()))
      fail("(all)", std::to_string(now.size()) + " processes where there were " +
                        std::to_string(processes_));
    if (sandbox_->counts().launchers_started != launchers_) fail("(all)", "the launcher died");
    const std::set<pid_t> below = descendants(::getpid(), {targets_.victim()});
    if (choice_.level == "A" && control_groups(below).empty())
      fail("(all)", "no control group is to be seen");
    sandbox_.reset();
    std::set<pid_t> left;
    for (int i = 0; i < 150; ++i) {
      left = descendants(::getpid(), {targets_.victim()});
      if (left.empty()) break;
      for (const pid_t pid : left) ::waitpid(pid, nullptr, WNOHANG);  // orphans are ours
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    for (const pid_t pid : left) fail("(all)", "process left: " + name_of(pid));
    if (mounts() != mounts_) fail("(all)", "the mounts are not as before");
    for (const std::string& group : control_groups(below))
      fail("(all)", "control group left: " + group);
  }

  const std::vector<Attack>& corpus_;
  const Selection selection_;
  const SandboxChoice choice_;
  Targets targets_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::map<std::string, std::string> expected_;  // outputs of harmless programs outside
  std::map<std::size_t, sandbox::Input> inputs_;
  std::set<std::string> mounts_;
  std::size_t processes_ = 0;
  std::uint64_t launchers_ = 0;
  int failures_ = 0;
};

}  // namespace

int run_contained(const std::vector<Attack>& corpus, const Selection& selection,
                  const SandboxChoice& choice) {
  become_reaper();
  return Contained(corpus, selection, choice).run();
}

}  // namespace quorum::attacks
