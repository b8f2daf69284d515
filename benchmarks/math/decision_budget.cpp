#include "benchmarks/math/decision_budget.h"

#include <algorithm>

#include "benchmarks/math/exact_decider.h"

namespace quorum {
namespace {

constexpr double kWork = 25'000;  // some 80 ms

}  // namespace

thread_local DecisionBudget* DecisionBudget::current_ = nullptr;

DecisionBudget::DecisionBudget()
    : outer_(current_ == nullptr),
      work_(kWork),
      end_(Clock::now() + std::chrono::milliseconds(ExactDeciderLimits::kWallMs)) {
  if (outer_) current_ = this;
}

DecisionBudget::~DecisionBudget() {
  if (outer_) current_ = nullptr;
}

bool DecisionBudget::spend(double work) {
  if (current_ == nullptr) return true;
  current_->work_ -= work;
  return current_->work_ >= 0;
}

DecisionBudget::Clock::time_point DecisionBudget::deadline(std::chrono::milliseconds most) {
  const auto latest = Clock::now() + most;
  return current_ == nullptr ? latest : std::min(latest, current_->end_);
}

}  // namespace quorum
