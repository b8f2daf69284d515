// Embedding, RMSNorm and the gated activation against double, and their rows against themselves.
#include <algorithm>

#include "engine/cuda/kernels/embed.h"
#include "engine/cuda/kernels/rms_norm.h"
#include "engine/cuda/kernels/silu_mul.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing;

namespace {

using Bf16 = __nv_bfloat16;
constexpr int kRowCounts[] = {1, 2, 3, 17, 64, 257};
constexpr int kWidths[] = {8, 64, 256, 1536, 3584, 5120, 8184, 8192};
constexpr float kEps = 1e-5f;

std::uint64_t fresh_seed() {
  static std::uint64_t seed = 4000;
  return ++seed;
}

// The rows of a matrix of `width` columns in another order.
template <class T>
std::vector<T> take_rows(const std::vector<T>& matrix, std::size_t width,
                         const std::vector<int>& order) {
  std::vector<T> out;
  for (const int row : order)
    out.insert(out.end(), matrix.begin() + static_cast<std::ptrdiff_t>(row * width),
               matrix.begin() + static_cast<std::ptrdiff_t>((row + 1) * width));
  return out;
}

// Orders of rows in which a row must get what it gets in a batch of `rows`.
std::vector<std::vector<int>> other_batches(int rows) {
  std::vector<int> reversed;
  for (int row = rows - 1; row >= 0; --row) reversed.push_back(row);
  return {{rows / 2}, {rows - 1, 0}, reversed};
}

struct NormInputs {
  int rows, width;
  std::vector<float> residual;
  std::vector<Bf16> delta;
  std::vector<float> bias, weight;  // delta and bias may be empty

  NormInputs(int rows_of, int width_of, bool with_delta, bool with_bias)
      : rows(rows_of), width(width_of) {
    const std::size_t n = static_cast<std::size_t>(rows) * width;
    residual = random_floats(n, fresh_seed(), 3);
    if (with_delta) delta = random_bf16(n, fresh_seed());
    if (with_bias) bias = random_floats(width, fresh_seed(), 0.5);
    weight = random_floats(width, fresh_seed(), 0.3, 1);
  }
  double sum(std::size_t row, int channel) const {
    const std::size_t at = row * width + channel;
    return double{residual[at]} + (delta.empty() ? 0.0 : double{__bfloat162float(delta[at])}) +
           (bias.empty() ? 0.0 : double{bias[channel]});
  }
};

struct NormResult {
  std::vector<float> residual;
  std::vector<Bf16> out;  // with one more row, of poison
};

NormResult run(const NormInputs& in, const std::vector<int>* gather = nullptr) {
  const DeviceBuffer<float> residual(in.residual), bias(in.bias), weight(in.weight);
  constexpr int kSpentWidth = 192;
  const DeviceBuffer<Bf16> delta(with_guard(in.delta, in.width));
  const DeviceBuffer<Bf16> spent(static_cast<std::size_t>(in.rows + 1) * kSpentWidth);
  const int rows = gather != nullptr ? static_cast<int>(gather->size()) : in.rows;
  const DeviceBuffer<std::int32_t> list(gather != nullptr ? *gather : std::vector<int>{});
  const DeviceBuffer<Bf16> out(static_cast<std::size_t>(rows + 1) * in.width);
  add_rms_norm({.residual = residual.get(),
                .delta = in.delta.empty() ? nullptr : delta.get(),
                .bias = in.bias.empty() ? nullptr : bias.get(),
                .weight = weight.get(),
                .out = out.get(),
                .spent = spent.get(),
                .spent_width = kSpentWidth,
                .gather = gather != nullptr ? list.get() : nullptr,
                .rows = rows,
                .hidden = in.width,
                .eps = kEps},
               nullptr);
  CHECK(guard_stands(delta, in.width));
  CHECK(guard_stands(spent, kSpentWidth));
  return {residual.download(), out.download()};
}

// How many values of row `row` of `out` are not the norm of row `from` of the inputs.
int wrong_in_row(const NormInputs& in, const Bf16* row, std::size_t from) {
  double squares = 0;
  for (int i = 0; i < in.width; ++i) squares += in.sum(from, i) * in.sum(from, i);
  const double inverse = 1 / std::sqrt(squares / in.width + double{kEps});
  int wrong = 0;
  for (int i = 0; i < in.width; ++i) {
    const double expected = in.sum(from, i) * inverse * double{in.weight[i]};
    wrong += !rounds_to(expected, row[i], 2e-6 * std::abs(expected) + 1e-6);
  }
  return wrong;
}

void check_norm(const NormInputs& in) {
  INFO(in.rows << " rows of " << in.width << (in.delta.empty() ? "" : ", delta")
               << (in.bias.empty() ? "" : ", bias"));
  const NormResult got = run(in);
  int wrong = 0, wrong_sums = 0;
  for (std::size_t row = 0; row < static_cast<std::size_t>(in.rows); ++row) {
    wrong += wrong_in_row(in, got.out.data() + row * in.width, row);
    for (int i = 0; i < in.width; ++i) {
      const double expected = in.sum(row, i);
      wrong_sums += !(std::abs(double{got.residual[row * in.width + i]} - expected) <= 4e-6);
    }
  }
  CHECK(wrong == 0);
  CHECK(wrong_sums == 0);
  if (in.delta.empty() && in.bias.empty()) CHECK(same_bytes(got.residual, in.residual));
  CHECK(is_poison(got.out.data() + got.out.size() - in.width, in.width));
}

}  // namespace

TEST_CASE("embedding takes the tokens' rows of the table and gives zeros for padding") {
  if (!has_gpu()) return;
  constexpr int kVocab = 301;
  for (const int width : kWidths) {
    const std::vector<Bf16> table = random_bf16(std::size_t{kVocab} * width, fresh_seed());
    const DeviceBuffer<Bf16> on_device(table);
    for (const int count : kRowCounts) {
      INFO(count << " rows of " << width);
      PhiloxStream random(fresh_seed());
      std::vector<std::int32_t> token(count), sequence(count, 0);
      for (int row = 0; row < count; ++row) {
        token[row] = row == 0 ? kVocab - 1 : random.between(0, kVocab - 1);
        if (row % 5 == 3) token[row] = sequence[row] = -1;
      }
      const DeviceBuffer<std::int32_t> tokens(token), tables(sequence);
      const Rows rows{.count = count,
                      .token = tokens.get(),
                      .position = nullptr,
                      .table = tables.get(),
                      .page_tables = nullptr};
      const DeviceBuffer<float> x(static_cast<std::size_t>(count + 1) * width);
      embed(on_device.get(), width, rows, x.get(), {}, nullptr);
      const std::vector<float> got = x.download();
      int wrong = 0;
      for (int row = 0; row < count; ++row)
        for (int i = 0; i < width; ++i) {
          const float expected =
              token[row] < 0
                  ? 0.0f
                  : __bfloat162float(table[static_cast<std::size_t>(token[row]) * width + i]);
          wrong += !(got[static_cast<std::size_t>(row) * width + i] == expected);
        }
      CHECK(wrong == 0);
      CHECK(is_poison(got.data() + static_cast<std::size_t>(count) * width, width));
    }
  }
}

TEST_CASE("RMSNorm adds to the residual stream and normalises it") {
  if (!has_gpu()) return;
  for (const int width : kWidths)
    for (const int rows : kRowCounts) check_norm(NormInputs(rows, width, true, false));
  for (const bool delta : {false, true})
    for (const bool bias : {false, true})
      for (const int width : {64, 1536, 8184}) check_norm(NormInputs(3, width, delta, bias));
}

TEST_CASE("RMSNorm of listed rows leaves the residual stream alone") {
  if (!has_gpu()) return;
  for (const int width : kWidths) {
    INFO("width " << width);
    const NormInputs in(65, width, true, true);
    const std::vector<int> gather{64, -1, 0, 17, 17, 3, -1};
    const NormResult all = run(in), got = run(in, &gather);
    CHECK(same_bytes(got.residual, in.residual));
    for (std::size_t i = 0; i < gather.size(); ++i) {
      const Bf16* const row = got.out.data() + i * width;
      if (gather[i] < 0) {
        CHECK(std::all_of(row, row + width, [](Bf16 value) { return bits_of(value) == 0; }));
      } else {
        CHECK(same_bytes(row, all.out.data() + static_cast<std::size_t>(gather[i]) * width, width));
      }
    }
    CHECK(is_poison(got.out.data() + gather.size() * width, width));
  }
}

TEST_CASE("RMSNorm gives a row the same bits in every batch") {
  if (!has_gpu()) return;
  for (const int width : kWidths)
    for (const int rows : {64, 257}) {
      const NormInputs in(rows, width, true, true);
      const NormResult all = run(in);
      for (const std::vector<int>& order : other_batches(rows)) {
        NormInputs some = in;
        some.rows = static_cast<int>(order.size());
        some.residual = take_rows(in.residual, width, order);
        some.delta = take_rows(in.delta, width, order);
        NormResult got = run(some);
        got.out.resize(order.size() * width);
        INFO(rows << " rows of " << width << ", " << order.size() << " of them");
        CHECK(same_bytes(got.out, take_rows(all.out, width, order)));
        CHECK(same_bytes(got.residual, take_rows(all.residual, width, order)));
      }
    }
}

namespace {

std::vector<Bf16> run_silu(const std::vector<Bf16>& gate_up, const std::vector<float>& bias,
                           int rows, int inner) {
  const DeviceBuffer<Bf16> in(with_guard(gate_up, 2 * inner));
  const DeviceBuffer<Bf16> out(static_cast<std::size_t>(rows + 1) * inner);
  const DeviceBuffer<float> on_device(bias);
  silu_mul(in.get(), bias.empty() ? nullptr : on_device.get(), rows, inner, out.get(), nullptr);
  CHECK(guard_stands(in, 2 * inner));
  return out.download();
}

std::vector<Bf16> gates_and_ups(int rows, int inner) {
  std::vector<Bf16> values =
      random_bf16(2 * static_cast<std::size_t>(rows) * inner, fresh_seed(), 4);
  const float extremes[] = {0.0f, -0.0f, 88.5f, -88.5f, 1e4f, -1e4f, -1e-30f, 40.0f};
  for (std::size_t i = 0; i < std::size(extremes); ++i)
    values[i] = __float2bfloat16_rn(extremes[i]);
  return values;
}

}  // namespace

TEST_CASE("the gated activation is silu of the gate times up") {
  if (!has_gpu()) return;
  for (const int inner : {8, 64, 1544, 8960, 18944})
    for (const int rows : kRowCounts)
      for (const bool with_bias : {false, true}) {
        if (with_bias && rows > 3) continue;
        INFO(rows << " rows of " << inner << (with_bias ? " with bias" : ""));
        const std::vector<Bf16> in = gates_and_ups(rows, inner);
        const std::vector<float> bias =
            with_bias ? random_floats(2 * inner, fresh_seed(), 2) : std::vector<float>{};
        const std::vector<Bf16> got = run_silu(in, bias, rows, inner);
        const auto value = [&](std::size_t row, int column) {
          return double{__bfloat162float(in[2 * row * inner + column])} +
                 (with_bias ? double{bias[column]} : 0.0);
        };
        int wrong = 0;
        for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row)
          for (int i = 0; i < inner; ++i) {
            const double gate = value(row, i), up = value(row, inner + i);
            const double expected = gate / (1 + std::exp(-gate)) * up;
            const double slack = 4e-6 * std::abs(expected) + 1e-6 * std::abs(up);
            wrong += !rounds_to(expected, got[row * inner + i], slack);
          }
        CHECK(wrong == 0);
        CHECK(is_poison(got.data() + static_cast<std::size_t>(rows) * inner, inner));
      }
}

TEST_CASE("the gated activation gives a row the same bits in every batch") {
  if (!has_gpu()) return;
  for (const int inner : {64, 8960}) {
    constexpr int kRows = 64;
    const std::vector<Bf16> in = gates_and_ups(kRows, inner);
    const std::vector<Bf16> all = run_silu(in, {}, kRows, inner);
    for (const std::vector<int>& order : other_batches(kRows)) {
      std::vector<Bf16> got =
          run_silu(take_rows(in, 2 * inner, order), {}, static_cast<int>(order.size()), inner);
      got.resize(order.size() * inner);
      CHECK(same_bytes(got, take_rows(all, inner, order)));
    }
  }
}
