// The event loop of the supervisor: descriptors that become ready, timers, and work from other
// threads. Asio stays behind it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/file.h"

namespace quorum::sandbox {

// post() may be called from any thread, the rest from the loop's (or before run()). Callbacks are
// called on the thread that runs the loop, and none of a Watch's or Timer's after it is gone or
// told something else.
class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  using Callback = std::function<void()>;

  // A descriptor; closed with the object.
  class Watch {
   public:
    ~Watch();
    int descriptor() const;
    // Calls once when it can be read (or the other end is gone), or be written to.
    void when_readable(Callback callback);
    void when_writable(Callback callback);

   private:
    friend class EventLoop;
    struct State;
    explicit Watch(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
  };
  std::unique_ptr<Watch> watch(UniqueFd fd);

  class Timer {
   public:
    ~Timer();
    // Calls once after that time; an earlier request is forgotten.
    void after(std::chrono::nanoseconds time, Callback callback);
    void cancel();

   private:
    friend class EventLoop;
    struct State;
    explicit Timer(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
  };
  std::unique_ptr<Timer> make_timer();
  // Once, with nobody to cancel it.
  void later(std::chrono::nanoseconds time, Callback callback);

  void post(Callback callback);
  // Returns after stop().
  void run();
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quorum::sandbox
