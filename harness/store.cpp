#include "harness/store.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <bit>

#include "base/error.h"
#include "base/sha256.h"
#include "harness/store_impl.h"

namespace quorum {
namespace {

constexpr auto kSyncEvery = std::chrono::seconds(1);

std::filesystem::path lock_path(const std::filesystem::path& path) {
  std::filesystem::path lock = path;
  return lock += ".lock";
}

}  // namespace

Setting make_setting(const GeneratorIdentity& generator, const Benchmark& benchmark,
                     const SamplingSettings& sampling, const std::string& think,
                     const std::string& published_as) {
  Setting setting;
  setting.model = generator.model;
  setting.checkpoint = generator.checkpoint;
  setting.engine = generator.engine;
  setting.tensor_parallel = generator.tensor_parallel;
  setting.benchmark = benchmark.name;
  setting.dataset_hash = benchmark.dataset_hash;
  setting.prompt_variant = benchmark.prompt_variant;
  setting.prompt_hash = benchmark.prompt_hash;
  setting.template_hash = generator.template_hash;
  setting.think = think;
  setting.sampling = sampling;
  setting.published_as = published_as;
  setting.published_benchmark = benchmark.card.published_name;
  setting.checkpoint_sampled = generator.checkpoint_sampled;
  return setting;
}

std::string setting_hash(const Setting& setting) {
  Sha256 hash;
  hash.field("quorum setting 1")
      .field(setting.model)
      .field(setting.checkpoint)
      .field(setting.engine);
  hash.field(static_cast<std::uint64_t>(setting.tensor_parallel))
      .field(setting.benchmark)
      .field(setting.dataset_hash);
  hash.field(setting.prompt_variant)
      .field(setting.prompt_hash)
      .field(setting.template_hash)
      .field(setting.think);
  hash.field(std::bit_cast<std::uint64_t>(setting.sampling.temperature + 0.0));
  hash.field(std::bit_cast<std::uint64_t>(setting.sampling.top_p + 0.0));
  hash.field(static_cast<std::uint64_t>(setting.sampling.max_tokens)).field(setting.sampling.seed);
  return hash.hex();
}

std::string run_state_name(RunState state) {
  switch (state) {
    case RunState::kRunning: return "running";
    case RunState::kComplete: return "complete";
    case RunState::kIncomplete: return "incomplete";
    case RunState::kInterrupted: return "interrupted";
    case RunState::kFailed: return "failed";
  }
  return "failed";
}

Store::Impl::~Impl() {
  statements.clear();
  if (!database || !network || mode != Mode::kWrite) return;
  // Where WAL cannot be shared between machines, leave a file without it.
  database->tryExec("PRAGMA journal_mode = DELETE");
}

SQLite::Statement& Store::Impl::statement(const std::string& sql) {
  auto& slot = statements[sql];
  if (!slot) slot = std::make_unique<SQLite::Statement>(*database, sql);
  slot->reset();
  slot->clearBindings();
  return *slot;
}

void Store::Impl::choose_durability(bool sync_now) {
  const auto now = std::chrono::steady_clock::now();
  const bool sync = sync_now || now - last_sync >= kSyncEvery;
  if (sync != syncing)
    database->exec(sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  syncing = sync;
  if (sync) last_sync = now;
}

void Store::Impl::transaction(bool sync_now, const std::function<void()>& body) {
  QUORUM_CHECK(mode == Mode::kWrite, "the store is open for reading");
  choose_durability(sync_now);
  database->exec("BEGIN IMMEDIATE");
  try {
    body();
    // A statement that still stands on a row would keep the transaction open.
    for (auto& [sql, prepared] : statements) prepared->reset();
    database->exec("COMMIT");
  } catch (...) {
    for (auto& [sql, prepared] : statements) prepared->tryReset();
    database->tryExec("ROLLBACK");
    throw;
  }
}

StoreGuard::StoreGuard(Store::Impl& impl) : impl_(impl), lock_(impl.mutex) { ++impl_.depth; }

StoreGuard::~StoreGuard() {
  if (--impl_.depth > 0) return;
  for (auto& [sql, prepared] : impl_.statements) prepared->tryReset();
}

std::string column_bytes(const SQLite::Column& column) {
  const char* data = static_cast<const char*>(column.getBlob());
  return data == nullptr ? std::string()
                         : std::string(data, static_cast<std::size_t>(column.getBytes()));
}

void bind_bytes(SQLite::Statement& statement, int index, const std::string& bytes) {
  QUORUM_CHECK(bytes.size() < (std::size_t{1} << 30), "a stored value is limited to 1 GiB");
  // A null pointer would bind NULL.
  statement.bind(index, static_cast<const void*>(bytes.empty() ? "" : bytes.data()),
                 static_cast<int>(bytes.size()));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::filesystem::path& path, Mode mode, const StoreOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->mode = mode;
  std::error_code ignored;
  if (mode == Mode::kRead && !std::filesystem::exists(path, ignored))
    throw Error(ErrorKind::kUsage, "there is no database " + path.string(), {},
                "name it with --db, or make one with quorum run");
  if (mode == Mode::kWrite) impl->lock = FileLock(lock_path(path), options.lock_wait_ms);
  with_store(*impl, [&] { open_database(*impl, options); });
  return Store(std::move(impl));
}

const std::filesystem::path& Store::path() const { return impl_->path; }
const std::vector<std::string>& Store::warnings() const { return impl_->warnings; }

}  // namespace quorum
