// Files with completions that were made elsewhere, as `import` and `audit` read them.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "cli/options.h"
#include "generators/import_file.h"
#include "generators/import_generator.h"

namespace quorum::cli {

struct ImportedFiles {
  std::vector<ImportedSample> samples;
  std::vector<ImportProblem> problems;
};

// All files, in their order. A gold answer that is a whole solution becomes its last box, or what
// stands behind "####". Throws Error(kData) for a file of which no row can be read.
ImportedFiles read_imported(const std::vector<std::filesystem::path>& paths,
                            const std::string& label);

// Says on stderr which rows cannot be used and why, the first few of each kind.
void remark_skipped(bool quiet, const ImportedFiles& files,
                    std::span<const UnmatchedSample> unmatched);

// Whether `name` is a benchmark that can be opened: a known one, or a set's file.
bool is_benchmark_name(const std::string& name);

}  // namespace quorum::cli
