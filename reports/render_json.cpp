#include <nlohmann/json.hpp>

#include "base/text.h"
#include "reports/render.h"

namespace quorum {
namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }
std::string text(const std::string& value) { return sanitize_utf8(value); }

Json published(const PublishedScore& score) {
  // Ratings are no percentages: they stay as printed.
  const bool fraction = score.metric != "rating" && score.metric != "percentile";
  Json out{{"value", fraction ? score.value / 100 : score.value},
           {"metric", score.metric},
           {"source", score.source},
           {"protocol", score.protocol()},
           {"reference", score.reference}};
  out["samples"] = score.n_samples ? Json(*score.n_samples) : Json(nullptr);
  return out;
}

Json modes(const ModeSummary& summary) {
  Json scores = Json::array(), differences = Json::array();
  for (const ModeScore& score : summary.scores)
    scores.push_back({{"mode", score.mode},
                      {"pass_at_1", score.pass_at_1},
                      {"repeat_se", number(score.repeat_se)}});
  for (const ModeDifference& one : summary.differences)
    differences.push_back(
        {{"query", text(one.query)}, {"sample", one.sample}, {"reason", text(one.reason)}});
  return {{"scores", std::move(scores)},
          {"differences", std::move(differences)},
          {"known_bad", summary.known_bad}};
}

}  // namespace

std::string render_json(std::span<const SummaryRow> rows) {
  Json out{{"schema", 1}, {"rows", Json::array()}};
  for (const SummaryRow& row : rows) {
    const ResultSet& p = row.provenance;
    Json list = Json::array();
    for (const PublishedScore& score : row.published) list.push_back(published(score));
    Json manifest = Json::parse(p.manifest_json, nullptr, false);
    if (manifest.is_discarded()) manifest = nullptr;
    out["rows"].push_back({{"model", text(row.model)},
                           {"benchmark", text(row.benchmark)},
                           {"queries", row.queries},
                           {"samples", row.samples},
                           {"samples_wanted", row.samples_wanted},
                           {"pass_at_1", number(row.pass_at_1)},
                           {"repeat_se", number(row.repeat_se)},
                           {"question_se", number(row.question_se)},
                           {"cons_at_k",
                            {{"k", row.cons_k},
                             {"value", number(row.cons_at_k)},
                             {"repeat_se", number(row.cons_repeat_se)},
                             {"question_se", number(row.cons_question_se)},
                             {"tied", number(row.tied)}}},
                           {"pass_at_k", {{"k", row.cons_k}, {"value", number(row.pass_at_k)}}},
                           {"truncated", number(row.truncated)},
                           {"no_answer", number(row.no_answer)},
                           {"mean_tokens", number(row.mean_tokens)},
                           {"modes", modes(row.modes)},
                           {"complete", row.complete},
                           {"partial", row.partial},
                           {"mixed_numerics", row.mixed_numerics},
                           {"published", std::move(list)},
                           {"setting",
                            {{"temperature", p.temperature},
                             {"top_p", p.top_p},
                             {"max_tokens", p.max_tokens},
                             {"seed", p.seed},
                             {"prompt", p.prompt_variant},
                             {"prompt_hash", p.prompt_hash},
                             {"dataset_hash", p.dataset_hash},
                             {"template_hash", p.template_hash},
                             {"grader", p.grader_version},
                             {"checkpoint", p.checkpoint},
                             {"engine", p.engine},
                             {"numerics", p.numerics}}},
                           {"manifest", std::move(manifest)}});
  }
  return out.dump(2) + "\n";
}

}  // namespace quorum
