// What executes a decoder: the CPU or CUDA. Host code plans steps; sampling and the stop test
// are inside the backend, so that a GPU can run ahead of the host that reads its tokens.
//
// A sequence lives in a slot and sees a table of KV pages. The host owns the page numbers: it
// grants pages before they are needed and may put one page into the tables of several slots (a
// shared prompt). Prefill fills KV for given tokens and never samples; a decode row consumes the
// slot's last token (the last prompt token at first), writes its KV, and samples the next one.
// Every result is a function of the tokens before it alone: not of the batch, the slot, or the page
// numbers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/backend_profile.h"
#include "engine/decoder_spec.h"
#include "engine/sampler.h"

namespace quorum {

using SlotId = std::int32_t;
using PageId = std::int32_t;
using SwapId = std::int32_t;  // a page of the backend's swap space in host memory

// Begins a sequence in a free slot, or goes on with one that was preempted: its next token has the
// sample index `generated`. Positions [0, length) must be in `pages` (through sharing, copies,
// swap-ins or prefill chunks of this or earlier steps) before its first decode row.
struct SlotStart {
  SlotId slot = 0;
  std::vector<PageId> pages;  // pages[i] holds positions [i·page_tokens, (i+1)·page_tokens)
  int length = 0;             // tokens with KV: prompt.size() - 1 + generated
  TokenId input = 0;          // what the first decode row consumes: the last token so far
  SamplingParams sampling;
  std::uint64_t sample_key = 0;
  int max_tokens = 0;  // generated tokens, earlier ones included, after which the sequence ends
  std::vector<TokenId>
      stop_ids;       // generating one of these ends the sequence; the token is part of it
  int generated = 0;  // tokens generated before, less than max_tokens
};

// Appends one page to a slot's table.
struct PageGrant {
  SlotId slot = 0;
  PageId page = 0;
};

// Copies all of a page's bytes to the host, as they are at the end of the step before. The page may
// be written by the later parts of the same step; `host_page` keeps its content until another
// swap-out names it, and its old content is no longer needed.
struct SwapOut {
  PageId page = 0;
  SwapId host_page = 0;
};

// Copies a page back, bit for bit; not to the page that it came from in general. No swap-out of the
// same step names `host_page`.
struct SwapIn {
  SwapId host_page = 0;
  PageId page = 0;
};

// Copies the first `tokens` positions of all layers from one page to another.
struct PageCopy {
  PageId from = 0, to = 0;
  int tokens = 0;
};

// Computes KV of `tokens` at positions [begin, begin + tokens.size()) of the sequence that `pages`
// describes. Positions before `begin` are already there.
struct PrefillChunk {
  std::vector<PageId> pages;
  int begin = 0;
  std::vector<TokenId> tokens;
};

// One decode step of a slot. `query_length` above 1 is for speculation: backends take 1 so far.
struct DecodeRow {
  SlotId slot = 0;
  int query_length = 1;
};

// Executed in this order, and as if step by step: swap-outs, copies, swap-ins, starts, grants,
// prefills, decodes, stops (slots that become free). Pages of a slot that the step stops without a
// decode row may be written in that step already. A swap-out may follow steps that are not
// collected and write its page.
struct StepPlan {
  std::vector<SwapOut> swap_outs;
  std::vector<PageCopy> copies;
  std::vector<SwapIn> swap_ins;
  std::vector<SlotStart> starts;
  std::vector<PageGrant> grants;
  std::vector<PrefillChunk> prefills;
  std::vector<DecodeRow> decodes;
  std::vector<SlotId> stops;

  bool empty() const {
    return swap_outs.empty() && copies.empty() && swap_ins.empty() && starts.empty() &&
           grants.empty() && prefills.empty() && decodes.empty() && stops.empty();
  }
};

enum class SequenceEnd { kNone, kStop, kLength };

// The tokens that one decode row produced. After an end the slot takes no more decode rows and
// waits for its stop.
struct TokenEvent {
  SlotId slot = 0;
  std::vector<SampledToken> tokens;
  SequenceEnd end = SequenceEnd::kNone;
};

struct BackendLimits {
  int slots = 0;           // sequences at once
  int pages = 0;           // KV pages
  int page_tokens = 0;     // positions a page
  int max_positions = 0;   // context length
  int prefill_tokens = 0;  // tokens of prefill that one step takes at most
  int swap_pages = 0;      // pages of swap space in host memory; 0: none
};

// Sees the logits (vocab) after one position; they are gone when it returns.
using LogitsVisitor = std::function<void(int position, std::span<const float> logits)>;

class Backend {
 public:
  virtual ~Backend() = default;
  virtual BackendLimits limits() const = 0;
  // Takes a step; may return before it ran. A NaN or infinite logit throws Error(kData) from here
  // or from collect().
  virtual void enqueue(const StepPlan& plan) = 0;
  // The events of the oldest step not yet collected, in the order of its decode rows. Precondition:
  // a step is pending.
  virtual std::vector<TokenEvent> collect() = 0;
  // How many steps may be pending before collect() must be called; 1: none runs ahead.
  virtual int lag() const { return 1; }

  // Visits the logits after tokens[p] (a sequence from position 0) for each p of `positions`, which
  // ascend; for probe and tests. Same bits as sampling would see. Not to be called while steps are
  // pending; does not change what slots see.
  virtual void logits(std::span<const TokenId> tokens, std::span<const int> positions,
                      const LogitsVisitor& visit) = 0;
  // Those of all positions, (tokens.size(), vocab) row-major.
  std::vector<float> logits(std::span<const TokenId> tokens);

  // What a decode step costs whose `rows` rows each read `context` positions. nullopt: the backend
  // cannot tell. Under the conditions of logits().
  virtual std::optional<StepProfile> profile_step(int /*rows*/, int /*context*/) {
    return std::nullopt;
  }

  // 16 hex digits over the logits of fixed tokens: equal fingerprints promise equal samples.
  virtual std::string fingerprint() = 0;
  // For people: "cpu, AVX2, 2 threads".
  virtual std::string description() const = 0;
};

}  // namespace quorum
