// Shared by the source files of Store; nobody else includes it.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "harness/file_lock.h"
#include "harness/store.h"

namespace SQLite {
class Column;
class Database;
class Statement;
}  // namespace SQLite

namespace quorum {

struct Store::Impl {
  ~Impl();

  // A prepared statement, reset and without bindings. One user at a time: hold `mutex`.
  SQLite::Statement& statement(const std::string& sql);
  // Before a transaction that writes: makes its commit sync the disk when the last such commit is a
  // second old.
  void choose_durability(bool sync_now);
  // The whole transaction, undone when `body` throws.
  void transaction(bool sync_now, const std::function<void()>& body);

  std::filesystem::path path;
  Mode mode = Mode::kRead;
  bool network = false;
  std::vector<std::string> warnings;
  FileLock lock;
  std::unique_ptr<SQLite::Database> database;
  std::map<std::string, std::unique_ptr<SQLite::Statement>>
      statements;  // after the database: goes first
  std::chrono::steady_clock::time_point last_sync{};
  bool syncing = false;
  std::recursive_mutex mutex;
  int depth = 0;  // of nested calls; under `mutex`
};

// The store's mutex. The outermost one leaves no statement standing on a row: that would keep an
// old snapshot open.
class StoreGuard {
 public:
  explicit StoreGuard(Store::Impl& impl);
  ~StoreGuard();

 private:
  Store::Impl& impl_;
  std::lock_guard<std::recursive_mutex> lock_;
};

// Inside a catch block: throws what is being handled again, SQLite's exceptions as Error.
[[noreturn]] void rethrow_as_error(const std::filesystem::path& path);

// Runs `body` with the store's mutex and SQLite's exceptions turned into Error.
template <class Body>
auto with_store(Store::Impl& impl, Body&& body) {
  const StoreGuard guard(impl);
  try {
    return body();
  } catch (...) {
    rethrow_as_error(impl.path);
  }
}

// Opens the file and brings it to this version's schema. Fills database, warnings, network.
void open_database(Store::Impl& impl, const StoreOptions& options);

// The bytes of a blob or text column.
std::string column_bytes(const SQLite::Column& column);
void bind_bytes(SQLite::Statement& statement, int index, const std::string& bytes);

}  // namespace quorum
