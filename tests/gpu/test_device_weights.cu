// Weights made and converted on the device, bit for bit as on the host.
#include <cuda_fp16.h>

#include <limits>

#include "engine/cuda/kernels/convert.h"
#include "engine/cuda/kernels/fill_random.h"
#pragma GCC diagnostic ignored "-Wparentheses"  // nvcc adds some to pointers to members
#include "engine/tensor_names.h"
#include "gpu/gpu.h"
#include "support/catch.h"

using namespace quorum;
using namespace quorum::cuda;
using namespace quorum::testing;

namespace {

using Bf16 = __nv_bfloat16;

DecoderSpec spec_of(bool tied) {
  DecoderSpec spec;
  spec.hidden = 76, spec.layers = 2, spec.heads = 6, spec.kv_heads = 2, spec.head_dim = 10;
  spec.intermediate = 1001, spec.vocab = 40961, spec.max_positions = 64;
  spec.qkv_bias = spec.o_bias = spec.mlp_bias = spec.qk_norm = true;
  spec.tied_embeddings = tied;
  return spec;
}

float from_bits(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// Round to nearest, ties to even; any NaN becomes a NaN.
bool is_rounded(float value, Bf16 got) {
  if (std::isnan(value)) return std::isnan(__bfloat162float(got));
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits_of(got) == (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
}

template <class From, class To>
std::vector<To> converted(const std::vector<From>& values, DType dtype) {
  const DeviceBuffer<From> from(values);
  const DeviceBuffer<To> to(values.size() + 1);
  convert(from.get(), dtype, static_cast<std::int64_t>(values.size()), to.get(), nullptr);
  std::vector<To> got = to.download();
  CHECK(is_poison(&got.back(), 1));
  got.pop_back();
  return got;
}

}  // namespace

TEST_CASE("weights generated on the device have the bits of those of the host") {
  if (!has_gpu()) return;
  for (const bool tied : {false, true}) {
    const DecoderSpec spec = spec_of(tied);
    const auto source = make_random_weights(spec, 77);
    for (const TensorPlan& plan : plan_tensors(spec)) {
      INFO(plan.name);
      const TensorView view = source->find(plan.name);
      const auto count = static_cast<std::size_t>(view.elements());
      const std::int64_t columns = plan.shape.back(), rows = view.elements() / columns;
      const RandomTensor tensor = random_tensor(plan, spec, 77);
      const DeviceBuffer<Bf16> narrow(count + 1);
      const DeviceBuffer<float> wide(count + 1);
      fill_random(tensor, rows, columns, narrow.get(), nullptr);
      fill_random(tensor, rows, columns, wide.get(), nullptr);
      const std::vector<Bf16> got = narrow.download();
      const std::vector<float> floats = wide.download();
      CHECK(std::memcmp(got.data(), view.data, 2 * count) == 0);
      int wrong = 0;
      for (std::size_t i = 0; i < count; ++i) wrong += floats[i] != __bfloat162float(got[i]);
      CHECK(wrong == 0);
      CHECK(is_poison(&got.back(), 1));
      CHECK(is_poison(&floats.back(), 1));
    }
  }
}

TEST_CASE("F32 becomes bf16 by rounding to nearest with ties to even") {
  if (!has_gpu()) return;
  std::vector<float> values = random_floats(100001, 5);
  PhiloxStream random(6);
  for (int i = 0; i < 400000; ++i) values.push_back(from_bits(random.next()));
  for (int i = 0; i < 2000; ++i)  // ties
    values.push_back(from_bits((random.next() & 0xFFFF0000u) | 0x8000u));
  values.insert(values.end(), {0.0f, -0.0f, std::numeric_limits<float>::infinity(),
                               -std::numeric_limits<float>::infinity(),
                               std::numeric_limits<float>::max(), std::nanf(""), 1e-45f, -1e-40f});
  const std::vector<Bf16> got = converted<float, Bf16>(values, DType::kF32);
  int wrong = 0;
  for (std::size_t i = 0; i < values.size(); ++i) wrong += !is_rounded(values[i], got[i]);
  CHECK(wrong == 0);
  CHECK(same_bytes(converted<float, float>(values, DType::kF32), values));
}

TEST_CASE("every F16 value becomes the float that it is and the nearest bf16") {
  if (!has_gpu()) return;
  std::vector<std::uint16_t> bits(65536);
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint16_t>(i);
  const std::vector<Bf16> narrow = converted<std::uint16_t, Bf16>(bits, DType::kF16);
  const std::vector<float> wide = converted<std::uint16_t, float>(bits, DType::kF16);
  int wrong = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const int exponent = bits[i] >> 10 & 31, fraction = bits[i] & 1023;
    const double size = exponent == 31  ? (fraction == 0 ? HUGE_VAL : std::nan(""))
                        : exponent == 0 ? std::ldexp(fraction, -24)
                                        : std::ldexp(1024 + fraction, exponent - 25);
    const auto expected = static_cast<float>(bits[i] >> 15 != 0 ? -size : size);
    wrong += std::isnan(expected) ? !std::isnan(wide[i]) : !same_bytes(&wide[i], &expected, 1);
    wrong += !is_rounded(expected, narrow[i]);
  }
  CHECK(wrong == 0);
}

TEST_CASE("every bf16 value stays what it is") {
  if (!has_gpu()) return;
  std::vector<std::uint16_t> bits(65536);
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint16_t>(i);
  const std::vector<Bf16> narrow = converted<std::uint16_t, Bf16>(bits, DType::kBF16);
  const std::vector<float> wide = converted<std::uint16_t, float>(bits, DType::kBF16);
  int wrong = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const float expected = from_bits(std::uint32_t{bits[i]} << 16);
    if (std::isnan(expected)) {
      wrong += !std::isnan(wide[i]) + !std::isnan(__bfloat162float(narrow[i]));
    } else {
      wrong += !same_bytes(&wide[i], &expected, 1) + (bits_of(narrow[i]) != bits[i]);
    }
  }
  CHECK(wrong == 0);
}
