// The CUDA backend as a whole: logits beside the CPU's, and samples that are the same bits whatever
// happens around them.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/philox.h"
#include "engine/cpu_backend.h"
#include "engine/cuda_backend.h"
#include "engine/engine.h"
#include "gpu/gpu.h"
#include "support/catch.h"
#include "support/engine_runs.h"
#include "support/test_data.h"

using namespace quorum;
using quorum::testing::has_gpu;
using quorum::testing::require_equal;
using quorum::testing::Run;
using quorum::testing::run_all;

namespace {

DecoderSpec small_spec() {
  DecoderSpec spec;
  spec.architecture = "Test";
  spec.hidden = 256;
  spec.layers = 3;
  spec.heads = 4;
  spec.kv_heads = 2;
  spec.head_dim = 64;
  spec.intermediate = 512;
  spec.vocab = 800;
  spec.max_positions = 2048;
  spec.qkv_bias = true;
  return spec;
}

// What distinguishes the architectures, and shapes that are no powers of two.
std::vector<DecoderSpec> various_specs() {
  std::vector<DecoderSpec> specs{small_spec()};
  DecoderSpec llama = small_spec();
  llama.qkv_bias = false;
  llama.heads = 8;
  llama.kv_heads = 1;
  llama.rope = {RopeType::kLlama3, 500000, 8, 1, 4, 1024};
  specs.push_back(llama);
  DecoderSpec qwen3 = small_spec();
  qwen3.qkv_bias = false;
  qwen3.qk_norm = true;
  qwen3.head_dim = 128;  // not hidden / heads
  qwen3.heads = 6;
  qwen3.tied_embeddings = true;
  specs.push_back(qwen3);
  DecoderSpec biased = small_spec();
  biased.o_bias = biased.mlp_bias = true;
  biased.vocab = 203;
  biased.hidden = 200;  // no multiple of 64: the products go another way
  biased.intermediate = 328;
  specs.push_back(biased);
  DecoderSpec distill = small_spec();  // the 7B distill's widths, few layers
  distill.hidden = 3584;
  distill.layers = 2;
  distill.heads = 28;
  distill.kv_heads = 4;
  distill.head_dim = 128;
  distill.intermediate = 1024;
  distill.vocab = 1000;
  specs.push_back(distill);
  return specs;
}

CudaBackendOptions options_with(int slots, std::int64_t kv_bytes = 64 << 20) {
  CudaBackendOptions options;
  options.slots = slots;
  options.kv_bytes = kv_bytes;
  return options;
}

std::int64_t page_bytes(const DecoderSpec& spec) { return 2 * 64 * spec.kv_elements_per_token(); }

std::vector<TokenId> random_tokens(int count, int vocab, std::uint64_t seed) {
  PhiloxStream random(seed);
  std::vector<TokenId> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(random.between(0, vocab - 1));
  return tokens;
}

// Prompts with siblings; limits and stop ids that end samples early and late; several temperatures.
std::vector<EngineRequest> make_requests(const DecoderSpec& spec, const std::vector<int>& prompts,
                                         int siblings, int longest) {
  PhiloxStream random(3);
  std::vector<EngineRequest> requests;
  for (const int length : prompts) {
    const auto prompt = std::make_shared<const std::vector<TokenId>>(
        random_tokens(length, spec.vocab, static_cast<std::uint64_t>(length)));
    for (int sibling = 0; sibling < siblings; ++sibling) {
      EngineRequest request;
      request.id = requests.size();
      request.prompt = prompt;
      request.sampling.temperature = sibling == 4 ? 0.0 : 0.6 + 0.3 * sibling;
      request.sampling.top_p = sibling == 3 ? 1.0 : 0.95;
      request.sample_key = 1000 + request.id;
      request.max_tokens = random.between(longest / 2, longest);
      if (sibling % 2 == 0)
        request.stop_ids = {random.between(0, spec.vocab - 1), random.between(0, spec.vocab - 1)};
      requests.push_back(std::move(request));
    }
  }
  return requests;
}

// Weights of which the tensors with this in their name hold one bf16 value throughout.
class ReplacedWeights final : public WeightSource {
 public:
  ReplacedWeights(const WeightSource& inner, std::string part, std::uint16_t value)
      : inner_(inner), part_(std::move(part)) {
    std::size_t most = 0;
    for (const std::string& name : inner.names())
      if (name.find(part_) != std::string::npos)
        most = std::max(most, static_cast<std::size_t>(inner.find(name).elements()));
    values_.assign(most, value);
  }
  std::vector<std::string> names() const override { return inner_.names(); }
  std::string file_of(const std::string& name) const override { return inner_.file_of(name); }
  TensorView find(const std::string& name) const override {
    TensorView view = inner_.find(name);
    if (view && name.find(part_) != std::string::npos)
      view.data = reinterpret_cast<const std::byte*>(values_.data());
    return view;
  }

 private:
  const WeightSource& inner_;
  std::string part_;
  std::vector<std::uint16_t> values_;
};

constexpr double kTolerance = 0.1;  // of logits, relative to the root of their squares
const std::vector<int> kPositions{0, 1, 7, 8, 62, 63, 64, 511, 1023, 1024, 1025, 1099};

using Logits = std::map<int, std::vector<float>>;

Logits logits_of(Backend& backend, const DecoderSpec& spec) {
  Logits all;
  backend.logits(random_tokens(1100, spec.vocab, 5), kPositions,
                 [&](int position, std::span<const float> row) {
                   all[position].assign(row.begin(), row.end());
                 });
  return all;
}

// The largest relative difference over the positions.
double difference(const Logits& some, const Logits& others) {
  REQUIRE(some.size() == others.size());
  double worst = 0;
  for (const auto& [position, row] : some) {
    const std::vector<float>& other = others.at(position);
    REQUIRE(row.size() == other.size());
    double error = 0, norm = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      error += std::pow(static_cast<double>(row[i]) - static_cast<double>(other[i]), 2);
      norm += std::pow(static_cast<double>(other[i]), 2);
    }
    const double relative = std::sqrt(error / norm);
    worst = relative <= worst ? worst : relative;  // NaN counts
  }
  return worst;
}

}  // namespace

TEST_CASE("Logits of the GPU are those of the CPU up to the rounding of bf16", "[gpu]") {
  if (!has_gpu()) return;
  for (const DecoderSpec& spec : various_specs()) {
    INFO("hidden " << spec.hidden << ", heads " << spec.heads << ", vocab " << spec.vocab);
    const auto source = make_random_weights(spec, 7);
    const auto cuda = make_cuda_backend(spec, *source, options_with(8));
    const auto cpu = make_cpu_backend(spec, bind_weights(spec, *source), {});
    const Logits seen = logits_of(*cuda, spec);
    CHECK(seen.size() == kPositions.size());
    CHECK(difference(seen, logits_of(*cpu, spec)) < kTolerance);
  }
}

TEST_CASE("The tolerance between GPU and CPU notices mistakes") {
  for (const DecoderSpec& spec : various_specs()) {
    if (spec.hidden > 1000) continue;  // slow on a CPU
    INFO("hidden " << spec.hidden << ", heads " << spec.heads << ", vocab " << spec.vocab);
    const auto source = make_random_weights(spec, 7);
    const auto run = [](const DecoderSpec& s, const WeightSource& weights) {
      return logits_of(*make_cpu_backend(s, bind_weights(s, weights), {}), s);
    };
    const Logits right = run(spec, *source);
    DecoderSpec theta = spec;
    theta.rope.theta *= 100;
    CHECK(difference(run(theta, *source), right) > 2 * kTolerance);
    for (const auto& [part, value] : std::vector<std::pair<std::string, std::uint16_t>>{
             {"layernorm.weight", 0x3F80}, {"_norm.weight", 0x3F80}, {"bias", 0}}) {
      bool there = false;
      for (const std::string& name : source->names()) there |= name.find(part) != std::string::npos;
      if (!there) continue;
      INFO(part);
      CHECK(difference(run(spec, ReplacedWeights(*source, part, value)), right) > 2 * kTolerance);
    }
  }
}

TEST_CASE("GPU samples are the same bits for all batches and orders and graphs and swaps",
          "[gpu]") {
  if (!has_gpu()) return;
  std::int64_t restarts = 0, swaps_out = 0, swaps_in = 0;
  for (const DecoderSpec& spec : various_specs()) {
    INFO("hidden " << spec.hidden << ", heads " << spec.heads << ", vocab " << spec.vocab);
    const auto source = make_random_weights(spec, 11);
    const auto requests = make_requests(spec, {1, 2, 64, 65, 129, 300, 40}, 5, 150);
    const auto open = [&](const CudaBackendOptions& options) {
      return make_cuda_backend(spec, *source, options);
    };
    const Run alone = run_all(*open(options_with(1)), requests);
    bool stopped = false, cut = false;
    for (const auto& [id, completion] : alone.completions) {
      stopped |= completion.end == SequenceEnd::kStop;
      cut |= completion.end == SequenceEnd::kLength;
    }
    CHECK(stopped);
    CHECK(cut);
    const auto wide = open(options_with(64));
    require_equal(run_all(*wide, requests), alone);
    require_equal(run_all(*wide, requests, 4), alone);
    require_equal(run_all(*open(options_with(7)), requests, 3), alone);

    CudaBackendOptions eager = options_with(64);
    eager.graphs = false;
    require_equal(run_all(*open(eager), requests), alone);

    CudaBackendOptions tight = options_with(64, 18 * page_bytes(spec));
    const Run restarted = run_all(*open(tight), requests);
    require_equal(restarted, alone);
    restarts += restarted.stats.preemptions;
    tight.swap_bytes = 64 * page_bytes(spec);
    const Run swapped = run_all(*open(tight), requests);
    require_equal(swapped, alone);
    swaps_out += swapped.stats.swaps_out;
    swaps_in += swapped.stats.swaps_in;
    require_equal(run_all(*open(tight), requests, 5), alone);
  }
  CHECK(restarts > 0);
  CHECK(swaps_out > 0);
  CHECK(swaps_in > 0);
}

TEST_CASE("Samples beyond 8,192 positions of the 7B shape do not depend on batch or swaps",
          "[gpu]") {
  if (!has_gpu()) return;
  DecoderSpec spec = various_specs().back();
  spec.max_positions = 16384;
  spec.intermediate = 18944;
  spec.vocab = 8000;
  const auto requests = make_requests(spec, {8190, 8300, 9300, 50}, 3, 90);
  const auto open = [&](const CudaBackendOptions& options) {
    return make_cuda_backend_random(spec, 5, options);
  };
  const Run alone = run_all(*open(options_with(1, std::int64_t{2} << 30)), requests);
  const auto wide = open(options_with(512, std::int64_t{4} << 30));
  require_equal(run_all(*wide, requests), alone);
  require_equal(run_all(*wide, requests, 9), alone);
  CudaBackendOptions tight = options_with(64, 330 * page_bytes(spec));
  tight.swap_bytes = 2000 * page_bytes(spec);
  require_equal(run_all(*open(tight), requests, 2), alone);
}

namespace {

// Weights of a checkpoint that was saved in other formats: norms, or everything, as F32.
class WidenedWeights final : public WeightSource {
 public:
  WidenedWeights(const WeightSource& inner, bool matrices_too) : inner_(inner) {
    for (const std::string& name : inner.names()) {
      const TensorView view = inner.find(name);
      if (view.shape.size() > 1 && !matrices_too) continue;
      std::vector<std::uint16_t> halves(static_cast<std::size_t>(view.elements()));
      std::memcpy(halves.data(), view.data, 2 * halves.size());
      std::vector<std::uint32_t>& wide = wide_[name];
      for (const std::uint16_t half : halves) wide.push_back(std::uint32_t{half} << 16);
    }
  }
  std::vector<std::string> names() const override { return inner_.names(); }
  std::string file_of(const std::string& name) const override { return inner_.file_of(name); }
  TensorView find(const std::string& name) const override {
    TensorView view = inner_.find(name);
    const auto wide = wide_.find(name);
    if (wide == wide_.end()) return view;
    view.dtype = DType::kF32;
    view.data = reinterpret_cast<const std::byte*>(wide->second.data());
    return view;
  }

 private:
  const WeightSource& inner_;
  std::map<std::string, std::vector<std::uint32_t>> wide_;
};

}  // namespace

TEST_CASE("A checkpoint gives the same samples whatever formats its tensors are saved in",
          "[gpu]") {
  if (!has_gpu()) return;
  for (const DecoderSpec& spec : various_specs()) {
    INFO("hidden " << spec.hidden << ", heads " << spec.heads << ", vocab " << spec.vocab);
    const auto source = make_random_weights(spec, 21);
    const auto requests = make_requests(spec, {30, 90}, 2, 40);
    const Run expected = run_all(*make_cuda_backend(spec, *source, options_with(8)), requests);
    for (const bool matrices_too : {false, true}) {
      const WidenedWeights wide(*source, matrices_too);
      require_equal(run_all(*make_cuda_backend(spec, wide, options_with(8)), requests), expected);
    }
  }
}

TEST_CASE("Logits of early positions do not need those behind them", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto source = make_random_weights(spec, 6);
  const auto backend = make_cuda_backend(spec, *source, options_with(4));
  const std::vector<TokenId> tokens = random_tokens(1500, spec.vocab, 8);
  std::map<int, std::vector<float>> of_all;
  backend->logits(tokens, std::vector<int>{0, 70, 1499},
                  [&](int position, auto row) { of_all[position].assign(row.begin(), row.end()); });
  backend->logits(tokens, std::vector<int>{0, 70}, [&](int position, auto row) {
    CHECK(std::equal(row.begin(), row.end(), of_all.at(position).begin()));
  });
  backend->logits(tokens, {}, [&](int, auto) { FAIL("no position was asked for"); });
}

TEST_CASE("The greedy token is the largest logit that probing shows", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto source = make_random_weights(spec, 2);
  const auto backend = make_cuda_backend(spec, *source, options_with(4));
  auto requests = make_requests(spec, {70}, 1, 60);
  requests[0].sampling.temperature = 0;
  requests[0].stop_ids.clear();
  const Run run = run_all(*backend, requests);
  const std::vector<TokenId>& made = run.completions.at(0).tokens;
  std::vector<TokenId> text = *requests[0].prompt;
  text.insert(text.end(), made.begin(), made.end());
  std::vector<int> positions;
  for (std::size_t i = 0; i < made.size(); ++i) positions.push_back(static_cast<int>(69 + i));
  backend->logits(text, positions, [&](int position, std::span<const float> row) {
    const auto largest = std::max_element(row.begin(), row.end()) - row.begin();
    CHECK(largest == made.at(static_cast<std::size_t>(position - 69)));
  });
}

TEST_CASE("What tuning kept on disk changes no bit, not even where it is damaged", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto source = make_random_weights(spec, 4);
  const auto requests = make_requests(spec, {30, 90}, 3, 60);
  const Run expected = run_all(*make_cuda_backend(spec, *source, options_with(8)), requests);
  const quorum::testing::ScratchFolder scratch;
  CudaBackendOptions options = options_with(8);
  options.cache = scratch.path();
  const auto runs = [&] { return run_all(*make_cuda_backend(spec, *source, options), requests); };
  require_equal(runs(), expected);  // writes the file
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch.path()))
    if (entry.is_regular_file()) files.push_back(entry.path());
  REQUIRE(files.size() == 1);
  require_equal(runs(), expected);  // reads it
  std::string text = read_file(files[0]);
  for (std::size_t i = 40; i < text.size(); i += 97) text[i] = 'z';
  write_file_atomic(files[0], text);
  require_equal(runs(), expected);
  std::filesystem::remove(files[0]);
  std::filesystem::create_directory(files[0]);  // cannot be read, nor written
  require_equal(runs(), expected);
}

TEST_CASE("Weights made on the device give the samples of weights that were copied", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto requests = make_requests(spec, {30, 90}, 3, 60);
  const auto source = make_random_weights(spec, 1);
  const auto copied = make_cuda_backend(spec, *source, options_with(8));
  const auto made = make_cuda_backend_random(spec, 1, options_with(8));
  require_equal(run_all(*made, requests), run_all(*copied, requests));
  CHECK(made->fingerprint() == copied->fingerprint());
}

TEST_CASE("A NaN among the logits ends the run with the position and no token", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto whole = make_random_weights(spec, 1);
  const ReplacedWeights broken(*whole, "model.norm.weight", 0x7FC0);
  const auto backend = make_cuda_backend(spec, broken, options_with(8));
  try {
    run_all(*backend, make_requests(spec, {30}, 2, 60));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kData);
    CHECK(error.message().find("position 29") != std::string::npos);
  }
}

TEST_CASE("What a GPU cannot do is refused with a way out", "[gpu]") {
  if (!has_gpu()) return;
  const DecoderSpec spec = small_spec();
  const auto source = make_random_weights(spec, 1);
  const auto kind_of = [&](const DecoderSpec& s, const CudaBackendOptions& options) {
    try {
      make_cuda_backend(s, *source, options);
    } catch (const Error& error) {
      CHECK_FALSE(error.hint().empty());
      return error.kind();
    }
    return ErrorKind::kInternal;
  };
  CudaBackendOptions missing = options_with(8);
  missing.device = 99;
  CHECK(kind_of(spec, missing) == ErrorKind::kEnvironment);
  CHECK(kind_of(spec, options_with(8, 1000)) == ErrorKind::kEnvironment);
  CHECK(kind_of(spec, options_with(8, std::int64_t{1} << 50)) == ErrorKind::kEnvironment);
  CHECK(kind_of(spec, options_with(100000)) == ErrorKind::kUsage);
  DecoderSpec odd = spec;
  odd.head_dim = 32;
  odd.heads = 8;
  const auto odd_source = make_random_weights(odd, 1);
  CHECK_THROWS_AS(make_cuda_backend(odd, *odd_source, options_with(8)), Error);
}
