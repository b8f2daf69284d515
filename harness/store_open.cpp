#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <new>

#include "base/error.h"
#include "harness/network_fs.h"
#include "harness/store_impl.h"

namespace quorum {

namespace embedded {
extern const std::string_view store_schema;
extern const std::string_view store_schema_2;
}  // namespace embedded

namespace {

constexpr int kApplicationId = 0x5152554D;  // "QRUM"

// Step i brings a file of version i to version i + 1.
struct Migration {
  std::string_view sql;
};
std::vector<Migration> migrations() {
  return {{embedded::store_schema}, {embedded::store_schema_2}};
}

int pragma_int(SQLite::Database& database, const std::string& name) {
  return database.execAndGet("PRAGMA " + name).getInt();
}

Error foreign(const std::filesystem::path& path, const std::string& why) {
  return Error(ErrorKind::kData, path.string() + " is not a Quorum database", why,
               "give another file with --db");
}

void migrate(Store::Impl& impl) {
  SQLite::Database& database = *impl.database;
  const auto steps = migrations();
  const int newest = static_cast<int>(steps.size());
  const int version = pragma_int(database, "user_version");
  const int application = pragma_int(database, "application_id");
  const int tables = database.execAndGet("SELECT count(*) FROM sqlite_master").getInt();
  const bool fresh = application == 0 && version == 0 && tables == 0;
  if (!fresh && application != kApplicationId)
    throw foreign(impl.path, "it is a database of another program");
  if (version > newest)
    throw Error(ErrorKind::kData, impl.path.string() + " was written by a newer Quorum",
                "its schema has version " + std::to_string(version) +
                    ", this program knows up to " + std::to_string(newest),
                "use the newer program, or give another file with --db");
  if (version == newest) return;
  if (impl.mode == Store::Mode::kRead) {
    if (fresh)
      throw Error(ErrorKind::kUsage, impl.path.string() + " is empty",
                  "nothing has been run into it yet", "start with quorum run");
    throw Error(ErrorKind::kData, impl.path.string() + " has an older schema", {},
                "quorum grade brings it up to date");
  }
  database.exec("BEGIN IMMEDIATE");
  for (int step = version; step < newest; ++step)
    database.exec(std::string(steps[static_cast<std::size_t>(step)].sql));
  database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
  database.exec("PRAGMA user_version = " + std::to_string(newest));
  database.exec("COMMIT");
}

void connect(Store::Impl& impl, const std::string& name, int flags, const StoreOptions& options) {
  impl.statements.clear();
  impl.database = std::make_unique<SQLite::Database>(name, flags, options.busy_timeout_ms);
  SQLite::Database& database = *impl.database;
  database.exec("PRAGMA foreign_keys = ON");
  if (impl.network) database.exec("PRAGMA locking_mode = EXCLUSIVE");
  if (impl.mode == Store::Mode::kRead) database.exec("PRAGMA query_only = ON");
  migrate(impl);
  if (impl.mode == Store::Mode::kWrite) {
    database.exec("PRAGMA synchronous = NORMAL");
    database.execAndGet("PRAGMA journal_mode = WAL");
  }
}

std::string uri_of(const std::filesystem::path& path) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(path).string()) {
    if (c == '?' || c == '#' || c == '%') {
      char escaped[4];
      std::snprintf(escaped, sizeof escaped, "%%%02X", static_cast<unsigned>(c));
      uri += escaped;
    } else {
      uri.push_back(c);
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

void open_database(Store::Impl& impl, const StoreOptions& options) {
  const std::string kind =
      options.assume_network ? *options.assume_network : network_file_system(impl.path);
  impl.network = !kind.empty();
  if (impl.network)
    impl.warnings.push_back(impl.path.string() + " lies on " + kind +
                            ", a network file system: it is locked as a whole while it is open, so "
                            "reports have to wait for a run; "
                            "a local file has no such limit");
  const std::string name = impl.path.string();
  if (impl.mode == Store::Mode::kWrite)
    return connect(impl, name, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, options);
  try {
    connect(impl, name, SQLite::OPEN_READWRITE, options);
  } catch (const SQLite::Exception& error) {
    const int code = error.getErrorCode() & 0xff;
    if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY) throw;
    // A folder without write permission has no place for SQLite's shared memory; nobody can be
    // writing there either.
    connect(impl, uri_of(impl.path), SQLite::OPEN_READONLY | SQLITE_OPEN_URI, options);
  }
}

void rethrow_as_error(const std::filesystem::path& path) {
  try {
    throw;
  } catch (const SQLite::Exception& error) {
    const std::string file = path.string();
    const std::string why = error.what();
    switch (error.getErrorCode() & 0xff) {
      case SQLITE_FULL:
        throw Error(ErrorKind::kEnvironment, "cannot write to " + file, "the disk is full",
                    "free some space and repeat the command: what is stored is kept");
      case SQLITE_IOERR:
        throw Error(ErrorKind::kEnvironment, "cannot read or write " + file, why,
                    "look at the disk, then repeat the command");
      case SQLITE_NOTADB: throw foreign(path, "it is not an SQLite file");
      case SQLITE_CORRUPT:
        throw Error(ErrorKind::kData, file + " is damaged", why,
                    "restore a copy, or save what is left with sqlite3's .recover");
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        throw Error(ErrorKind::kEnvironment, file + " is in use by another process", why,
                    "try again when that has ended");
      case SQLITE_READONLY:
      case SQLITE_PERM:
        throw Error(ErrorKind::kEnvironment, "cannot write to " + file, why,
                    "give --db a file that you may write to");
      case SQLITE_CANTOPEN:
        throw Error(ErrorKind::kEnvironment, "cannot open " + file, why,
                    "give --db a file in a folder that exists");
      case SQLITE_NOMEM: throw std::bad_alloc();
      default:
        throw Error(ErrorKind::kInternal, "the database " + file + " refused a statement", why);
    }
  }
}

}  // namespace quorum
