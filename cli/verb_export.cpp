// quorum export: every sample as one JSON object a line.
#include <cstdio>

#include "base/error.h"
#include "base/file.h"
#include "cli/options.h"
#include "cli/stdio.h"
#include "harness/export.h"

namespace quorum::cli {

int export_verb(const ExportOptions& options) {
  if (options.format != "jsonl")
    throw Error(ErrorKind::kUsage, "--format " + options.format + " is unknown", "", "jsonl");
  const Store store = Store::open(options.db, Store::Mode::kRead);
  const ResultFilter filter{options.models, options.benchmarks, {}};
  if (options.out.empty()) {
    export_jsonl(store, filter,
                 [](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stdout); });
    return 0;
  }
  // Written beside the target and renamed, so that an interrupted export never looks like a whole
  // one.
  const std::string temporary = options.out.string() + ".part";
  const auto fail = [&] {
    std::remove(temporary.c_str());
    return Error(ErrorKind::kEnvironment, "cannot write " + options.out.string());
  };
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr) throw fail();
  bool good = true;
  export_jsonl(store, filter, [&](std::string_view line) {
    good = good && std::fwrite(line.data(), 1, line.size(), file) == line.size();
  });
  good = std::fclose(file) == 0 && good;
  if (!good || std::rename(temporary.c_str(), options.out.c_str()) != 0) throw fail();
  return 0;
}

}  // namespace quorum::cli
