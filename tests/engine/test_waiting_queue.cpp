#include "engine/waiting_queue.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/philox.h"
#include "support/catch.h"

using namespace quorum;

namespace {

struct Requests {
  LengthPredictor predictor;
  std::vector<Prompt> prompts;

  explicit Requests(int count) {
    for (int i = 0; i < count; ++i)
      prompts.push_back(std::make_shared<const std::vector<TokenId>>(2, i));
  }

  SequencePtr make(std::uint64_t id, int prompt, std::int32_t block, int max_tokens = 1000) {
    auto sequence = std::make_shared<Sequence>();
    sequence->request.id = id;
    sequence->request.prompt = prompts.at(static_cast<std::size_t>(prompt));
    sequence->request.block = block;
    sequence->max_tokens = max_tokens;
    sequence->lengths = &predictor.of(sequence->request.prompt);
    return sequence;
  }
};

std::vector<std::uint64_t> drain(WaitingQueue& queue, const LengthPredictor& predictor,
                                 bool any_block) {
  std::vector<std::uint64_t> order;
  while (!queue.empty()) {
    const SequencePtr next = queue.next(predictor, any_block);
    REQUIRE(queue.pop() == next);
    order.push_back(next->request.id);
  }
  return order;
}

}  // namespace

TEST_CASE("Without lengths the queue keeps blocks and within them the order of ids",
          "[waiting_queue]") {
  Requests requests(3);
  WaitingQueue queue;
  for (const auto& [id, prompt, block] : {std::tuple{7, 0, 1}, {1, 1, 0}, {4, 2, 0}, {0, 1, 0}}) {
    queue.add(requests.make(static_cast<std::uint64_t>(id), prompt, block));
  }
  CHECK(queue.size() == 4);
  CHECK(queue.has(requests.prompts[0]));
  CHECK(drain(queue, requests.predictor, false) == std::vector<std::uint64_t>{0, 1, 4, 7});
  CHECK(queue.size() == 0);
  CHECK(!queue.has(requests.prompts[0]));
}

TEST_CASE("The longest expected sample of a block is first, near the end of all blocks",
          "[waiting_queue]") {
  Requests requests(3);
  for (int i = 0; i < 10; ++i) {
    requests.predictor.finished(requests.predictor.of(requests.prompts[0]), 20, false);
    requests.predictor.finished(requests.predictor.of(requests.prompts[1]), 900, false);
    requests.predictor.finished(requests.predictor.of(requests.prompts[2]), 300, false);
  }
  requests.predictor.refresh({}, 10000);
  for (const bool any_block : {false, true}) {
    WaitingQueue queue;
    queue.add(requests.make(0, 0, 0, 10000));
    queue.add(requests.make(1, 0, 0, 10000));
    queue.add(requests.make(2, 2, 0, 10000));
    queue.add(requests.make(3, 1, 1, 10000));
    queue.add(requests.make(4, 1, 0, 10000));
    queue.add(requests.make(5, 2, 1, 10000));
    CHECK(drain(queue, requests.predictor, any_block) ==
          (any_block ? std::vector<std::uint64_t>{3, 4, 2, 5, 0, 1}
                     : std::vector<std::uint64_t>{4, 2, 0, 1, 3, 5}));
  }
}

TEST_CASE("The order does not depend on the order of arrival", "[waiting_queue]") {
  PhiloxStream random(1);
  for (int round = 0; round < 100; ++round) {
    Requests requests(random.between(1, 6));
    const int prompts = static_cast<int>(requests.prompts.size());
    for (int i = random.between(0, 20); i > 0; --i) {
      const Prompt& prompt =
          requests
              .prompts[static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(prompts)))];
      requests.predictor.finished(requests.predictor.of(prompt), random.between(1, 900), false);
    }
    requests.predictor.refresh({}, 1000);
    std::vector<SequencePtr> all;
    for (std::uint64_t id = 0; id < 40; ++id)
      all.push_back(requests.make(id, random.between(0, prompts - 1), random.between(0, 2)));
    WaitingQueue queue;
    std::vector<std::tuple<int, int, std::uint64_t>> ranks;
    for (std::size_t i = all.size(); i > 0; --i) {
      std::swap(all[i - 1], all[random.below(static_cast<std::uint32_t>(i))]);
      const Sequence& sequence = *all[i - 1];
      ranks.emplace_back(sequence.request.block,
                         -requests.predictor.expected(*sequence.lengths, 0, sequence.limit()),
                         sequence.request.id);
      queue.add(all[i - 1]);
    }
    std::sort(ranks.begin(), ranks.end());
    const std::vector<std::uint64_t> order = drain(queue, requests.predictor, false);
    REQUIRE(order.size() == ranks.size());
    for (std::size_t i = 0; i < order.size(); ++i) REQUIRE(order[i] == std::get<2>(ranks[i]));
  }
}
