#include "sandbox/sandbox.h"

#include <sys/utsname.h>

#include "base/error.h"
#include "sandbox/canaries.h"
#include "sandbox/cpp_support.h"
#include "sandbox/kernel_limits.h"
#include "sandbox/landlock.h"
#include "sandbox/supervisor.h"

namespace quorum::sandbox {
namespace {

constexpr int kTries = 3;

void check(const Run& run, const Report& report) {
  const Limits& limits = run.limits;
  const auto refuse = [](const std::string& what) {
    throw Error(ErrorKind::kUsage, "a run cannot be limited like this", what);
  };
  if (!run.program) refuse("there is no program");
  if (run.program->language == Language::kCpp)
    if (const auto error = no_cpp(report)) throw *error;
  if (limits.cpu.count() <= 0 || limits.wall.count() <= 0 || limits.cpu > std::chrono::hours(24) ||
      limits.wall > std::chrono::hours(24))
    refuse("time must be more than nothing and at most a day");
  if (limits.memory_bytes < (std::uint64_t{16} << 20) ||
      limits.memory_bytes > (std::uint64_t{1} << 46))
    refuse("memory must be at least 16 MiB");
  if (limits.output_bytes == 0 || limits.error_bytes == 0 ||
      std::max(limits.output_bytes, limits.error_bytes) > (std::uint64_t{1} << 32))
    refuse("output must be at least one byte and at most 4 GiB");
  if (limits.scratch_bytes > (std::uint64_t{1} << 36)) refuse("the scratch must be at most 64 GiB");
  require_limits(kernel_limits(limits, false));
  if (run.program->language == Language::kCpp)
    require_limits(kernel_limits(compiler_limits(), true));
}

}  // namespace

class Sandbox::Impl {
 public:
  explicit Impl(const Options& options) : supervisor(options) {
    report.python = supervisor.host().python;
    report.python_version = supervisor.host().python_version;
    report.numpy_version = supervisor.host().numpy_version;
    report.foreign_path = supervisor.host().foreign_path;
    report.compiler = supervisor.host().compiler;
    report.no_compiler = supervisor.host().no_compiler;
    report.policy = supervisor.host().policy;
    utsname name{};
    if (uname(&name) == 0) report.kernel = name.release;
  }

  Report report;
  Supervisor supervisor;
};

Sandbox::Sandbox(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Sandbox::~Sandbox() = default;

std::unique_ptr<Sandbox> Sandbox::open(const Options& options) {
  require_limits(kernel_limits(canary_limits(), false));
  auto impl = std::make_unique<Impl>(options);
  std::string refused;
  for (const Level level : {Level::kA, Level::kB, Level::kC, Level::kD}) {
    if (options.level ? level != *options.level : level > options.minimum) continue;
    const Trial trial = try_level(impl->supervisor, level, options.without);
    if (trial.holds) {
      impl->report.level = level;
      impl->report.walls = trial.walls;
      impl->report.canaries = trial.canaries;
      impl->supervisor.use_level(level, kTries);
      return std::unique_ptr<Sandbox>(new Sandbox(std::move(impl)));
    }
    impl->report.refused.push_back(
        {"level " + std::string(to_string(level)), trial.why, trial.advice, false});
    refused += (refused.empty() ? "" : "; ") + std::string("level ") +
               std::string(to_string(level)) + ": " + trial.why;
  }
  throw Error(
      ErrorKind::kEnvironment, "programs cannot be run safely here", refused,
      "root, or user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns, "
      "user.max_user_namespaces), or a kernel with Landlock; quorum doctor shows what is missing");
}

const Report& Sandbox::report() const { return impl_->report; }
int Sandbox::workers() const { return impl_->supervisor.workers(); }

void Sandbox::submit(Run run, Callback done) { submit(std::move(run), nullptr, std::move(done)); }
void Sandbox::submit(Run run, std::shared_ptr<ChannelHandler> channel, Callback done) {
  check(run, impl_->report);
  impl_->supervisor.submit(std::move(run), std::move(channel), std::move(done));
}
Sandbox::Result Sandbox::run(Run run) { return this->run(std::move(run), nullptr); }
Sandbox::Result Sandbox::run(Run run, std::shared_ptr<ChannelHandler> channel) {
  check(run, impl_->report);
  return impl_->supervisor.run(std::move(run), std::move(channel));
}
void Sandbox::stop() { impl_->supervisor.stop(); }
Sandbox::Counts Sandbox::counts() const { return impl_->supervisor.counts(); }

}  // namespace quorum::sandbox
