#include "engine/cuda/kernels/read_memory.h"

#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::testing;

TEST_CASE("reading memory changes none of it, whatever its size") {
  if (!has_gpu()) return;
  for (const std::size_t count : {4, 4096, 1 << 20, (1 << 20) + 1044}) {
    CAPTURE(count);
    std::vector<std::uint32_t> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<std::uint32_t>(i * 2654435761u);
    const DeviceBuffer<std::uint32_t> memory(values), sink(1);
    cuda::read_memory(memory.get(), 4 * count, 7, sink.get(), nullptr);
    CHECK(same_bytes(memory.download(), values));
  }
}
