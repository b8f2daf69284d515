// quorum perf math: pairs and outputs a second of the grader on one core.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/extraction.h"
#include "benchmarks/math/grader.h"
#include "cli/perf.h"
#include "cli/perf_math_inputs.h"
#include "cli/stdio.h"

namespace quorum::cli {
namespace {

constexpr std::size_t kOutputBytes = 100'000;
constexpr std::uint64_t kSeed = 20260;

double since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// One kind of work, each item done once a pass.
struct Measured {
  std::string name;
  std::size_t items = 0, correct = 0;
  double per_second = 0;  // of the median pass
  // Of single items, seconds: each by the median of its passes, as other programs take the core
  // away now and then; the largest of all.
  double p50 = 0, p99 = 0, p999 = 0, largest = 0;
  double bytes_per_second = 0;  // outputs only
};

Measured measure(const std::string& name, std::size_t items, int passes,
                 const std::function<bool(std::size_t)>& work) {
  Measured out;
  out.name = name;
  out.items = items;
  std::vector<double> rates;
  std::vector<std::vector<double>> times(items);
  for (int pass = 0; pass < passes; ++pass) {
    out.correct = 0;
    const auto begin = std::chrono::steady_clock::now();
    auto last = begin;
    for (std::size_t i = 0; i < items; ++i) {
      out.correct += work(i) ? 1 : 0;
      const auto now = std::chrono::steady_clock::now();
      times[i].push_back(std::chrono::duration<double>(now - last).count());
      last = now;
    }
    rates.push_back(static_cast<double>(items) / since(begin));
  }
  std::sort(rates.begin(), rates.end());
  std::vector<double> medians;
  for (std::vector<double>& passes_of : times) {
    std::sort(passes_of.begin(), passes_of.end());
    medians.push_back(passes_of[passes_of.size() / 2]);
    out.largest = std::max(out.largest, passes_of.back());
  }
  std::sort(medians.begin(), medians.end());
  const auto quantile = [&](double share) {
    return medians[std::min(medians.size() - 1,
                            static_cast<std::size_t>(share * static_cast<double>(medians.size())))];
  };
  out.per_second = rates[rates.size() / 2];
  out.p50 = quantile(0.5);
  out.p99 = quantile(0.99);
  out.p999 = quantile(0.999);
  return out;
}

// Bytes a second that one core reads of these texts: the sum of their words, the best of passes.
double read_bandwidth(const std::vector<std::string>& texts, int passes) {
  double best = 0;
  volatile std::uint64_t kept = 0;  // or the compiler would read nothing
  for (int pass = 0; pass < passes; ++pass) {
    std::size_t bytes = 0;
    std::uint64_t sums[4] = {};
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string& text : texts) {
      for (std::size_t at = 0; at + 32 <= text.size(); at += 32) {
        std::uint64_t words[4];
        std::memcpy(words, text.data() + at, sizeof words);
        for (int i = 0; i < 4; ++i) sums[i] += words[i];
      }
      bytes += text.size();
    }
    kept = kept + sums[0] + sums[1] + sums[2] + sums[3];
    best = std::max(best, static_cast<double>(bytes) / since(begin));
  }
  return best;
}

std::vector<std::string> golds_of(const std::filesystem::path& path) {
  std::vector<std::string> golds;
  int row = 0;
  for (const std::string& line : split(read_file(path), '\n')) {
    ++row;
    if (trim(line).empty()) continue;
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("answer") || !json["answer"].is_string())
      throw Error(ErrorKind::kData, fmt::format("{}: row {} has no answer", path.string(), row),
                  "a text in the field \"answer\" is needed", "one JSON object a line");
    golds.push_back(json["answer"]);
  }
  if (golds.empty()) throw Error(ErrorKind::kData, path.string() + " has no rows");
  return golds;
}

nlohmann::ordered_json as_json(const Measured& m) {
  nlohmann::ordered_json json{{"name", m.name},           {"items", m.items},
                              {"as_expected", m.correct}, {"per_second", m.per_second},
                              {"p50_seconds", m.p50},     {"p99_seconds", m.p99},
                              {"p999_seconds", m.p999},   {"largest_seconds", m.largest}};
  if (m.bytes_per_second > 0) json["bytes_per_second"] = m.bytes_per_second;
  return json;
}

}  // namespace

int perf_math(const PerfOptions& options) {
  const auto pairs_of = [&](const std::string& name, const std::vector<AnswerPair>& pairs,
                            bool equal) {
    return measure(name, pairs.size(), options.passes, [&](std::size_t i) {
      return equivalent(pairs[i].gold, pairs[i].answer, GraderKind::kMath).equal == equal;
    });
  };
  const auto count = static_cast<std::size_t>(options.items);
  const std::vector<std::string> golds =
      options.data.empty() ? answers_like_math(2000, kSeed) : golds_of(options.data);
  std::vector<Measured> all;
  all.push_back(pairs_of("right answers", rewritten_pairs(golds, count), true));
  // Of one gold answer there are no others.
  if (const auto wrong = wrong_pairs(golds, count); !wrong.empty())
    all.push_back(pairs_of("wrong answers", wrong, false));
  all.push_back(pairs_of("equal fractions", equal_fractions(count, kSeed), true));

  const std::vector<std::string> outputs =
      long_outputs(golds, std::max<std::size_t>(1, count / 40), kOutputBytes, kSeed);
  const auto grader = make_answer_grader();
  all.push_back(measure("outputs", outputs.size(), options.passes, [&](std::size_t i) {
    Query query;
    query.gold = golds[i % golds.size()];
    return grader->grade(query, {outputs[i], false, false}).verdict == Verdict::kCorrect;
  }));
  all.back().bytes_per_second = all.back().per_second * static_cast<double>(kOutputBytes);
  const double limit = read_bandwidth(outputs, options.passes);

  if (options.common.json) {
    nlohmann::ordered_json cases = nlohmann::ordered_json::array();
    for (const Measured& m : all) cases.push_back(as_json(m));
    cases.back()["read_bandwidth"] = limit;
    cases.back()["share_of_bandwidth"] = all.back().bytes_per_second / limit;
    write_data({}, nlohmann::ordered_json{{"grader", grader->version()},
                                          {"threads", 1},
                                          {"passes", options.passes},
                                          {"output_bytes", kOutputBytes},
                                          {"cases", cases}}
                           .dump(2) +
                       "\n");
    return 0;
  }
  std::string text =
      fmt::format("{:<16} {:>8} {:>8} {:>10} {:>9} {:>9} {:>9} {:>9}\n", "one core", "items",
                  "right", "a second", "p50 µs", "p99 µs", "p99.9 µs", "max µs");
  for (const Measured& m : all)
    text += fmt::format("{:<16} {:>8} {:>8} {:>10.0f} {:>9.2f} {:>9.2f} {:>9.2f} {:>9.2f}\n",
                        m.name, m.items, m.correct, m.per_second, m.p50 * 1e6, m.p99 * 1e6,
                        m.p999 * 1e6, m.largest * 1e6);
  text +=
      fmt::format("outputs of {} kB are read at {:.2f} GB/s; this core reads memory at {:.2f}\n",
                  kOutputBytes / 1000, all.back().bytes_per_second / 1e9, limit / 1e9);
  write_data({}, text);
  return 0;
}

}  // namespace quorum::cli
