#include <SQLiteCpp/SQLiteCpp.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "harness/identity.h"
#include "harness/packing.h"
#include "harness/store_impl.h"

namespace quorum {
namespace {

constexpr const char* kLinkSample =
    "INSERT INTO sample (setting_id, query_id, sample, completion_id) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET completion_id = excluded.completion_id WHERE completion_id != "
    "excluded.completion_id";

std::optional<std::int64_t> find_completion(Store::Impl& impl, const std::string& key) {
  SQLite::Statement& find = impl.statement("SELECT id FROM completion WHERE key = ?");
  find.bind(1, key);
  if (!find.executeStep()) return std::nullopt;
  return find.getColumn(0).getInt64();
}

void link_sample(Store::Impl& impl, SettingId setting, QueryId query, int sample,
                 std::int64_t completion) {
  SQLite::Statement& link = impl.statement(kLinkSample);
  link.bind(1, setting);
  link.bind(2, query);
  link.bind(3, sample);
  link.bind(4, completion);
  link.exec();
}

SettingId put_setting(Store::Impl& impl, const Setting& setting) {
  const std::string hash = setting_hash(setting);
  SQLite::Statement& insert = impl.statement(
      "INSERT INTO setting (hash, model, checkpoint, engine, tensor_parallel, benchmark, "
      "dataset_hash, prompt_variant, prompt_hash, "
      "template_hash, think, temperature, top_p, max_tokens, seed, published_as, "
      "published_benchmark, checkpoint_sampled) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE "
      "SET "
      "published_as = excluded.published_as, published_benchmark = excluded.published_benchmark, "
      "checkpoint_sampled = excluded.checkpoint_sampled");
  int at = 0;
  for (const std::string* text : {&hash, &setting.model, &setting.checkpoint, &setting.engine})
    insert.bind(++at, *text);
  insert.bind(++at, setting.tensor_parallel);
  for (const std::string* text :
       {&setting.benchmark, &setting.dataset_hash, &setting.prompt_variant, &setting.prompt_hash,
        &setting.template_hash, &setting.think})
    insert.bind(++at, *text);
  insert.bind(++at, setting.sampling.temperature);
  insert.bind(++at, setting.sampling.top_p);
  insert.bind(++at, setting.sampling.max_tokens);
  insert.bind(++at, static_cast<std::int64_t>(setting.sampling.seed));
  insert.bind(++at, setting.published_as);
  insert.bind(++at, setting.published_benchmark);
  insert.bind(++at, setting.checkpoint_sampled ? 1 : 0);
  insert.exec();
  SQLite::Statement& find = impl.statement("SELECT id FROM setting WHERE hash = ?");
  find.bind(1, hash);
  find.executeStep();
  return find.getColumn(0).getInt64();
}

QueryId put_query(Store::Impl& impl, const Benchmark& benchmark, const Query& query) {
  SQLite::Statement& insert = impl.statement(
      "INSERT INTO query (benchmark, dataset_hash, name, gold, gold_hash, grader, tests) VALUES "
      "(?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (benchmark, dataset_hash, name) DO UPDATE SET gold = excluded.gold, gold_hash = "
      "excluded.gold_hash, "
      "grader = excluded.grader, tests = excluded.tests WHERE gold_hash != excluded.gold_hash");
  insert.bind(1, benchmark.name);
  insert.bind(2, benchmark.dataset_hash);
  insert.bind(3, query.id);
  insert.bind(4, query.gold);
  insert.bind(5, gold_hash(query));
  insert.bind(6, grader_kind_name(query.grader));
  bind_bytes(insert, 7, pack_text(query.tests_json));
  insert.exec();
  SQLite::Statement& find =
      impl.statement("SELECT id FROM query WHERE benchmark = ? AND dataset_hash = ? AND name = ?");
  find.bind(1, benchmark.name);
  find.bind(2, benchmark.dataset_hash);
  find.bind(3, query.id);
  find.executeStep();
  return find.getColumn(0).getInt64();
}

std::string messages_json(const std::vector<Message>& messages) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Message& message : messages)
    json.push_back(
        {{"role", sanitize_utf8(message.role)}, {"content", sanitize_utf8(message.content)}});
  return json.dump();
}

// `decides`: whether this run decides which queries reports show, and in which order.
void put_prompt(Store::Impl& impl, SettingId setting, QueryId query, int ord, bool decides,
                const Query& asked, const PreparedPrompt& prompt) {
  SQLite::Statement& insert = impl.statement(
      "INSERT INTO prompt (setting_id, query_id, ord, active, thinking, messages, text, token_ids) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
      "ON CONFLICT DO UPDATE SET ord = iif(?4, ?3, ord), active = max(active, ?4), thinking = ?5, "
      "messages = ?6, text = ?7, "
      "token_ids = ?8");
  insert.bind(1, setting);
  insert.bind(2, query);
  insert.bind(3, ord);
  insert.bind(4, decides ? 1 : 0);
  insert.bind(5, prompt.thinking ? 1 : 0);
  bind_bytes(insert, 6, pack_text(messages_json(asked.messages)));
  bind_bytes(insert, 7, pack_text(prompt.text));
  bind_bytes(insert, 8, pack_ids(prompt.token_ids));
  insert.exec();
}

}  // namespace

RunId Store::begin_run(const std::string& spec_json, const std::string& manifest_json) {
  return with_store(*impl_, [&] {
    RunId run = 0;
    impl_->transaction(true, [&] {
      SQLite::Statement& insert = impl_->statement(
          "INSERT INTO run (started, state, spec, manifest) VALUES (?, 'running', ?, ?)");
      insert.bind(1, static_cast<std::int64_t>(std::time(nullptr)));
      insert.bind(2, spec_json);
      insert.bind(3, manifest_json);
      insert.exec();
      run = impl_->database->getLastInsertRowid();
    });
    return run;
  });
}

void Store::finish_run(RunId run, RunState state) {
  with_store(*impl_, [&] {
    impl_->transaction(true, [&] {
      SQLite::Statement& update =
          impl_->statement("UPDATE run SET finished = ?, state = ? WHERE id = ?");
      update.bind(1, static_cast<std::int64_t>(std::time(nullptr)));
      update.bind(2, run_state_name(state));
      update.bind(3, run);
      update.exec();
    });
  });
}

OpenSetting Store::open_setting(RunId run, const Setting& setting, const Benchmark& benchmark,
                                std::span<const PreparedPrompt> prompts, int samples) {
  QUORUM_CHECK(prompts.size() == benchmark.queries.size());
  return with_store(*impl_, [&] {
    OpenSetting open;
    impl_->transaction(false, [&] {
      open.id = put_setting(*impl_, setting);
      SQLite::Statement& get_whole = impl_->statement("SELECT whole FROM setting WHERE id = ?");
      get_whole.bind(1, open.id);
      get_whole.executeStep();
      const bool was_whole = get_whole.getColumn(0).getInt() != 0;
      const bool decides = !benchmark.partial || !was_whole;
      if (decides) {
        SQLite::Statement& clear =
            impl_->statement("UPDATE prompt SET active = 0 WHERE setting_id = ?");
        clear.bind(1, open.id);
        clear.exec();
        SQLite::Statement& wanted =
            impl_->statement("UPDATE setting SET samples_wanted = ?, whole = ? WHERE id = ?");
        wanted.bind(1, samples);
        wanted.bind(2, benchmark.partial ? 0 : 1);
        wanted.bind(3, open.id);
        wanted.exec();
      }
      for (std::size_t i = 0; i < benchmark.queries.size(); ++i) {
        const Query& query = benchmark.queries[i];
        open.queries.push_back(put_query(*impl_, benchmark, query));
        put_prompt(*impl_, open.id, open.queries.back(), static_cast<int>(i), decides, query,
                   prompts[i]);
      }
      SQLite::Statement& member = impl_->statement(
          "INSERT INTO run_setting (run_id, setting_id, samples) VALUES (?, ?, ?) ON CONFLICT DO "
          "UPDATE SET samples = excluded.samples");
      member.bind(1, run);
      member.bind(2, open.id);
      member.bind(3, samples);
      member.exec();
    });
    return open;
  });
}

std::int64_t Store::link_stored(const OpenSetting& setting, std::span<const Link> links) {
  return with_store(*impl_, [&] {
    std::int64_t stored = 0;
    impl_->transaction(false, [&] {
      for (const Link& link : links) {
        const auto completion = find_completion(*impl_, link.key);
        if (!completion) continue;
        ++stored;
        link_sample(*impl_, setting.id, setting.queries.at(static_cast<std::size_t>(link.query)),
                    link.sample, *completion);
      }
    });
    return stored;
  });
}

std::int64_t Store::put_completion(RunId run, const OpenSetting& setting, int query, int sample,
                                   const std::string& key, const Completion& completion,
                                   const std::string& numerics) {
  const std::string token_ids = pack_ids(completion.token_ids);
  const std::string text = pack_text(completion.text);
  return with_store(*impl_, [&] {
    std::int64_t row = 0;
    impl_->transaction(false, [&] {
      SQLite::Statement& insert = impl_->statement(
          "INSERT INTO completion (key, run_id, finish, tokens, logprob_sum, seconds, numerics, "
          "token_ids, text) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING");
      insert.bind(1, key);
      insert.bind(2, run);
      insert.bind(3, finish_reason_name(completion.finish));
      insert.bind(4, completion.tokens);
      if (completion.logprob_sum) insert.bind(5, *completion.logprob_sum);
      insert.bind(6, completion.seconds);
      insert.bind(7, numerics);
      bind_bytes(insert, 8, token_ids);
      bind_bytes(insert, 9, text);
      insert.exec();
      row = find_completion(*impl_, key).value();
      link_sample(*impl_, setting.id, setting.queries.at(static_cast<std::size_t>(query)), sample,
                  row);
    });
    return row;
  });
}

void Store::put_grades(std::span<const NewGrade> grades, const std::string& grader_version,
                       bool again) {
  if (grades.empty()) return;
  with_store(*impl_, [&] {
    impl_->transaction(false, [&] {
      for (const NewGrade& entry : grades) {
        SQLite::Statement& insert = impl_->statement(
            std::string(again ? "INSERT OR REPLACE" : "INSERT") +
            " INTO grade (completion_id, gold_hash, grader_version, verdict, answer, reason, "
            "warning) SELECT ?, gold_hash, ?, ?, ?, ?, ? FROM query WHERE id = ?" +
            (again ? "" : " ON CONFLICT DO NOTHING"));
        insert.bind(1, entry.completion);
        insert.bind(2, grader_version);
        insert.bind(3, verdict_name(entry.grade.verdict));
        if (entry.grade.answer) insert.bind(4, *entry.grade.answer);
        insert.bind(5, entry.grade.reason);
        insert.bind(6, entry.grade.warning);
        insert.bind(7, entry.query_id);
        insert.exec();
      }
    });
  });
}

void Store::put_labels(SettingId setting, std::span<const NewLabel> labels) {
  if (labels.empty()) return;
  with_store(*impl_, [&] {
    impl_->transaction(false, [&] {
      for (const NewLabel& entry : labels) {
        SQLite::Statement& insert = impl_->statement(
            "INSERT OR REPLACE INTO label (setting_id, query_id, sample, correct, answer, field) "
            "SELECT p.setting_id, q.id, ?3, ?4, ?5, ?6 FROM prompt p JOIN query q ON q.id = "
            "p.query_id WHERE p.setting_id = ?1 AND q.name = ?2");
        insert.bind(1, setting);
        insert.bind(2, entry.query);
        insert.bind(3, entry.sample);
        insert.bind(4, entry.label.correct ? 1 : 0);
        insert.bind(5, entry.label.answer);
        insert.bind(6, entry.label.field);
        insert.exec();
      }
    });
  });
}

}  // namespace quorum
