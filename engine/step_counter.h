// Counts what a backend is asked for: how many steps had how many rows, and what they read.
#pragma once

#include <map>
#include <vector>

#include "engine/backend.h"

namespace quorum {

// Steps with the same number of decode rows.
struct StepGroup {
  std::int64_t steps = 0;
  double positions = 0;  // KV positions that all their rows read, each row's own token included
};
using StepCounts = std::map<int, StepGroup>;  // by decode rows; steps without one are not counted

// Passes everything on to another backend, which it borrows.
class StepCounter final : public Backend {
 public:
  explicit StepCounter(Backend& backend);

  BackendLimits limits() const override { return backend_.limits(); }
  void enqueue(const StepPlan& plan) override;
  std::vector<TokenEvent> collect() override { return backend_.collect(); }
  int lag() const override { return backend_.lag(); }
  void logits(std::span<const TokenId> tokens, std::span<const int> positions,
              const LogitsVisitor& visit) override {
    backend_.logits(tokens, positions, visit);
  }
  std::optional<StepProfile> profile_step(int rows, int context) override {
    return backend_.profile_step(rows, context);
  }
  std::string fingerprint() override { return backend_.fingerprint(); }
  std::string description() const override { return backend_.description(); }

  const StepCounts& counts() const { return counts_; }

 private:
  Backend& backend_;
  std::vector<int> lengths_;  // positions with KV, by slot
  StepCounts counts_;
};

}  // namespace quorum
