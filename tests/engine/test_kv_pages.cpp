#include "engine/kv_pages.h"

#include <algorithm>

#include "base/error.h"
#include "base/philox.h"
#include "support/catch.h"

using namespace quorum;

TEST_CASE("A page is free again when its last holder lets go", "[kv_pages]") {
  KvPages pages(2);
  const PageId a = pages.take(), b = pages.take();
  CHECK(a != b);
  CHECK(pages.free() == 0);
  pages.share(a);
  pages.release(a, -1);
  CHECK(pages.free() == 0);
  CHECK(pages.holders(a) == 1);
  pages.release(a, -1);
  CHECK(pages.free() == 1);
  CHECK(pages.take() == a);
}

TEST_CASE("A page that a pending step uses is coming and not free", "[kv_pages]") {
  KvPages pages(3);
  const PageId a = pages.take(), b = pages.take();
  pages.collected(4);
  pages.release(a, 5);
  pages.release(b, 4);
  CHECK(pages.coming() == 1);
  CHECK(pages.free() == 2);
  pages.collected(5);
  CHECK(pages.coming() == 0);
  CHECK(pages.free() == 3);
}

TEST_CASE("A shared page waits for the later of two pending steps", "[kv_pages]") {
  KvPages pages(1);
  const PageId a = pages.take();
  pages.share(a);
  pages.release(a, 7);
  CHECK(pages.coming() == 0);
  pages.release(a, 3);
  CHECK(pages.coming() == 1);
  pages.collected(3);
  CHECK(pages.free() == 0);
  CHECK(pages.coming() == 1);
  pages.collected(7);
  CHECK(pages.free() == 1);
}

TEST_CASE("Misuse of pages is an internal error", "[kv_pages]") {
  KvPages pages(1);
  CHECK_THROWS_AS(pages.share(0), Error);
  CHECK_THROWS_AS(pages.release(0, -1), Error);
  CHECK_THROWS_AS(pages.release(1, -1), Error);
  pages.take();
  CHECK_THROWS_AS(pages.take(), Error);
  CHECK_THROWS_AS(pages.check_integrity(std::vector<int>{2}), Error);
  CHECK_NOTHROW(pages.check_integrity(std::vector<int>{1}));
}

TEST_CASE("Random use of pages agrees with a count of holders at every moment", "[kv_pages]") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    PhiloxStream random(seed);
    KvPages pages(random.between(1, 12));
    std::vector<int> holders(static_cast<std::size_t>(pages.total()));
    std::vector<std::int64_t> busy_until(holders.size(), -1);
    std::int64_t step = 0, collected = -1;
    for (int i = 0; i < 400; ++i) {
      const auto page =
          static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(holders.size())));
      switch (random.below(5)) {
        case 0:
          if (pages.free() > 0) {
            const auto taken = static_cast<std::size_t>(pages.take());
            REQUIRE(holders[taken] == 0);
            REQUIRE(busy_until[taken] <= collected);
            holders[taken] = 1;
          }
          break;
        case 1:
          if (holders[page] > 0) {
            pages.share(static_cast<PageId>(page));
            ++holders[page];
          }
          break;
        case 2:
        case 3:
          if (holders[page] > 0) {
            const std::int64_t last = step - random.between(0, 3);
            pages.release(static_cast<PageId>(page), last);
            busy_until[page] = std::max(busy_until[page], last);
            --holders[page];
          }
          break;
        default:
          ++step;
          collected = std::max(collected, step - random.between(1, 4));
          pages.collected(collected);
      }
      pages.check_integrity(holders);
      for (std::size_t p = 0; p < holders.size(); ++p)
        REQUIRE(pages.holders(static_cast<PageId>(p)) == holders[p]);
    }
  }
}
