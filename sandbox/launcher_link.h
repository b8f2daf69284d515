// The harness's end of the launcher: its process and its socket.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "base/file.h"

namespace quorum::sandbox {

class LauncherLink {
 public:
  // Starts it with posix_spawn: the process that calls this may be large. Throws
  // Error(kEnvironment).
  static std::unique_ptr<LauncherLink> start(const std::string& program);
  // Closes the socket, which ends the launcher and all below it, and waits for that. Removes what a
  // launcher that was killed could not.
  ~LauncherLink();
  LauncherLink(const LauncherLink&) = delete;
  LauncherLink& operator=(const LauncherLink&) = delete;

  int socket() const { return socket_.get(); }
  pid_t pid() const { return pid_; }

 private:
  LauncherLink(pid_t pid, UniqueFd socket) : pid_(pid), socket_(std::move(socket)) {}
  pid_t pid_;
  UniqueFd socket_;
};

}  // namespace quorum::sandbox
