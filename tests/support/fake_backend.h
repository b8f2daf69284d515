// A Backend without a model, which checks its plans. Each KV position holds its token and a hash of
// all tokens up to it, written and read through the page tables alone; a sampled token is a
// function of that hash, the sample's key and the index. A wrong page, a missed copy, a page reused
// too early or a row out of order either fails a check here or gives tokens that differ from
// solo_tokens().
#pragma once

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/backend.h"

namespace quorum::testing {

inline std::uint64_t fake_mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = (a ^ (b + 0x9E3779B97F4A7C15ull)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 29)) * 0x94D049BB133111EBull;
  return x ^ (x >> 32);
}

inline constexpr int kFakeVocabulary = 40;

inline SampledToken fake_token(std::uint64_t chain, std::uint64_t sample_key, int index) {
  const std::uint64_t bits =
      fake_mix(fake_mix(chain, sample_key), static_cast<std::uint64_t>(index));
  return {static_cast<TokenId>(bits % kFakeVocabulary), -static_cast<double>(bits >> 40) * 0x1p-24};
}

// What a sample must be, from the definition alone.
struct FakeSample {
  std::vector<TokenId> tokens;
  double logprob_sum = 0;
  SequenceEnd end = SequenceEnd::kNone;
};
inline FakeSample solo_tokens(const std::vector<TokenId>& prompt, std::uint64_t sample_key,
                              int max_tokens, const std::vector<TokenId>& stop_ids) {
  std::uint64_t chain = 0;
  for (const TokenId token : prompt) chain = fake_mix(chain, static_cast<std::uint64_t>(token));
  FakeSample sample;
  while (sample.end == SequenceEnd::kNone) {
    const SampledToken token =
        fake_token(chain, sample_key, static_cast<int>(sample.tokens.size()));
    sample.tokens.push_back(token.id);
    sample.logprob_sum += token.logprob;
    if (std::find(stop_ids.begin(), stop_ids.end(), token.id) != stop_ids.end()) {
      sample.end = SequenceEnd::kStop;
    } else if (static_cast<int>(sample.tokens.size()) == max_tokens) {
      sample.end = SequenceEnd::kLength;
    }
    chain = fake_mix(chain, static_cast<std::uint64_t>(token.id));
  }
  return sample;
}

class FakeBackend : public Backend {
 public:
  explicit FakeBackend(const BackendLimits& limits, int lag = 1)
      : limits_(limits),
        lag_(lag),
        pages_(static_cast<std::size_t>(limits.pages)),
        host_pages_(static_cast<std::size_t>(limits.swap_pages)),
        slots_(static_cast<std::size_t>(limits.slots)) {}

  BackendLimits limits() const override { return limits_; }
  int lag() const override { return lag_; }
  void logits(std::span<const TokenId>, std::span<const int>, const LogitsVisitor&) override {}
  std::string fingerprint() override { return "0123456789abcdef"; }
  std::string description() const override { return "fake"; }

  void enqueue(const StepPlan& plan) override {
    check(!plan.empty(), "an empty plan");
    check(static_cast<int>(pending_.size()) < lag_, "more steps pending than the lag allows");
    if (fail_at_step == step_) throw std::runtime_error("the fake backend fails as asked");
    for (const SlotId id : plan.stops) slot(id).leaving = true;
    for (const DecodeRow& row : plan.decodes) slot(row.slot).leaving = false;
    for (const SwapOut& out : plan.swap_outs) do_swap_out(out, plan);
    for (const PageCopy& copy : plan.copies) do_copy(copy);
    for (const SwapIn& in : plan.swap_ins) do_swap_in(in);
    for (const SlotStart& start : plan.starts) do_start(start);
    for (const PageGrant& grant : plan.grants) {
      check(slot(grant.slot).busy, "a grant to a slot that is not busy");
      page(grant.page);
      slot(grant.slot).pages.push_back(grant.page);
    }
    int prefill = 0;
    for (const PrefillChunk& chunk : plan.prefills) {
      do_prefill(chunk);
      prefill += static_cast<int>(chunk.tokens.size());
    }
    check(prefill <= limits_.prefill_tokens, "more prefill tokens than a step takes");
    std::vector<TokenEvent> events;
    for (const DecodeRow& row : plan.decodes) events.push_back(do_decode(row));
    for (const SlotId id : plan.stops) {
      check(slot(id).busy, "a stop of a slot that is not busy");
      slot(id).busy = false;
    }
    most_rows = std::max(most_rows, static_cast<int>(plan.decodes.size()));
    copies += static_cast<int>(plan.copies.size());
    swapped_out += static_cast<int>(plan.swap_outs.size());
    swapped_in += static_cast<int>(plan.swap_ins.size());
    prefilled += prefill;
    pending_.push_back(std::move(events));
    ++step_;
  }

  std::vector<TokenEvent> collect() override {
    check(!pending_.empty(), "nothing to collect");
    std::vector<TokenEvent> events = std::move(pending_.front());
    pending_.pop_front();
    return events;
  }

  bool all_slots_free() const {
    return std::none_of(slots_.begin(), slots_.end(), [](const Slot& s) { return s.busy; });
  }
  int pending_steps() const { return static_cast<int>(pending_.size()); }

  // What the plans so far held.
  int most_rows = 0, copies = 0, prefilled = 0, swapped_out = 0, swapped_in = 0;
  std::int64_t fail_at_step = -1;

 private:
  struct Cell {
    bool written = false;
    int position = -1;
    std::uint64_t before = 0, chain = 0;  // hashes without and with this position's token
  };
  struct Page {
    std::vector<Cell> cells;
    std::int64_t last_use = -1;  // the newest step that read or wrote it
  };
  struct Slot {
    bool busy = false;
    bool leaving =
        false;  // stopped by this step, without a row in it: its pages may be given away already
    SlotStart start;
    std::vector<PageId> pages;
    int rows = 0;
    TokenId input = 0;
    std::int64_t last_row = -1, ended_at = -1;
  };

  static void check(bool condition, const char* what) {
    if (!condition) throw std::logic_error(std::string("plan: ") + what);
  }
  Page& page(PageId id) {
    check(id >= 0 && id < limits_.pages, "a page number out of range");
    Page& p = pages_[static_cast<std::size_t>(id)];
    if (p.cells.empty()) p.cells.resize(static_cast<std::size_t>(limits_.page_tokens));
    return p;
  }
  Slot& slot(SlotId id) {
    check(id >= 0 && id < limits_.slots, "a slot number out of range");
    return slots_[static_cast<std::size_t>(id)];
  }
  std::int64_t collected_steps() const {
    return step_ - static_cast<std::int64_t>(pending_.size());
  }

  Cell& cell(const std::vector<PageId>& table, int position) {
    const auto index = static_cast<std::size_t>(position / limits_.page_tokens);
    check(index < table.size(), "a position beyond the page table");
    return page(table[index]).cells[static_cast<std::size_t>(position % limits_.page_tokens)];
  }

  // The hash of positions [0, length) through a table; every one must be there and follow from the
  // one before.
  std::uint64_t read(const std::vector<PageId>& table, int length) {
    std::uint64_t chain = 0;
    for (int position = 0; position < length; ++position) {
      const Cell& c = cell(table, position);
      check(c.written && c.position == position, "a position is read that was not written");
      check(c.before == chain, "a page holds another sequence's positions");
      chain = c.chain;
      pages_[static_cast<std::size_t>(
                 table[static_cast<std::size_t>(position / limits_.page_tokens)])]
          .last_use = step_;
    }
    return chain;
  }

  void begin_write(PageId id, int offset, const Slot* writer) {
    Page& p = page(id);
    if (offset == 0) {  // a page's new life
      check(p.last_use < collected_steps(),
            "a page is reused before the steps that use it are collected");
      std::fill(p.cells.begin(), p.cells.end(), Cell{});
    }
    for (const Slot& other : slots_) {
      // A slot without rows may see its prompt filled in; what it then reads is checked.
      if (!other.busy || other.leaving || &other == writer || other.rows == 0) continue;
      for (std::size_t i = 0; i < other.pages.size(); ++i) {
        check(other.pages[i] != id || static_cast<int>(i) * limits_.page_tokens + offset >=
                                          other.start.length + other.rows,
              "a write into positions that another slot reads");
      }
    }
    p.last_use = step_;
  }

  std::uint64_t write(const std::vector<PageId>& table, int position, std::uint64_t before,
                      TokenId token, const Slot* writer) {
    check(position < limits_.max_positions, "a position beyond the context");
    Cell& c = cell(table, position);
    begin_write(table[static_cast<std::size_t>(position / limits_.page_tokens)],
                position % limits_.page_tokens, writer);
    c = {true, position, before, fake_mix(before, static_cast<std::uint64_t>(token))};
    return c.chain;
  }

  void do_copy(const PageCopy& copy) {
    check(copy.from != copy.to && copy.tokens > 0 && copy.tokens <= limits_.page_tokens,
          "an odd copy");
    for (int offset = 0; offset < copy.tokens; ++offset) {
      const Cell from = page(copy.from).cells[static_cast<std::size_t>(offset)];
      check(from.written, "a copy of what was not written");
      begin_write(copy.to, offset, nullptr);
      page(copy.to).cells[static_cast<std::size_t>(offset)] = from;
    }
    page(copy.from).last_use = step_;
  }

  Page& host_page(SwapId id) {
    check(id >= 0 && id < limits_.swap_pages, "a page of the swap space out of range");
    return host_pages_[static_cast<std::size_t>(id)];
  }

  void do_swap_out(const SwapOut& out, const StepPlan& plan) {
    Page& from = page(out.page);
    check(
        std::any_of(from.cells.begin(), from.cells.end(), [](const Cell& c) { return c.written; }),
        "a page that holds nothing is swapped out");
    for (std::size_t s = 0; s < slots_.size(); ++s) {
      if (!slots_[s].busy || slots_[s].leaving) continue;
      check(std::count(slots_[s].pages.begin(), slots_[s].pages.end(), out.page) == 0,
            "a page of a slot that stays is swapped out");
    }
    for (const SwapIn& in : plan.swap_ins)
      check(in.host_page != out.host_page, "a host page is swapped in and out in one step");
    host_page(out.host_page).cells = std::exchange(from.cells, {});
    from.last_use = -1;  // later parts of this step may write it
  }

  void do_swap_in(const SwapIn& in) {
    check(!host_page(in.host_page).cells.empty(), "a host page that holds nothing is swapped in");
    begin_write(in.page, 0, nullptr);
    page(in.page).cells = std::exchange(host_page(in.host_page).cells, {});
  }

  void do_start(const SlotStart& start) {
    Slot& s = slot(start.slot);
    check(!s.busy, "a start in a busy slot");
    check(start.generated >= 0 && start.length >= start.generated, "an odd start");
    check(start.max_tokens > start.generated, "a start without a token to make");
    check(start.length + start.max_tokens - start.generated <= limits_.max_positions,
          "a start beyond the context");
    s = {true, false, start, start.pages, 0, start.input, -1, -1};
  }

  void do_prefill(const PrefillChunk& chunk) {
    check(!chunk.tokens.empty(), "an empty prefill chunk");
    std::uint64_t chain = read(chunk.pages, chunk.begin);
    int position = chunk.begin;
    for (const TokenId token : chunk.tokens)
      chain = write(chunk.pages, position++, chain, token, nullptr);
  }

  TokenEvent do_decode(const DecodeRow& row) {
    Slot& s = slot(row.slot);
    check(s.busy, "a row of a slot that is not busy");
    check(row.query_length == 1, "a query length other than 1");
    check(s.ended_at < 0 || s.ended_at >= collected_steps(), "a row of a slot whose end is known");
    check(s.start.generated + s.rows < s.start.max_tokens, "a row beyond the limit");
    check(s.last_row < step_, "two rows of one slot in a step");
    s.last_row = step_;
    const int position = s.start.length + s.rows;
    const int index = s.start.generated + s.rows++;
    const std::uint64_t chain = write(s.pages, position, read(s.pages, position), s.input, &s);
    TokenEvent event{row.slot, {fake_token(chain, s.start.sample_key, index)}, SequenceEnd::kNone};
    if (s.ended_at >= 0) {  // what a backend that runs ahead makes of it means nothing
      event.tokens[0].id = kFakeVocabulary + 1;
      event.end = index % 2 == 0 ? SequenceEnd::kStop : SequenceEnd::kNone;
      return event;
    }
    s.input = event.tokens[0].id;
    const std::vector<TokenId>& stops = s.start.stop_ids;
    if (std::find(stops.begin(), stops.end(), s.input) != stops.end()) {
      event.end = SequenceEnd::kStop;
    } else if (index + 1 == s.start.max_tokens) {
      event.end = SequenceEnd::kLength;
    }
    if (event.end != SequenceEnd::kNone) s.ended_at = step_;
    return event;
  }

  BackendLimits limits_;
  int lag_;
  std::vector<Page> pages_;
  std::vector<Page> host_pages_;
  std::vector<Slot> slots_;
  std::deque<std::vector<TokenEvent>> pending_;
  std::int64_t step_ = 0;
};

}  // namespace quorum::testing
