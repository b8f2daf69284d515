#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "base/error.h"
#include "harness/packing.h"
#include "harness/store_impl.h"

namespace quorum {
namespace {

Setting read_setting(SQLite::Statement& row, int at) {
  Setting setting;
  setting.model = row.getColumn(at++).getString();
  setting.checkpoint = row.getColumn(at++).getString();
  setting.engine = row.getColumn(at++).getString();
  setting.tensor_parallel = row.getColumn(at++).getInt();
  setting.benchmark = row.getColumn(at++).getString();
  setting.dataset_hash = row.getColumn(at++).getString();
  setting.prompt_variant = row.getColumn(at++).getString();
  setting.prompt_hash = row.getColumn(at++).getString();
  setting.template_hash = row.getColumn(at++).getString();
  setting.think = row.getColumn(at++).getString();
  setting.sampling.temperature = row.getColumn(at++).getDouble();
  setting.sampling.top_p = row.getColumn(at++).getDouble();
  setting.sampling.max_tokens = row.getColumn(at++).getInt();
  setting.sampling.seed = static_cast<std::uint64_t>(row.getColumn(at++).getInt64());
  setting.published_as = row.getColumn(at++).getString();
  setting.published_benchmark = row.getColumn(at++).getString();
  setting.checkpoint_sampled = row.getColumn(at++).getInt() != 0;
  return setting;
}

template <class T>
bool among(const std::vector<T>& wanted, const T& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

template <class T>
T known(const std::optional<T>& value, const std::string& what) {
  if (!value) throw Error(ErrorKind::kData, "the database holds an unknown " + what);
  return *value;
}

std::vector<Message> parse_messages(const std::string& text) {
  std::vector<Message> messages;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array()) return messages;
  for (const auto& entry : json)
    messages.push_back({entry.value("role", std::string()), entry.value("content", std::string())});
  return messages;
}

// Place of a sample in exports.
struct SampleRow {
  const SettingInfo* info;
  std::string hash;
  std::string query;
  QueryId query_id;
  int sample;
  std::int64_t completion;
};

Completion read_completion(Store::Impl& impl, std::int64_t id, std::string& numerics) {
  SQLite::Statement& row = impl.statement(
      "SELECT finish, tokens, logprob_sum, seconds, numerics, token_ids, text FROM completion "
      "WHERE id = ?");
  row.bind(1, id);
  if (!row.executeStep())
    throw Error(ErrorKind::kData, "a sample in the database has no completion");
  Completion completion;
  completion.finish = row.getColumn(0).getString() == finish_reason_name(FinishReason::kLength)
                          ? FinishReason::kLength
                          : FinishReason::kStop;
  completion.tokens = row.getColumn(1).getInt();
  if (!row.getColumn(2).isNull()) completion.logprob_sum = row.getColumn(2).getDouble();
  completion.seconds = row.getColumn(3).getDouble();
  numerics = row.getColumn(4).getString();
  completion.token_ids = unpack_ids(column_bytes(row.getColumn(5)));
  completion.text = unpack_text(column_bytes(row.getColumn(6)));
  row.reset();
  return completion;
}

std::optional<Grade> read_grade(Store::Impl& impl, std::int64_t completion, QueryId query,
                                const std::string& version, std::string* found_version) {
  // An empty version means the newest.
  SQLite::Statement& row = impl.statement(
      "SELECT g.verdict, g.answer, g.reason, g.warning, g.grader_version FROM grade g JOIN query q "
      "ON q.gold_hash = g.gold_hash "
      "WHERE g.completion_id = ?1 AND q.id = ?2 AND (?3 = '' OR g.grader_version = ?3) ORDER BY "
      "g.id DESC LIMIT 1");
  row.bind(1, completion);
  row.bind(2, query);
  row.bind(3, version);
  if (!row.executeStep()) return std::nullopt;
  Grade grade;
  grade.verdict = known(parse_verdict(row.getColumn(0).getString()), "verdict");
  if (!row.getColumn(1).isNull()) grade.answer = row.getColumn(1).getString();
  grade.reason = row.getColumn(2).getString();
  grade.warning = row.getColumn(3).getString();
  if (found_version != nullptr) *found_version = row.getColumn(4).getString();
  row.reset();
  return grade;
}

std::string deciding_version(Store::Impl& impl, SettingId setting) {
  SQLite::Statement& row = impl.statement(
      "SELECT grader_version FROM grade WHERE id = (SELECT max(g.id) FROM sample s JOIN query q ON "
      "q.id = s.query_id "
      "JOIN grade g ON g.completion_id = s.completion_id AND g.gold_hash = q.gold_hash WHERE "
      "s.setting_id = ?)");
  row.bind(1, setting);
  return row.executeStep() ? row.getColumn(0).getString() : std::string();
}

StoredSample read_sample(Store::Impl& impl, const SettingInfo& info, const SampleRow& at,
                         const std::string& version, bool with_prompt) {
  StoredSample stored;
  stored.model = info.setting.model;
  stored.benchmark = info.setting.benchmark;
  stored.query = at.query;
  stored.sample = at.sample;
  stored.setting = info.id;
  stored.completion = read_completion(impl, at.completion, stored.numerics);
  stored.grade = read_grade(impl, at.completion, at.query_id, version, &stored.grader_version);
  SQLite::Statement& prompt = impl.statement(
      "SELECT p.thinking, p.token_ids, q.gold, q.grader, p.messages, p.text FROM prompt p JOIN "
      "query q ON q.id = p.query_id "
      "WHERE p.setting_id = ? AND p.query_id = ?");
  prompt.bind(1, info.id);
  prompt.bind(2, at.query_id);
  if (prompt.executeStep()) {
    stored.thinking = prompt.getColumn(0).getInt() != 0;
    stored.prompt_token_ids = unpack_ids(column_bytes(prompt.getColumn(1)));
    stored.gold = prompt.getColumn(2).getString();
    stored.grader = known(parse_grader_kind(prompt.getColumn(3).getString()), "grader");
    if (with_prompt) {
      stored.messages = parse_messages(unpack_text(column_bytes(prompt.getColumn(4))));
      stored.prompt_text = unpack_text(column_bytes(prompt.getColumn(5)));
    }
    prompt.reset();
  }
  return stored;
}

// Everything is read from one moment, however long it takes. Inside another snapshot it is that
// one's.
class Snapshot {
 public:
  explicit Snapshot(SQLite::Database& database)
      : database_(database), outermost_(sqlite3_get_autocommit(database.getHandle()) != 0) {
    if (outermost_) database_.exec("BEGIN");
  }
  ~Snapshot() {
    if (outermost_) database_.tryExec("ROLLBACK");
  }

 private:
  SQLite::Database& database_;
  bool outermost_;
};

}  // namespace

std::vector<bool> Store::contains(std::span<const std::string> keys) const {
  return with_store(*impl_, [&] {
    std::vector<bool> there;
    there.reserve(keys.size());
    for (const std::string& key : keys) {
      SQLite::Statement& find = impl_->statement("SELECT 1 FROM completion WHERE key = ?");
      find.bind(1, key);
      there.push_back(find.executeStep());
      find.reset();
    }
    return there;
  });
}

std::vector<std::string> Store::numerics(SettingId setting) const {
  return with_store(*impl_, [&] {
    std::vector<std::string> all;
    SQLite::Statement& rows = impl_->statement(
        "SELECT DISTINCT c.numerics FROM sample s JOIN completion c ON c.id = s.completion_id "
        "WHERE s.setting_id = ? AND c.numerics != '' ORDER BY 1");
    rows.bind(1, setting);
    while (rows.executeStep()) all.push_back(rows.getColumn(0).getString());
    return all;
  });
}

std::vector<std::string> Store::numerics_of(std::span<const std::string> keys) const {
  return with_store(*impl_, [&] {
    std::set<std::string> all;
    for (const std::string& key : keys) {
      SQLite::Statement& find =
          impl_->statement("SELECT numerics FROM completion WHERE key = ? AND numerics != ''");
      find.bind(1, key);
      if (find.executeStep()) all.insert(find.getColumn(0).getString());
    }
    return std::vector<std::string>(all.begin(), all.end());
  });
}

std::optional<SettingId> Store::find_setting(const Setting& setting) const {
  return with_store(*impl_, [&]() -> std::optional<SettingId> {
    SQLite::Statement& find = impl_->statement("SELECT id FROM setting WHERE hash = ?");
    find.bind(1, setting_hash(setting));
    if (!find.executeStep()) return std::nullopt;
    return find.getColumn(0).getInt64();
  });
}

std::optional<double> Store::mean_tokens(const Setting& setting, bool whole_model) const {
  return with_store(*impl_, [&]() -> std::optional<double> {
    SQLite::Statement& mean = impl_->statement(
        whole_model ? "SELECT avg(c.tokens) FROM setting t JOIN sample s ON s.setting_id = t.id "
                      "JOIN completion c ON c.id = s.completion_id WHERE t.model = ?"
                    : "SELECT avg(c.tokens) FROM setting t JOIN sample s ON s.setting_id = t.id "
                      "JOIN completion c ON c.id = s.completion_id WHERE t.hash = ?");
    mean.bind(1, whole_model ? setting.model : setting_hash(setting));
    if (!mean.executeStep() || mean.getColumn(0).isNull()) return std::nullopt;
    return mean.getColumn(0).getDouble();
  });
}

void Store::for_each_ungraded(SettingId setting, const std::string& grader_version, bool all,
                              const std::function<bool(UngradedSample)>& visit) const {
  struct Row {
    std::int64_t completion;
    QueryId query;
    int sample;
  };
  const std::vector<Row> rows = with_store(*impl_, [&] {
    std::vector<Row> found;
    SQLite::Statement& find = impl_->statement(
        "SELECT s.completion_id, s.query_id, s.sample FROM sample s JOIN query q ON q.id = "
        "s.query_id WHERE s.setting_id = ?1 AND (?3 OR "
        "NOT EXISTS (SELECT 1 FROM grade g WHERE g.completion_id = s.completion_id AND g.gold_hash "
        "= q.gold_hash AND "
        "g.grader_version = ?2)) ORDER BY s.sample, s.query_id");
    find.bind(1, setting);
    find.bind(2, grader_version);
    find.bind(3, all ? 1 : 0);
    while (find.executeStep())
      found.push_back(
          {find.getColumn(0).getInt64(), find.getColumn(1).getInt64(), find.getColumn(2).getInt()});
    return found;
  });
  for (const Row& row : rows) {
    UngradedSample ungraded = with_store(*impl_, [&] {
      UngradedSample sample;
      sample.completion = row.completion;
      sample.query_id = row.query;
      sample.sample = row.sample;
      std::string ignored;
      Completion completion = read_completion(*impl_, row.completion, ignored);
      sample.text = std::move(completion.text);
      sample.truncated = completion.finish == FinishReason::kLength;
      SQLite::Statement& query = impl_->statement(
          "SELECT q.name, q.gold, q.grader, q.tests, p.thinking FROM query q JOIN prompt p ON "
          "p.query_id = q.id "
          "WHERE q.id = ? AND p.setting_id = ?");
      query.bind(1, row.query);
      query.bind(2, setting);
      if (!query.executeStep())
        throw Error(ErrorKind::kData, "a sample in the database has no prompt");
      sample.query.id = query.getColumn(0).getString();
      sample.query.gold = query.getColumn(1).getString();
      sample.query.grader = known(parse_grader_kind(query.getColumn(2).getString()), "grader");
      sample.query.tests_json = unpack_text(column_bytes(query.getColumn(3)));
      sample.thinking = query.getColumn(4).getInt() != 0;
      return sample;
    });
    if (!visit(std::move(ungraded))) return;
  }
}

std::optional<Grade> Store::newest_grade(std::int64_t completion, QueryId query,
                                         std::string* version) const {
  return with_store(*impl_, [&] { return read_grade(*impl_, completion, query, {}, version); });
}

std::optional<Label> Store::find_label(SettingId setting, QueryId query, int sample) const {
  return with_store(*impl_, [&]() -> std::optional<Label> {
    SQLite::Statement& find = impl_->statement(
        "SELECT correct, answer, field FROM label WHERE setting_id = ? AND query_id = ? AND "
        "sample = ?");
    find.bind(1, setting);
    find.bind(2, query);
    find.bind(3, sample);
    if (!find.executeStep()) return std::nullopt;
    Label label{find.getColumn(0).getInt() != 0, find.getColumn(1).getString(),
                find.getColumn(2).getString()};
    find.reset();
    return label;
  });
}

std::vector<Query> Store::queries(SettingId setting, bool tests) const {
  return with_store(*impl_, [&] {
    std::vector<Query> queries;
    SQLite::Statement& rows = impl_->statement(
        "SELECT q.name, q.gold, q.grader, q.tests, p.messages FROM prompt p JOIN query q ON q.id = "
        "p.query_id "
        "WHERE p.setting_id = ? ORDER BY p.ord, q.id");
    rows.bind(1, setting);
    while (rows.executeStep()) {
      Query query;
      query.id = rows.getColumn(0).getString();
      query.gold = rows.getColumn(1).getString();
      query.grader = known(parse_grader_kind(rows.getColumn(2).getString()), "grader");
      if (tests) query.tests_json = unpack_text(column_bytes(rows.getColumn(3)));
      query.messages = parse_messages(unpack_text(column_bytes(rows.getColumn(4))));
      queries.push_back(std::move(query));
    }
    return queries;
  });
}

std::vector<SettingInfo> Store::settings(const ResultFilter& filter) const {
  return with_store(*impl_, [&] {
    std::vector<SettingInfo> all;
    SQLite::Statement& rows = impl_->statement(
        "SELECT id, whole, samples_wanted, (SELECT count(*) FROM prompt p WHERE p.setting_id = "
        "setting.id), "
        "(SELECT count(*) FROM sample s WHERE s.setting_id = setting.id), model, checkpoint, "
        "engine, tensor_parallel, benchmark, "
        "dataset_hash, prompt_variant, prompt_hash, template_hash, think, temperature, top_p, "
        "max_tokens, seed, published_as, "
        "published_benchmark, checkpoint_sampled FROM setting ORDER BY model, benchmark, hash");
    while (rows.executeStep()) {
      SettingInfo info;
      info.id = rows.getColumn(0).getInt64();
      info.whole = rows.getColumn(1).getInt() != 0;
      info.samples_wanted = rows.getColumn(2).getInt();
      info.queries = rows.getColumn(3).getInt64();
      info.completions = rows.getColumn(4).getInt64();
      info.setting = read_setting(rows, 5);
      if (among(filter.models, info.setting.model) &&
          among(filter.benchmarks, info.setting.benchmark) && among(filter.settings, info.id))
        all.push_back(std::move(info));
    }
    return all;
  });
}

std::vector<RunInfo> Store::runs() const {
  return with_store(*impl_, [&] {
    std::vector<RunInfo> all;
    SQLite::Statement& rows = impl_->statement(
        "SELECT id, started, finished, state, spec, manifest FROM run ORDER BY id");
    while (rows.executeStep())
      all.push_back({rows.getColumn(0).getInt64(),
                     rows.getColumn(1).getInt64(),
                     rows.getColumn(2).isNull() ? 0 : rows.getColumn(2).getInt64(),
                     rows.getColumn(3).getString(),
                     rows.getColumn(4).getString(),
                     rows.getColumn(5).getString(),
                     {}});
    SQLite::Statement& members =
        impl_->statement("SELECT run_id, setting_id FROM run_setting ORDER BY run_id, setting_id");
    while (members.executeStep()) {
      const RunId run = members.getColumn(0).getInt64();
      for (RunInfo& info : all)
        if (info.id == run) info.settings.push_back(members.getColumn(1).getInt64());
    }
    return all;
  });
}

std::vector<ResultSet> Store::load_results(const ResultFilter& filter) const {
  return with_store(*impl_, [&] {
    const Snapshot snapshot(*impl_->database);
    std::vector<ResultSet> sets;
    for (const SettingInfo& info : settings(filter)) {
      const Setting& setting = info.setting;
      ResultSet set;
      set.setting = info.id;
      set.model = setting.model;
      set.published_as = setting.published_as;
      set.benchmark = setting.benchmark;
      set.published_benchmark = setting.published_benchmark;
      set.samples_wanted = info.samples_wanted;
      set.partial = !info.whole;
      set.dataset_hash = setting.dataset_hash;
      set.prompt_variant = setting.prompt_variant;
      set.prompt_hash = setting.prompt_hash;
      set.template_hash = setting.template_hash;
      set.checkpoint = setting.checkpoint;
      set.engine = setting.engine;
      set.temperature = setting.sampling.temperature;
      set.top_p = setting.sampling.top_p;
      set.max_tokens = setting.sampling.max_tokens;
      set.seed = setting.sampling.seed;
      set.grader_version = deciding_version(*impl_, info.id);
      const std::vector<std::string> fingerprints = numerics(info.id);
      set.mixed_numerics = fingerprints.size() > 1;
      if (!fingerprints.empty()) set.numerics = fingerprints.front();
      SQLite::Statement& manifest = impl_->statement(
          "SELECT r.manifest FROM run r JOIN run_setting m ON m.run_id = r.id WHERE m.setting_id = "
          "? ORDER BY r.id DESC LIMIT 1");
      manifest.bind(1, info.id);
      if (manifest.executeStep()) set.manifest_json = manifest.getColumn(0).getString();
      manifest.reset();

      std::map<QueryId, std::size_t> places;
      SQLite::Statement& queries = impl_->statement(
          "SELECT q.id, q.name FROM prompt p JOIN query q ON q.id = p.query_id WHERE p.setting_id "
          "= ? AND p.active = 1 ORDER BY p.ord, q.id");
      queries.bind(1, info.id);
      while (queries.executeStep()) {
        places[queries.getColumn(0).getInt64()] = set.queries.size();
        set.queries.push_back({queries.getColumn(1).getString(), {}});
      }
      SQLite::Statement& samples = impl_->statement(
          "SELECT s.query_id, s.sample, g.verdict, g.answer, c.finish, c.tokens, c.logprob_sum, "
          "g.reason "
          "FROM sample s "
          "JOIN query q ON q.id = s.query_id JOIN completion c ON c.id = s.completion_id "
          "JOIN grade g ON g.completion_id = s.completion_id AND g.gold_hash = q.gold_hash AND "
          "g.grader_version = ?2 "
          "WHERE s.setting_id = ?1 ORDER BY s.query_id, s.sample");
      samples.bind(1, info.id);
      samples.bind(2, set.grader_version);
      while (samples.executeStep()) {
        const auto place = places.find(samples.getColumn(0).getInt64());
        if (place == places.end()) continue;
        SampleResult result;
        result.sample = samples.getColumn(1).getInt();
        result.verdict = known(parse_verdict(samples.getColumn(2).getString()), "verdict");
        if (!samples.getColumn(3).isNull()) result.answer = samples.getColumn(3).getString();
        result.truncated =
            samples.getColumn(4).getString() == finish_reason_name(FinishReason::kLength);
        result.tokens = samples.getColumn(5).getInt();
        if (!samples.getColumn(6).isNull()) result.logprob_sum = samples.getColumn(6).getDouble();
        result.reason = samples.getColumn(7).getString();
        set.queries[place->second].samples.push_back(std::move(result));
      }
      samples.reset();
      sets.push_back(std::move(set));
    }
    return sets;
  });
}

void Store::for_each_sample(const ResultFilter& filter,
                            const std::function<bool(const StoredSample&)>& visit) const {
  with_store(*impl_, [&] {
    const Snapshot snapshot(*impl_->database);
    const std::vector<SettingInfo> infos = settings(filter);
    // Settings come sorted by model and benchmark: one group of equal ones at a time keeps the list
    // of rows short.
    for (std::size_t begin = 0, end; begin < infos.size(); begin = end) {
      for (end = begin; end < infos.size() &&
                        infos[end].setting.model == infos[begin].setting.model &&
                        infos[end].setting.benchmark == infos[begin].setting.benchmark;)
        ++end;
      std::vector<SampleRow> rows;
      std::map<SettingId, std::string> versions;
      for (std::size_t i = begin; i < end; ++i) {
        const std::string hash = setting_hash(infos[i].setting);
        versions[infos[i].id] = deciding_version(*impl_, infos[i].id);
        SQLite::Statement& find = impl_->statement(
            "SELECT q.name, s.query_id, s.sample, s.completion_id FROM sample s JOIN query q ON "
            "q.id = s.query_id WHERE s.setting_id = ?");
        find.bind(1, infos[i].id);
        while (find.executeStep())
          rows.push_back({&infos[i], hash, find.getColumn(0).getString(),
                          find.getColumn(1).getInt64(), find.getColumn(2).getInt(),
                          find.getColumn(3).getInt64()});
        find.reset();
      }
      std::sort(rows.begin(), rows.end(), [](const SampleRow& a, const SampleRow& b) {
        return std::tie(a.query, a.sample, a.hash) < std::tie(b.query, b.sample, b.hash);
      });
      for (const SampleRow& row : rows)
        if (!visit(read_sample(*impl_, *row.info, row, versions[row.info->id], false))) return;
    }
  });
}

std::optional<StoredSample> Store::find_sample(SettingId setting, const std::string& query,
                                               int sample) const {
  return with_store(*impl_, [&]() -> std::optional<StoredSample> {
    const std::vector<SettingInfo> infos = settings({{}, {}, {setting}});
    if (infos.empty()) return std::nullopt;
    SQLite::Statement& find = impl_->statement(
        "SELECT s.query_id, s.completion_id FROM sample s JOIN query q ON q.id = s.query_id "
        "WHERE s.setting_id = ? AND q.name = ? AND s.sample = ?");
    find.bind(1, setting);
    find.bind(2, query);
    find.bind(3, sample);
    if (!find.executeStep()) return std::nullopt;
    const SampleRow row{
        &infos[0], {}, query, find.getColumn(0).getInt64(), sample, find.getColumn(1).getInt64()};
    find.reset();
    return read_sample(*impl_, infos[0], row, deciding_version(*impl_, setting), true);
  });
}

}  // namespace quorum
