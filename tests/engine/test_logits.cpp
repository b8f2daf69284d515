// Logits of small random checkpoints against transformers (tests/golden/logits.py), and mutants
// that must not match.
#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "engine/checkpoint.h"
#include "engine/cpu_backend.h"
#include "support/catch.h"
#include "support/synthetic_checkpoint.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

constexpr double kTolerance = 1e-4;  // of the largest |logit|

struct Golden {
  nlohmann::json fields;
  std::vector<float> logits;  // (positions, vocab)

  std::string name() const { return fields["name"]; }
  std::vector<int> positions() const { return fields["positions"].get<std::vector<int>>(); }
  int vocab() const { return fields["config"]["vocab_size"]; }
  std::vector<TokenId> tokens() const {
    return synthetic_tokens(name(), fields["length"].get<std::size_t>(), vocab());
  }
};

std::vector<Golden> load_goldens() {
  const auto list = nlohmann::json::parse(read_file(source_path("tests/golden/logits.json")));
  const std::string bytes = read_file(source_path("tests/golden/logits.f32"));
  std::vector<Golden> goldens;
  std::size_t at = 0;
  for (const auto& fields : list["cases"]) {
    Golden golden{fields, {}};
    golden.logits.resize(golden.positions().size() * static_cast<std::size_t>(golden.vocab()));
    const std::size_t size = golden.logits.size() * sizeof(float);
    REQUIRE(at + size <= bytes.size());
    std::memcpy(golden.logits.data(), bytes.data() + at, size);
    at += size;
    goldens.push_back(std::move(golden));
  }
  REQUIRE(at == bytes.size());
  return goldens;
}

Golden golden_named(const std::string& name) {
  for (Golden& golden : load_goldens())
    if (golden.name() == name) return golden;
  FAIL("no golden named " + name);
  return {};
}

// A checkpoint on disk, read back as a user's would be.
struct Model {
  ScratchFolder folder;
  DecoderSpec spec;
  std::unique_ptr<WeightSource> source;

  explicit Model(const Golden& golden) {
    TensorShapes shapes;
    for (const auto& [name, shape] : golden.fields["tensors"].items())
      shapes.emplace_back(name, shape.get<std::vector<std::int64_t>>());
    write_synthetic_checkpoint(folder.path(), golden.fields["config"].dump(), shapes,
                               golden.fields["dtype"]);
    spec = read_decoder_spec(folder.path());
    source = open_safetensors(folder.path().string());
  }
};

// The largest difference from the golden, as a fraction of the largest |logit|.
double deviation(const Golden& golden, const DecoderSpec& spec, const DecoderWeights& weights,
                 const std::vector<TokenId>& tokens) {
  CpuBackendOptions options;
  options.kv_bytes = std::int64_t{256} << 20;
  const auto backend = make_cpu_backend(spec, weights, options);
  const std::vector<float> ours = backend->logits(tokens);
  const auto vocab = static_cast<std::size_t>(golden.vocab());
  REQUIRE(ours.size() == tokens.size() * vocab);
  double largest = 0, worst = 0;
  std::size_t row = 0;
  for (const int position : golden.positions()) {
    for (std::size_t i = 0; i < vocab; ++i) {
      const double expected = golden.logits[row * vocab + i];
      const double found = ours[static_cast<std::size_t>(position) * vocab + i];
      largest = std::max(largest, std::abs(expected));
      worst = std::max(worst, std::abs(found - expected));
    }
    ++row;
  }
  return worst / largest;
}

double deviation(const Golden& golden, const Model& model) {
  return deviation(golden, model.spec, bind_weights(model.spec, *model.source), golden.tokens());
}

// How far a model with a changed spec is from the golden. Its tensors are those of the right model.
double deviation_of_spec(const Golden& golden, const std::function<void(DecoderSpec&)>& change) {
  const Model model(golden);
  const DecoderWeights weights = bind_weights(model.spec, *model.source);
  DecoderSpec changed = model.spec;
  change(changed);
  return deviation(golden, changed, weights, golden.tokens());
}

// The same for a model in which one tensor of the first layer has the same value everywhere.
double deviation_of_tensor(const Golden& golden, TensorView LayerWeights::*place, float value) {
  const Model model(golden);
  DecoderWeights weights = bind_weights(model.spec, *model.source);
  TensorView& view = weights.layers[0].*place;
  REQUIRE(view);
  const std::vector<float> values(static_cast<std::size_t>(view.elements()), value);
  view.dtype = DType::kF32;
  view.data = reinterpret_cast<const std::byte*>(values.data());
  return deviation(golden, model.spec, weights, golden.tokens());
}

}  // namespace

TEST_CASE("logits of short sequences match transformers for every architecture") {
  std::set<std::string> architectures;
  std::set<int> groups;
  for (const Golden& golden : load_goldens()) {
    const Model model(golden);
    architectures.insert(model.spec.architecture);
    groups.insert(model.spec.group());
    if (golden.fields["length"] > 1000) continue;
    INFO(golden.name());
    CHECK(deviation(golden, model) < kTolerance);
  }
  CHECK(architectures.size() == 3);
  CHECK(groups == std::set<int>{1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("logits beyond position 8192 match transformers with plain rope") {
  const Golden golden = golden_named("qwen2 group 6");
  CHECK(golden.positions().back() > 8192);
  CHECK(deviation(golden, Model(golden)) < kTolerance);
}

TEST_CASE("logits beyond position 8192 match transformers with q and k norms and tied embeddings") {
  const Golden golden = golden_named("qwen3 explicit head_dim tied");
  CHECK(deviation(golden, Model(golden)) < kTolerance);
}

TEST_CASE("logits beyond position 8192 match transformers with llama3 rope") {
  const Golden golden = golden_named("llama llama3 group 8");
  CHECK(deviation(golden, Model(golden)) < kTolerance);
}

TEST_CASE("logits beyond position 8192 match transformers with yarn") {
  const Golden golden = golden_named("llama yarn tied all biases");
  CHECK(deviation(golden, Model(golden)) < kTolerance);
}

TEST_CASE("a wrong theta does not pass for the model") {
  for (const char* name : {"qwen2 group 1", "qwen2 group 7", "qwen3 biases group 4"}) {
    INFO(name);
    CHECK(deviation_of_spec(golden_named(name), [](DecoderSpec& spec) {
            spec.rope.theta = spec.rope.theta > 1e5 ? 1e4 : 1e6;
          }) > 10 * kTolerance);
  }
}

TEST_CASE("wrong rope scaling does not pass for the model") {
  const Golden mscale = golden_named("llama yarn mscale");
  CHECK(deviation_of_spec(mscale, [](DecoderSpec& spec) { spec.rope.type = RopeType::kDefault; }) >
        10 * kTolerance);
  CHECK(deviation_of_spec(mscale, [](DecoderSpec& spec) { spec.rope.attention_factor = 1.0; }) >
        10 * kTolerance);
  CHECK(deviation_of_spec(mscale, [](DecoderSpec& spec) { spec.rope.yarn_truncate = true; }) >
        10 * kTolerance);
  CHECK(deviation_of_spec(mscale, [](DecoderSpec& spec) { spec.rope.beta_fast = 32; }) >
        10 * kTolerance);
}

TEST_CASE("a dropped bias does not pass for the model") {
  for (const auto place : {&LayerWeights::q_bias, &LayerWeights::k_bias, &LayerWeights::v_bias}) {
    CHECK(deviation_of_tensor(golden_named("qwen2 group 7"), place, 0.0f) > 10 * kTolerance);
    CHECK(deviation_of_tensor(golden_named("qwen3 biases group 4"), place, 0.0f) > 10 * kTolerance);
  }
  CHECK(deviation_of_tensor(golden_named("qwen3 biases group 4"), &LayerWeights::o_bias, 0.0f) >
        10 * kTolerance);
}

TEST_CASE("norms set to one do not pass for the model") {
  const Golden golden = golden_named("qwen3 biases group 4");
  for (const auto place : {&LayerWeights::input_norm, &LayerWeights::post_norm,
                           &LayerWeights::q_norm, &LayerWeights::k_norm})
    CHECK(deviation_of_tensor(golden, place, 1.0f) > 10 * kTolerance);
  CHECK(deviation_of_spec(golden, [](DecoderSpec& spec) { spec.rms_eps = 1e-3; }) >
        10 * kTolerance);
}

TEST_CASE("swapped positions of the context do not pass for the model") {
  const Golden golden = golden_named("qwen2 group 1");
  const Model model(golden);
  const DecoderWeights weights = bind_weights(model.spec, *model.source);
  std::vector<TokenId> tokens = golden.tokens();
  // The last logits follow positions 0 to 69; a page of 16 positions stands where another should.
  std::swap_ranges(tokens.begin(), tokens.begin() + 16, tokens.begin() + 16);
  Golden last = golden;
  last.fields["positions"] = {golden.positions().back()};
  last.logits.erase(last.logits.begin(), last.logits.end() - golden.vocab());
  CHECK(deviation(last, model.spec, weights, golden.tokens()) < kTolerance);
  CHECK(deviation(last, model.spec, weights, tokens) > 10 * kTolerance);
}
