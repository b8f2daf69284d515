#include "reports/published.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"

namespace quorum {
namespace embedded {
extern const std::string_view published_scores;
}
namespace {

std::vector<PublishedScore> parse() {
  std::vector<PublishedScore> rows;
  for (const auto& row : nlohmann::json::parse(embedded::published_scores)) {
    PublishedScore score;
    score.model = row.at("model");
    score.benchmark = row.at("benchmark");
    score.metric = row.at("metric");
    score.value = row.at("value");
    if (!row.at("n_samples").is_null()) score.n_samples = row.at("n_samples").get<int>();
    score.source = row.at("source");
    score.reference = row.at("source_url_or_ref");
    score.note = row.at("note");
    rows.push_back(std::move(score));
  }
  return rows;
}

std::string model_key(std::string_view name) {
  return to_lower_ascii(name.substr(name.rfind('/') + 1));
}

}  // namespace

bool PublishedScore::is_consensus() const {
  return metric.rfind("cons@", 0) == 0 || metric.rfind("majority@", 0) == 0;
}

bool PublishedScore::is_pass_at_1() const {
  return metric.rfind("pass@1", 0) == 0 || metric.rfind("accuracy", 0) == 0 ||
         metric == "mean over seeds";
}

bool PublishedScore::is_deepseek() const { return source.rfind("DeepSeek-R1", 0) == 0; }

std::string PublishedScore::protocol() const {
  std::string text = metric;
  if (n_samples) text += ", n=" + std::to_string(*n_samples);
  if (!note.empty()) text += "; " + note;
  return text;
}

const std::vector<PublishedScore>& published_scores() {
  static const std::vector<PublishedScore> rows = parse();
  return rows;
}

std::vector<PublishedScore> find_published(std::string_view model, std::string_view benchmark) {
  std::vector<PublishedScore> found;
  if (benchmark.empty()) return found;
  const std::string key = model_key(model);
  for (const PublishedScore& score : published_scores()) {
    if (model_key(score.model) != key || score.benchmark != benchmark) continue;
    const bool named =
        score.is_deepseek() &&
        std::any_of(found.begin(), found.end(), [&](const PublishedScore& other) {
          return other.is_deepseek() && other.metric == score.metric && other.value == score.value;
        });
    if (!named) found.push_back(score);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const PublishedScore& a, const PublishedScore& b) {
                     return a.is_deepseek() > b.is_deepseek();
                   });
  return found;
}

}  // namespace quorum
