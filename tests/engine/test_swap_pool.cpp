#include "engine/swap_pool.h"

#include "base/error.h"
#include "support/catch.h"

using namespace quorum;

TEST_CASE("A swap page that a plan reads is not written by the same plan", "[swap_pool]") {
  SwapPool pool(3);
  CHECK(pool.free() == 3);
  const SwapId a = pool.take(), b = pool.take(), c = pool.take();
  CHECK((a != b && b != c && a != c));
  CHECK(pool.free() == 0);
  pool.check_integrity(std::vector<int>{1, 1, 1});
  pool.release_after_plan(b);
  CHECK(pool.free() == 0);
  pool.release(a);
  CHECK(pool.free() == 1);
  CHECK(pool.take() == a);
  pool.next_plan();
  CHECK(pool.free() == 1);
  CHECK(pool.take() == b);
  CHECK_THROWS_AS(pool.check_integrity(std::vector<int>{1, 1, 0}), Error);
  pool.release(c);
  CHECK_THROWS_AS(pool.release(c), Error);
  CHECK_THROWS_AS(pool.release_after_plan(c), Error);
}

TEST_CASE("A pool without swap pages has none free", "[swap_pool]") {
  SwapPool pool(0);
  CHECK(pool.free() == 0);
  CHECK(pool.total() == 0);
  pool.next_plan();
  pool.check_integrity({});
}
