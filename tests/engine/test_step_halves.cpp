// Which steps go in two halves.
#include "engine/cuda/step_halves.h"

#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;

namespace {

StepCosts costs_of(int hidden, int intermediate, int heads, int kv_heads, int layers) {
  DecoderSpec spec;
  spec.hidden = hidden;
  spec.intermediate = intermediate;
  spec.heads = heads;
  spec.kv_heads = kv_heads;
  spec.head_dim = 128;
  spec.layers = layers;
  Device h200;
  h200.multiprocessors = 132;
  h200.memory_bytes_per_s = 4.917e12;
  return step_costs(spec, h200);
}

const StepCosts kSmall = costs_of(1536, 8960, 12, 2, 28);   // 1.5B
const StepCosts kLarge = costs_of(3584, 18944, 28, 4, 28);  // 7B

int beside(const StepCosts& costs, int rows, int context) {
  return attention_beside_products(costs, rows, std::int64_t{rows} * context);
}

}  // namespace

TEST_CASE(
    "the costs of a step are those of a layer's weights and of a position's keys and values") {
  CHECK(kSmall.weight_bytes == 2.0 * 1536 * (2 * 1536 + 2 * 256 + 3 * 8960));
  CHECK(kSmall.position_bytes == 2.0 * 2 * 2 * 128);
  CHECK(kSmall.bandwidth == 0.875 * 4.917e12);
}

TEST_CASE("steps go in halves where that was measured to be faster, on an H200") {
  CHECK(beside(kSmall, 512, 2253) == 66);
  CHECK(beside(kSmall, 352, 2562) == 66);
  CHECK(beside(kSmall, 240, 3628) == 66);
  CHECK(beside(kSmall, 208, 4010) == 66);
  // Products take longer than the attention beside them.
  CHECK(beside(kSmall, 480, 1505) == 0);
  CHECK(beside(kSmall, 512, 1088) == 0);
  CHECK(beside(kSmall, 512, 552) == 0);
  // Products that take little more than reading their weights.
  CHECK(beside(kSmall, 144, 5267) == 0);
  CHECK(beside(kSmall, 16, 14000) == 0);
  CHECK(beside(kLarge, 256, 2253) == 0);
  CHECK(beside(kLarge, 64, 8000) == 0);
  // Power bounds attention and products together: 1.5 % slower in halves.
  CHECK(beside(costs_of(4096, 14336, 32, 8, 32), 512, 1005) == 0);
}

TEST_CASE("odd rows have no halves, nor has a slice of a GPU or one of unknown bandwidth") {
  CHECK(beside(kSmall, 511, 2253) == 0);
  StepCosts slice = kSmall;
  slice.multiprocessors = 60;
  slice.flops *= 60.0 / 132;
  slice.bandwidth *= 60.0 / 132;
  CHECK(beside(slice, 512, 2253) == 0);
  StepCosts unknown = kSmall;
  unknown.bandwidth = 0;
  CHECK(beside(unknown, 512, 2253) == 0);
}
