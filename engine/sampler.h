// The sampler, as defined in docs/ARCHITECTURE.md (property 2). The one definition for all
// backends.
//
// Order: logit descending, token id ascending. With temperature T and the largest logit m, token i
// has the integer mass q_i = round(exp((l_i - m)/T) · 2^40). Token i stays if the mass before it is
// < p·Z, Z the sum of all masses. Among those that stay, Gumbel-max: the largest log(q_i) -
// log(-log(u_i)), ties to the smaller id, where u_i is the open unit number of Philox4x32-10 with
// key `sample_key` and counter (token id, index of the generated token, stream 0, 0). T = 0 takes
// the smallest id among the largest logits. Sums of integers do not depend on order, so neither
// does the choice.
//
// To the last bit: x = (double(l_i) - double(m)) / T; q_i rounds ties to even; "mass before < p·Z"
// compares double(mass before) with p · double(Z), except that p >= 1 keeps every token; a token of
// mass 0 is never chosen; exp and log are those of base/fixed_math.h. The log-probability of token
// i is (l_i - m) - log(Z_1 · 2^-40), Z_1 the sum of the masses at T = 1: finite for every token.
#pragma once

#include <cstdint>
#include <span>

#include "engine/decoder_spec.h"

namespace quorum {

struct SamplingParams {
  double temperature = 0.6;  // >= 0
  double top_p = 0.95;       // (0, 1]
};

struct SampledToken {
  TokenId id = 0;
  double logprob = 0;  // natural log, of the untempered, untruncated distribution
};

// `logits`: (vocab), finite; the caller checks. `index`: how many tokens the sample has generated
// before this one.
SampledToken sample_token(std::span<const float> logits, const SamplingParams& params,
                          std::uint64_t sample_key, std::uint32_t index);

// Natural log-probabilities of the untempered distribution, from integer masses at T = 1. `out`:
// (vocab).
void log_probabilities(std::span<const float> logits, std::span<double> out);

}  // namespace quorum
