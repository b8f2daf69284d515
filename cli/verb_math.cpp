// quorum math: the math grader by itself, on one pair or on files.
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/comparison.h"
#include "benchmarks/math/compat.h"
#include "benchmarks/math/extraction.h"
#include "cli/options.h"
#include "cli/stdio.h"

namespace quorum::cli {
namespace {

using Json = nlohmann::ordered_json;

// Calls `visit` with every object of a JSONL file; errors name file and row.
void for_each_row(const std::filesystem::path& path,
                  const std::function<void(const Json&)>& visit) {
  const std::string text = read_file(path);
  int row = 0;
  for (const std::string& line : split(text, '\n')) {
    ++row;
    if (trim(line).empty()) continue;
    try {
      visit(Json::parse(line));
    } catch (const Json::exception& error) {
      throw Error(ErrorKind::kData, fmt::format("{}: row {} cannot be used", path.string(), row),
                  error.what(),
                  "one JSON object a line, with the fields that quorum math --help names");
    }
  }
}

GraderKind kind_of(const Json& row) {
  if (!row.contains("grader")) return GraderKind::kMath;
  const auto kind = parse_grader_kind(row.at("grader").get<std::string>());
  if (!kind)
    throw Error(ErrorKind::kData, "grader " + row.at("grader").dump() + " is unknown", "",
                "integer, math, choice or exact");
  return *kind;
}

// The comparison that the flags ask for.
class Comparison {
 public:
  explicit Comparison(const MathOptions& options)
      : policy_(parse_policy(options.policy).take()), mode_(parse_compat_mode(options.compat)) {
    if (!options.compat.empty() && !mode_)
      throw Error(ErrorKind::kUsage, "--compat " + options.compat + " is unknown", "",
                  "one of " + join(compat_mode_names(), ", "));
    if (mode_ && policy_ != Policy{})
      throw Error(ErrorKind::kUsage, "--compat and --policy cannot be combined", "",
                  "another grader's verdict has its own readings");
  }

  EquivalenceVerdict verdict(std::string_view gold, std::string_view prediction,
                             GraderKind kind) const {
    if (!mode_) return compare_under_policy(gold, prediction, kind, policy_);
    const bool equal = equal_with_deviations(gold, prediction, *mode_, all_deviations(*mode_));
    const EquivalenceVerdict ours = equivalent(gold, prediction, GraderKind::kMath);
    return equal == ours.equal ? ours
                               : EquivalenceVerdict{equal, "deviation", Certainty::kUnproven};
  }

  // What made the verdict another one than without the flags.
  std::vector<std::string> because(std::string_view gold, std::string_view prediction,
                                   GraderKind kind) const {
    if (!mode_) return deciding_policies(gold, prediction, kind, policy_);
    std::vector<std::string> names;
    for (const std::string_view name : compare_in_mode(gold, prediction, *mode_).deviations)
      names.emplace_back(name);
    return names;
  }

  // The field of JSON that says so; empty: nothing can.
  std::string field() const { return mode_ ? "deviations" : policy_ == Policy{} ? "" : "policy"; }

 private:
  Policy policy_;
  std::optional<CompatMode> mode_;
};

int pairs(const MathOptions& options) {
  const Comparison comparison(options);
  std::int64_t count = 0, agree = 0, false_positive = 0, false_negative = 0, numeric = 0,
               unknown = 0;
  double seconds = 0;
  for_each_row(options.pairs, [&](const Json& row) {
    const std::string gold = row.at("gold"), prediction = row.at("prediction");
    const auto begin = std::chrono::steady_clock::now();
    const EquivalenceVerdict verdict = comparison.verdict(gold, prediction, kind_of(row));
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    ++count;
    Json line{{"gold", gold},
              {"prediction", prediction},
              {"equal", verdict.equal},
              {"reason", verdict.reason},
              {"certainty", to_string(verdict.certainty)}};
    numeric += verdict.certainty == Certainty::kNumeric ? 1 : 0;
    unknown += verdict.reason.rfind("unknown_", 0) == 0 ? 1 : 0;
    if (row.contains("expected")) {
      const bool expected = row.at("expected");
      line["expected"] = expected;
      agree += verdict.equal == expected ? 1 : 0;
      false_positive += verdict.equal && !expected ? 1 : 0;
      false_negative += !verdict.equal && expected ? 1 : 0;
    }
    if (options.verdicts && !comparison.field().empty())
      line[comparison.field()] = comparison.because(gold, prediction, kind_of(row));
    if (options.verdicts)
      write_data({}, line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  });
  if (!options.verdicts)
    write_data({}, Json{{"pairs", count},
                        {"agree", agree},
                        {"false_positive", false_positive},
                        {"false_negative", false_negative},
                        {"numeric", numeric},
                        {"unknown", unknown},
                        {"seconds", seconds}}
                           .dump() +
                       "\n");
  return 0;
}

int extract(const MathOptions& options) {
  for_each_row(options.extract, [&](const Json& row) {
    AnswerText answer;
    const std::string text = row.at("text");
    answer.text = text;
    answer.thinking = row.value("thinking", false);
    answer.truncated = row.value("truncated", false);
    const Extraction found = extract_answer(answer);
    Json line = Json::object();
    if (row.contains("id")) line["id"] = row.at("id");
    line["answer"] = found.answer ? Json(*found.answer) : Json(nullptr);
    line["reason"] = found.reason;
    line["level"] = warning_level_name(found.level);
    if (found.lenient) line["lenient"] = *found.lenient;
    write_data({}, line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  });
  return 0;
}

int clusters(const MathOptions& options) {
  for_each_row(options.clusters, [&](const Json& row) {
    const std::vector<std::string> answers = row.at("answers");
    const Json line{
        {"classes", answer_classes(row.value("gold", std::string()), answers, kind_of(row))}};
    write_data({}, line.dump() + "\n");
  });
  return 0;
}

int explain(const MathOptions& options) {
  const Extraction found = extract_final_answer(options.answer, false);
  const std::string& prediction = found.answer ? *found.answer : options.answer;
  const Comparison comparison(options);
  const EquivalenceVerdict verdict =
      comparison.verdict(options.gold, prediction, GraderKind::kMath);
  const std::vector<std::string> because =
      comparison.because(options.gold, prediction, GraderKind::kMath);
  if (options.common.json) {
    Json line{{"gold", options.gold},
              {"prediction", prediction},
              {"equal", verdict.equal},
              {"reason", verdict.reason},
              {"certainty", to_string(verdict.certainty)}};
    if (!comparison.field().empty()) line[comparison.field()] = because;
    write_data({}, line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    std::string text = fmt::format("{}: {}, {}\ngold        {}\nprediction  {}\n",
                                   verdict.equal ? "equal" : "not equal", verdict.reason,
                                   to_string(verdict.certainty), options.gold, prediction);
    if (!because.empty())
      text += fmt::format("{:<12}{}\n", comparison.field(), join(because, ", "));
    write_data({}, text);
  }
  return verdict.equal ? 0 : 1;
}

}  // namespace

int math_verb(const MathOptions& options) {
  if (!options.pairs.empty()) return pairs(options);
  if (!options.extract.empty()) return extract(options);
  if (!options.clusters.empty()) return clusters(options);
  if (!options.has_answer)
    throw Error(ErrorKind::kUsage, "nothing to compare", "",
                "quorum math GOLD ANSWER, --pairs, --extract or --clusters");
  return explain(options);
}

}  // namespace quorum::cli
