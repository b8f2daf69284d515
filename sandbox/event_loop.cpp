#include "sandbox/event_loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace quorum::sandbox {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;

struct EventLoop::Impl {
  asio::io_context io{1};  // one thread runs it
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
};

struct EventLoop::Watch::State {
  State(asio::io_context& io, int fd) : descriptor(io, fd) {}
  stream_descriptor descriptor;
  bool alive = true;
};

struct EventLoop::Timer::State {
  explicit State(asio::io_context& io) : timer(io) {}
  asio::steady_timer timer;
  std::uint64_t request = 0;
};

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) {}
EventLoop::~EventLoop() = default;

std::unique_ptr<EventLoop::Watch> EventLoop::watch(UniqueFd fd) {
  return std::unique_ptr<Watch>(new Watch(std::make_shared<Watch::State>(impl_->io, fd.release())));
}

EventLoop::Watch::~Watch() {
  state_->alive = false;
  boost::system::error_code ignored;
  state_->descriptor.close(ignored);
}

int EventLoop::Watch::descriptor() const { return state_->descriptor.native_handle(); }

void EventLoop::Watch::when_readable(Callback callback) {
  state_->descriptor.async_wait(
      stream_descriptor::wait_read,
      [state = state_, callback = std::move(callback)](const boost::system::error_code& e) {
        if (!e && state->alive) callback();
      });
}

void EventLoop::Watch::when_writable(Callback callback) {
  state_->descriptor.async_wait(
      stream_descriptor::wait_write,
      [state = state_, callback = std::move(callback)](const boost::system::error_code& e) {
        if (!e && state->alive) callback();
      });
}

std::unique_ptr<EventLoop::Timer> EventLoop::make_timer() {
  return std::unique_ptr<Timer>(new Timer(std::make_shared<Timer::State>(impl_->io)));
}

EventLoop::Timer::~Timer() { cancel(); }

void EventLoop::Timer::after(std::chrono::nanoseconds time, Callback callback) {
  const std::uint64_t request = ++state_->request;
  state_->timer.expires_after(time);
  state_->timer.async_wait([state = state_, request,
                            callback = std::move(callback)](const boost::system::error_code& e) {
    if (!e && state->request == request) callback();
  });
}

void EventLoop::Timer::cancel() {
  ++state_->request;
  state_->timer.cancel();
}

void EventLoop::later(std::chrono::nanoseconds time, Callback callback) {
  auto timer = std::make_shared<asio::steady_timer>(impl_->io, time);
  timer->async_wait([timer, callback = std::move(callback)](const boost::system::error_code& e) {
    if (!e) callback();
  });
}

void EventLoop::post(Callback callback) { asio::post(impl_->io, std::move(callback)); }
void EventLoop::run() { impl_->io.run(); }
void EventLoop::stop() {
  impl_->work.reset();
  impl_->io.stop();
}

}  // namespace quorum::sandbox
