// What a run's numbers came from, as JSON for the store and for reports.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "harness/generator.h"
#include "harness/task.h"

namespace quorum {

// What is known of a machine without naming it.
struct MachineInfo {
  std::string cpu;          // model name
  int cores = 0;            // logical, that this process may use
  std::int64_t memory = 0;  // bytes
  std::string kernel;       // "Linux 6.1.0"
  std::string host_hash;    // 12 hex digits: tells machines apart
};
MachineInfo this_machine();

// JSON with the sections benchmarks (name, dataset hash, prompt variant and hash, grader version,
// policy, queries, partial), model (name, checkpoint hash and whether it is sampled, template hash,
// engine, tensor parallel degree, numerics fingerprint, context, description), sampling, think,
// samples, build, machine, sandbox (`sandbox_json`: where programs are run; null: nowhere), and the
// time as ISO 8601 in UTC.
std::string make_manifest(std::span<const Benchmark> benchmarks, const GeneratorIdentity& generator,
                          const SamplingSettings& sampling, const std::string& think, int samples,
                          std::int64_t unix_time, const std::string& sandbox_json = "null");

}  // namespace quorum
