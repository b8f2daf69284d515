// Integer masses of logits, the part of the sampler that touches the whole vocabulary; vectorised,
// with the bits of fixed_exp on every machine.
#pragma once

#include <cstdint>
#include <span>

namespace quorum {

// Below this, exp(x) · 2^40 is less than a half (ln 2^-41 = -28.419) and the mass is 0 without
// computing it.
inline constexpr double kLeastExponent = -28.5;

float largest_logit(std::span<const float> logits);

// q_i = round(exp((l_i - largest)/temperature) · 2^40), ties to even, into `masses` unless that is
// null; returns their sum. Preconditions: no logit exceeds `largest`; temperature > 0; at most 2^23
// logits.
std::uint64_t tempered_masses(std::span<const float> logits, float largest, double temperature,
                              std::uint64_t* masses);

// q of a single logit.
std::uint64_t tempered_mass(float logit, float largest, double temperature);

}  // namespace quorum
