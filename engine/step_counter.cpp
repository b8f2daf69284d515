#include "engine/step_counter.h"

namespace quorum {

StepCounter::StepCounter(Backend& backend)
    : backend_(backend), lengths_(static_cast<std::size_t>(backend.limits().slots)) {}

void StepCounter::enqueue(const StepPlan& plan) {
  backend_.enqueue(plan);
  for (const SlotStart& start : plan.starts)
    lengths_.at(static_cast<std::size_t>(start.slot)) = start.length;
  if (plan.decodes.empty()) return;
  double positions = 0;
  for (const DecodeRow& row : plan.decodes)
    positions += ++lengths_.at(static_cast<std::size_t>(row.slot));
  StepGroup& group = counts_[static_cast<int>(plan.decodes.size())];
  ++group.steps;
  group.positions += positions;
}

}  // namespace quorum
