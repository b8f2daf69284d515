// What a decode step must cost at least on a device: the roofline model of Williams, Waterman and
// Patterson (2009), applied to a decoder in bf16. A step reads every weight of its products once
// and the keys and values of every running sequence; it computes two operations a weight and row.
#pragma once

#include <cstdint>

#include "engine/decoder_spec.h"
#include "engine/perf_workload.h"

namespace quorum {

// What bounds a device.
struct DeviceLimits {
  double read_bytes_per_second = 0;  // device memory, read only
  double flop_per_second = 0;        // dense bf16 products, fp32 accumulation
  bool measured = false;             // on this device in this process; else given or from a table
};

// Bytes of the weights that a step reads: all products with lm_head, not the embedding's rows.
double step_weight_bytes(const DecoderSpec& spec);
// Bytes of keys and values of one token in all layers.
double kv_bytes_per_token(const DecoderSpec& spec);

// Ideal seconds of one product of (rows, columns) weights with `batch` rows of activations, of all
// products of a step, and of reading `bytes` (of keys and values, in attention).
double ideal_product_s(double rows, double columns, int batch, const DeviceLimits& limits);
double ideal_products_s(const DecoderSpec& spec, int batch, const DeviceLimits& limits);
double ideal_read_s(double bytes, const DeviceLimits& limits);

// Ideal seconds of a whole workload whose sequences are all admitted at once and whose prompts cost
// nothing. Row i of a sample with a prompt of p tokens reads p + i positions, 0 < i <= its length,
// the mean of i over a stretch of steps from a to b taken as (a + b) / 2.
struct Roofline {
  // Products, then attention, one after the other in each layer.
  double serial_s = 0;
  // Both at once on one memory system: max(all bytes / bandwidth, all operations / rate) in each
  // step. No engine can be faster.
  double overlapped_s = 0;
  double products_s = 0, attention_s = 0;  // parts of serial_s
};
Roofline workload_roofline(const DecoderSpec& spec, const PerfWorkload& work,
                           const DeviceLimits& limits);

}  // namespace quorum
