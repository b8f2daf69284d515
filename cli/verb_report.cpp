// quorum report: scores with their errors, from what is stored.
#include "base/error.h"
#include "cli/options.h"
#include "cli/results.h"
#include "cli/stdio.h"
#include "reports/render.h"

namespace quorum::cli {

int report_verb(const ReportOptions& options) {
  const auto format =
      options.common.json ? ReportFormat::kJson : parse_report_format(options.format);
  if (!format)
    throw Error(ErrorKind::kUsage, "--format " + options.format + " is unknown", "",
                "text, markdown, csv, latex, html or json");
  const Store store = Store::open(options.db, Store::Mode::kRead);
  const std::vector<SummaryRow> rows =
      summarize_store(store, {options.models, options.benchmarks, {}});
  if (rows.empty() && *format == ReportFormat::kText)
    throw Error(ErrorKind::kUsage, options.db.string() + " has no results for this report", "",
                "quorum list --db " + options.db.string());
  write_data(options.out, render(rows, *format));
  return 0;
}

}  // namespace quorum::cli
