#include "engine/page_forecast.h"

#include <algorithm>
#include <vector>

#include "base/philox.h"
#include "support/catch.h"

using namespace quorum;

namespace {

int pages_at(const PageGrowth& growth, int unit) {
  if (unit > growth.units) return 0;
  return unit == growth.units ? growth.last : growth.now + unit;
}

int sum_at(const std::vector<PageGrowth>& all, int unit) {
  int sum = 0;
  for (const PageGrowth& growth : all) sum += pages_at(growth, unit);
  return sum;
}

PageGrowth random_growth(PhiloxStream& random) {
  PageGrowth growth;
  growth.now = random.between(0, 9);
  growth.units = random.below(4) == 0 ? 0 : random.between(0, 30);
  growth.last = growth.now + growth.units;
  if (growth.units > 0) growth.last -= random.between(0, 1);
  return growth;
}

}  // namespace

TEST_CASE("A forecast is the sum of what each sequence holds at each time", "[forecast]") {
  PhiloxStream random(1);
  for (int round = 0; round < 500; ++round) {
    PageForecast forecast;
    forecast.add({1, 3, 4});
    forecast.settle();
    forecast.clear();
    std::vector<PageGrowth> all;
    for (int i = random.between(0, 8); i > 0; --i) {
      all.push_back(random_growth(random));
      forecast.add(all.back());
    }
    forecast.settle();
    for (int i = random.between(0, 8); i > 0; --i) {
      int peak = 0;
      for (int unit = 0; unit <= 40; ++unit) peak = std::max(peak, sum_at(all, unit));
      REQUIRE(forecast.peak() == peak);

      const PageGrowth next = random_growth(random);
      int beside = 0;  // while the next one runs
      for (int unit = 0; unit <= next.units; ++unit)
        beside = std::max(beside, sum_at(all, unit) + pages_at(next, unit));
      REQUIRE(forecast.fits(next, beside));
      REQUIRE(!forecast.fits(next, beside - 1));
      all.push_back(next);
      forecast.admit(next);
    }
  }
}

TEST_CASE("Sequences that end make room for ones that grow", "[forecast]") {
  PageForecast forecast;
  forecast.add({50, 2, 52});
  forecast.add({10, 60, 70});
  forecast.settle();
  CHECK(forecast.peak() == 70);
  CHECK(forecast.fits({0, 25, 25}, 66));  // 60, 62, 64 with the first, 35 + 25 at its own end
  CHECK(!forecast.fits({0, 25, 25}, 65));
}
