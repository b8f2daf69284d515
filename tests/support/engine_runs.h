// Runs of requests through an engine, and the comparison of what came out bit for bit.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/philox.h"
#include "engine/engine.h"
#include "support/catch.h"

namespace quorum::testing {

struct Run {
  std::map<std::uint64_t, EngineCompletion> completions;
  EngineStats stats;
};

// `shuffle`: not 0: the requests come in another order.
inline Run run_all(Backend& backend, std::vector<EngineRequest> requests,
                   std::uint64_t shuffle = 0) {
  if (shuffle != 0) {
    PhiloxStream random(shuffle);
    for (std::size_t i = requests.size() - 1; i > 0; --i)
      std::swap(requests[i], requests[random.below(static_cast<std::uint32_t>(i + 1))]);
  }
  Engine engine(backend);
  Run run;
  std::size_t next = 0;
  engine.run(
      [&]() -> std::optional<EngineRequest> {
        if (next == requests.size()) return std::nullopt;
        return requests[next++];
      },
      [&](EngineCompletion completion) {
        const std::uint64_t id = completion.id;
        REQUIRE(run.completions.emplace(id, std::move(completion)).second);
      },
      {});
  run.stats = engine.stats();
  return run;
}

inline void require_equal(const Run& run, const Run& reference) {
  REQUIRE(run.completions.size() == reference.completions.size());
  for (const auto& [id, completion] : reference.completions) {
    INFO("request " << id);
    const EngineCompletion& other = run.completions.at(id);
    REQUIRE(other.tokens == completion.tokens);
    REQUIRE(other.logprob_sum == completion.logprob_sum);
    REQUIRE(other.end == completion.end);
  }
}

}  // namespace quorum::testing
