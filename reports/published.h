// Published scores of other people's runs, with their sources: DeepSeek's own tables and third
// parties' reproductions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quorum {

struct PublishedScore {
  std::string model, benchmark;
  std::string metric;  // as the source calls it: "pass@1", "cons@64", "pass@1[avg-of-64]",
                       // "majority@64", "mean over seeds"
  double value = 0;    // as printed: percent, or a rating
  std::optional<int> n_samples;
  std::string source, reference, note;

  bool is_consensus() const;
  // pass@1 or an average of it: comparable with our pass@1.
  bool is_pass_at_1() const;
  // DeepSeek's own figure.
  bool is_deepseek() const;
  // "64 samples; note" for people.
  std::string protocol() const;
};

// All rows, in the file's order.
const std::vector<PublishedScore>& published_scores();

// The rows of one model and benchmark: DeepSeek's first, then in the file's order; a repeated
// (metric, value) of DeepSeek is named once. The model's name is compared without an organisation
// before a slash and without case.
std::vector<PublishedScore> find_published(std::string_view model, std::string_view benchmark);

}  // namespace quorum
