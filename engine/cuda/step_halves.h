// Which steps go in two halves of their rows, the attention of one beside the products of the other
// (Decoder::forward_in_halves). That reads the weights twice, and pays where products take much
// longer than reading them: many rows of a small model. Apart from CUDA, so that it is tested
// without a GPU.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/cuda/device.h"
#include "engine/decoder_spec.h"

namespace quorum::cuda {

// Multiprocessors that products keep: their blocks come in pairs, each within one group of
// multiprocessors, of which attention may leave single ones.
inline constexpr int kLeastBeside = 32;

// What the time of a step follows from.
struct StepCosts {
  double weight_bytes = 0;    // of a layer's products
  double position_bytes = 0;  // keys and values of a position in a layer
  double bandwidth = 0;       // bytes/s that kernels read
  double flops = 0;           // FLOP/s of products
  int layers = 0, multiprocessors = 0;
};

inline StepCosts step_costs(const DecoderSpec& spec, const Device& device) {
  constexpr double kOfBandwidth = 0.875;  // what is read of what the memory's clock and width give
  constexpr double kFlopsEach = 6e12;     // a multiprocessor's, as the card's power keeps them up
  const double heads = (spec.heads + spec.kv_heads) * spec.head_dim;
  return {2 * spec.hidden * (2 * heads + 3.0 * spec.intermediate),
          2.0 * static_cast<double>(spec.kv_elements_per_token()) / spec.layers,
          kOfBandwidth * device.memory_bytes_per_s,
          kFlopsEach * device.multiprocessors,
          spec.layers,
          device.multiprocessors};
}

// Seconds that a layer's four products compute, if they have so much of the device.
inline double compute_seconds(const StepCosts& costs, int rows, double share) {
  constexpr double kOfFlops = 0.87;
  const double flop = costs.weight_bytes * rows;  // a weight has two bytes, and two FLOP a row
  return flop / (kOfFlops * share * costs.flops);
}
// What they take with their starts and ends, and with reading W.
inline double product_seconds(const StepCosts& costs, int rows, double share) {
  constexpr double kEnds = 27e-6;
  return kEnds +
         std::max(costs.weight_bytes / costs.bandwidth, compute_seconds(costs, rows, share));
}

// The multiprocessors that attention should have beside products in a step of `rows` rows (padding
// included) that attend to `positions` positions in all; 0 where one after the other is better. An
// estimate, fitted to a 1.5B model on an H200 (docs/ENGINE.md); no bit depends on it.
inline int attention_beside_products(const StepCosts& costs, int rows, std::int64_t positions) {
  constexpr double kHandOver = 20e-6;  // from a half's last page to its products, and back
  constexpr double kWorthwhile = 0.965;
  // Where products compute for so large a part of the time, the card's power bounds both together.
  constexpr double kMostComputing = 0.35;
  constexpr int kTile = 64;                                                 // of rows
  if (rows % 2 != 0 || costs.multiprocessors / 2 < kLeastBeside) return 0;  // a slice of a GPU
  if (!(costs.bandwidth > 0)) return 0;                                     // a driver may not say
  const double kv = static_cast<double>(positions) * costs.position_bytes / costs.bandwidth;
  const double whole = kv + product_seconds(costs, rows, 1);
  if (compute_seconds(costs, rows, 1) > kMostComputing * whole) return 0;

  const int half_rows = (rows / 2 + kTile - 1) / kTile * kTile;
  const double memory = kv / 2 + costs.weight_bytes / costs.bandwidth;
  const double computed = product_seconds(costs, half_rows, 0.5);
  // A half's attention and products follow one another, beside the other half's. Unless memory is
  // what takes longest, power takes back what is won.
  const double chain = (memory + computed + kHandOver) / 2;
  if (memory < 1.03 * std::max(computed, chain)) return 0;
  // The last products have nothing beside them.
  const double in_halves = 2 * memory * costs.layers + product_seconds(costs, half_rows, 1);
  if (in_halves > kWorthwhile * whole * costs.layers) return 0;
  // One multiprocessor of each pair, which shares its way to the cache, brings all that memory
  // gives.
  return costs.multiprocessors / 2;
}

}  // namespace quorum::cuda
