// Ctrl-C and SIGTERM: the first asks the work to stop and says so, the second leaves at once.
#pragma once

#include <memory>
#include <stop_token>

namespace quorum::cli {

class InterruptWatch {
 public:
  // From now on the signals request a stop on the token instead of ending the process.
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  std::stop_token token() const;
  bool interrupted() const { return token().stop_requested(); }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quorum::cli
