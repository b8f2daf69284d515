// quorum perf: achieved speed beside the machine's limit.
#include "base/error.h"
#include "cli/perf.h"

namespace quorum::cli {

int perf_verb(const PerfOptions& options) {
  if (options.action == "attention") return perf_attention(options);
  if (options.action == "gemm") return perf_gemm(options);
  if (options.action == "load") return perf_load(options);
  if (options.action == "math") return perf_math(options);
  if (options.action == "sandbox") return perf_sandbox(options);
  QUORUM_CHECK(options.action == "engine");
  return perf_engine(options);
}

}  // namespace quorum::cli
