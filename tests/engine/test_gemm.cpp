// Matrix products and row operations: the bits of a scalar loop with std::fma, on every instruction
// set and shape.
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "engine/cpu/mapped_buffer.h"
#include "engine/cpu/packed_matrix.h"
#include "engine/cpu_fixture.h"
#include "support/catch.h"

namespace quorum {
namespace {

using cpu::GemmCall;
using cpu::Kernels;
using cpu::PackedMatrix;
using testing::OwnedTensor;
using testing::random_floats;
using testing::runnable_kernels;

constexpr float kPoison = -7.25e33f;

cpu::ThreadPool& single() {
  static cpu::ThreadPool pool(1);
  return pool;
}

bool same_bits(float a, float b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// One output of the product, as kernels.h defines it.
float reference_output(const float* a, const float* w, int depth, const float* bias,
                       const float* old) {
  float sum = 0;
  for (int k = 0; k < depth; ++k) sum = std::fma(a[k], w[k], sum);
  if (bias != nullptr) sum = sum + *bias;
  if (old != nullptr) sum = *old + sum;
  return sum;
}

struct Shape {
  int rows, outputs, depth;
};

// Runs the kernels on one shape; returns how many elements are wrong or were touched without need.
int wrong_elements(const Kernels& kernels, const Shape& shape, DType dtype, bool with_bias,
                   bool add) {
  const auto [rows, outputs, depth] = shape;
  const OwnedTensor weights(dtype, {outputs, depth}, 1);
  const PackedMatrix packed =
      PackedMatrix::stack(std::span(&weights.view, 1), kernels.panel, single());
  const int lda = depth + 3, ldo = outputs + 5;
  const std::vector<float> a = random_floats(static_cast<std::size_t>(rows * lda), 2);
  const std::vector<float> bias = random_floats(static_cast<std::size_t>(outputs), 3);
  const std::vector<float> old = random_floats(static_cast<std::size_t>(rows * ldo), 4);
  std::vector<float> out = old;
  if (!add) out.assign(out.size(), kPoison);
  cpu::MappedBuffer scratch(cpu::kGemmScratch * sizeof(float), "test");

  GemmCall call;
  call.a = a.data();
  call.lda = lda;
  call.rows = rows;
  call.depth = depth;
  call.panels = packed.data();
  call.bf16 = packed.bf16();
  call.outputs = outputs;
  call.bias = with_bias ? bias.data() : nullptr;
  call.out = out.data();
  call.ldo = ldo;
  call.add = add;
  call.scratch = scratch.floats();
  // In two parts, so that a first panel other than 0 is met.
  call.panel_end = packed.panels() / 2;
  kernels.gemm(call);
  call.panel_begin = call.panel_end;
  call.panel_end = packed.panels();
  kernels.gemm(call);

  int wrong = 0;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < ldo; ++column) {
      const auto at = static_cast<std::size_t>(row * ldo + column);
      float expected = add ? old[at] : kPoison;
      if (column < outputs) {
        expected =
            reference_output(a.data() + row * lda, weights.values.data() + column * depth, depth,
                             with_bias ? &bias[static_cast<std::size_t>(column)] : nullptr,
                             add ? &old[at] : nullptr);
      }
      wrong += !same_bits(out[at], expected);
    }
  }
  return wrong;
}

TEST_CASE("Products have the bits of a scalar loop for awkward shapes", "[gemm]") {
  for (const Kernels* kernels : runnable_kernels()) {
    for (const int rows : {1, 2, 3, 4, 5, 6, 7, 11, 13, 19, 64, 99}) {
      for (const int outputs : {1, 3, 19, 99, 111}) {
        for (const int depth : {1, 3, 19, 111}) {
          INFO(kernels->name << " rows " << rows << " outputs " << outputs << " depth " << depth);
          CHECK(wrong_elements(*kernels, {rows, outputs, depth}, DType::kBF16, rows % 2 == 0,
                               depth % 3 == 0) == 0);
        }
      }
    }
  }
}

TEST_CASE("Products have the same bits beyond one block of depth and of rows", "[gemm]") {
  for (const Kernels* kernels : runnable_kernels()) {
    for (const DType dtype : {DType::kBF16, DType::kF32, DType::kF16}) {
      for (const Shape& shape :
           {Shape{1, 111, 1300}, Shape{9, 99, 1300}, Shape{20, 19, 641}, Shape{401, 19, 330}}) {
        INFO(kernels->name << " " << dtype_name(dtype) << " rows " << shape.rows);
        CHECK(wrong_elements(*kernels, shape, dtype, true, true) == 0);
        CHECK(wrong_elements(*kernels, shape, dtype, false, false) == 0);
      }
    }
  }
}

TEST_CASE("Packed matrices give their rows back and keep bf16 only when all parts have it",
          "[gemm]") {
  const OwnedTensor a(DType::kBF16, {5, 7}, 1), b(DType::kBF16, {30, 7}, 2),
      c(DType::kF16, {3, 7}, 3);
  const TensorView same[] = {a.view, b.view}, mixed[] = {a.view, c.view};
  for (const int panel : {16, 32}) {
    const PackedMatrix first = PackedMatrix::stack(same, panel, single());
    const PackedMatrix second = PackedMatrix::stack(mixed, panel, single());
    CHECK(first.bf16());
    CHECK_FALSE(second.bf16());
    CHECK(first.outputs() == 35);
    CHECK(second.outputs() == 8);
    std::vector<float> row(7);
    first.copy_row(5 + 29, row.data());
    CHECK(row == std::vector<float>(b.values.end() - 7, b.values.end()));
    second.copy_row(4, row.data());
    CHECK(row == std::vector<float>(a.values.end() - 7, a.values.end()));
    second.copy_row(7, row.data());
    CHECK(row == std::vector<float>(c.values.end() - 7, c.values.end()));
  }
}

TEST_CASE("F16 elements convert exactly with subnormals and infinities", "[gemm]") {
  const std::uint16_t raw[] = {0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3C00,
                               0xC000, 0x7BFF, 0x7C00, 0xFC00, 0x7E00};
  TensorView view{DType::kF16, {11}, reinterpret_cast<const std::byte*>(raw)};
  const std::vector<float> values = cpu::to_floats(view);
  const float infinity = std::numeric_limits<float>::infinity();
  const float expected[] = {0.0f, -0.0f, 0x1p-24f, -1023 * 0x1p-24f, 0x1p-14f,
                            1.0f, -2.0f, 65504.0f, infinity,         -infinity};
  for (std::size_t i = 0; i < 10; ++i) CHECK(same_bits(values[i], expected[i]));
  CHECK(std::isnan(values[10]));
}

TEST_CASE("RMSNorm has a fixed order over 16 lanes", "[gemm]") {
  for (const Kernels* kernels : runnable_kernels()) {
    for (const int n : {1, 3, 8, 15, 16, 17, 19, 99, 111, 256}) {
      const auto size = static_cast<std::size_t>(n);
      const std::vector<float> x = random_floats(size, 5, 3), weight = random_floats(size, 6);
      float lanes[16] = {};
      for (int i = 0; i < n; ++i)
        lanes[i % 16] =
            std::fma(x[static_cast<std::size_t>(i)], x[static_cast<std::size_t>(i)], lanes[i % 16]);
      for (int width = 8; width > 0; width /= 2) {
        for (int j = 0; j < width; ++j) lanes[j] += lanes[j + width];
      }
      const float inverse = 1.0f / std::sqrt(lanes[0] / static_cast<float>(n) + 1e-6f);
      std::vector<float> out(size + 1, kPoison);
      kernels->rms_norm(x.data(), weight.data(), n, 1e-6f, out.data());
      for (std::size_t i = 0; i < size; ++i) CHECK(same_bits(out[i], x[i] * inverse * weight[i]));
      CHECK(out[size] == kPoison);
      std::vector<float> in_place = x;
      kernels->rms_norm(in_place.data(), weight.data(), n, 1e-6f, in_place.data());
      out.pop_back();
      CHECK(in_place == out);
    }
  }
}

// The exponential of kernels.h, a lane at a time.
float reference_exp(float x) {
  if (x < -87.33f) return 0;
  const float round = 12582912.0f;
  const float n = std::fma(x, 1.44269502f, round) - round;
  float r = std::fma(-n, 0.693359375f, x);
  r = std::fma(-n, -2.12194440e-4f, r);
  float p = 1.0f / 5040.0f;
  for (const float c : {1.0f / 720.0f, 1.0f / 120.0f, 1.0f / 24.0f, 1.0f / 6.0f, 0.5f, 1.0f, 1.0f})
    p = std::fma(p, r, c);
  return std::ldexp(p, static_cast<int>(n));
}

TEST_CASE("The exponential is accurate and has the same bits everywhere", "[gemm]") {
  std::vector<float> x = random_floats(20000, 7, 87.3);
  for (const float special :
       {0.0f, -0.0f, -87.33f, -87.34f, -1e30f, -std::numeric_limits<float>::infinity()})
    x.push_back(special);
  for (const Kernels* kernels : runnable_kernels()) {
    std::vector<float> out(x.size());
    kernels->exp(x.data(), static_cast<int>(x.size()), out.data());
    double worst = 0;
    int differ = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      differ += !same_bits(out[i], reference_exp(x[i]));
      const double exact = std::exp(static_cast<double>(x[i]));
      if (x[i] >= -87.33f) worst = std::max(worst, std::abs(out[i] - exact) / exact);
    }
    CHECK(differ == 0);
    CHECK(worst < 1.2e-7);  // one unit in the last place
    float nan = std::numeric_limits<float>::quiet_NaN();
    kernels->exp(&nan, 1, &nan);
    CHECK(std::isnan(nan));
  }
}

TEST_CASE("SiLU times up agrees with double and leaves the rest alone", "[gemm]") {
  for (const Kernels* kernels : runnable_kernels()) {
    for (const int columns : {1, 7, 8, 16, 19}) {
      const int rows = 3, ld = 23, ldo = 29;
      const std::vector<float> gate = random_floats(static_cast<std::size_t>(rows * ld), 8, 100);
      const std::vector<float> up = random_floats(static_cast<std::size_t>(rows * ld), 9);
      std::vector<float> out(static_cast<std::size_t>(rows * ldo), kPoison);
      kernels->silu_mul(gate.data(), up.data(), ld, rows, columns, out.data(), ldo);
      for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < ldo; ++column) {
          const float got = out[static_cast<std::size_t>(row * ldo + column)];
          if (column >= columns) {
            CHECK(got == kPoison);
            continue;
          }
          const double g = gate[static_cast<std::size_t>(row * ld + column)];
          const double expected =
              g / (1 + std::exp(-g)) * up[static_cast<std::size_t>(row * ld + column)];
          CHECK(std::abs(got - expected) <= 5e-7 * std::abs(expected) + 1e-36);
        }
      }
    }
  }
}

TEST_CASE("RoPE rotates the halves of each head", "[gemm]") {
  for (const Kernels* kernels : runnable_kernels()) {
    for (const int half : {1, 4, 8, 16, 20, 64}) {
      const auto size = static_cast<std::size_t>(half);
      const std::vector<float> cos = random_floats(size, 1), sin = random_floats(size, 2);
      const std::vector<float> x = random_floats(6 * size, 3);
      std::vector<float> out = x;
      kernels->rope(out.data(), 3, half, cos.data(), sin.data());
      for (std::size_t i = 0; i < out.size(); ++i) {
        const std::size_t head = i / (2 * size), d = i % size;
        const float x1 = x[head * 2 * size + d], x2 = x[head * 2 * size + size + d];
        const float expected =
            i % (2 * size) < size ? x1 * cos[d] - x2 * sin[d] : x2 * cos[d] + x1 * sin[d];
        CHECK(same_bits(out[i], expected));
      }
    }
  }
}

TEST_CASE("NaN and infinities are found wherever they stand", "[gemm]") {
  for (const Kernels* kernels : runnable_kernels()) {
    for (const int n : {1, 7, 16, 33}) {
      std::vector<float> x = random_floats(static_cast<std::size_t>(n), 4, 3e38);
      CHECK(kernels->all_finite(x.data(), n));
      for (std::size_t i = 0; i < x.size(); ++i) {
        for (const float bad :
             {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
              -std::numeric_limits<float>::infinity()}) {
          std::vector<float> broken = x;
          broken[i] = bad;
          CHECK_FALSE(kernels->all_finite(broken.data(), n));
        }
      }
    }
  }
}

}  // namespace
}  // namespace quorum
