// The rows of a step as kernels see them: each row is one token of some sequence. Padding fills
// up to the size of the batch bucket, or to whole groups of queries.
#pragma once

#include <cstdint>

namespace quorum::cuda {

// Device pointers, each with one entry a row unless said otherwise.
struct Rows {
  int count = 0;                    // rows to run, padding included
  const std::int32_t* token;        // input token id
  const std::int32_t* position;     // in its sequence
  const std::int32_t* table;        // which row of page_tables its sequence has; -1: padding
  const std::int32_t* page_tables;  // (tables, table_stride): page i holds positions from 64·i on
  int table_stride = 0;
};

}  // namespace quorum::cuda
