#include "cli/imported.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "benchmarks/livecodebench/release.h"
#include "benchmarks/math/extraction.h"
#include "benchmarks/registry.h"
#include "cli/stdio.h"

namespace quorum::cli {
namespace {

constexpr std::size_t kShown = 10;

// Data sets give a solution where others give its answer.
std::string gold_of(std::string gold) {
  constexpr std::string_view kMark = "####";
  if (const std::size_t mark = gold.rfind(kMark); mark != std::string::npos)
    return std::string(trim(std::string_view(gold).substr(mark + kMark.size())));
  if (gold.find("\\boxed") == std::string::npos && gold.find("\\fbox") == std::string::npos)
    return gold;
  const Extraction found = extract_final_answer(gold, false);
  return found.answer.value_or(gold);
}

}  // namespace

ImportedFiles read_imported(const std::vector<std::filesystem::path>& paths,
                            const std::string& label) {
  ImportedFiles all;
  for (const auto& path : paths) {
    ImportFile file = read_import_file(path, label).take();
    std::move(file.samples.begin(), file.samples.end(), std::back_inserter(all.samples));
    std::move(file.problems.begin(), file.problems.end(), std::back_inserter(all.problems));
  }
  for (ImportedSample& sample : all.samples) sample.gold = gold_of(std::move(sample.gold));
  return all;
}

void remark_skipped(bool quiet, const ImportedFiles& files,
                    std::span<const UnmatchedSample> unmatched) {
  const auto more = [&](std::size_t count) {
    if (count > kShown) remark(quiet, fmt::format("… and {} more", count - kShown));
  };
  for (std::size_t i = 0; i < std::min(kShown, files.problems.size()); ++i) {
    const ImportProblem& p = files.problems[i];
    remark(quiet, fmt::format("skipped {}: row {}{}: {}", p.file, p.row,
                              p.field.empty() ? "" : ": field \"" + p.field + "\"", p.what));
  }
  more(files.problems.size());
  for (std::size_t i = 0; i < std::min(kShown, unmatched.size()); ++i)
    remark(quiet, fmt::format("skipped {}: row {}: {}", unmatched[i].file, unmatched[i].row,
                              unmatched[i].why));
  more(unmatched.size());
}

bool is_benchmark_name(const std::string& name) {
  const auto names = benchmark_names();
  if (code::is_livecodebench(name)) return true;
  const std::string stem = name.substr(0, name.find(':'));
  const bool file = name.size() > 5 && name.find(".json") != std::string::npos;
  return file || std::find(names.begin(), names.end(), stem) != names.end();
}

}  // namespace quorum::cli
