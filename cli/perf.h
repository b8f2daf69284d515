// What the parts of `quorum perf` share.
#pragma once

#include <filesystem>
#include <string>

#include "cli/options.h"
#include "engine/decoder_spec.h"

namespace quorum::cli {

// The model that a measurement runs.
struct PerfModel {
  std::string name;  // for people
  DecoderSpec spec;
  std::filesystem::path directory;  // of its checkpoint; empty: random weights
};
// From --model, --random-weights or --model-shape, of which one may be given; else `fallback`, a
// checkpoint's name or a known shape. Throws Error.
PerfModel perf_model(const PerfOptions& options, const std::string& fallback);

// The index of a GPU that can be used. Throws Error(kUsage) for the CPU, Error(kEnvironment) when
// it cannot.
int perf_gpu(const PerfOptions& options);

int perf_engine(const PerfOptions& options);
int perf_attention(const PerfOptions& options);
int perf_gemm(const PerfOptions& options);
int perf_load(const PerfOptions& options);
int perf_math(const PerfOptions& options);
int perf_sandbox(const PerfOptions& options);

}  // namespace quorum::cli
