// The roofline against numbers of tests/golden/roofline.py.
#include "engine/roofline.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "engine/model_shapes.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;

namespace {

DecoderSpec spec_of(const nlohmann::json& fields) {
  DecoderSpec spec;
  spec.hidden = fields["hidden"];
  spec.layers = fields["layers"];
  spec.heads = fields["heads"];
  spec.kv_heads = fields["kv_heads"];
  spec.head_dim = fields["head_dim"];
  spec.intermediate = fields["intermediate"];
  spec.vocab = fields["vocab"];
  return spec;
}

const DeviceLimits kH200{4.54e12, 790e12, false};

}  // namespace

TEST_CASE("The roofline of a workload is what a count of every step gives", "[perf]") {
  const auto golden =
      nlohmann::json::parse(read_file(testing::source_path("tests/golden/roofline.json")));
  REQUIRE(golden["cases"].size() == 6);
  for (const auto& fields : golden["cases"]) {
    PerfWorkload work;
    for (const auto& query : fields["queries"])
      work.queries.push_back({std::vector<TokenId>(query["prompt"].get<std::size_t>()),
                              query["lengths"].get<std::vector<int>>()});
    const DeviceLimits limits{fields["bandwidth"], fields["rate"], false};
    const Roofline roofline = workload_roofline(spec_of(fields["spec"]), work, limits);
    INFO(fields["spec"].dump() << " " << work.sequences() << " sequences");
    CHECK(roofline.products_s == Approx(fields["products"].get<double>()).epsilon(1e-12));
    CHECK(roofline.attention_s == Approx(fields["attention"].get<double>()).epsilon(1e-12));
    CHECK(roofline.overlapped_s == Approx(fields["overlapped"].get<double>()).epsilon(1e-12));
    CHECK(roofline.serial_s == roofline.products_s + roofline.attention_s);
    CHECK(roofline.overlapped_s <= roofline.serial_s * (1 + 1e-12));
  }
}

TEST_CASE("A 7B distill reads 14.14 GB of weights a step and 57,344 bytes a token", "[perf]") {
  const DecoderSpec spec = model_shape("7b");
  CHECK(step_weight_bytes(spec) == Approx(14.14e9).epsilon(1e-3));
  CHECK(kv_bytes_per_token(spec) == 57344);
  CHECK(ideal_products_s(spec, 64, kH200) == Approx(3.11e-3).epsilon(2e-3));
  CHECK(ideal_products_s(spec, 256, kH200) == Approx(4.58e-3).epsilon(2e-3));
}

TEST_CASE("The known shapes have the sizes of the published checkpoints", "[perf]") {
  struct Size {
    const char* name;
    double weight_gb;
    double kv_bytes;
    int group;
  };
  const Size sizes[] = {
      {"1.5b", 3.09, 28672, 6},       {"7b", 14.14, 57344, 7},
      {"14b", 27.98, 196608, 5},      {"32b", 63.97, 262144, 5},
      {"llama-8b", 15.01, 131072, 4}, {"llama-70b", 139.0, 327680, 8},
      {"qwen3-8b", 15.14, 147456, 4},
  };
  CHECK(model_shape_names().size() == std::size(sizes));
  for (const Size& size : sizes) {
    INFO(size.name);
    const DecoderSpec spec = model_shape(size.name);
    CHECK(step_weight_bytes(spec) / 1e9 == Approx(size.weight_gb).epsilon(2e-3));
    CHECK(kv_bytes_per_token(spec) == size.kv_bytes);
    CHECK(spec.group() == size.group);
  }
  CHECK_THROWS_AS(model_shape("9b"), Error);
}

TEST_CASE("256 sequences of 4,096 tokens at 7B take 48.4 s at least", "[perf]") {
  PerfWorkload work;
  for (int query = 0; query < 4; ++query)
    work.queries.push_back({std::vector<TokenId>(200), std::vector<int>(64, 4096)});
  const Roofline roofline = workload_roofline(model_shape("7b"), work, kH200);
  CHECK(roofline.serial_s == Approx(48.4).epsilon(0.01));
  CHECK(roofline.overlapped_s == Approx(42.4).epsilon(0.01));
}

TEST_CASE("The products of a step cost what its matrices cost one by one", "[perf]") {
  const DecoderSpec spec = model_shape("7b");
  for (const int batch : {1, 64, 174, 175, 512}) {
    const double q_rows = spec.heads * spec.head_dim, kv_rows = spec.kv_heads * spec.head_dim;
    const double layer = ideal_product_s(q_rows + 2 * kv_rows, spec.hidden, batch, kH200) +
                         ideal_product_s(spec.hidden, q_rows, batch, kH200) +
                         ideal_product_s(2.0 * spec.intermediate, spec.hidden, batch, kH200) +
                         ideal_product_s(spec.hidden, spec.intermediate, batch, kH200);
    CHECK(ideal_products_s(spec, batch, kH200) ==
          Approx(spec.layers * layer + ideal_product_s(spec.vocab, spec.hidden, batch, kH200)));
  }
}
