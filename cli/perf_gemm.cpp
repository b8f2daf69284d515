// quorum perf gemm: the products of a decode step beside what reading or computing takes.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/device_limits.h"
#include "cli/perf.h"
#include "cli/stdio.h"
#include "engine/cuda_perf.h"

namespace quorum::cli {

int perf_gemm(const PerfOptions& options) {
  const int device = perf_gpu(options);
  const PerfModel model = perf_model(options, "7b");
  const auto batches = options.batches.empty() ? std::vector{64, 256} : options.batches;
  const NamedLimits named = device_limits(device, options.bandwidth, options.flops);
  const DeviceLimits& limits = named.limits;

  nlohmann::ordered_json json{{"model", model.name},
                              {"device", cuda_devices().at(static_cast<std::size_t>(device)).name},
                              {"limits",
                               {{"bandwidth", limits.read_bytes_per_second},
                                {"flops", limits.flop_per_second},
                                {"measured", limits.measured}}},
                              {"steps", nlohmann::ordered_json::array()}};
  std::string text =
      fmt::format("{}: ideal at {:.3f} TB/s and {:.0f} TFLOP/s ({})\n", model.name,
                  limits.read_bytes_per_second / 1e12, limits.flop_per_second / 1e12, named.origin);
  text += fmt::format("{:>6} {:>10} {:>7} {:>7} {:>5} {:>10} {:>10} {:>7}\n", "batch", "product",
                      "rows", "columns", "times", "a step", "ideal", "share");
  const auto measured = measure_products(device, model.spec, batches);
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const int batch = batches[i];
    nlohmann::ordered_json products = nlohmann::ordered_json::array();
    double step = 0;
    for (const ProductCost& cost : measured[i]) {
      const double seconds = cost.times * cost.seconds;
      const double ideal = cost.times * ideal_product_s(cost.rows, cost.columns, batch, limits);
      step += seconds;
      products.push_back({{"name", cost.name},
                          {"rows", cost.rows},
                          {"columns", cost.columns},
                          {"times", cost.times},
                          {"seconds", cost.seconds},
                          {"share_of_ideal", ideal / seconds}});
      text += fmt::format("{:>6} {:>10} {:>7} {:>7} {:>5} {:>7.3f} ms {:>7.3f} ms {:>5.1f} %\n",
                          batch, cost.name, cost.rows, cost.columns, cost.times, 1e3 * seconds,
                          1e3 * ideal, 100 * ideal / seconds);
    }
    const double ideal = ideal_products_s(model.spec, batch, limits);
    json["steps"].push_back({{"batch", batch},
                             {"seconds", step},
                             {"ideal_seconds", ideal},
                             {"share_of_ideal", ideal / step},
                             {"products", products}});
    text += fmt::format("{:>6} {:>10} {:>21} {:>7.3f} ms {:>7.3f} ms {:>5.1f} %\n", batch, "all",
                        "", 1e3 * step, 1e3 * ideal, 100 * ideal / step);
  }
  write_data({}, options.common.json ? json.dump(2) + "\n" : text);
  return 0;
}

}  // namespace quorum::cli
