#include "cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <string_view>
#include <thread>

namespace quorum::cli {

struct InterruptWatch::Impl {
  boost::asio::io_context context;
  boost::asio::signal_set signals{context, SIGINT, SIGTERM};
  std::stop_source stop;
  std::thread thread;

  void wait() {
    signals.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      if (stop.stop_requested()) ::_exit(130);
      constexpr std::string_view kSaid =
          "\nstopping: what is finished is being stored; a second Ctrl-C leaves at once\n";
      [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kSaid.data(), kSaid.size());
      stop.request_stop();
      wait();
    });
  }
};

InterruptWatch::InterruptWatch() : impl_(std::make_unique<Impl>()) {
  impl_->wait();
  impl_->thread = std::thread([this] { impl_->context.run(); });
}

InterruptWatch::~InterruptWatch() {
  impl_->context.stop();
  impl_->thread.join();
}

std::stop_token InterruptWatch::token() const { return impl_->stop.get_token(); }

}  // namespace quorum::cli
