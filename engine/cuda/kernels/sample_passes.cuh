// The passes of the sampling kernel over the logits of a row.
#pragma once

#include "engine/cuda/kernels/sample_row.cuh"

namespace quorum::cuda::sampling {

// Of what each thread of the block has seen.
__device__ __forceinline__ Extremes include_threads(Extremes seen, Shared& shared) {
  const int lane = threadIdx.x % 32;
  seen = include_lanes<32>(seen);
  if (lane == 0) shared.warp_extremes[threadIdx.x / 32] = seen;
  __syncthreads();
  return include_lanes<32>(shared.warp_extremes[lane % kWarps]);
}

// The extremes of a row, from the parts that whoever wrote the logits has left.
__device__ __forceinline__ Extremes take_extremes(const RowExtremes& known, int row,
                                                  Shared& shared) {
  Extremes seen = no_extremes();
  const Extremes* const parts = known.of_row(row);
#pragma unroll 4
  for (int i = static_cast<int>(threadIdx.x); i < known.count; i += kThreads)
    include(seen, parts[i]);
  return include_threads(seen, shared);
}

// The same by a pass over the logits.
__device__ __forceinline__ Extremes find_extremes(const Slice& slice, Shared& shared) {
  Extremes seen = no_extremes();
  for_each_four(slice, slice.row[0], [&](int, const float4& v) {
    include(seen, v.x);
    include(seen, v.y);
    include(seen, v.z);
    include(seen, v.w);
  });
  seen = include_threads(seen, shared);
  if (threadIdx.x == 0) shared.extremes = seen;
  cluster_barrier();
  return include_lanes<32>(*in_block(&shared.extremes, threadIdx.x % 32 & (cluster_size() - 1)));
}

// The smallest id for which `wanted` holds goes to shared.first_id. It does not hold for `filler`.
template <class Wanted>
__device__ __forceinline__ void find_first(const Slice& slice, float filler, Shared& shared,
                                           Wanted&& wanted) {
  int first = 0x7FFFFFFF;
  for_each_four(slice, filler, [&](int id, const float4& v) {
    if (wanted(v.w)) first = min(first, id + 3);
    if (wanted(v.z)) first = min(first, id + 2);
    if (wanted(v.y)) first = min(first, id + 1);
    if (wanted(v.x)) first = min(first, id);
  });
  if (first != 0x7FFFFFFF) atomicMin(&shared.first_id, first);
}

// Adds to a word of shared memory without a branch.
__device__ __forceinline__ void add_if(bool condition, std::uint32_t address, std::uint32_t value) {
  asm volatile(
      "{\n\t.reg .pred p;\n\tsetp.ne.u32 p, %0, 0;\n\t@p red.shared.add.u32 [%1], %2;\n\t}" ::"r"(
          static_cast<std::uint32_t>(condition)),
      "r"(address), "r"(value));
}

// Sums the masses at temperature 1, in units of 2^-40, to shared.untempered, and the tempered
// masses of each bin to shared.histogram, relative to the mass at the bin's centre. Groups of four
// tokens have an fp32 sum in a fixed order and are added as integers: no order of threads shows.
template <bool kBinned>
__device__ __forceinline__ void weigh(const Slice& slice, const Scale* scale,
                                      const Untempered& untempered, int bin_bits, Shared& shared) {
  constexpr float kToInteger = 12582912.0f;  // 1.5 · 2^23
  constexpr std::uint32_t kIntegerBits = 0x4B400000u;
  // The mass within a bin, by the series of exp to the second order: it is at most 0.7 % off
  // centre.
  float at_centre = 0, linear = 0, square = 0;
  if (kBinned) {
    const double w = scale->exponent * 0.6931471805599453;
    const double unit = static_cast<double>(1 << bin_bits);
    at_centre = static_cast<float>(unit) + kToInteger;
    linear = static_cast<float>(unit * w);
    square = static_cast<float>(unit * w * w / 2);
  }
  const auto bins =
      static_cast<std::uint32_t>(__cvta_generic_to_shared(shared.histogram)) - 4 * kIntegerBits;
  unsigned long long sum = 0;
  for_each_four<Direction::kDown>(slice, -kInfinity, [&](int, const float4& v) {
    const auto one = [&](float logit) {
      if (kBinned) {
        const float position = scale->half_distance(logit) * scale->per_bin;
        const float shifted = position + kToInteger;
        const float from_centre = position - (shifted - kToInteger);
        const float mass = fmaf(fmaf(square, from_centre, linear), from_centre, at_centre);
        add_if(shifted <= kToInteger + (kBins - 1), bins + 4 * __float_as_uint(shifted),
               __float_as_uint(mass) - kIntegerBits);
      }
      return exp2_fast(
          fmaf(logit - untempered.origin, static_cast<float>(kLog2E), -untempered.constant));
    };
    const float group = (one(v.x) + one(v.y)) + (one(v.z) + one(v.w));
    const double fixed = fma(static_cast<double>(group), 0x1p40, 6755399441055744.0);
    sum += static_cast<unsigned long long>(__double_as_longlong(fixed)) - 0x4338000000000000ull;
  });
  sum = warp_sum(sum);
  if (threadIdx.x % 32 == 0) shared.warp_untempered[threadIdx.x / 32] = sum;
}

// What the warps have weighed together, to shared.untempered. For a warp, after a barrier.
__device__ __forceinline__ void sum_untempered(Shared& shared) {
  const int lane = threadIdx.x % 32;
  const auto sum = warp_sum(lane < kWarps ? shared.warp_untempered[lane] : 0ull);
  if (lane == 0) shared.untempered = sum;
}

// Looks for the first bin up to which the mass reaches `target`; kBins if none. `mass` becomes the
// mass up to there. For a whole warp. `before`: the mass before the share of each block, by lane,
// and `share` its mass.
__device__ __forceinline__ int find_bin(float target, float before, float share, Shared& shared,
                                        float& mass) {
  const int lane = threadIdx.x % 32;
  const int blocks = static_cast<int>(cluster_size()), bins = kBins / blocks;
  const unsigned reach = __ballot_sync(kAll, lane < blocks && before + share >= target);
  if (reach == 0) return kBins;
  const int owner = __ffs(static_cast<int>(reach)) - 1;
  const float base = __shfl_sync(kAll, before, owner);
  const auto* running =
      reinterpret_cast<const float*>(in_block(&shared.histogram[0], static_cast<unsigned>(owner)));
  int begin = owner * bins;
  for (int width = bins; width > 1;) {  // 32 probes at a time
    const int part = (width + 31) / 32;
    const int probe = begin + min((lane + 1) * part, width) - 1;
    const unsigned found = __ballot_sync(kAll, base + running[probe] >= target);
    const int index = found == 0 ? (width - 1) / part : __ffs(static_cast<int>(found)) - 1;
    begin += index * part;
    width = min(part, width - index * part);
  }
  mass = base + running[begin];
  return begin;
}

// From the histograms of all blocks. `doubt`: the error of a sum of masses, relative to the total.
__device__ __forceinline__ Nucleus find_nucleus(const Scale& scale, double top_p, double doubt,
                                                int bin_bits, Shared& shared) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int blocks = static_cast<int>(cluster_size()), bins = kBins / blocks;
  constexpr int kMost = (kBins + kThreads - 1) / kThreads;
  const int each = (bins + kThreads - 1) / kThreads;
  const int mine_from = static_cast<int>(threadIdx.x) * each;
  const int begin = static_cast<int>(cluster_rank()) * bins + mine_from;
  const int mine_count = max(0, min(each, bins - mine_from));
  cluster_barrier();

  float mine[kMost], sum = 0;
#pragma unroll
  for (int i = 0; i < kMost; ++i) {
    if (i < mine_count) {
      unsigned long long count = 0;
#pragma unroll
      for (unsigned b = 0; b < kMaxBlocks; ++b) {  // without a branch: loads that overlap
        const std::uint32_t theirs =
            *in_block(&shared.histogram[begin + i], b & (cluster_size() - 1));
        count += b < cluster_size() ? theirs : 0;
      }
      const double centre = static_cast<double>(begin + i) * scale.exponent - bin_bits;
      sum += static_cast<float>(count) * exp2_fast(static_cast<float>(centre));
      mine[i] = sum;
    }
  }
  float upto = sum;
#pragma unroll
  for (int step = 1; step < 32; step *= 2) {
    const float below = __shfl_up_sync(kAll, upto, step);
    if (lane >= step) upto += below;
  }
  if (lane == 31) shared.warp_mass[warp] = upto;
  __syncthreads();
  float others = 0;
  for (int w = 0; w < warp; ++w) others += shared.warp_mass[w];
  auto* running = reinterpret_cast<float*>(shared.histogram);
#pragma unroll
  for (int i = 0; i < kMost; ++i)
    if (i < mine_count) running[begin + i] = others + (upto - sum) + mine[i];
  if (threadIdx.x == kThreads - 1) shared.share_mass = others + upto;
  if (warp == 0) sum_untempered(shared);
  cluster_barrier();

  if (warp < 2) {
    const float share =
        lane < blocks ? *in_block(&shared.share_mass, static_cast<unsigned>(lane)) : 0.0f;
    float before = share;
#pragma unroll
    for (int step = 1; step < 8; step *= 2) {
      const float below = __shfl_up_sync(kAll, before, step);
      if (lane >= step) before += below;
    }
    const float total = __shfl_sync(kAll, before, blocks - 1);
    before -= share;
    const double reached = warp == 0 ? top_p - 2 * doubt : top_p + 2 * doubt;
    float mass = total;
    int bin = kBins;
    if (top_p < 1.0)
      bin = find_bin(static_cast<float>(reached * static_cast<double>(total)), before, share,
                     shared, mass);
    // Rounded so that fp32 positions of logits at the edge of a bin do not matter.
    if (warp == 0 && lane == 0) {
      const double edge = (bin - 0.5) * (1 - 0x1p-20);
      shared.nucleus.sure = bin == 0       ? kInfinity
                            : bin == kBins ? -kInfinity
                                           : __double2float_ru(scale.logit_at(edge));
    }
    if (warp == 1 && lane == 0) {
      const double edge = (min(bin, kBins - 1) + 0.5) * (1 + 0x1p-20);
      shared.nucleus.least = __double2float_rd(scale.logit_at(edge));
      shared.nucleus.mass = mass;
    }
  }
  __syncthreads();
  return shared.nucleus;
}

// Writes a candidate to shared memory and moves `address` on, if it is wanted.
__device__ __forceinline__ void store_next(bool wanted, std::uint32_t& address, int id,
                                           float logit) {
  if (!wanted) return;
  asm volatile("st.shared.v2.b32 [%0], {%1, %2};" ::"r"(address), "r"(id),
               "r"(__float_as_uint(logit))
               : "memory");
  address += 8;
}

// Tokens at and after (logit, id) in the order are out of the race.
struct Limit {
  float logit = -kInfinity;
  int id = 0x7FFFFFFF;
};

// Sends to block 0 the tokens of the nucleus that may win: those whose -log(u) may be at most
// mass · reach. -log(u) >= 1 - u makes that a test without a logarithm. The first doubtful token of
// the slice goes to shared.first_doubtful.
__device__ __forceinline__ void race(const Slice& slice, const Scale& scale, const SampleRow& row,
                                     const Nucleus& nucleus, const Limit& limit, float reach,
                                     Shared& shared) {
  const int lane = threadIdx.x % 32;
  const unsigned lanes_before = (1u << lane) - 1;
  const uint2* queue = shared.queue[threadIdx.x / 32];
  const auto queue_address = static_cast<std::uint32_t>(__cvta_generic_to_shared(queue));
  const float least = fmaxf(nucleus.least, limit.logit);
  const float margin = 1.0f + 0x1p-22f;
  reach *= 1.0f + 0x1p-14f;  // the mass below is fp32
  unsigned long long first = 0;

  const auto judge = [&](const uint2& candidate, std::uint32_t word) {
    const int id = static_cast<int>(candidate.x);
    const float logit = __uint_as_float(candidate.y);
    const float mass = exp2_fast(scale.half_distance(logit) * scale.to_log2);
    const float complement = __uint_as_float(0x3F800000u | (~word >> 9));  // 2 - u, rounded down
    if (complement <= fmaf(mass, reach, margin) && !(logit == limit.logit && id >= limit.id)) {
      const int at = atomicAdd(in_block(&shared.survivor_count, 0), 1);
      if (at < kSurvivors) *in_block(&shared.survivors[at], 0) = {id, logit, word};
    }
    if (logit < nucleus.sure) {
      const unsigned long long key = order_key(logit, id);
      first = key > first ? key : first;
    }
  };

  const auto word_of = [&](const uint2& candidate) {
    return random_word(row.sample_key, static_cast<int>(candidate.x), row.index);
  };

  // Candidates are few or scattered: they are gathered into full warps first, two for each lane, so
  // that one's arithmetic fills the other's waits.
  int waiting = 0;
  for_each_four(slice, -kInfinity, [&](int id, const float4& v) {
    const bool x = v.x >= least, y = v.y >= least, z = v.z >= least, w = v.w >= least;
    const unsigned all_x = __ballot_sync(kAll, x), all_y = __ballot_sync(kAll, y),
                   all_z = __ballot_sync(kAll, z), all_w = __ballot_sync(kAll, w);
    if ((all_x | all_y | all_z | all_w) == 0) return;
    std::uint32_t at =
        queue_address + 8 * (waiting + __popc(all_x & lanes_before) + __popc(all_y & lanes_before) +
                             __popc(all_z & lanes_before) + __popc(all_w & lanes_before));
    store_next(x, at, id, v.x);
    store_next(y, at, id + 1, v.y);
    store_next(z, at, id + 2, v.z);
    store_next(w, at, id + 3, v.w);
    waiting = static_cast<int>(__shfl_sync(kAll, at, 31) - queue_address) / 8;
    __syncwarp();
    while (waiting >= 64) {
      waiting -= 64;
      const uint2 one = queue[waiting + lane], two = queue[waiting + 32 + lane];
      const std::uint32_t word_of_one = word_of(one), word_of_two = word_of(two);
      judge(one, word_of_one);
      judge(two, word_of_two);
    }
    __syncwarp();
  });
  for (int i = lane; i < waiting; i += 32) judge(queue[i], word_of(queue[i]));
#pragma unroll
  for (int step = 16; step > 0; step /= 2) {
    const unsigned long long other = __shfl_xor_sync(kAll, first, step);
    first = other > first ? other : first;
  }
  if (lane == 0 && first != 0) atomicMax(&shared.first_doubtful, first);
}

// Exact sums over the slice: of all masses, and of those before a token.
__device__ __forceinline__ void sum_exactly(const Slice& slice, float largest, double temperature,
                                            float logit, int id, Shared& shared) {
  unsigned long long total = 0, before = 0;
  for (int i = slice.begin + static_cast<int>(threadIdx.x); i < slice.end; i += kThreads) {
    const float other = slice.row[i];
    const unsigned long long mass = exact_mass(other, largest, temperature);
    total += mass;
    if (other > logit || (other == logit && i < id)) before += mass;
  }
  total = warp_sum(total);
  before = warp_sum(before);
  if (threadIdx.x % 32 == 0) {
    atomicAdd(&shared.total, total);
    atomicAdd(&shared.before, before);
  }
}

}  // namespace quorum::cuda::sampling
