#include "harness/progress.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "base/text.h"
#include "support/catch.h"

using namespace quorum;

namespace {

struct FakeClock : Clock {
  double now = 0;
  double seconds() const override { return now; }
};

struct FakeTerminal : Terminal {
  bool is_terminal = true;
  int width = 80;
  std::string text;
  bool interactive() const override { return is_terminal; }
  int columns() const override { return width; }
  void write(std::string_view part) override { text += part; }
};

ProgressSnapshot snapshot() {
  ProgressSnapshot now;
  now.wanted = 3840;
  now.done = 812;
  now.tokens = 51000;
  now.tokens_per_second = 10234;
  now.seconds_left = 80;
  now.scores = {{"mini", 8, 0.5432, 0.0121}, {"aime24", 0, 0, std::nullopt}};
  return now;
}

std::size_t columns(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) next_code_point(text, at);
  return count;
}

}  // namespace

TEST_CASE("The progress line says how far and how fast and how good and how long") {
  CHECK(progress_line(snapshot(), 0, false) ==
        "812/3840 samples · 10.2k tokens/s · mini 54.3 ± 1.2 % · 1 min 20 s left");
  ProgressSnapshot start;
  start.wanted = 5;
  CHECK(progress_line(start, 0, false) == "0/5 samples");
  ProgressSnapshot end = snapshot();
  end.done = end.wanted;
  CHECK(progress_line(end, 0, false).find("left") == std::string::npos);
}

TEST_CASE("The progress line is cut to the terminal and colours take no columns") {
  const std::string whole = progress_line(snapshot(), 0, false);
  for (int width = 1; width <= 100; ++width) {
    const std::string line = progress_line(snapshot(), width, false);
    CHECK(columns(line) == std::min(columns(whole), static_cast<std::size_t>(width)));
    if (columns(whole) > static_cast<std::size_t>(width))
      CHECK(line.substr(line.size() - 3) == "…");
  }
  const std::string colored = progress_line(snapshot(), 0, true);
  CHECK(colored == "\033[1m812/3840\033[0m" + whole.substr(8));
  CHECK(whole.find('\033') == std::string::npos);
}

TEST_CASE("Durations and counts are short") {
  CHECK(duration_text(0.4) == "0 s");
  CHECK(duration_text(59.4) == "59 s");
  CHECK(duration_text(185) == "3 min 05 s");
  CHECK(duration_text(2 * 3600 + 600) == "2 h 10 min");
  CHECK(duration_text(76 * 3600) == "3 d 4 h");
  CHECK(duration_text(1e300) == "very long");
  CHECK(count_text(999) == "999");
  CHECK(count_text(999.6) == "1.0k");
  CHECK(count_text(3400000) == "3.4M");
}

TEST_CASE("A terminal's line is rewritten four times a second and cleared at the end") {
  FakeClock clock;
  FakeTerminal terminal;
  terminal.width = 20;
  ProgressPrinter printer(clock, terminal, false);
  int asked = 0;
  const auto get = [&] {
    ++asked;
    return snapshot();
  };
  printer.tick(get);
  CHECK(asked == 0);
  for (int i = 1; i <= 40; ++i) {
    clock.now = i * 0.05;
    printer.tick(get);
  }
  CHECK(asked >= 7);
  CHECK(asked <= 8);
  CHECK(terminal.text.substr(0, 1) == "\r");
  CHECK(terminal.text.find('\n') == std::string::npos);
  CHECK(columns(terminal.text.substr(1, terminal.text.find("\033[K") - 1)) == 19);
  terminal.text.clear();
  printer.finish(snapshot());
  CHECK(terminal.text == "\r\033[K");
}

TEST_CASE("A pipe gets one line every thirty seconds and one at the end") {
  FakeClock clock;
  FakeTerminal terminal;
  terminal.is_terminal = false;
  ProgressPrinter printer(clock, terminal, false);
  for (int second = 0; second <= 95; ++second) {
    clock.now = second;
    printer.tick([] { return snapshot(); });
  }
  printer.finish(snapshot());
  CHECK(std::count(terminal.text.begin(), terminal.text.end(), '\n') == 4);
  CHECK(terminal.text.find('\r') == std::string::npos);
  CHECK(terminal.text.find('\033') == std::string::npos);
}

TEST_CASE("The progress thread ticks until it is destroyed") {
  SteadyClock clock;
  FakeTerminal terminal;
  ProgressPrinter printer(clock, terminal, false);
  std::atomic<int> asked{0};
  {
    ProgressThread thread(printer, [&] {
      ++asked;
      return snapshot();
    });
    for (int i = 0; i < 200 && asked == 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(asked > 0);
  const int before = asked;
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(asked == before);
}
