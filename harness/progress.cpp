#include "harness/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "base/text.h"

namespace quorum {
namespace {

constexpr const char* kBold = "\033[1m";
constexpr const char* kPlain = "\033[0m";

std::string formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string score_text(const ProgressSnapshot::Score& score) {
  if (score.samples == 0) return {};
  std::string text = score.benchmark + " " + formatted("%.1f", 100 * score.pass_at_1);
  if (score.repeat_se) text += " ± " + formatted("%.1f", 100 * *score.repeat_se);
  return text + " %";
}

// One column a code point: names and numbers have no others.
std::string cut(const std::string& text, std::size_t columns) {
  std::size_t at = 0, last = 0;
  for (std::size_t count = 0; at < text.size(); ++count) {
    if (count + 1 == columns) last = at;
    if (count == columns) return text.substr(0, last) + "…";
    next_code_point(text, at);
  }
  return text;
}

}  // namespace

std::string duration_text(double seconds) {
  if (!(seconds < 1e9)) return "very long";
  const auto total = static_cast<long long>(std::llround(std::max(0.0, seconds)));
  char text[64];
  if (total < 60)
    std::snprintf(text, sizeof text, "%lld s", total);
  else if (total < 3600)
    std::snprintf(text, sizeof text, "%lld min %02lld s", total / 60, total % 60);
  else if (total < 48 * 3600)
    std::snprintf(text, sizeof text, "%lld h %02lld min", total / 3600, total / 60 % 60);
  else
    std::snprintf(text, sizeof text, "%lld d %lld h", total / 86400, total / 3600 % 24);
  return text;
}

std::string count_text(double count) {
  if (count < 999.5) return formatted("%.0f", count);
  if (count < 999.95e3) return formatted("%.1fk", count / 1e3);
  return formatted("%.1fM", count / 1e6);
}

std::string progress_line(const ProgressSnapshot& now, int width, bool color) {
  const std::string done = std::to_string(now.done) + "/" + std::to_string(now.wanted);
  std::string rest = " samples";
  if (now.tokens > 0) rest += " · " + count_text(now.tokens_per_second) + " tokens/s";
  for (const ProgressSnapshot::Score& score : now.scores)
    if (const std::string text = score_text(score); !text.empty()) rest += " · " + text;
  if (now.seconds_left && now.done < now.wanted)
    rest += " · " + duration_text(*now.seconds_left) + " left";
  const std::string line =
      width > 0 ? cut(done + rest, static_cast<std::size_t>(width)) : done + rest;
  if (!color || line.size() < done.size()) return line;
  return kBold + done + kPlain + line.substr(done.size());
}

double SteadyClock::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool StderrTerminal::interactive() const { return ::isatty(2) == 1; }

int StderrTerminal::columns() const {
  winsize size{};
  return ::ioctl(2, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void StderrTerminal::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(2, text.data(), text.size());
    if (size <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

ProgressPrinter::ProgressPrinter(const Clock& clock, Terminal& terminal, bool color)
    : clock_(clock),
      terminal_(terminal),
      color_(color),
      next_(clock.seconds() + (terminal.interactive() ? kTerminalEvery : kPipeEvery)) {}

void ProgressPrinter::tick(const std::function<ProgressSnapshot()>& get) {
  const double now = clock_.seconds();
  if (now < next_) return;
  const bool interactive = terminal_.interactive();
  next_ = now + (interactive ? kTerminalEvery : kPipeEvery);
  if (interactive)
    terminal_.write("\r" + progress_line(get(), terminal_.columns() - 1, color_) + "\033[K");
  else
    terminal_.write(progress_line(get(), 0, color_) + "\n");
  shown_ = true;
}

void ProgressPrinter::finish(const ProgressSnapshot& last) {
  if (terminal_.interactive()) {
    if (shown_) terminal_.write("\r\033[K");
  } else {
    terminal_.write(progress_line(last, 0, color_) + "\n");
  }
}

struct ProgressThread::Impl {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::jthread thread;
};

ProgressThread::ProgressThread(ProgressPrinter& printer, std::function<ProgressSnapshot()> get)
    : impl_(std::make_unique<Impl>()) {
  impl_->thread =
      std::jthread([impl = impl_.get(), &printer, get = std::move(get)](std::stop_token stop) {
        std::unique_lock lock(impl->mutex);
        while (!stop.stop_requested()) {
          printer.tick(get);
          impl->changed.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
        }
      });
}

ProgressThread::~ProgressThread() = default;

}  // namespace quorum
