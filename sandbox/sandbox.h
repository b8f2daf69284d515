// Runs programs that nobody trusts: what a program did is reported as facts, never as right or
// wrong.
//
// A small launcher process, started before anything is big, keeps workers: sets of namespaces with
// a warm interpreter inside. A run is a fork of it behind a seccomp filter, Landlock and resource
// limits; its stdin is a sealed memfd, its stdout and stderr are memfds of limited size. Expected
// outputs never come here. docs/SANDBOX.md says what each level guarantees, and by which mechanism.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace quorum::sandbox {

enum class Language {
  kPython,  // Python 3, as `python3 FILE` runs it
  kCpp      // C++17, compiled inside the sandbox too
};
std::string_view to_string(Language language);  // "python", "cpp"

// From strong to weak. A: namespaces, seccomp, Landlock, rlimits, a cgroup. B: A without a cgroup.
// C: no namespaces. D: C without Landlock, but with a change of root and user, which needs root.
enum class Level { kA, kB, kC, kD };
std::string_view to_string(Level level);  // "A" …
std::optional<Level> parse_level(std::string_view name);

// Walls that a test can leave out, to show that each of them stops something.
struct LeftOut {
  bool seccomp = false, landlock = false, namespaces = false;
  bool any() const { return seccomp || landlock || namespaces; }
};

// Every limit is enforced, or the run is refused.
struct Limits {
  std::chrono::nanoseconds cpu{std::chrono::seconds(6)};   // of all threads together
  std::chrono::nanoseconds wall{std::chrono::seconds(6)};  // waiting for a CPU is subtracted
  std::uint64_t memory_bytes = std::uint64_t{512} << 20;   // address space of the program
  std::uint64_t output_bytes = std::uint64_t{16}
                               << 20;  // stdout; one byte more is the ending kOutputLimit
  std::uint64_t error_bytes = std::uint64_t{1} << 20;  // stderr
  std::uint64_t scratch_bytes = 0;  // of a private writable /tmp, empty at the start of each run;
                                    // 0: none. Levels C and D have none. No file is larger than the
                                    // larger of output_bytes and error_bytes.
};

// Bytes that become the stdin of runs: one sealed memfd, shared by any number of runs at once.
// Cheap to copy. Safe from any thread.
class Input {
 public:
  Input();  // no bytes
  // Throws Error(kEnvironment) when there is no memory or descriptor left for it.
  explicit Input(std::string_view bytes);
  // The memfd; -1 for no bytes. Owned by this object and its copies.
  int descriptor() const;

 private:
  struct Memory;
  std::shared_ptr<const Memory> memory_;
};

struct Program {
  Language language = Language::kPython;
  std::string source;
  // 64 hex digits that identify language and source.
  std::string hash() const;
};

struct Run {
  std::shared_ptr<const Program> program;
  Input input;
  Limits limits;
};

enum class Ending {
  kExited,        // by itself, with code 0
  kRuntimeError,  // another code, or a signal that was not a limit's
  kTimeLimit,
  kMemoryLimit,
  kOutputLimit,
  kCompileError  // C++ only: the compiler refused it, or one of the compiler's own limits was hit.
                 // (Python that does not compile is a kRuntimeError, as with `python3 FILE`.)
};
// "OK", "RE", "TLE", "MLE", "OLE", "CE".
std::string_view to_string(Ending ending);

// Facts about what a program did.
struct Outcome {
  Ending ending = Ending::kExited;
  int exit_code = 0;  // 0 where a signal ended it
  int signal = 0;     // 0: none
  std::chrono::nanoseconds wall{0}, cpu{0};
  std::chrono::nanoseconds run_delay{0};  // runnable, but waiting for a CPU
  std::uint64_t memory_bytes = 0;         // peak of resident memory
  std::string out, err;                   // at most the limits
  std::string detail;                     // "MemoryError", the compiler's message …
  bool stopped = false;  // ended by a ChannelHandler; the ending then means nothing
  Level level = Level::kA;
};

// The sandbox could not do its work, three times in a row: never a verdict about the program.
struct InfraFailure {
  std::string what;
};

// The harness's end of a program's descriptor 3. Called on the sandbox's thread, for one run at a
// time: a run that is repeated (because the infrastructure failed, or alone because its time was a
// near miss) begins with on_start() again.
class ChannelHandler {
 public:
  virtual ~ChannelHandler() = default;
  virtual void on_start() = 0;
  // Bytes as they came, in pieces of any size. Returns bytes for the program (may be empty), or
  // nullopt: end the program now (Outcome::stopped).
  virtual std::optional<std::string> on_bytes(std::string_view bytes) = 0;
};

// Something that was tried, or looked at, when the sandbox was opened.
struct Finding {
  std::string what, found;
  std::string advice;  // what to do about it; empty: nothing
  bool ok = true;
};

struct Report {
  Level level = Level::kA;
  std::vector<Finding> walls;     // namespaces, seccomp, Landlock …
  std::vector<Finding> canaries;  // attacks that were tried, and what became of them
  std::vector<Finding> refused;   // stronger levels, and why they do not hold
  std::string kernel;             // uname -r
  std::string python, python_version, numpy_version;  // path of the interpreter; no numpy: empty
  std::vector<std::string> foreign_path;  // folders that a .pth file put on the interpreter's path,
                                          // and that programs do not see
  std::string compiler;                   // first line of g++ --version; empty: no C++ here
  std::string no_compiler;                // why
  std::string policy;  // hash of filter, environment and bootstrap: of everything here that could
                       // change an outcome
};

struct Options {
  std::optional<Level> level;    // this one or none
  Level minimum = Level::kD;     // else the strongest that holds, if it is not below this one
  int workers = 0;               // runs at the same time; 0: one a core that this process may use
  std::filesystem::path python;  // empty: python3 of PATH (interpreter.h says which)
  LeftOut without;               // tests only
  std::string launcher = "/proc/self/exe";  // the program that runs kLauncherVerb
};

// Owns the launcher, its workers and a thread with the event loop that supervises them. All
// functions are safe from any thread.
class Sandbox {
 public:
  // Starts the launcher, tries the canary attacks from the strongest allowed level down, and takes
  // the first that holds. Throws Error(kEnvironment) where none does, and then nothing is left
  // running.
  static std::unique_ptr<Sandbox> open(const Options& options);
  // Ends what still runs; its callbacks get an InfraFailure.
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  const Report& report() const;
  int workers() const;

  using Result = std::variant<Outcome, InfraFailure>;
  using Callback = std::function<void(Result)>;
  // Queues a run. Blocks while too many wait already, but never on the sandbox's own thread. `done`
  // is called once, on that thread; it must not block. Throws Error(kUsage) for limits that make no
  // sense.
  void submit(Run run, Callback done);
  // The same for a program that talks over its descriptor 3.
  void submit(Run run, std::shared_ptr<ChannelHandler> channel, Callback done);
  // Waits for the outcome. Not from a callback.
  Result run(Run run);
  Result run(Run run, std::shared_ptr<ChannelHandler> channel);

  struct Counts {
    std::uint64_t runs = 0, retries = 0, run_alone = 0, workers_started = 0, launchers_started = 0;
  };
  Counts counts() const;

  // Ends what runs and waits, and whatever comes later, with an InfraFailure, at once. Does not
  // wait for that.
  void stop();

 private:
  class Impl;
  explicit Sandbox(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The argument that makes the program, run as `PROGRAM kLauncherVerb` with a socket as stdin, call
// run_launcher(); main() looks for it before anything else.
inline constexpr const char* kLauncherVerb = "sandbox-launcher";
int run_launcher();

}  // namespace quorum::sandbox
