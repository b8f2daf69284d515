// Summary rows in the formats that people paste. Each returns the whole document; model text is
// escaped, never trusted.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reports/summary.h"

namespace quorum {

enum class ReportFormat { kText, kMarkdown, kCsv, kLatex, kHtml, kJson };
std::optional<ReportFormat> parse_report_format(std::string_view name);

std::string render_text(std::span<const SummaryRow> rows);
std::string render_markdown(std::span<const SummaryRow> rows);
std::string render_csv(std::span<const SummaryRow> rows);
std::string render_latex(std::span<const SummaryRow> rows);
std::string render_html(std::span<const SummaryRow> rows);
std::string render_json(std::span<const SummaryRow> rows);
std::string render(std::span<const SummaryRow> rows, ReportFormat format);

}  // namespace quorum
