// quorum perf attention: decode attention of one layer beside the read bandwidth of that moment.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "base/philox.h"
#include "cli/perf.h"
#include "cli/size.h"
#include "cli/stdio.h"
#include "engine/cuda_perf.h"

namespace quorum::cli {
namespace {

constexpr std::int64_t kCacheBytes = 20'000'000'000;

// Lengths of `batch` sequences with the mean `context`: equal, or evenly spread from a quarter to
// seven quarters of it.
std::vector<int> draw_lengths(int batch, int context, bool ragged) {
  std::vector<int> lengths(static_cast<std::size_t>(batch), context);
  if (!ragged) return lengths;
  PhiloxStream random(static_cast<std::uint64_t>(batch) << 32 |
                      static_cast<std::uint64_t>(context));
  const int least = std::max(1, context / 4);
  for (int& length : lengths)
    length = least + static_cast<int>(random.below(
                         static_cast<std::uint32_t>(std::max(1, context * 7 / 4 - least))));
  return lengths;
}

}  // namespace

int perf_attention(const PerfOptions& options) {
  const int device = perf_gpu(options);
  const PerfModel model = perf_model(options, "7b");
  const AttentionShape shape{model.spec.heads, model.spec.kv_heads, model.spec.head_dim};
  const auto batches = options.batches.empty() ? std::vector{64, 256} : options.batches;
  const auto contexts =
      options.contexts.empty() ? std::vector{2048, 8192, 32768} : options.contexts;
  const CudaDeviceInfo info = cuda_devices(true).at(static_cast<std::size_t>(device));
  const double bandwidth = measure_read_bandwidth(device);

  nlohmann::ordered_json json{{"model", model.name},
                              {"device", info.name},
                              {"heads", shape.heads},
                              {"kv_heads", shape.kv_heads},
                              {"head_dim", shape.head_dim},
                              {"read_bandwidth", bandwidth},
                              {"cases", nlohmann::ordered_json::array()}};
  std::string text = fmt::format(
      "{}: {} query heads on {} KV heads of {} (groups of {}); {} reads {:.3f} TB/s\n", model.name,
      shape.heads, shape.kv_heads, shape.head_dim, model.spec.group(), info.name, bandwidth / 1e12);
  text += fmt::format("{:>6} {:>8} {:>7} {:>10} {:>10} {:>7} {:>6}\n", "batch", "context",
                      "lengths", "KV read", "time", "TB/s", "share");
  struct Case {
    int batch, context;
    std::int64_t bytes;
  };
  std::vector<Case> cases;
  std::vector<std::vector<int>> lengths_of_cases;
  for (const int context : contexts) {
    for (const int batch : batches) {
      const std::vector<int> lengths = draw_lengths(batch, context, options.ragged);
      const auto bytes = std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0}) *
                         shape.kv_bytes_per_token();
      if (bytes > info.free_bytes) {
        remark(options.common.quiet, fmt::format("batch {} with context {} is left out: its KV of "
                                                 "{} is more than the device has free",
                                                 batch, context, format_size(double(bytes))));
        continue;
      }
      cases.push_back({batch, context, bytes});
      lengths_of_cases.push_back(lengths);
    }
  }
  const std::vector<AttentionCost> costs = measure_decode_attention(
      device, shape, lengths_of_cases, options.model.kv_memory.value_or(kCacheBytes));
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& [batch, context, bytes] = cases[i];
    const double rate = static_cast<double>(bytes) / costs[i].seconds;
    json["cases"].push_back({{"batch", batch},
                             {"context", context},
                             {"ragged", options.ragged},
                             {"kv_bytes", bytes},
                             {"cache_bytes", costs[i].cache_bytes},
                             {"seconds", costs[i].seconds},
                             {"bytes_per_second", rate},
                             {"share_of_bandwidth", rate / bandwidth}});
    text +=
        fmt::format("{:>6} {:>8} {:>7} {:>7.2f} GB {:>7.1f} us {:>7.3f} {:>4.1f} %\n", batch,
                    context, options.ragged ? "ragged" : "equal", static_cast<double>(bytes) / 1e9,
                    1e6 * costs[i].seconds, rate / 1e12, 100 * rate / bandwidth);
  }
  write_data({}, options.common.json ? json.dump(2) + "\n" : text);
  return 0;
}

}  // namespace quorum::cli
