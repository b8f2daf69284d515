#include "engine/cpu_backend.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <utility>

#include "base/error.h"
#include "base/sha256.h"
#include "engine/cpu/decoder.h"
#include "engine/cpu/isa.h"

namespace quorum {
namespace {

using cpu::kPageTokens;

constexpr int kPrefillTokens = 256;     // tokens of prefill a step
constexpr int kFingerprintTokens = 40;  // more than two pages

// Error(kData) when one of `count` logits is NaN or infinite.
void check_logits(const cpu::Kernels& kernels, const float* logits, int count,
                  const std::string& where) {
  if (kernels.all_finite(logits, count)) return;
  int token = 0;
  while (std::isfinite(logits[token])) ++token;
  throw Error(
      ErrorKind::kData,
      "logit of token " + std::to_string(token) + " at " + where + " is not finite",
      std::isnan(logits[token]) ? "the model computed NaN" : "the model computed an infinity",
      "the checkpoint is broken or was damaged on its way: verify its files");
}

struct Slot {
  bool used = false;
  SequenceEnd end = SequenceEnd::kNone;
  std::vector<PageId> pages;
  int length = 0;  // positions with KV
  TokenId input = 0;
  SamplingParams sampling;
  std::uint64_t sample_key = 0;
  int generated = 0, max_tokens = 0;
  std::vector<TokenId> stop_ids;
};

class CpuBackend final : public Backend {
 public:
  CpuBackend(const DecoderSpec& spec, const DecoderWeights& weights,
             const CpuBackendOptions& options)
      : spec_(spec),
        max_positions_(options.max_positions > 0
                           ? std::min(options.max_positions, spec.max_positions)
                           : spec.max_positions),
        kernels_(cpu::kernels_for(options.isa)),
        pool_(options.threads > 0 ? options.threads : cpu::available_processors()),
        kv_(spec, pages_in(spec, options)),
        swap_pages_(static_cast<int>(std::clamp<std::int64_t>(
            options.swap_bytes / cpu::KvPool::page_bytes(spec), 0, 1 << 30))),
        decoder_(spec, weights, kernels_, pool_),
        slots_(static_cast<std::size_t>(options.slots)) {}

  BackendLimits limits() const override {
    return {static_cast<int>(slots_.size()),
            kv_.pages(),
            kPageTokens,
            max_positions_,
            kPrefillTokens,
            swap_pages_};
  }

  void enqueue(const StepPlan& plan) override;
  std::vector<TokenEvent> collect() override;
  void logits(std::span<const TokenId> tokens, std::span<const int> positions,
              const LogitsVisitor& visit) override;
  std::string fingerprint() override;

  std::string description() const override {
    return std::string("cpu, ") + kernels_.name + ", " + std::to_string(pool_.threads()) +
           (pool_.threads() == 1 ? " thread" : " threads");
  }

 private:
  static int pages_in(const DecoderSpec& spec, const CpuBackendOptions& options);
  Slot& slot(SlotId id);
  float* swap_page(SwapId id);
  void start(const SlotStart& start);
  void check_token(TokenId token) const;
  std::vector<TokenEvent> decode(const StepPlan& plan);
  TokenEvent sample(SlotId id, const float* logits);

  DecoderSpec spec_;
  int max_positions_;
  const cpu::Kernels& kernels_;
  cpu::ThreadPool pool_;
  cpu::KvPool kv_;
  int swap_pages_;
  cpu::MappedBuffer swap_;  // made by the first swap-out
  cpu::Decoder decoder_;
  std::vector<Slot> slots_;
  std::vector<cpu::Row> rows_;
  std::vector<float> logits_;
  std::deque<std::vector<TokenEvent>> pending_;
};

int CpuBackend::pages_in(const DecoderSpec& spec, const CpuBackendOptions& options) {
  QUORUM_CHECK(options.slots > 0, "a backend needs a slot");
  const std::int64_t page = cpu::KvPool::page_bytes(spec);
  const std::int64_t pages = options.kv_bytes / page;
  if (pages < 2) {
    throw Error(
        ErrorKind::kEnvironment,
        "--kv-memory of " + std::to_string(options.kv_bytes) + " bytes does not hold two KV pages",
        "a page of " + std::to_string(kPageTokens) + " positions of this model takes " +
            std::to_string(page) + " bytes",
        "give at least " + std::to_string(2 * page) + " bytes");
  }
  return static_cast<int>(std::min<std::int64_t>(pages, 1 << 30));
}

Slot& CpuBackend::slot(SlotId id) {
  QUORUM_CHECK(id >= 0 && id < static_cast<SlotId>(slots_.size()), "slot out of range");
  return slots_[static_cast<std::size_t>(id)];
}

void CpuBackend::check_token(TokenId token) const {
  if (token >= 0 && token < spec_.vocab) return;
  throw Error(ErrorKind::kUsage,
              "token id " + std::to_string(token) + " is outside of the vocabulary",
              "the model has ids 0 to " + std::to_string(spec_.vocab - 1),
              "use the tokenizer that belongs to the checkpoint");
}

float* CpuBackend::swap_page(SwapId id) {
  QUORUM_CHECK(id >= 0 && id < swap_pages_, "a page of the swap space is out of range");
  if (swap_.data() == nullptr) {
    const std::int64_t bytes = cpu::KvPool::page_bytes(spec_) * swap_pages_;
    swap_ = cpu::MappedBuffer(static_cast<std::size_t>(bytes), "the swap space");
  }
  return swap_.floats() + id * kv_.page_stride();
}

void CpuBackend::start(const SlotStart& start) {
  Slot& to = slot(start.slot);
  QUORUM_CHECK(!to.used, "a sequence was started in a slot that is in use");
  QUORUM_CHECK(start.length >= 0 && start.generated >= 0, "a sequence begins before its tokens");
  QUORUM_CHECK(start.max_tokens > start.generated, "a sequence needs room for a token");
  check_token(start.input);
  to = Slot{true,           SequenceEnd::kNone, start.pages,     start.length,     start.input,
            start.sampling, start.sample_key,   start.generated, start.max_tokens, start.stop_ids};
}

void CpuBackend::enqueue(const StepPlan& plan) {
  for (const SwapOut& out : plan.swap_outs) kv_.save(out.page, swap_page(out.host_page));
  for (const PageCopy& copy : plan.copies) kv_.copy(copy.from, copy.to, copy.tokens);
  for (const SwapIn& in : plan.swap_ins) kv_.restore(swap_page(in.host_page), in.page);
  for (const SlotStart& each : plan.starts) start(each);
  for (const PageGrant& grant : plan.grants) {
    QUORUM_CHECK(slot(grant.slot).used, "a page was granted to a free slot");
    slot(grant.slot).pages.push_back(grant.page);
  }
  std::vector<TokenEvent> events = decode(plan);
  for (const SlotId id : plan.stops) slot(id) = Slot{};
  pending_.push_back(std::move(events));
}

// Decode rows come first, so that logits are computed for them alone. All rows of the step go
// through one pass: a layer stores the keys and values of every row before any row attends.
std::vector<TokenEvent> CpuBackend::decode(const StepPlan& plan) {
  rows_.clear();
  const auto add = [&](TokenId token, int position, const std::vector<PageId>& pages) {
    QUORUM_CHECK(position < max_positions_, "a position is beyond the context");
    QUORUM_CHECK(position / kPageTokens < static_cast<int>(pages.size()),
                 "a position has no KV page");
    rows_.push_back({token, position, pages.data()});
  };
  for (const DecodeRow& row : plan.decodes) {
    const Slot& from = slot(row.slot);
    QUORUM_CHECK(from.used && from.end == SequenceEnd::kNone,
                 "a decode row names a slot without a running sequence");
    QUORUM_CHECK(row.query_length == 1, "the CPU backend decodes one token a row");
    add(from.input, from.length, from.pages);
  }
  for (const PrefillChunk& chunk : plan.prefills) {
    for (std::size_t i = 0; i < chunk.tokens.size(); ++i) {
      check_token(chunk.tokens[i]);
      add(chunk.tokens[i], chunk.begin + static_cast<int>(i), chunk.pages);
    }
  }

  const int samples = static_cast<int>(plan.decodes.size());
  const std::size_t vocab = static_cast<std::size_t>(spec_.vocab);
  logits_.resize(std::max(logits_.size(), static_cast<std::size_t>(samples) * vocab));
  decoder_.forward(rows_, samples, kv_, logits_.data());

  for (int i = 0; i < samples; ++i) {
    check_logits(kernels_, logits_.data() + static_cast<std::size_t>(i) * vocab, spec_.vocab,
                 "position " + std::to_string(rows_[static_cast<std::size_t>(i)].position) +
                     " of slot " + std::to_string(plan.decodes[static_cast<std::size_t>(i)].slot));
  }
  std::vector<TokenEvent> events(plan.decodes.size());
  pool_.parallel_for(samples, 1, [&](int begin, int end, int) {
    for (int i = begin; i < end; ++i) {
      const auto at = static_cast<std::size_t>(i);
      events[at] = sample(plan.decodes[at].slot, logits_.data() + at * vocab);
    }
  });
  return events;
}

TokenEvent CpuBackend::sample(SlotId id, const float* logits) {
  Slot& to = slot(id);
  const SampledToken token =
      sample_token(std::span(logits, static_cast<std::size_t>(spec_.vocab)), to.sampling,
                   to.sample_key, static_cast<std::uint32_t>(to.generated));
  to.input = token.id;
  ++to.length;
  ++to.generated;
  if (std::find(to.stop_ids.begin(), to.stop_ids.end(), token.id) != to.stop_ids.end()) {
    to.end = SequenceEnd::kStop;
  } else if (to.generated >= to.max_tokens) {
    to.end = SequenceEnd::kLength;
  }
  return {id, {token}, to.end};
}

std::vector<TokenEvent> CpuBackend::collect() {
  QUORUM_CHECK(!pending_.empty(), "collect() without a pending step");
  std::vector<TokenEvent> events = std::move(pending_.front());
  pending_.pop_front();
  return events;
}

void CpuBackend::logits(std::span<const TokenId> tokens, std::span<const int> positions,
                        const LogitsVisitor& visit) {
  const int count = static_cast<int>(tokens.size());
  if (count > max_positions_) {
    throw Error(ErrorKind::kUsage, std::to_string(count) + " tokens do not fit into the context",
                "the model has " + std::to_string(max_positions_) + " positions",
                "give fewer tokens");
  }
  for (const TokenId token : tokens) check_token(token);
  const std::size_t vocab = static_cast<std::size_t>(spec_.vocab);
  std::vector<PageId> pages(static_cast<std::size_t>((count + kPageTokens - 1) / kPageTokens));
  for (std::size_t i = 0; i < pages.size(); ++i) pages[i] = static_cast<PageId>(i);
  cpu::KvPool kv(spec_, static_cast<int>(pages.size()));
  std::vector<float> out;
  for (int begin = 0; begin < count && !positions.empty(); begin += kPrefillTokens) {
    const int end = std::min(begin + kPrefillTokens, count);
    const auto wanted = static_cast<std::size_t>(
        std::lower_bound(positions.begin(), positions.end(), end) - positions.begin());
    // Logits are given for the first rows, so that the wanted ones lead.
    std::vector<cpu::Row> rows;
    const auto add = [&](int i) {
      rows.push_back({tokens[static_cast<std::size_t>(i)], i, pages.data()});
    };
    for (const int position : positions.first(wanted)) {
      QUORUM_CHECK(position >= begin, "positions of logits ascend");
      add(position);
    }
    for (int i = begin; i < end; ++i)
      if (!std::binary_search(positions.begin(), positions.end(), i)) add(i);
    out.resize(wanted * vocab);
    decoder_.forward(rows, static_cast<int>(wanted), kv, out.data());
    for (std::size_t i = 0; i < wanted; ++i) {
      const std::span row(out.data() + i * vocab, vocab);
      check_logits(kernels_, row.data(), spec_.vocab, "position " + std::to_string(positions[i]));
      visit(positions[i], row);
    }
    positions = positions.subspan(wanted);
  }
  QUORUM_CHECK(positions.empty(), "a position of logits is beyond the tokens");
}

std::string CpuBackend::fingerprint() {
  std::vector<TokenId> tokens(
      static_cast<std::size_t>(std::min(kFingerprintTokens, max_positions_)));
  for (std::size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<TokenId>((i * 7919 + 13) % static_cast<std::size_t>(spec_.vocab));
  const std::vector<float> values = Backend::logits(tokens);
  return Sha256().update(std::as_bytes(std::span(values))).hex().substr(0, 16);
}

}  // namespace

std::unique_ptr<Backend> make_cpu_backend(const DecoderSpec& spec, const DecoderWeights& weights,
                                          const CpuBackendOptions& options) {
  return std::make_unique<CpuBackend>(spec, weights, options);
}

}  // namespace quorum
