// quorum show: one sample as a person reads it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/stdio.h"
#include "harness/store.h"

namespace quorum::cli {
namespace {

std::vector<StoredSample> find_samples(const Store& store, const ShowOptions& options) {
  std::vector<StoredSample> found;
  for (const SettingInfo& info : store.settings({options.models, options.benchmarks, {}}))
    if (auto sample = store.find_sample(info.id, options.query, options.sample))
      found.push_back(std::move(*sample));
  return found;
}

std::string person_view(const StoredSample& s) {
  const auto section = [](std::string_view title, std::string_view body) {
    return fmt::format("── {} ──\n{}\n", title, body);
  };
  std::string thought, answer = s.completion.text;
  const std::size_t end = answer.rfind("</think>");
  if (end != std::string::npos) {
    thought = answer.substr(0, end);
    answer.erase(0, end + 8);
  } else if (s.thinking) {
    thought = std::exchange(answer, {});
  }
  std::string out =
      fmt::format("{} · {} · {} · sample {}\n", s.model, s.benchmark, s.query, s.sample);
  out += section("prompt", sanitize_utf8(s.prompt_text));
  if (!thought.empty())
    out += section(end == std::string::npos ? "thought (unfinished)" : "thought",
                   trim(sanitize_utf8(thought)));
  out += section("answer", trim(sanitize_utf8(answer)));
  std::string verdict = "not graded: quorum grade";
  if (s.grade) {
    verdict = fmt::format("{} ({})", verdict_name(s.grade->verdict), s.grade->reason);
    verdict += fmt::format("\nextracted  {}\ngold       {}",
                           s.grade->answer ? *s.grade->answer : "nothing", s.gold);
    if (!s.grade->warning.empty()) verdict += "\nwarning    " + s.grade->warning;
    verdict += "\ngrader     " + s.grader_version;
  }
  out += section("verdict", verdict);
  out += fmt::format(
      "{} tokens, finished by {}{}, {:.2f} s\n", s.completion.tokens,
      finish_reason_name(s.completion.finish),
      s.completion.logprob_sum ? fmt::format(", log-prob {:.3f}", *s.completion.logprob_sum) : "",
      s.completion.seconds);
  return out;
}

nlohmann::ordered_json json_view(const StoredSample& s) {
  nlohmann::ordered_json messages = nlohmann::ordered_json::array();
  for (const Message& m : s.messages)
    messages.push_back({{"role", m.role}, {"content", sanitize_utf8(m.content)}});
  nlohmann::ordered_json out{{"model", s.model},
                             {"benchmark", s.benchmark},
                             {"query", s.query},
                             {"sample", s.sample},
                             {"messages", messages},
                             {"prompt", sanitize_utf8(s.prompt_text)},
                             {"prompt_token_ids", s.prompt_token_ids},
                             {"token_ids", s.completion.token_ids},
                             {"text", sanitize_utf8(s.completion.text)},
                             {"finish_reason", finish_reason_name(s.completion.finish)},
                             {"tokens", s.completion.tokens},
                             {"gold", s.gold},
                             {"numerics", s.numerics}};
  out["logprob_sum"] = s.completion.logprob_sum ? nlohmann::ordered_json(*s.completion.logprob_sum)
                                                : nlohmann::ordered_json(nullptr);
  if (s.grade) {
    out["verdict"] = verdict_name(s.grade->verdict);
    out["answer"] = s.grade->answer ? nlohmann::ordered_json(sanitize_utf8(*s.grade->answer))
                                    : nlohmann::ordered_json(nullptr);
    out["reason"] = s.grade->reason;
    out["warning"] = s.grade->warning;
    out["grader"] = s.grader_version;
  }
  return out;
}

}  // namespace

int show_verb(const ShowOptions& options) {
  const Store store = Store::open(options.db, Store::Mode::kRead);
  const auto samples = find_samples(store, options);
  if (samples.empty())
    throw Error(
        ErrorKind::kUsage,
        fmt::format("no sample {} of query \"{}\" is stored", options.sample, options.query), "",
        "quorum list --db " + options.db.string() + " names what there is");
  if (options.common.json) {
    auto list = nlohmann::ordered_json::array();
    for (const StoredSample& s : samples) list.push_back(json_view(s));
    write_data({}, (list.size() == 1 ? list[0] : list).dump(2) + "\n");
  } else {
    for (const StoredSample& s : samples) write_data({}, person_view(s));
  }
  return 0;
}

}  // namespace quorum::cli
