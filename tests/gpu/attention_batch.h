// A batch of sequences for tests of attention: its outputs by the kernel, and the textbook's in
// double.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/cuda/kernels/attention.h"

namespace quorum::testing::attention {

using namespace quorum::cuda;

struct Shape {
  int heads, kv_heads, head_dim;
};

inline double value_of(std::uint16_t bf16) {
  const std::uint32_t bits = std::uint32_t{bf16} << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// What a step's kernels write for each sequence ahead of its attention: a page, and queries.
struct LateInputs {
  const std::uint16_t* kv;
  std::uint16_t* late_kv;
  const std::uint16_t* q;
  std::uint16_t* late_q;
  const std::int32_t* pages;
  std::size_t page, row;  // elements
};
// Queues writing them, some time after the kernels ahead (`overlap`: it may begin before these have
// ended), so that whoever does not wait reads what was there before.
void write_late(const LateInputs& late, int sequences, cudaStream_t stream, bool overlap);

// Sequences of several lengths over a cache with permuted pages. What lies behind the last position
// of a page is NaN.
struct Batch {
  Shape shape;
  int queries, stride = 0, pages = 0;
  std::vector<int> lengths, real;  // rows of each sequence that are no padding
  std::vector<std::int32_t> position, table, page_tables;
  std::vector<std::uint16_t> kv, q;

  // `padding`: so many rows more of every other sequence are padding.
  Batch(Shape s, int queries_, std::vector<int> lengths_, std::uint64_t seed, int padding = 0);

  KvLayout layout() const { return {pages, shape.kv_heads, shape.head_dim}; }
  int rows() const { return static_cast<int>(lengths.size()) * queries; }

  // A copy with some of the sequences, in another order, seen by `fewer` queries: the last ones.
  Batch only(const std::vector<int>& sequences, int fewer) const;
  // With keys and values of the other sign.
  Batch negated() const;
  // The page of a sequence's last position.
  int newest_page(std::size_t sequence) const;

  // The outputs of attend(), which must be the same in a second layer, by one block, and of one
  // query a sequence also where the kernel ahead writes late. Fails the test if they are not.
  std::vector<std::uint16_t> run() const;
  // The result of a row and head in double.
  std::vector<double> expected(int row, int head) const;
};

inline const std::vector<int> kLengths{1,    2,    63,   64,   65, 130, 1023,
                                       1024, 1025, 2049, 3100, 7,  8193};

}  // namespace quorum::testing::attention
