// Copies of KV pages, compared element by element with what they should leave.
#include "engine/cuda/kernels/page_copy.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing;

namespace {

using Bf16 = __nv_bfloat16;
constexpr int kLayers = 3;
constexpr KvLayout kLayouts[] = {{9, 4, 128}, {9, 8, 128}, {9, 1, 64}, {11, 3, 64}};

}  // namespace

TEST_CASE("a page copy takes the first positions of all layers and nothing else") {
  if (!has_gpu()) return;
  for (const KvLayout& layout : kLayouts) {
    const std::vector<Bf16> before = random_bf16(kLayers * layout.layer(), 1);
    const std::vector<PageCopy> copies{{0, 8, 64}, {0, 3, 1}, {5, 1, 17}, {4, 2, 63}, {4, 7, 5}};
    const DeviceBuffer<Bf16> cache(before);
    const DeviceBuffer<PageCopy> list(copies);
    copy_pages(list.get(), 5, kLayers, layout, cache.get(), nullptr);
    copy_pages(list.get(), 0, kLayers, layout, cache.get(), nullptr);
    std::vector<Bf16> expected = before;
    for (const PageCopy& copy : copies)
      for (int layer = 0; layer < kLayers; ++layer)
        for (int tile = 0; tile < 2 * layout.kv_heads; ++tile)
          std::copy_n(before.begin() + layout.at(layer, copy.from, 0) + tile * layout.tile(),
                      copy.tokens * layout.head_dim,
                      expected.begin() + layout.at(layer, copy.to, 0) + tile * layout.tile());
    CHECK(same_bytes(cache.download(), expected));
  }
}

TEST_CASE("a page goes to a buffer and back into another page unchanged") {
  if (!has_gpu()) return;
  for (const KvLayout& layout : kLayouts) {
    const std::vector<Bf16> before = random_bf16(kLayers * layout.layer(), 2);
    const DeviceBuffer<Bf16> cache(before), other(before.size());
    const DeviceBuffer<Bf16> buffer(whole_page(kLayers, layout) + 8);
    gather_page(cache.get(), 6, kLayers, layout, buffer.get(), nullptr);
    scatter_page(buffer.get(), 2, kLayers, layout, other.get(), nullptr);
    const std::vector<Bf16> held = buffer.download(), after = other.download();
    std::vector<Bf16> rest = after;
    for (int layer = 0; layer < kLayers; ++layer) {
      const Bf16* const page = before.data() + layout.at(layer, 6, 0);
      CHECK(same_bytes(held.data() + layer * layout.page(), page, layout.page()));
      CHECK(same_bytes(after.data() + layout.at(layer, 2, 0), page, layout.page()));
      poison(rest.data() + layout.at(layer, 2, 0), layout.page());
    }
    CHECK(is_poison(rest.data(), rest.size()));
    CHECK(is_poison(held.data() + whole_page(kLayers, layout), 8));
    CHECK(same_bytes(cache.download(), before));
  }
}
