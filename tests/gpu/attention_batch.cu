#include "gpu/attention_batch.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/cuda/launch.h"
#include "gpu/gpu.h"
#include "support/catch.h"

namespace quorum::testing::attention {
namespace {

std::vector<std::uint16_t> random_bf16(std::size_t count, std::uint64_t seed, double scale) {
  std::vector<std::uint16_t> values;
  for (const float value : quorum::testing::random_floats(count, seed, scale)) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    values.push_back(static_cast<std::uint16_t>(bits >> 16));
  }
  return values;
}

__global__ void late_kernel(LateInputs late) {
  let_next_start();
  wait_for_previous();
  const long long begin = clock64();
  while (clock64() - begin < 100'000) continue;  // whoever does not wait reads poison
  const std::size_t kv = static_cast<std::size_t>(late.pages[blockIdx.x]) * late.page;
  for (std::size_t i = threadIdx.x; i < late.page; i += blockDim.x)
    late.late_kv[kv + i] = late.kv[kv + i];
  for (std::size_t i = threadIdx.x; i < late.row; i += blockDim.x)
    late.late_q[blockIdx.x * late.row + i] = late.q[blockIdx.x * late.row + i];
}

}  // namespace

void write_late(const LateInputs& late, int sequences, cudaStream_t stream, bool overlap) {
  launch({dim3(static_cast<unsigned>(sequences)), dim3(256), 0, stream, overlap}, late_kernel,
         late);
}

Batch::Batch(Shape s, int queries_, std::vector<int> lengths_, std::uint64_t seed, int padding)
    : shape(s), queries(queries_), lengths(std::move(lengths_)) {
  for (const int length : lengths) {
    pages += pages_of(length);
    stride = std::max(stride, pages_of(length));
  }
  pages += 3;
  std::vector<std::int32_t> order(static_cast<std::size_t>(pages));
  std::iota(order.begin(), order.end(), 0);
  PhiloxStream random(seed);
  for (std::size_t i = order.size() - 1; i > 0; --i)
    std::swap(order[i], order[random.below(static_cast<std::uint32_t>(i + 1))]);
  const KvLayout layout = this->layout();
  kv = random_bf16(layout.layer(), seed + 1, 1.5);
  std::size_t next = 0;
  page_tables.assign(lengths.size() * static_cast<std::size_t>(stride), 0);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const int some = std::min(queries, lengths[i]);
    real.push_back(i % 2 == 0 ? some : std::max(1, some - padding));
    for (int j = 0; j < queries; ++j) {
      table.push_back(j < real[i] ? static_cast<std::int32_t>(i) : -1);
      position.push_back(j < real[i] ? lengths[i] - real[i] + j : 0);
    }
    for (int page = 0; page < pages_of(lengths[i]); ++page) {
      page_tables[i * static_cast<std::size_t>(stride) + static_cast<std::size_t>(page)] =
          order[next];
      for (int head = 0; head < shape.kv_heads; ++head) {
        const auto tile = kv.begin() + static_cast<std::ptrdiff_t>(layout.at(0, order[next], head));
        const auto elements = static_cast<std::ptrdiff_t>(layout.tile());
        const int valid = std::min(kPageTokens, lengths[i] - page * kPageTokens);
        for (const auto part : {tile, tile + elements})
          std::fill(part + valid * shape.head_dim, part + elements, std::uint16_t{0x7FC0});
      }
      ++next;
    }
  }
  q = random_bf16(static_cast<std::size_t>(rows() * shape.heads * shape.head_dim), seed + 2, 1.5);
}

Batch Batch::only(const std::vector<int>& sequences, int fewer) const {
  Batch part = *this;
  part.queries = fewer;
  part.lengths.clear();
  part.real.clear();
  part.position.clear();
  part.table.clear();
  part.q.clear();
  const int width = shape.heads * shape.head_dim;
  for (const int sequence : sequences) {
    const int there = real[static_cast<std::size_t>(sequence)];
    part.real.push_back(std::min(there, fewer));
    const int first = sequence * queries + std::max(0, there - fewer);
    part.lengths.push_back(lengths[static_cast<std::size_t>(sequence)]);
    for (int j = 0; j < fewer; ++j) {
      const auto row = static_cast<std::size_t>(first + j);
      const bool exists = j < part.real.back();
      part.table.push_back(exists ? table[row] : -1);
      part.position.push_back(exists ? position[row] : 0);
      for (int i = 0; i < width; ++i)
        part.q.push_back(
            exists ? q[row * static_cast<std::size_t>(width) + static_cast<std::size_t>(i)] : 0);
    }
  }
  return part;
}

int Batch::newest_page(std::size_t sequence) const {
  const int page = pages_of(lengths[sequence]) - 1;
  const int row = table[sequence * static_cast<std::size_t>(queries)];
  const auto of = row < 0 ? sequence : static_cast<std::size_t>(row);  // padding has pages too
  return page_tables[of * static_cast<std::size_t>(stride) + static_cast<std::size_t>(page)];
}

std::vector<std::uint16_t> Batch::run() const {
  const DeviceBuffer<std::int32_t> d_position(position), d_table(table), d_tables(page_tables);
  const DeviceBuffer<std::uint16_t> d_kv(kv), d_q(q);
  DeviceBuffer<std::uint16_t> out(q.size());
  const AttentionSizes sizes{shape.heads, shape.kv_heads, shape.head_dim, 2};
  int splits = 0;
  for (const int length : lengths) splits += splits_of(length);
  const auto count = static_cast<int>(lengths.size());
  const DeviceBuffer<std::uint8_t> memory(attention_plan_bytes(sizes, count, queries, splits));
  check(cudaMemset(memory.get(), 0, memory.size()));
  AttentionCall call;
  call.q = reinterpret_cast<const __nv_bfloat16*>(d_q.get());
  call.kv = reinterpret_cast<const __nv_bfloat16*>(d_kv.get());
  call.out = reinterpret_cast<__nv_bfloat16*>(out.get());
  call.layout = layout();
  call.rows = {rows(), nullptr, d_position.get(), d_table.get(), d_tables.get(), stride};
  call.plan = place_attention_plan(memory.get(), sizes, count, queries, splits);
  call.sizes = sizes;
  call.queries = queries;
  call.scale = 1.0f / std::sqrt(static_cast<float>(shape.head_dim));
  call.blocks = 132;
  plan_attention(call.rows, queries, 2, call.plan, nullptr);
  attend(call, nullptr);
  const std::vector<std::uint16_t> first = out.download();
  out.poison();
  call.layer = 1;  // the same again, with what the first one left in the plan
  attend(call, nullptr);
  REQUIRE(out.download() == first);

  // One block that takes all items.
  out.poison();
  call.layer = 0;
  call.blocks = 1;
  plan_attention(call.rows, queries, 2, call.plan, nullptr);
  attend(call, nullptr);
  REQUIRE(out.download() == first);
  call.blocks = 132;
  if (queries > 1) return first;

  // And once more, the queries and the newest pages being written by the kernel ahead.
  std::vector<std::uint16_t> early_kv = kv;
  std::vector<int> newest;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    newest.push_back(newest_page(i));
    const auto page =
        early_kv.begin() + static_cast<std::ptrdiff_t>(layout().at(0, newest.back(), 0));
    std::fill(page, page + static_cast<std::ptrdiff_t>(layout().page()), std::uint16_t{0x7FC0});
  }
  const DeviceBuffer<std::uint16_t> late_kv(early_kv);
  DeviceBuffer<std::uint16_t> late_q(q.size());
  const DeviceBuffer<std::int32_t> d_newest(newest);
  out.poison();
  call.old_pages = true;
  plan_attention(call.rows, queries, 2, call.plan, nullptr);
  call.layer = 0;
  attend(call, nullptr);
  call.kv = reinterpret_cast<const __nv_bfloat16*>(late_kv.get());
  call.q = reinterpret_cast<const __nv_bfloat16*>(late_q.get());
  write_late({d_kv.get(), late_kv.get(), d_q.get(), late_q.get(), d_newest.get(), layout().page(),
              q.size() / lengths.size()},
             count, nullptr, true);
  call.layer = 1;
  attend(call, nullptr);
  REQUIRE(out.download() == first);
  return first;
}

Batch Batch::negated() const {
  Batch other = *this;
  for (std::uint16_t& value : other.kv) value ^= 0x8000;
  return other;
}

std::vector<double> Batch::expected(int row, int head) const {
  const int dim = shape.head_dim, limit = position[static_cast<std::size_t>(row)] + 1;
  const KvLayout layout = this->layout();
  const int kv_head = head / (shape.heads / shape.kv_heads);
  const auto tile_of = [&](int token) {
    const auto at = static_cast<std::size_t>(table[static_cast<std::size_t>(row)]) *
                        static_cast<std::size_t>(stride) +
                    static_cast<std::size_t>(token / kPageTokens);
    return kv.data() + layout.at(0, page_tables[at], kv_head);
  };
  const std::uint16_t* const query =
      q.data() + (static_cast<std::size_t>(row) * static_cast<std::size_t>(shape.heads) +
                  static_cast<std::size_t>(head)) *
                     static_cast<std::size_t>(dim);
  std::vector<double> weights;
  for (int token = 0; token < limit; ++token) {
    double score = 0;
    for (int d = 0; d < dim; ++d)
      score += value_of(query[d]) * value_of(tile_of(token)[swizzled(token % kPageTokens, d, dim)]);
    weights.push_back(score / std::sqrt(static_cast<double>(dim)));
  }
  const double top = *std::max_element(weights.begin(), weights.end());
  double sum = 0;
  for (double& weight : weights) sum += weight = std::exp(weight - top);
  std::vector<double> out(static_cast<std::size_t>(dim));
  for (int token = 0; token < limit; ++token)
    for (int d = 0; d < dim; ++d)
      out[static_cast<std::size_t>(d)] +=
          weights[static_cast<std::size_t>(token)] / sum *
          value_of((tile_of(token) + layout.tile())[swizzled(token % kPageTokens, d, dim)]);
  return out;
}

}  // namespace quorum::testing::attention
