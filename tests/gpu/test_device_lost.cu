// Hidden, because it leaves the process without a GPU: gpu_tests "[lost]".
#include <map>
#include <optional>

#include "base/error.h"
#include "gpu/backend_cases.h"
#include "gpu/gpu.h"
#include "support/catch.h"
#include "support/engine_runs.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

__global__ void write_nowhere(int* nowhere) { *nowhere = 1; }

}  // namespace

TEST_CASE("A device that fails ends the run: what was finished is right, the rest is not there",
          "[.][lost]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto requests = make_requests(spec, {30, 90}, 8, 150);
  const auto backend = make_cuda_backend_random(spec, 1, options_with(4));
  const Run expected = run_all(*backend, requests);
  std::map<std::uint64_t, EngineCompletion> finished;
  std::size_t next = 0;
  try {
    Engine engine(*backend);
    engine.run(
        [&]() -> std::optional<EngineRequest> {
          if (next == requests.size()) return std::nullopt;
          return requests[next++];
        },
        [&](EngineCompletion completion) {
          finished.emplace(completion.id, std::move(completion));
          if (finished.size() == 5) write_nowhere<<<1, 1>>>(nullptr);
        },
        {});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kEnvironment);
    CHECK(error.message() == "the GPU failed");
    CHECK(error.hint().find("goes on from there") != std::string::npos);
  }
  CHECK(finished.size() >= 5);
  CHECK(finished.size() < requests.size());
  for (const auto& [id, completion] : finished)
    CHECK(completion.tokens == expected.completions.at(id).tokens);
}
