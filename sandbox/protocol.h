// What harness, launcher, workers and zygotes say to each other: packets of fixed layout, native
// byte order (they are one program on one machine). zygote.py unpacks RunRequest and packs RunEnd
// too.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace quorum::sandbox {

enum class Kind : std::uint32_t {
  // harness → launcher
  kSetUp = 1,    // JSON; answered by kReady or kFailed
  kStartWorker,  // WorkerRequest; descriptor: the worker's end of its socket. Answered by kWorker
                 // or kFailed
  // launcher → harness
  kReady,   // JSON
  kWorker,  // WorkerNotice; descriptors: pidfd of the worker's first process, and where there is
            // a cgroup, of Cgroup::open_events() and open_hits() as far as it has them
  kWorkerGone,  // WorkerNotice
  // harness → worker
  kRun,  // RunRequest; descriptors: gate, code, stdin, stdout, stderr [, channel]
  // worker, zygote or program before it is let go → harness
  kWaiting,   // Header: the process of kProcess waits at the gate with all walls up
  kEnded,     // RunEnd
  kCompiled,  // RunEnd; descriptor: the program, if there is one
  kFailed,    // Header and text: what went wrong with the infrastructure
  kProcess,   // Header; descriptor: pidfd of the process that is to become the program
};

struct Header {
  Kind kind;
  std::uint32_t id;  // of the worker
};

enum class Task : std::uint32_t { kPython, kPythonWithNumpy, kExecutable, kCompile };

struct WorkerRequest {
  Header header{Kind::kStartWorker, 0};
  std::uint32_t level;     // as Level
  std::uint32_t compiles;  // 1: for one compilation
};

struct WorkerNotice {
  Header header;
  std::int32_t pid;  // as the launcher sees it
};

struct RunRequest {
  Header header{Kind::kRun, 0};
  Task task;
  std::uint32_t has_channel;
  std::uint64_t cpu_seconds;  // where the kernel stops it; the exact limit is the harness's affair
  std::uint64_t memory_bytes;
  std::uint64_t stack_bytes;  // 0: not limited but by memory
  std::uint64_t file_bytes;
  std::uint64_t scratch_bytes;
  std::uint64_t group_bytes;  // of everything in the worker together, where there is a cgroup
};

struct RunEnd {
  Header header;
  std::int64_t wait_status;
  std::int64_t cpu_ns;
  std::int64_t run_delay_ns;  // -1: unknown
  std::uint64_t peak_bytes;
  std::int64_t ended_ns;  // on CLOCK_MONOTONIC, as soon as its parent knew
};

template <class T>
std::string_view bytes_of(const T& message) {
  return {reinterpret_cast<const char*>(&message), sizeof message};
}
// nullopt: too short to be one.
template <class T>
std::optional<T> read_message(std::string_view bytes) {
  if (bytes.size() < sizeof(T)) return std::nullopt;
  T message;
  std::memcpy(&message, bytes.data(), sizeof message);
  return message;
}
inline std::string text_message(Kind kind, std::uint32_t id, std::string_view text) {
  const Header header{kind, id};
  return std::string(bytes_of(header)) + std::string(text.substr(0, 60000));
}

}  // namespace quorum::sandbox
