#include "harness/store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "harness/identity.h"
#include "support/catch.h"
#include "support/fake_generator.h"
#include "support/run_fake.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;

namespace {

Error error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorKind::kInternal, "no error");
}

bool contains_text(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Runs sqlite3-free edits on the header of a database file: SQLite's file format keeps these at
// fixed places.
void poke_big_endian(const std::filesystem::path& path, std::streamoff at, std::uint32_t value) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  for (int shift = 24; shift >= 0; shift -= 8) file.put(static_cast<char>(value >> shift));
}
constexpr std::streamoff kUserVersionAt = 60, kApplicationIdAt = 68;

struct Opened {
  Benchmark benchmark = fake_benchmark("set", 3);
  FakeGenerator generator;
  RunId run = 0;
  OpenSetting setting;

  void open(Store& store, int samples = 8) {
    run = store.begin_run("{}", "{}");
    std::vector<PreparedPrompt> prompts;
    for (const Query& query : benchmark.queries) prompts.push_back(generator.prepare(query));
    setting = store.open_setting(run, make_setting(generator.identity(), benchmark, {}, "auto", ""),
                                 benchmark, prompts, samples);
  }
  void put(Store& store, int query, int sample) {
    const Attempt attempt{
        0, query, sample,
        sample_key(0, "set", benchmark.queries[static_cast<std::size_t>(query)].id, sample)};
    store.put_completion(run, setting, query, sample,
                         "key-" + std::to_string(query) + "-" + std::to_string(sample),
                         FakeGenerator::complete(attempt), "n");
  }
};

std::int64_t stored(const std::filesystem::path& path) {
  const Store store = Store::open(path, Store::Mode::kRead);
  const auto settings = store.settings();
  return settings.empty() ? 0 : settings[0].completions;
}

}  // namespace

TEST_CASE("What is put into the store comes out of it again") {
  const ScratchFolder scratch;
  Store store = Store::open(scratch.path() / "q.db", Store::Mode::kWrite);
  Opened opened;
  opened.benchmark.queries[1].tests_json = R"([{"input":"1"}])";
  opened.open(store);
  Completion completion;
  completion.text = std::string("text with \0 and \xff", 17) + std::string(100000, 'x');
  completion.token_ids = {0, 127, 128, 151643, 2147483647};
  completion.tokens = 5;
  completion.finish = FinishReason::kLength;
  completion.logprob_sum = -1.0 / 3;
  completion.seconds = 2.5;
  const auto row =
      store.put_completion(opened.run, opened.setting, 1, 4, "k", completion, "numerics");
  store.put_grades(
      std::vector<NewGrade>{
          {row, opened.setting.queries[1], {Verdict::kIncorrect, "42", "differs", "careful"}}},
      "v1");

  const auto sample = store.find_sample(opened.setting.id, "set-1", 4);
  REQUIRE(sample);
  CHECK(sample->completion.text == completion.text);
  CHECK(sample->completion.token_ids == completion.token_ids);
  CHECK(sample->completion.finish == FinishReason::kLength);
  CHECK(*sample->completion.logprob_sum == -1.0 / 3);
  CHECK(sample->completion.seconds == 2.5);
  CHECK(sample->numerics == "numerics");
  CHECK(sample->thinking);
  CHECK(sample->gold == "q1");
  CHECK(sample->prompt_text == "<user>What is q1 of set?<think>\n");
  CHECK(sample->prompt_token_ids ==
        opened.generator.prepare(opened.benchmark.queries[1]).token_ids);
  REQUIRE(sample->messages.size() == 1);
  CHECK(sample->messages[0].content == "What is q1 of set?");
  REQUIRE(sample->grade);
  CHECK(sample->grade->verdict == Verdict::kIncorrect);
  CHECK(*sample->grade->answer == "42");
  CHECK(sample->grade->reason == "differs");
  CHECK(sample->grade->warning == "careful");
  CHECK(sample->grader_version == "v1");
  CHECK(!store.find_sample(opened.setting.id, "set-1", 5));
  CHECK(!store.find_sample(opened.setting.id, "set-2", 4));

  const auto queries = store.queries(opened.setting.id);
  REQUIRE(queries.size() == 3);
  CHECK(queries[1].tests_json == R"([{"input":"1"}])");
  CHECK(queries[1].grader == GraderKind::kExact);
}

TEST_CASE("A completion under a stored key is not stored twice") {
  const ScratchFolder scratch;
  Store store = Store::open(scratch.path() / "q.db", Store::Mode::kWrite);
  Opened opened;
  opened.open(store);
  Completion first, second;
  first.text = "first";
  second.text = "second";
  const auto row = store.put_completion(opened.run, opened.setting, 0, 0, "k", first, "n");
  CHECK(store.put_completion(opened.run, opened.setting, 0, 0, "k", second, "n") == row);
  CHECK(store.find_sample(opened.setting.id, "set-0", 0)->completion.text == "first");
  CHECK(store.settings()[0].completions == 1);
  const std::vector<std::string> keys{"k", "other"};
  CHECK(store.contains(keys) == std::vector<bool>{true, false});
}

TEST_CASE("Another grader version keeps the completion and decides once it has graded") {
  const ScratchFolder scratch;
  Store store = Store::open(scratch.path() / "q.db", Store::Mode::kWrite);
  Opened opened;
  opened.open(store, 1);
  for (int query = 0; query < 3; ++query) opened.put(store, query, 0);
  const auto grade_all = [&](const std::string& version, Verdict verdict) {
    std::vector<NewGrade> grades;
    store.for_each_ungraded(opened.setting.id, version, false, [&](UngradedSample sample) {
      grades.push_back({sample.completion, sample.query_id, {verdict, std::nullopt, "r", ""}});
      return true;
    });
    store.put_grades(grades, version);
    return grades.size();
  };
  CHECK(grade_all("v1", Verdict::kCorrect) == 3);
  CHECK(grade_all("v1", Verdict::kIncorrect) == 0);
  CHECK(store.load_results()[0].queries[0].samples[0].verdict == Verdict::kCorrect);
  CHECK(grade_all("v2", Verdict::kNoAnswer) == 3);
  const auto results = store.load_results();
  CHECK(results[0].grader_version == "v2");
  CHECK(results[0].queries[2].samples[0].verdict == Verdict::kNoAnswer);
  CHECK(store.settings()[0].completions == 3);
}

TEST_CASE("Grading again makes a version the newest and replaces what it said") {
  const ScratchFolder scratch;
  Store store = Store::open(scratch.path() / "q.db", Store::Mode::kWrite);
  Opened opened;
  opened.open(store);
  opened.put(store, 0, 0);
  std::int64_t row = 0;
  store.for_each_ungraded(opened.setting.id, "", true, [&](const UngradedSample& sample) {
    row = sample.completion;
    return true;
  });
  const auto grade = [&](const std::string& reason, const std::string& version, bool again) {
    store.put_grades(
        std::vector<NewGrade>{
            {row, opened.setting.queries[0], {Verdict::kIncorrect, "1", reason, ""}}},
        version, again);
    std::string newest;
    const auto found = store.newest_grade(row, opened.setting.queries[0], &newest);
    return newest + " " + found.value().reason;
  };
  CHECK(grade("one", "v1", false) == "v1 one");
  CHECK(grade("two", "v2", false) == "v2 two");
  CHECK(grade("three", "v1", false) == "v2 two");
  CHECK(grade("four", "v1", true) == "v1 four");
}

TEST_CASE("Labels are kept for each sample and the newest counts") {
  const ScratchFolder scratch;
  Store store = Store::open(scratch.path() / "q.db", Store::Mode::kWrite);
  Opened opened;
  opened.open(store);
  const SettingId setting = opened.setting.id;
  store.put_labels(setting, std::vector<NewLabel>{{"set-0", 2, {true, "7", "score"}},
                                                  {"set-1", 0, {false, "", "acc"}},
                                                  {"unknown", 0, {true, "", "acc"}}});
  const auto label = store.find_label(setting, opened.setting.queries[0], 2);
  REQUIRE(label);
  CHECK(label->correct);
  CHECK(label->answer == "7");
  CHECK(label->field == "score");
  CHECK(!store.find_label(setting, opened.setting.queries[1], 0)->correct);
  CHECK(!store.find_label(setting, opened.setting.queries[0], 0));
  store.put_labels(setting, std::vector<NewLabel>{{"set-0", 2, {false, "8", "judge"}}});
  CHECK(store.find_label(setting, opened.setting.queries[0], 2)->answer == "8");
}

TEST_CASE("A database of the first version is brought up to date and keeps what it holds") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "q.db";
  Opened opened;
  {
    Store store = Store::open(path, Store::Mode::kWrite);
    opened.open(store);
    opened.put(store, 0, 0);
  }
  {
    SQLite::Database old(path.string(), SQLite::OPEN_READWRITE);
    old.exec("DROP TABLE label");
    old.exec("PRAGMA user_version = 1");
  }
  const Error older = error_of([&] { Store::open(path, Store::Mode::kRead); });
  CHECK(std::string(older.what()).find("older schema") != std::string::npos);
  Store store = Store::open(path, Store::Mode::kWrite);
  CHECK(store.settings().at(0).completions == 1);
  store.put_labels(opened.setting.id, std::vector<NewLabel>{{"set-0", 0, {true, "", "score"}}});
  CHECK(store.find_label(opened.setting.id, opened.setting.queries[0], 0)->correct);
  CHECK(stored(path) == 1);
}

TEST_CASE("Files that are no Quorum database are refused and left alone") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "q.db";
  write_file_atomic(path, "this is not a database, but long enough to be looked at by SQLite\n");
  for (const auto mode : {Store::Mode::kRead, Store::Mode::kWrite}) {
    const Error error = error_of([&] { Store::open(path, mode); });
    CHECK(error.kind() == ErrorKind::kData);
    CHECK(contains_text(error.what(), "not a Quorum database"));
  }
  CHECK(read_file(path).substr(0, 7) == "this is");

  const Error missing =
      error_of([&] { Store::open(scratch.path() / "none.db", Store::Mode::kRead); });
  CHECK(missing.kind() == ErrorKind::kUsage);
  CHECK(!std::filesystem::exists(scratch.path() / "none.db"));

  const Error folder =
      error_of([&] { Store::open(scratch.path() / "no" / "such" / "q.db", Store::Mode::kWrite); });
  CHECK(folder.kind() == ErrorKind::kEnvironment);
}

TEST_CASE("Databases of other programs and of newer versions are refused") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "q.db";
  { Store::open(path, Store::Mode::kWrite); }
  const std::string good = read_file(path);

  poke_big_endian(path, kUserVersionAt, 99);
  for (const auto mode : {Store::Mode::kRead, Store::Mode::kWrite}) {
    const Error error = error_of([&] { Store::open(path, mode); });
    CHECK(error.kind() == ErrorKind::kData);
    CHECK(contains_text(error.what(), "newer Quorum"));
    CHECK(contains_text(error.what(), "99"));
  }
  write_file_atomic(path, good);
  CHECK(Store::open(path, Store::Mode::kRead).settings().empty());

  poke_big_endian(path, kApplicationIdAt, 1);
  const Error error = error_of([&] { Store::open(path, Store::Mode::kWrite); });
  CHECK(error.kind() == ErrorKind::kData);
  CHECK(contains_text(error.what(), "another program"));
}

TEST_CASE("A damaged database is an error and no crash") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "q.db";
  {
    Store store = Store::open(path, Store::Mode::kWrite);
    Opened opened;
    opened.open(store);
    for (int sample = 0; sample < 40; ++sample) opened.put(store, 0, sample);
  }
  std::string bytes = read_file(path);
  for (std::size_t at = 4096; at + 300 < bytes.size(); at += 4096)
    bytes.replace(at, 300, std::string(300, '\x5a'));
  write_file_atomic(path, bytes);
  const Error error = error_of([&] {
    const Store store = Store::open(path, Store::Mode::kRead);
    store.for_each_sample({}, [](const StoredSample&) { return true; });
    store.load_results();
  });
  CHECK(error.kind() == ErrorKind::kData);
}

TEST_CASE("A second writing process is refused and told who holds the database") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "q.db";
  int ready[2], release[2];
  REQUIRE(::pipe(ready) == 0);
  REQUIRE(::pipe(release) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(release[1]);
    {
      Store store = Store::open(path, Store::Mode::kWrite);
      Opened opened;
      opened.open(store);
      opened.put(store, 0, 0);
      char byte = 1;
      if (::write(ready[1], &byte, 1) != 1) ::_exit(1);
      while (::read(release[0], &byte, 1) > 0) {
      }
    }
    ::_exit(0);
  }
  ::close(release[0]);
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);

  StoreOptions impatient;
  impatient.lock_wait_ms = 50;
  const Error error = error_of([&] { Store::open(path, Store::Mode::kWrite, impatient); });
  CHECK(error.kind() == ErrorKind::kEnvironment);
  CHECK(contains_text(error.what(), "process " + std::to_string(child)));
  CHECK(stored(path) == 1);  // reading goes on

  // A patient one gets it when the other ends.
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ::close(release[1]);
  });
  { Store::open(path, Store::Mode::kWrite); }
  later.join();
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(!std::filesystem::exists(scratch.path() / "q.db.lock"));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("A writer that is killed loses no committed completion and leaves no lock") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "q.db";
  std::int64_t reported = 0;
  for (int round = 0; round < 12; ++round) {
    int reports[2];
    REQUIRE(::pipe(reports) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(reports[0]);
      Store store = Store::open(path, Store::Mode::kWrite);
      Opened opened;
      opened.open(store);
      for (std::int64_t n = store.settings()[0].completions;; ++n) {
        opened.put(store, static_cast<int>(n % 3), static_cast<int>(n / 3));
        const std::int64_t count = n + 1;
        if (::write(reports[1], &count, sizeof count) != sizeof count) ::_exit(1);
      }
    }
    ::close(reports[1]);
    std::int64_t count = 0;
    for (int i = 0; i <= 7 * round; ++i)
      if (::read(reports[0], &count, sizeof count) == sizeof count) reported = count;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(reports[0], &count, sizeof count) == sizeof count) reported = count;
    ::close(reports[0]);
    // One more may have been committed between the transaction and its report.
    const std::int64_t there = stored(path);
    CHECK(there >= reported);
    CHECK(there <= reported + 1);
  }
  CHECK(reported > 100);
}

TEST_CASE("Readers see a store that is being written") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "q.db";
  Store writer = Store::open(path, Store::Mode::kWrite);
  Opened opened;
  opened.open(writer);
  const Store reader = Store::open(path, Store::Mode::kRead);
  for (int sample = 0; sample < 5; ++sample) {
    opened.put(writer, 0, sample);
    CHECK(reader.settings()[0].completions == sample + 1);
  }
  // An export keeps to the moment at which it began.
  int seen = 0;
  reader.for_each_sample({}, [&](const StoredSample&) {
    opened.put(writer, 1, seen);
    ++seen;
    return true;
  });
  CHECK(seen == 5);
  CHECK(reader.settings()[0].completions == 10);
}

TEST_CASE("A database in a folder without write permission can be read") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "sub" / "q.db";
  std::filesystem::create_directory(path.parent_path());
  {
    Store store = Store::open(path, Store::Mode::kWrite);
    Opened opened;
    opened.open(store);
    opened.put(store, 0, 0);
  }
  // Seen from outside as from inside: the test may run as root, which no permission stops.
  std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0444));
  std::filesystem::permissions(path.parent_path(), static_cast<std::filesystem::perms>(0555));
  std::filesystem::permissions(scratch.path(), static_cast<std::filesystem::perms>(0755));
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(3);
    try {
      ::_exit(stored(path) == 1 ? 0 : 1);
    } catch (const std::exception&) {
      ::_exit(2);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  std::filesystem::permissions(path.parent_path(), std::filesystem::perms::owner_all);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("On a network file system the database is locked as a whole and says so") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "q.db";
  StoreOptions network;
  network.assume_network = "NFS";
  network.busy_timeout_ms = 50;
  {
    Store writer = Store::open(path, Store::Mode::kWrite, network);
    REQUIRE(writer.warnings().size() == 1);
    CHECK(contains_text(writer.warnings()[0], "NFS"));
    Opened opened;
    opened.open(writer);
    opened.put(writer, 0, 0);
    CHECK(!std::filesystem::exists(scratch.path() /
                                   "q.db-shm"));  // shared memory is what cannot work there
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      // SQLite's locks belong to processes, so that only another one meets them.
      const Error error =
          error_of([&] { Store::open(path, Store::Mode::kRead, network).settings(); });
      ::_exit(error.kind() == ErrorKind::kEnvironment ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == 0);
  }
  CHECK(Store::open(path, Store::Mode::kRead, network).settings()[0].completions == 1);
  CHECK(stored(path) == 1);
  StoreOptions local;
  local.assume_network = "";
  CHECK(Store::open(path, Store::Mode::kWrite, local).warnings().empty());
}

TEST_CASE("A full disk is an error that says so and what was stored stays") {
  const ScratchFolder scratch;
  const auto path = scratch.path() / "q.db";
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // A limit on file size stands in for a full disk.
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{1 << 20, 1 << 20};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    Store store = Store::open(path, Store::Mode::kWrite);
    Opened opened;
    opened.open(store);
    opened.put(store, 0, 0);
    const Error error = error_of([&] {
      for (int i = 0; i < 200; ++i) {
        Completion completion;
        for (std::uint32_t j = 0, x = 1; j < 20000; ++j)
          completion.token_ids.push_back(
              static_cast<std::int32_t>((x = x * 1664525 + 1013904223) >> 1));
        store.put_completion(opened.run, opened.setting, 1, i, "big-" + std::to_string(i),
                             completion, "n");
      }
    });
    ::_exit(error.kind() == ErrorKind::kEnvironment ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(stored(path) >= 1);
}
