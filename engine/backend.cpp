#include "engine/backend.h"

#include <numeric>

namespace quorum {

std::vector<float> Backend::logits(std::span<const TokenId> tokens) {
  std::vector<int> positions(tokens.size());
  std::iota(positions.begin(), positions.end(), 0);
  std::vector<float> all;
  logits(tokens, positions, [&](int, std::span<const float> row) {
    if (all.empty()) all.reserve(row.size() * tokens.size());
    all.insert(all.end(), row.begin(), row.end());
  });
  return all;
}

}  // namespace quorum
