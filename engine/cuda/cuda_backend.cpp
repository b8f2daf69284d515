// A step of the CUDA backend: queued on one stream (in halves on two, inside of a graph), its
// tokens read when it is over. Decode rows run as a graph for their batch bucket; prefill, starts,
// copies and swaps are queued one by one in front of it.
#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/sha256.h"
#include "engine/cuda/backend.h"
#include "engine/cuda/launch.h"
#include "engine/cuda/profile.h"

namespace quorum::cuda {
namespace {

constexpr int kFingerprintTokens = 1100;  // more than a split of attention, on kLeastPages

}  // namespace

Slot& CudaBackend::slot(SlotId id) {
  QUORUM_CHECK(id >= 0 && id < plan_.slots, "slot out of range");
  return slots_[static_cast<std::size_t>(id)];
}

void CudaBackend::check_token(TokenId token) const {
  if (token >= 0 && token < spec_.vocab) return;
  throw Error(ErrorKind::kUsage,
              "token id " + std::to_string(token) + " is outside of the vocabulary",
              "the model has ids 0 to " + std::to_string(spec_.vocab - 1),
              "use the tokenizer that belongs to the checkpoint");
}

void CudaBackend::start(const SlotStart& start) {
  Slot& to = slot(start.slot);
  QUORUM_CHECK(!to.used, "a sequence was started in a slot that is in use");
  QUORUM_CHECK(start.max_tokens > start.generated && start.length >= 0,
               "a sequence needs room for a token");
  check_token(start.input);
  if (start.stop_ids.size() > kMaxStopIds)
    throw Error(ErrorKind::kData,
                "the model has " + std::to_string(start.stop_ids.size()) + " end-of-text tokens",
                "the CUDA backend takes at most " + std::to_string(kMaxStopIds),
                "shorten eos_token_id in generation_config.json, or use --device cpu");
  to = {true, start.length, static_cast<int>(start.pages.size())};
  SlotStartRecord record{start.slot, {}};
  SlotState& state = record.state;
  state.temperature = start.sampling.temperature;
  state.top_p = start.sampling.top_p;
  state.sample_key = start.sample_key;
  state.input = start.input;
  state.position = start.length;
  state.generated = start.generated;
  state.max_tokens = start.max_tokens;
  state.end = kRuns;
  state.stop_count = static_cast<std::int32_t>(start.stop_ids.size());
  std::copy(start.stop_ids.begin(), start.stop_ids.end(), state.stop_ids);
  new_starts_.push_back(record);
  for (int i = 0; i < to.pages; ++i)
    new_entries_.push_back({start.slot, i, start.pages[static_cast<std::size_t>(i)]});
}

void CudaBackend::enqueue(const StepPlan& plan) {
  QUORUM_CHECK(static_cast<int>(pending_.size()) < kLag, "too many steps are pending");
  check(cudaSetDevice(device_.index));
  const cudaStream_t stream = stream_.get();
  for (const SwapOut& swap : plan.swap_outs) swap_.out(kv_, swap, stream);
  for (std::size_t at = 0; at < plan.copies.size(); at += slots_.size()) {
    const std::size_t count = std::min(slots_.size(), plan.copies.size() - at);
    // From pageable memory: the call returns once the list was taken.
    check(cudaMemcpyAsync(copies_, plan.copies.data() + at, count * sizeof(PageCopy),
                          cudaMemcpyHostToDevice, stream));
    copy_pages(copies_, static_cast<int>(count), spec_.layers, layout_, kv_, stream);
  }
  for (const SwapIn& swap : plan.swap_ins) swap_.in(kv_, swap, stream);

  new_starts_.clear();
  new_entries_.clear();
  for (const SlotStart& each : plan.starts) start(each);
  for (const PageGrant& grant : plan.grants) {
    Slot& to = slot(grant.slot);
    QUORUM_CHECK(to.used, "a page was granted to a free slot");
    new_entries_.push_back({grant.slot, to.pages++, grant.page});
  }
  upload_->apply(new_starts_, new_entries_, slot_states_, page_tables_, plan_.stride, stream);

  for (const PrefillChunk& chunk : plan.prefills)
    for (const TokenId token : chunk.tokens) check_token(token);
  prefill_->run(plan.prefills, *upload_, slot_states_);
  queue_decodes(plan.decodes);
  for (const SlotId id : plan.stops) slot(id) = Slot{};
}

// Rows whose splits exceed what the attention plan holds (long shared prompts) go in several
// batches, which changes no bit.
void CudaBackend::queue_decodes(const std::vector<DecodeRow>& decodes) {
  Pending step;
  step.buffer = next_buffer_;
  next_buffer_ = (next_buffer_ + 1) % static_cast<int>(host_results_.size());
  auto* results =
      reinterpret_cast<RowResult*>(host_results_[static_cast<std::size_t>(step.buffer)].data());
  std::vector<std::int32_t> batch;
  int splits = 0;
  std::int64_t positions = 0;
  const auto flush = [&] {
    if (!batch.empty()) queue_batch(batch, positions, results);
    results += batch.size();
    batch.clear();
    splits = 0;
    positions = 0;
  };
  for (const DecodeRow& row : decodes) {
    Slot& from = slot(row.slot);
    QUORUM_CHECK(from.used, "a decode row names a slot without a running sequence");
    QUORUM_CHECK(row.query_length == 1, "the CUDA backend decodes one token a row");
    QUORUM_CHECK(from.length < plan_.max_positions, "a position is beyond the context");
    QUORUM_CHECK(from.length / kPageTokens < from.pages, "a position has no KV page");
    const int more = splits_of(from.length + 1);
    if (splits + more > plan_.splits) flush();
    splits += more;
    positions += from.length + 1;
    batch.push_back(row.slot);
    step.slots.push_back(row.slot);
    ++from.length;
  }
  flush();
  finished_[static_cast<std::size_t>(step.buffer)].record(stream_.get());
  pending_.push_back(std::move(step));
}

void CudaBackend::queue_batch(std::span<const std::int32_t> slots, std::int64_t positions,
                              RowResult* results) {
  const int bucket = batch_bucket(static_cast<int>(slots.size()), plan_.slots);
  upload_->set_rows(slots, bucket, stream_.get());
  run_step(bucket, positions);
  check(cudaMemcpyAsync(results, results_, slots.size() * sizeof(RowResult), cudaMemcpyDeviceToHost,
                        stream_.get()));
}

// Only in graphs, which start both streams of it at once whatever else the host does.
int CudaBackend::attention_beside(int bucket, std::int64_t positions) const {
  if (!use_graphs_ || fusion_ != Fusion::kAll || bucket % 2 != 0) return 0;
  if (attention_beside_ != CudaBackendOptions::kPredicted) return attention_beside_;
  return attention_beside_products(costs_, bucket, positions);
}

void CudaBackend::run_step(int bucket, std::int64_t positions) {
  const StepKind kind{bucket, attention_beside(bucket, positions)};
  const auto queue = [&] { queue_step(kind, nullptr); };
  use_graphs_ ? graphs_.run(kind, stream_.get(), queue) : queue();
}

// The part of a step that a graph holds: everything it touches lies at fixed places.
void CudaBackend::queue_step(const StepKind& kind, PartObserver* observer) {
  const cudaStream_t stream = stream_.get();
  const int bucket = kind.bucket;
  if (observer != nullptr) observer->enter(Part::kOther);
  make_decode_rows(upload_->row_slots(), bucket, slot_states_, rows_, stream);
  const Rows rows{bucket, rows_.token, rows_.position, rows_.table, page_tables_, plan_.stride};
  if (kind.attention_blocks == 0) {
    decoder_->forward(rows, 1, attention_, nullptr, bucket, stream, observer);
  } else {
    decoder_->forward_in_halves(
        rows, attention_,
        {attention_stream_.get(), planned_.get(), attended_.get(), kind.attention_blocks}, stream);
  }
  if (observer != nullptr) observer->enter(Part::kSampling);
  sample(decoder_->logits(), decoder_->logits_stride(), bucket, spec_.vocab, rows_.sampling, picks_,
         stream, decoder_->extremes());
  if (observer != nullptr) observer->enter(Part::kOther);
  take_samples(upload_->row_slots(), bucket, picks_, slot_states_, results_, stream);
}

std::vector<TokenEvent> CudaBackend::collect() {
  QUORUM_CHECK(!pending_.empty(), "collect() without a pending step");
  const Pending step = std::move(pending_.front());
  pending_.pop_front();
  const auto buffer = static_cast<std::size_t>(step.buffer);
  finished_[buffer].wait();
  const auto* const results = reinterpret_cast<const RowResult*>(host_results_[buffer].data());
  std::vector<TokenEvent> events;
  events.reserve(step.slots.size());
  for (std::size_t i = 0; i < step.slots.size(); ++i) {
    const RowResult& result = results[i];
    if (result.bad >= 0)
      throw Error(ErrorKind::kData,
                  "logit of token " + std::to_string(result.bad) + " at position " +
                      std::to_string(result.position) + " of slot " +
                      std::to_string(step.slots[i]) + " is not finite",
                  "the model computed NaN or an infinity",
                  "the checkpoint is broken or was damaged on its way: verify its files");
    TokenEvent event{step.slots[i], {}, SequenceEnd::kNone};
    if (result.token >= 0) event.tokens.push_back({result.token, result.logprob});
    if (result.end == kEndStop) event.end = SequenceEnd::kStop;
    if (result.end == kEndLength) event.end = SequenceEnd::kLength;
    events.push_back(std::move(event));
  }
  return events;
}

void CudaBackend::logits(std::span<const TokenId> tokens, std::span<const int> positions,
                         const LogitsVisitor& visit) {
  if (static_cast<int>(tokens.size()) > plan_.max_positions)
    throw Error(
        ErrorKind::kUsage, std::to_string(tokens.size()) + " tokens do not fit into the context",
        "the model has " + std::to_string(plan_.max_positions) + " positions", "give fewer tokens");
  for (const TokenId token : tokens) check_token(token);
  check(cudaSetDevice(device_.index));
  QUORUM_CHECK(pending_.empty());
  prefill_->logits(tokens, positions, *upload_, slot_states_, spec_.vocab, visit);
}

std::string CudaBackend::fingerprint() {
  const int count = std::min(kFingerprintTokens, plan_.max_positions);
  std::vector<TokenId> tokens(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<TokenId>((i * 7919 + 13) % static_cast<std::size_t>(spec_.vocab));
  Sha256 hash;
  std::vector<int> positions;
  for (const int position : {count / 20, count / 3, count - 1})
    if (positions.empty() || position > positions.back()) positions.push_back(position);
  logits(tokens, positions,
         [&](int, std::span<const float> row) { hash.update(std::as_bytes(row)); });
  return hash.hex().substr(0, 16);
}

std::optional<StepProfile> CudaBackend::profile_step(int rows, int context) {
  rows = std::min(rows, plan_.slots);
  context = std::min(context, plan_.max_positions);
  // As many as one batch takes: queue_decodes() would divide more.
  if (std::int64_t{rows} * splits_of(context) > plan_.splits) return std::nullopt;
  QUORUM_CHECK(rows > 0 && context > 0 && pending_.empty());
  check(cudaSetDevice(device_.index));
  const int pages = (context + kPageTokens - 1) / kPageTokens;
  std::vector<SlotStartRecord> starts;
  std::vector<TableEntry> entries;
  std::vector<std::int32_t> slots;
  for (int row = 0; row < rows; ++row) {
    SlotStartRecord record{row, {}};
    record.state.temperature = 0.6;
    record.state.top_p = 0.95;
    record.state.sample_key = static_cast<std::uint64_t>(row);
    record.state.position = context - 1;
    record.state.max_tokens = 1 << 30;
    starts.push_back(record);
    for (int i = 0; i < pages; ++i)
      entries.push_back(
          {row, i, static_cast<PageId>((std::int64_t{row} * pages + i) % plan_.pages)});
    slots.push_back(row);
  }
  const int bucket = batch_bucket(rows, plan_.slots);
  const auto prepare = [&] {  // a repetition must not move on to other positions
    upload_->apply(starts, {}, slot_states_, page_tables_, plan_.stride, stream_.get());
    upload_->set_rows(slots, bucket, stream_.get());
  };
  upload_->apply({}, entries, slot_states_, page_tables_, plan_.stride, stream_.get());
  const std::int64_t positions = std::int64_t{rows} * context;
  StepProfile profile = measure_step(
      rows, context, stream_.get(), prepare,
      [&](PartObserver* observer) { queue_step({bucket}, observer); },
      [&] { run_step(bucket, positions); });
  profile.attention_beside = attention_beside(bucket, positions);
  return profile;
}

}  // namespace quorum::cuda
