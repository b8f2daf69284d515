#include "engine/page_forecast.h"

#include <algorithm>

#include "base/error.h"

namespace quorum {

void PageForecast::clear() {
  ends_.clear();
  base_.clear();
  excess_.clear();
  total_.clear();
}

void PageForecast::reach(int units) {
  const auto size = static_cast<std::size_t>(units) + 1;
  if (size <= ends_.size()) return;
  ends_.resize(size);
  base_.resize(size);
  excess_.resize(size);
}

void PageForecast::add(const PageGrowth& growth) {
  QUORUM_CHECK(growth.units >= 0 && growth.now <= growth.last);
  reach(growth.units);
  const auto end = static_cast<std::size_t>(growth.units);
  ++ends_[end];
  base_[end] += growth.now;
  excess_[end] += growth.now + growth.units - growth.last;
}

void PageForecast::settle() {
  total_.resize(ends_.size());
  int running = 0, base = 0;
  for (std::size_t unit = ends_.size(); unit-- > 0;) {
    running += ends_[unit];
    base += base_[unit];
    total_[unit] = base + running * static_cast<int>(unit) - excess_[unit];
  }
}

bool PageForecast::fits(const PageGrowth& growth, int pages) const {
  const int known = std::min(growth.units, static_cast<int>(total_.size()));
  int most = growth.last;
  for (int unit = 0; unit < known; ++unit) {
    most = std::max(most, total_[static_cast<std::size_t>(unit)] + growth.now + unit);
  }
  if (known == growth.units && growth.units < static_cast<int>(total_.size())) {
    most = std::max(most, total_[static_cast<std::size_t>(growth.units)] + growth.last);
  }
  return most <= pages;
}

void PageForecast::admit(const PageGrowth& growth) {
  const auto size = static_cast<std::size_t>(growth.units) + 1;
  if (total_.size() < size) total_.resize(size);
  for (int unit = 0; unit < growth.units; ++unit) {
    total_[static_cast<std::size_t>(unit)] += growth.now + unit;
  }
  total_[size - 1] += growth.last;
}

int PageForecast::peak() const {
  return total_.empty() ? 0 : *std::max_element(total_.begin(), total_.end());
}

}  // namespace quorum
