// Models, requests and options that the tests of the whole backend share.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/philox.h"
#include "engine/cuda_backend.h"
#include "engine/engine.h"

namespace quorum::testing {

inline DecoderSpec small_spec() {
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
inline std::vector<DecoderSpec> various_specs() {
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
  distill.vocab = 1100;
  specs.push_back(distill);
  DecoderSpec wide_heads = qwen3;  // wide enough that products do all between them
  wide_heads.hidden = 1024;
  wide_heads.layers = 2;
  wide_heads.heads = 8;
  wide_heads.intermediate = 1536;
  wide_heads.vocab = 1500;
  wide_heads.tied_embeddings = false;
  wide_heads.o_bias = true;
  specs.insert(specs.end() - 1, wide_heads);
  return specs;
}

inline CudaBackendOptions options_with(int slots, std::int64_t kv_bytes = 64 << 20) {
  CudaBackendOptions options;
  options.slots = slots;
  options.kv_bytes = kv_bytes;
  return options;
}

inline std::int64_t page_bytes(const DecoderSpec& spec) {
  return 2 * 64 * spec.kv_elements_per_token();
}

inline std::vector<TokenId> random_tokens(int count, int vocab, std::uint64_t seed) {
  PhiloxStream random(seed);
  std::vector<TokenId> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(random.between(0, vocab - 1));
  return tokens;
}

// Prompts with siblings; limits and stop ids that end samples early and late; several temperatures.
inline std::vector<EngineRequest> make_requests(const DecoderSpec& spec,
                                                const std::vector<int>& prompts, int siblings,
                                                int longest) {
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
    if (view && name.find(part_) != std::string::npos) {
      view.data = reinterpret_cast<const std::byte*>(values_.data());
      view.file = nullptr;
    }
    return view;
  }

 private:
  const WeightSource& inner_;
  std::string part_;
  std::vector<std::uint16_t> values_;
};

}  // namespace quorum::testing
