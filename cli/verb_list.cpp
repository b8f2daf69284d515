// quorum list: what a database holds.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/options.h"
#include "cli/stdio.h"
#include "harness/store.h"

namespace quorum::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string time_text(std::int64_t seconds) {
  return seconds == 0
             ? "-"
             : fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

Json parsed(const std::string& text) {
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() ? Json(nullptr) : value;
}

}  // namespace

int list_verb(const ListOptions& options) {
  const Store store = Store::open(options.db, Store::Mode::kRead);
  Json json{{"results", Json::array()}, {"runs", Json::array()}};
  std::string text = fmt::format("{:>4}  {:28} {:12} {:>8} {:>8} {:>10}  {}\n", "set", "model",
                                 "benchmark", "queries", "samples", "stored", "setting");
  for (const SettingInfo& info : store.settings({options.models, options.benchmarks, {}})) {
    const Setting& s = info.setting;
    json["results"].push_back({{"setting", info.id},
                               {"model", s.model},
                               {"benchmark", s.benchmark},
                               {"queries", info.queries},
                               {"samples_wanted", info.samples_wanted},
                               {"completions", info.completions},
                               {"whole", info.whole},
                               {"temperature", s.sampling.temperature},
                               {"top_p", s.sampling.top_p},
                               {"max_tokens", s.sampling.max_tokens},
                               {"seed", s.sampling.seed},
                               {"prompt", s.prompt_variant},
                               {"think", s.think},
                               {"engine", s.engine},
                               {"checkpoint", s.checkpoint}});
    text += fmt::format(
        "{:>4}  {:28} {:12} {:>8} {:>8} {:>10}  T {}, top-p {}, {} tokens, seed {}, prompt {}, "
        "think {}\n",
        info.id, s.model, s.benchmark, info.queries, info.samples_wanted, info.completions,
        s.sampling.temperature, s.sampling.top_p, s.sampling.max_tokens, s.sampling.seed,
        s.prompt_variant, s.think);
  }
  text += fmt::format("\n{:>4}  {:20} {:20} {}\n", "run", "started (UTC)", "finished", "state");
  for (const RunInfo& run : store.runs()) {
    json["runs"].push_back({{"run", run.id},
                            {"started", run.started},
                            {"finished", run.finished},
                            {"state", run.state},
                            {"settings", run.settings},
                            {"spec", parsed(run.spec_json)},
                            {"manifest", parsed(run.manifest_json)}});
    text += fmt::format("{:>4}  {:20} {:20} {}\n", run.id, time_text(run.started),
                        time_text(run.finished), run.state);
  }
  write_data({}, options.common.json ? json.dump(2) + "\n" : text);
  return 0;
}

}  // namespace quorum::cli
