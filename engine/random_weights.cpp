#include "engine/random_weights.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/error.h"
#include "engine/tensor_names.h"

namespace quorum {
namespace {

constexpr double kQueryKeyScale =
    2.0;  // scores then have the standard deviation 4: attention is peaked

std::uint64_t fnv1a(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001b3ull;
  return hash;
}

RandomTensor distribution_of(const TensorPlan& plan, const DecoderSpec& spec) {
  const auto uniform = [](double deviation) {
    return static_cast<float>(std::sqrt(3.0) * deviation);
  };
  const double by_fan_in = 1.0 / std::sqrt(static_cast<double>(plan.shape.back()));
  switch (plan.role) {
    case TensorRole::kEmbedding: return {0, 0, uniform(spec.tied_embeddings ? by_fan_in : 1.0)};
    case TensorRole::kMatrix:
    case TensorRole::kHead: return {0, 0, uniform(by_fan_in)};
    case TensorRole::kQueryKey: return {0, 0, uniform(by_fan_in * kQueryKeyScale)};
    case TensorRole::kNorm: return {0, 1.0f, 0.2f};
    case TensorRole::kQueryKeyNorm: return {0, kQueryKeyScale, 0.4f};
    case TensorRole::kBias: return {0, 0, 0.2f};
  }
  return {};
}

void fill(std::uint16_t* out, std::int64_t begin, std::int64_t end, RandomTensor tensor) {
  std::uint16_t values[kRandomValues];
  for (std::int64_t i = begin; i < end; i += kRandomValues) {
    random_values(tensor, i / kRandomValues, values);
    std::copy_n(values, std::min<std::int64_t>(kRandomValues, end - i), out + i);
  }
}

void fill_parallel(std::uint16_t* out, std::int64_t count, RandomTensor tensor) {
  constexpr std::int64_t kPerThread = 1 << 20;
  const std::int64_t cores = std::max(1u, std::thread::hardware_concurrency());
  const std::int64_t threads = std::clamp<std::int64_t>(count / kPerThread, 1, cores);
  const std::int64_t part = (count / threads + 7) / 8 * 8;
  std::vector<std::jthread> pool;
  for (std::int64_t begin = part; begin < count; begin += part)
    pool.emplace_back(fill, out, begin, std::min(begin + part, count), tensor);
  fill(out, 0, std::min(part, count), tensor);
}

class RandomWeights : public WeightSource {
 public:
  RandomWeights(const DecoderSpec& spec, std::uint64_t seed) : spec_(spec), seed_(seed) {
    double bytes = 0;
    for (TensorPlan& plan : plan_tensors(spec)) {
      double size = 2;
      for (const std::int64_t dimension : plan.shape) size *= static_cast<double>(dimension);
      bytes += size;
      plans_.emplace(plan.name, plan);
    }
    const double memory = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
                          static_cast<double>(::sysconf(_SC_PAGESIZE));
    if (bytes > memory)
      throw Error(ErrorKind::kEnvironment,
                  "random weights of this model need " + gigabytes(bytes) + " of memory",
                  "the machine has " + gigabytes(memory),
                  "use a config.json with fewer or smaller layers");
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [name, plan] : plans_) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string file_of(const std::string&) const override { return ""; }

  TensorView find(const std::string& name) const override {
    const auto found = plans_.find(name);
    if (found == plans_.end()) return {};
    TensorView view{DType::kBF16, found->second.shape, nullptr};
    const std::lock_guard lock(mutex_);
    auto& values = made_[name];
    if (!values) {
      const std::int64_t count = view.elements();
      values = std::make_unique_for_overwrite<std::uint16_t[]>(static_cast<std::size_t>(count));
      fill_parallel(values.get(), count, random_tensor(found->second, spec_, seed_));
    }
    view.data = reinterpret_cast<const std::byte*>(values.get());
    return view;
  }

 private:
  static std::string gigabytes(double bytes) {
    return std::to_string(static_cast<long long>(bytes / 1e9) + 1) + " GB";
  }

  DecoderSpec spec_;
  std::uint64_t seed_;
  std::unordered_map<std::string, TensorPlan> plans_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::unique_ptr<std::uint16_t[]>> made_;
};

}  // namespace

RandomTensor random_tensor(const TensorPlan& plan, const DecoderSpec& spec, std::uint64_t seed) {
  RandomTensor tensor = distribution_of(plan, spec);
  tensor.key = fnv1a(plan.name) ^ (seed * 0x9E3779B97F4A7C15ull);
  return tensor;
}

std::unique_ptr<WeightSource> make_random_weights(const DecoderSpec& spec, std::uint64_t seed) {
  return std::make_unique<RandomWeights>(spec, seed);
}

}  // namespace quorum
