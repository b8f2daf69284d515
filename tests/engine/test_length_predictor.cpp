#include "engine/length_predictor.h"

#include <algorithm>
#include <cmath>

#include "base/philox.h"
#include "support/catch.h"

using namespace quorum;

namespace {

constexpr int kContext = 32768;

Prompt some_prompt() { return std::make_shared<const std::vector<TokenId>>(3, 1); }

int exponential(PhiloxStream& random, double mean) {
  return 1 + static_cast<int>(-std::log(open_unit(random.next())) * mean);
}

}  // namespace

TEST_CASE("Before anything is known a sample is expected to reach its limit", "[lengths]") {
  LengthPredictor predictor;
  LengthPredictor::PromptLengths& prompt = predictor.of(some_prompt());
  CHECK(predictor.expected(prompt, 0, 700) == 700);
  CHECK(predictor.quantile(prompt, 0, 700, 0.1) == 700);
  predictor.refresh({}, 700);
  CHECK(predictor.expected(prompt, 0, 700) == 700);
  CHECK(predictor.expected(prompt, 650, 700) == 700);
  // Beyond what answers to hard problems have in the mean, that mean is the guess.
  predictor.refresh({}, kContext);
  CHECK(predictor.expected(prompt, 0, kContext) == Approx(9000).margin(2));
  CHECK(predictor.expected(prompt, 5000, kContext) == Approx(14000).margin(2));
  CHECK(predictor.expected(prompt, 30000, kContext) == kContext);
}

TEST_CASE("Predictions follow the lengths that were observed", "[lengths]") {
  PhiloxStream random(1);
  for (const double mean : {30.0, 500.0, 6000.0}) {
    LengthPredictor predictor;
    std::vector<LengthPredictor::PromptLengths*> prompts;
    for (int p = 0; p < 20; ++p) prompts.push_back(&predictor.of(some_prompt()));
    for (int i = 0; i < 4000; ++i)
      predictor.finished(*prompts[static_cast<std::size_t>(i % 20)], exponential(random, mean),
                         false);
    predictor.refresh({}, kContext);
    LengthPredictor::PromptLengths& fresh = predictor.of(some_prompt());
    CHECK(predictor.expected(fresh, 0, 1 << 20) == Approx(mean).epsilon(0.1));
    CHECK(predictor.quantile(fresh, 0, 1 << 20, 0.5) == Approx(mean * std::log(2)).epsilon(0.1));
    CHECK(predictor.quantile(fresh, 0, 1 << 20, 0.9) == Approx(mean * std::log(10)).epsilon(0.1));
    // An exponential distribution has no memory.
    const int half = static_cast<int>(mean / 2);
    CHECK(predictor.expected(fresh, half, 1 << 20) == Approx(half + mean).epsilon(0.1));
    CHECK(predictor.quantile(fresh, half, 1 << 20, 0.5) ==
          Approx(half + mean * std::log(2)).epsilon(0.1));
  }
}

TEST_CASE("A sample that outlived others is expected to go on as the longer ones did",
          "[lengths]") {
  PhiloxStream random(6);
  LengthPredictor predictor;
  std::vector<int> lengths;
  for (int i = 0; i < 1000; ++i) {
    int length = 0;
    for (int part = 0; part < 4; ++part) length += exponential(random, 250);
    lengths.push_back(length);
    predictor.finished(predictor.of(some_prompt()), length, false);
  }
  predictor.refresh({}, kContext);
  LengthPredictor::PromptLengths& fresh = predictor.of(some_prompt());
  for (const int generated : {0, 300, 900, 1500}) {
    double sum = 0;
    int longer = 0;
    for (const int length : lengths) {
      if (length <= generated) continue;
      sum += length;
      ++longer;
    }
    CHECK(predictor.expected(fresh, generated, kContext) == Approx(sum / longer).epsilon(0.12));
  }
  CHECK(predictor.expected(fresh, 9000, kContext) > 12000);
}

TEST_CASE("Running samples keep the first to finish from making all look short", "[lengths]") {
  PhiloxStream random(2);
  const double mean = 3000;
  const int now = 400;  // tokens after which we look
  LengthPredictor predictor;
  LengthPredictor::PromptLengths& prompt = predictor.of(some_prompt());
  std::vector<LengthPredictor::Running> running;
  int finished = 0;
  for (int i = 0; i < 2000; ++i) {
    const int length = exponential(random, mean);
    if (length <= now) {
      predictor.finished(prompt, length, false);
      ++finished;
    } else {
      running.push_back({&prompt, now});
    }
  }
  REQUIRE(finished > 100);
  predictor.refresh(running, kContext);
  LengthPredictor::PromptLengths& fresh = predictor.of(some_prompt());
  CHECK(predictor.expected(fresh, 0, kContext) > 0.7 * mean);
  CHECK(predictor.quantile(fresh, 0, kContext, 0.12) == Approx(now).epsilon(0.3));
}

TEST_CASE("Samples that their limit cut are no ends", "[lengths]") {
  LengthPredictor predictor;
  LengthPredictor::PromptLengths& prompt = predictor.of(some_prompt());
  for (int i = 0; i < 50; ++i) predictor.finished(prompt, 4096, true);
  predictor.refresh({}, 4096);
  for (const int generated : {0, 100, 4000})
    CHECK(predictor.expected(prompt, generated, 4096) == 4096);
  CHECK(predictor.quantile(prompt, 0, 4096, 0.5) == 4096);
}

TEST_CASE("Siblings tell more than strangers", "[lengths]") {
  PhiloxStream random(3);
  LengthPredictor predictor;
  LengthPredictor::PromptLengths& easy = predictor.of(some_prompt());
  LengthPredictor::PromptLengths& hard = predictor.of(some_prompt());
  LengthPredictor::PromptLengths& fresh = predictor.of(some_prompt());
  LengthPredictor::PromptLengths& slow = predictor.of(some_prompt());
  for (int i = 0; i < 16; ++i) {
    predictor.finished(easy, exponential(random, 400), false);
    predictor.finished(hard, exponential(random, 6000), false);
  }
  // Nothing of this one is finished, though its samples run for long.
  const std::vector<LengthPredictor::Running> running(8, {&slow, 7000});
  predictor.refresh(running, kContext);
  const auto expected = [&](LengthPredictor::PromptLengths& of) {
    return predictor.expected(of, 0, kContext);
  };
  CHECK(expected(easy) < expected(fresh));
  CHECK(expected(fresh) < expected(hard));
  CHECK(expected(fresh) < expected(slow));
  CHECK(expected(easy) < 0.4 * expected(hard));
}

TEST_CASE("Predictions lie between what there is and the limit and grow with the quantile",
          "[lengths]") {
  PhiloxStream random(4);
  for (int round = 0; round < 200; ++round) {
    LengthPredictor predictor;
    std::vector<LengthPredictor::PromptLengths*> prompts;
    for (int p = random.between(1, 5); p > 0; --p) prompts.push_back(&predictor.of(some_prompt()));
    const auto any = [&]() -> LengthPredictor::PromptLengths& {
      return *prompts[random.below(static_cast<std::uint32_t>(prompts.size()))];
    };
    const double mean = random.between(1, 5000);
    for (int i = random.between(0, 50); i > 0; --i)
      predictor.finished(any(), exponential(random, mean), random.below(2) == 0);
    std::vector<LengthPredictor::Running> running;
    for (int i = random.between(0, 50); i > 0; --i)
      running.push_back({&any(), random.between(0, 200000)});
    const int limit = random.between(1, 131072);
    predictor.refresh(running, limit);
    for (int i = 0; i < 20; ++i) {
      const int generated = random.between(0, limit - 1);
      LengthPredictor::PromptLengths& prompt = any();
      const int expected = predictor.expected(prompt, generated, limit);
      REQUIRE(expected > generated);
      REQUIRE(expected <= limit);
      int before = generated + 1;
      for (const double p : {0.0, 0.001, 0.3, 0.5, 0.9, 0.9999}) {
        const int length = predictor.quantile(prompt, generated, limit, p);
        REQUIRE(length >= before);
        REQUIRE(length <= limit);
        before = length;
      }
    }
  }
}

TEST_CASE("A cleared predictor knows nothing", "[lengths]") {
  LengthPredictor predictor;
  predictor.finished(predictor.of(some_prompt()), 5, false);
  predictor.refresh({}, 1000);
  predictor.clear();
  CHECK(predictor.expected(predictor.of(some_prompt()), 0, 1000) == 1000);
}
