// What attacks aim at: listeners, a process and files of the test's own, and what they would leave
// behind.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace quorum::attacks {

// Limits of a run, and by how much an attack goes beyond them.
struct Amounts {
  long count = 0;       // how often floods, bombs and hogs do it
  long memory_mib = 0;  // limit
  long scratch_mib = 0;
  double wall_seconds = 0;
};

// One at a time in a process. Anybody may read, write and connect to what it makes: only walls stop
// an attack.
class Targets {
 public:
  Targets();   // throws std::runtime_error
  ~Targets();  // ends the process, removes the files
  Targets(const Targets&) = delete;
  Targets& operator=(const Targets&) = delete;

  // The values of placeholders, for a program run in the sandbox or as a control.
  std::map<std::string, std::string> values(const Amounts& amounts, bool control) const;

  // Makes everything as it was at the start; also after an attack that succeeded.
  void restore();

  // What attacks did, in words: "the listener saw a connection", "left: /tmp/…". Empty when all is
  // as at the start.
  std::vector<std::string> damage();

  const std::filesystem::path& folder() const { return folder_; }
  const std::string& token() const { return token_; }
  pid_t victim() const { return victim_; }

 private:
  void start_victim();
  std::vector<std::filesystem::path> left() const;

  std::filesystem::path folder_;
  std::string token_;  // content of the secret file, and of a variable of the environment
  std::string mark_;   // part of the name of every file that an attack makes
  pid_t victim_ = -1;
  int tcp_ = -1, udp_ = -1, abstract_ = -1, datagram_ = -1, path_ = -1, path_datagram_ = -1;
  int tcp_port_ = 0, udp_port_ = 0;
};

}  // namespace quorum::attacks
