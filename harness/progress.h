// Progress for people: one line that is rewritten on a terminal, one line every 30 s on a pipe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "harness/progress_state.h"

namespace quorum {

// "812/3840 samples · 10.2k tokens/s · mini 54.3 ± 1.2 % · 1 min 20 s left", cut to `width` columns
// with an ellipsis; 0: never. `color`: with ANSI codes (they take no columns).
std::string progress_line(const ProgressSnapshot& now, int width, bool color);

// "45 s", "3 min 05 s", "2 h 10 min", "3 d 4 h".
std::string duration_text(double seconds);
// "950", "10.2k", "3.4M".
std::string count_text(double count);

class Clock {
 public:
  virtual ~Clock() = default;
  virtual double seconds() const = 0;  // monotonic
};
class SteadyClock : public Clock {
 public:
  double seconds() const override;
};

class Terminal {
 public:
  virtual ~Terminal() = default;
  virtual bool interactive() const = 0;
  virtual int columns() const = 0;  // now
  virtual void write(std::string_view text) = 0;
};
// File descriptor 2.
class StderrTerminal : public Terminal {
 public:
  bool interactive() const override;
  int columns() const override;
  void write(std::string_view text) override;
};

// Shows progress. Not thread-safe; ProgressThread calls it from one thread.
class ProgressPrinter {
 public:
  static constexpr double kTerminalEvery = 0.25, kPipeEvery = 30;

  // Borrows both.
  ProgressPrinter(const Clock& clock, Terminal& terminal, bool color);
  // Prints if it is time to. Cheap when it is not: `get` is called only then.
  void tick(const std::function<ProgressSnapshot()>& get);
  // The last state: the terminal's line is cleared, a pipe gets a last line.
  void finish(const ProgressSnapshot& last);

 private:
  const Clock& clock_;
  Terminal& terminal_;
  bool color_;
  bool shown_ = false;
  double next_;
};

// Calls `printer.tick` from a thread of its own until it is destroyed.
class ProgressThread {
 public:
  ProgressThread(ProgressPrinter& printer, std::function<ProgressSnapshot()> get);
  ~ProgressThread();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quorum
