// Rotary frequencies against transformers (tests/golden/rope.py), for both generations of config
// fields.
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "engine/checkpoint.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

double ulps(float a, float b) {
  return std::abs(static_cast<double>(a) - b) /
         (std::nextafter(std::abs(b), INFINITY) - std::abs(b));
}

}  // namespace

TEST_CASE("rotary tables match transformers for every type and both generations of fields") {
  const auto cases = nlohmann::json::parse(read_file(source_path("tests/golden/rope.json")));
  CHECK(cases.size() >= 15);
  for (const auto& golden : cases) {
    INFO(golden["config"].dump());
    const DecoderSpec spec = parse_config(golden["config"].dump(), "config.json").take();
    const auto expected = golden["inverse_frequencies"].get<std::vector<double>>();
    const auto found = rope_inverse_frequencies(spec.rope, spec.head_dim);
    REQUIRE(found.size() == expected.size());
    // The power of torch is right to one unit in the last place; the arithmetic after it may add
    // one or two.
    for (std::size_t i = 0; i < found.size(); ++i)
      CHECK(ulps(found[i], static_cast<float>(expected[i])) <= 2.0);
    CHECK(spec.rope.attention_factor ==
          Approx(golden["attention_factor"].get<double>()).epsilon(1e-12));

    const auto positions = golden["positions"].get<std::vector<int>>();
    const RopeTable table = make_rope_table(spec.rope, spec.head_dim, positions.back() + 1);
    CHECK(table.half_dim == spec.head_dim / 2);
    double worst = 0;
    for (std::size_t row = 0; row < positions.size(); ++row)
      for (int i = 0; i < table.half_dim; i += 4) {
        const auto at = static_cast<std::size_t>(positions[row]) * table.half_dim + i;
        // A frequency that is one unit off turns a late position by this much.
        const double angle = positions[row] * expected[i];
        const double allowed = 1e-6 + angle * 2.5e-7;
        worst = std::max(
            worst, std::abs(table.cos[at] - golden["cos"][row][i / 4].get<double>()) / allowed);
        worst = std::max(
            worst, std::abs(table.sin[at] - golden["sin"][row][i / 4].get<double>()) / allowed);
      }
    CHECK(worst < 1.0);
  }
}

TEST_CASE("plain frequencies are the correctly rounded powers") {
  const RopeSpec rope{.theta = 10000.0};
  const auto frequencies = rope_inverse_frequencies(rope, 128);
  CHECK(frequencies[0] == 1.0f);
  CHECK(frequencies[32] == 0.01f);
  for (int i = 0; i < 64; ++i)
    CHECK(frequencies[static_cast<std::size_t>(i)] ==
          Approx(std::pow(10000.0, -i / 64.0)).epsilon(1e-6));
}

TEST_CASE("work per token counts every matrix product once") {
  DecoderSpec spec;
  spec.hidden = 1536, spec.layers = 28, spec.heads = 12, spec.kv_heads = 2, spec.head_dim = 128;
  spec.intermediate = 8960, spec.vocab = 151936;
  // 1.777 billion parameters, less one embedding of 151936 · 1536, norms and biases.
  CHECK(spec.matmul_macs_per_token() ==
        28LL * (2 * 1536 * 1536 + 2 * 1536 * 256 + 3 * 1536 * 8960) + 151936LL * 1536);
  CHECK(spec.kv_elements_per_token() == 14336);
}
