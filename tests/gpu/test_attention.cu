// Paged attention against the textbook's in double, and the independence of a row from its batch.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "engine/cuda/kernels/attention.h"
#include "engine/cuda/memory.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using quorum::testing::DeviceBuffer;
using quorum::testing::has_gpu;

namespace {

struct Shape {
  int heads, kv_heads, head_dim;
};

std::vector<std::uint16_t> random_bf16(std::size_t count, std::uint64_t seed, double scale) {
  std::vector<std::uint16_t> values;
  for (const float value : quorum::testing::random_floats(count, seed, scale)) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    values.push_back(static_cast<std::uint16_t>(bits >> 16));
  }
  return values;
}

double value_of(std::uint16_t bf16) {
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
__global__ void write_late(LateInputs late) {
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

// Sequences of several lengths over a cache with permuted pages. What lies behind the last position
// of a page is NaN.
struct Batch {
  Shape shape;
  int queries, stride = 0, pages = 0;
  std::vector<int> lengths, real;  // rows of each sequence that are no padding
  std::vector<std::int32_t> position, table, page_tables;
  std::vector<std::uint16_t> kv, q;

  // `padding`: so many rows more of every other sequence are padding.
  Batch(Shape s, int queries_, std::vector<int> lengths_, std::uint64_t seed, int padding = 0)
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
          const auto tile =
              kv.begin() + static_cast<std::ptrdiff_t>(layout.at(0, order[next], head));
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

  KvLayout layout() const { return {pages, shape.kv_heads, shape.head_dim}; }
  int rows() const { return static_cast<int>(lengths.size()) * queries; }

  // A copy with some of the sequences, in another order, seen by `fewer` queries: the last ones.
  Batch only(const std::vector<int>& sequences, int fewer) const {
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

  // The page of a sequence's last position.
  int newest_page(std::size_t sequence) const {
    const int page = pages_of(lengths[sequence]) - 1;
    const int row = table[sequence * static_cast<std::size_t>(queries)];
    const auto of = row < 0 ? sequence : static_cast<std::size_t>(row);  // padding has pages too
    return page_tables[of * static_cast<std::size_t>(stride) + static_cast<std::size_t>(page)];
  }

  std::vector<std::uint16_t> run() const {
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
    launch({dim3(static_cast<unsigned>(count)), dim3(256), 0, nullptr, true}, write_late,
           LateInputs{d_kv.get(), late_kv.get(), d_q.get(), late_q.get(), d_newest.get(),
                      layout().page(), q.size() / lengths.size()});
    call.layer = 1;
    attend(call, nullptr);
    REQUIRE(out.download() == first);
    return first;
  }

  // The outputs of attend_in_turns(), layer by layer, with `first_half` sequences in the first
  // half; odd layers have keys and values of the other sign. Of two streams, queries and newest
  // pages of a turn are written when the turn before the last is done, and are poison until then. A
  // single stream has one layer, and everything is ready at first: for tools that let no two
  // kernels run at the same time.
  std::vector<std::vector<std::uint16_t>> run_in_turns(int layers, int first_half, int blocks,
                                                       bool two_streams) const;

  // With keys and values of the other sign.
  Batch negated() const {
    Batch other = *this;
    for (std::uint16_t& value : other.kv) value ^= 0x8000;
    return other;
  }

  // The result of a row and head in double.
  std::vector<double> expected(int row, int head) const {
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
        score +=
            value_of(query[d]) * value_of(tile_of(token)[swizzled(token % kPageTokens, d, dim)]);
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
};

std::vector<std::vector<std::uint16_t>> Batch::run_in_turns(int layers, int first_half, int blocks,
                                                            bool two_streams) const {
  const auto count = static_cast<int>(lengths.size());
  const std::vector<std::uint16_t> other = negated().kv;
  std::vector<std::uint16_t> all_kv;
  for (int layer = 0; layer < layers; ++layer) {
    const std::vector<std::uint16_t>& of_layer = layer % 2 == 0 ? kv : other;
    all_kv.insert(all_kv.end(), of_layer.begin(), of_layer.end());
  }
  std::vector<std::uint16_t> early_kv = all_kv;
  std::vector<int> newest;
  for (std::size_t i = 0; i < lengths.size(); ++i) newest.push_back(newest_page(i));
  for (int layer = 0; layer < layers; ++layer)
    for (const int page : newest)
      std::fill_n(early_kv.begin() + static_cast<std::ptrdiff_t>(layout().at(layer, page, 0)),
                  layout().page(), std::uint16_t{0x7FC0});
  const DeviceBuffer<std::int32_t> d_position(position), d_table(table), d_tables(page_tables),
      d_newest(newest);
  const DeviceBuffer<std::uint16_t> d_kv(all_kv), d_q(q), late_kv(early_kv);
  DeviceBuffer<std::uint16_t> late_q(q.size()), out(q.size());

  const AttentionSizes sizes{shape.heads, shape.kv_heads, shape.head_dim, layers};
  int splits = 0;
  for (const int length : lengths) splits += splits_of(length);
  const DeviceBuffer<std::uint8_t> memory(attention_plan_bytes(sizes, count, 1, splits));
  check(cudaMemset(memory.get(), 0, memory.size()));
  AttentionCall call;
  call.q = reinterpret_cast<const __nv_bfloat16*>((two_streams ? late_q : d_q).get());
  call.kv = reinterpret_cast<const __nv_bfloat16*>((two_streams ? late_kv : d_kv).get());
  call.out = reinterpret_cast<__nv_bfloat16*>(out.get());
  call.layout = layout();
  call.rows = {rows(), nullptr, d_position.get(), d_table.get(), d_tables.get(), stride};
  call.plan = place_attention_plan(memory.get(), sizes, count, 1, splits);
  call.sizes = sizes;
  call.scale = 1.0f / std::sqrt(static_cast<float>(shape.head_dim));
  call.blocks = blocks;
  const Stream stream, beside;
  std::vector<DeviceBuffer<std::uint16_t>> outputs;
  for (int layer = 0; layer < layers; ++layer) outputs.emplace_back(q.size());
  check(cudaDeviceSynchronize());  // poison is in place: these streams do not wait for others
  plan_attention(call.rows, 1, layers, call.plan, stream.get(), first_half);
  if (!two_streams) {
    REQUIRE(layers == 1);
    tell_ready(call.plan, 0, 2 * layers, stream.get());
    attend_in_turns(call, stream.get());
    await_placed(call.plan, blocks, stream.get());
    for (int turn = 0; turn < 2 * layers; ++turn)
      await_rows(call.plan, shape.kv_heads, turn, stream.get());
    stream.wait();
    return {out.download()};
  }

  const Event planned;
  planned.record(stream.get());
  check(cudaStreamWaitEvent(beside.get(), planned.get()));
  attend_in_turns(call, beside.get());
  await_placed(call.plan, blocks, stream.get());
  const std::size_t row = q.size() / lengths.size();
  const auto first_of = [&](int turn) { return turn % 2 == 0 ? 0 : first_half; };
  const auto count_of = [&](int turn) { return turn % 2 == 0 ? first_half : count - first_half; };
  const auto bytes_of = [&](int turn) {
    return 2 * row * static_cast<std::size_t>(count_of(turn));
  };
  const auto make_ready = [&](int turn) {
    const std::size_t layer = static_cast<std::size_t>(turn / 2) * layout().layer();
    const std::size_t at = row * static_cast<std::size_t>(first_of(turn));
    check(cudaMemsetAsync(late_q.get() + at, 0xFF, bytes_of(turn), stream.get()));
    if (count_of(turn) > 0)
      launch({dim3(static_cast<unsigned>(count_of(turn))), dim3(256), 0, stream.get()}, write_late,
             LateInputs{d_kv.get() + layer, late_kv.get() + layer, d_q.get() + at,
                        late_q.get() + at, d_newest.get() + first_of(turn), layout().page(), row});
    tell_ready(call.plan, turn, 1, stream.get());
  };
  make_ready(0);
  make_ready(1);
  for (int turn = 0; turn < 2 * layers; ++turn) {
    await_rows(call.plan, shape.kv_heads, turn, stream.get());
    std::uint16_t* const from = out.get() + row * static_cast<std::size_t>(first_of(turn));
    std::uint16_t* const to =
        outputs[static_cast<std::size_t>(turn / 2)].get() + (from - out.get());
    check(cudaMemcpyAsync(to, from, bytes_of(turn), cudaMemcpyDeviceToDevice, stream.get()));
    check(cudaMemsetAsync(from, 0xFF, bytes_of(turn), stream.get()));
    if (turn + 2 < 2 * layers) make_ready(turn + 2);
  }
  stream.wait();
  beside.wait();
  std::vector<std::vector<std::uint16_t>> results;
  for (const auto& output : outputs) results.push_back(output.download());
  return results;
}

const std::vector<Shape> kShapes{{28, 4, 128}, {12, 2, 128}, {40, 8, 128}, {32, 8, 128},
                                 {16, 2, 128}, {4, 2, 64},   {14, 2, 64},  {3, 3, 128}};
const std::vector<int> kLengths{1, 2, 63, 64, 65, 130, 1023, 1024, 1025, 2049, 3100, 7, 8193};

void check_textbook(const Shape& shape, int queries, const std::vector<int>& lengths) {
  INFO(shape.heads << "/" << shape.kv_heads << " heads of " << shape.head_dim << ", " << queries
                   << " queries");
  const Batch batch(shape, queries, lengths, static_cast<std::uint64_t>(40 + queries),
                    queries > 4 ? 3 : 0);
  const std::vector<std::uint16_t> out = batch.run();
  const auto width = static_cast<std::size_t>(shape.heads * shape.head_dim);
  double worst = 0;
  bool padding_left_alone = true;
  for (int row = 0; row < batch.rows(); ++row) {
    const std::uint16_t* const got = out.data() + static_cast<std::size_t>(row) * width;
    if (batch.table[static_cast<std::size_t>(row)] < 0) {
      for (std::size_t i = 0; i < width; ++i) padding_left_alone &= got[i] == 0xFFFF;
      continue;
    }
    // All heads where it is cheap, the ends of the groups elsewhere.
    const int step = batch.position[static_cast<std::size_t>(row)] > 300
                         ? std::max(1, shape.heads / shape.kv_heads - 1)
                         : 1;
    for (int head = 0; head < shape.heads; head += step) {
      const std::vector<double> expected = batch.expected(row, head);
      double error = 0, norm = 0;
      for (int d = 0; d < shape.head_dim; ++d) {
        const double value = value_of(got[head * shape.head_dim + d]);
        error += std::pow(value - expected[static_cast<std::size_t>(d)], 2);
        norm += std::pow(expected[static_cast<std::size_t>(d)], 2);
      }
      const double relative = std::sqrt(error / norm);
      worst = relative <= worst ? worst : relative;  // NaN counts
    }
  }
  CHECK(worst < 8e-3);
  CHECK(padding_left_alone);
}

}  // namespace

TEST_CASE("Attention over pages is the textbook's for every group and number of queries", "[gpu]") {
  if (!has_gpu()) return;
  for (const Shape& shape : kShapes)
    for (const int queries : {1, 2, 5, 8}) check_textbook(shape, queries, kLengths);
}

TEST_CASE("Every kernel of attention is the textbook's for a few lengths", "[gpu][brief]") {
  if (!has_gpu()) return;
  for (const int head_dim : {64, 128})  // 7, 14 and 28 columns
    for (const int queries : {1, 2, 4})
      check_textbook({7, 1, head_dim}, queries, {1, 64, 65, 3, 2100, 7, 130});
}

TEST_CASE("Attention in turns gives the bits of attention", "[gpu][brief]") {
  if (!has_gpu()) return;
  const Batch batch({7, 1, 128}, 1, {1, 64, 65, 3, 2100, 7, 130}, 61);
  const std::vector<std::uint16_t> expected = batch.run();
  for (const int first_half : {0, 3, 7}) {
    INFO(first_half << " sequences in the first half");
    CHECK(batch.run_in_turns(1, first_half, 20, false).front() == expected);
  }
}

TEST_CASE("Attention in turns waits for what is written beside it, and says what is done",
          "[gpu]") {
  if (!has_gpu()) return;
  int multiprocessors = 0;
  check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, 0));
  const int some = multiprocessors / 2;
  // Kernels are loaded at their first start, which may wait for all that run.
  Batch({7, 1, 128}, 1, {1, 64}, 62).run_in_turns(1, 1, 2, false);
  // Short sequences have one split and are done at once; of the others several blocks have a part.
  std::vector<int> many(150);
  PhiloxStream random(8);
  for (int& length : many) length = random.between(1, 40) * random.between(1, 40);
  for (const Shape& shape : {Shape{12, 2, 128}, Shape{8, 1, 128}}) {
    for (const std::vector<int>& lengths :
         {kLengths, many, std::vector<int>{5000, 4000, 3000, 6000, 1}}) {
      Batch batch(shape, 1, lengths, 71);
      const auto count = static_cast<int>(lengths.size());
      // Rows of padding, one of them the whole second half.
      batch.table.back() = -1;
      batch.position.back() = 0;
      const std::vector<std::vector<std::uint16_t>> expected{batch.run(), batch.negated().run()};
      for (const int blocks : {1, some}) {
        for (const int first_half : {count / 2, count - 1}) {
          INFO(shape.heads << "/" << shape.kv_heads << " heads, " << count << " sequences, "
                           << first_half << " in the first half, " << blocks << " blocks");
          const auto seen = batch.run_in_turns(4, first_half, blocks, true);
          for (std::size_t layer = 0; layer < seen.size(); ++layer)
            CHECK(seen[layer] == expected[layer % 2]);
        }
      }
    }
  }
}

TEST_CASE("A row's attention has the same bits alone, in a batch, and among other queries",
          "[gpu]") {
  if (!has_gpu()) return;
  for (const Shape& shape : kShapes) {
    const Batch all(shape, 8, kLengths, 91);
    const std::vector<std::uint16_t> whole = all.run();
    const auto width = static_cast<std::size_t>(shape.heads * shape.head_dim);
    for (const int fewer : {1, 3}) {
      for (const std::vector<int>& some : std::vector<std::vector<int>>{
               {9}, {10, 1, 4}, {12, 3}, {8, 7, 6, 5, 4, 3, 2, 1, 0, 12, 11, 10, 9}}) {
        const Batch part = all.only(some, fewer);
        const std::vector<std::uint16_t> out = part.run();
        for (std::size_t i = 0; i < some.size(); ++i) {
          const int real = std::min(8, kLengths[static_cast<std::size_t>(some[i])]);
          for (int j = 0; j < std::min(real, fewer); ++j) {
            INFO("sequence " << some[i] << ", query " << j << " of " << fewer);
            const auto row = static_cast<std::size_t>(some[i] * 8 + std::max(0, real - fewer) + j);
            const auto part_row = i * static_cast<std::size_t>(fewer) + static_cast<std::size_t>(j);
            REQUIRE(std::memcmp(whole.data() + row * width, out.data() + part_row * width,
                                2 * width) == 0);
          }
        }
      }
    }
  }
}
