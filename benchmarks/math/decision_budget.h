// What the comparison of two answers, or of all votes, may cost.
#pragma once

#include <chrono>

namespace quorum {

// While one lives, decisions (decide.h) of this thread share its budget: work in this process,
// counted and therefore the same in every run, and time for Calcium, whose silence changes no
// equality that the numbers have found. One inside another does nothing.
class DecisionBudget {
 public:
  using Clock = std::chrono::steady_clock;

  DecisionBudget();
  ~DecisionBudget();
  DecisionBudget(const DecisionBudget&) = delete;
  DecisionBudget& operator=(const DecisionBudget&) = delete;

  // Takes from the budget of this thread, 1 for a function at 256 bits (some microseconds). false:
  // it is used up. Without a budget there is no limit.
  static bool spend(double work);
  // When Calcium must have answered, at most `most` from now.
  static Clock::time_point deadline(std::chrono::milliseconds most);

 private:
  bool outer_;
  double work_;
  Clock::time_point end_;

  static thread_local DecisionBudget* current_;
};

}  // namespace quorum
