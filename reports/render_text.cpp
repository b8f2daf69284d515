#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "reports/render.h"
#include "reports/table.h"

namespace quorum {
namespace {

// Columns on a terminal; the few wide characters that tables hold (±, †, ‡) are one column each.
std::size_t width_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size(); ++columns) next_code_point(text, at);
  return columns;
}

std::string grid(const Table& table) {
  std::vector<std::size_t> width;
  for (const std::string& cell : table.header) width.push_back(width_of(cell));
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], width_of(row[i]));
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += "  ";
      out += cells[i];
      if (i + 1 < cells.size()) out.append(width[i] - width_of(cells[i]), ' ');
    }
    return out + "\n";
  };
  std::string out = line(table.header);
  std::vector<std::string> rule;
  for (const std::size_t w : width) rule.emplace_back(w, '-');
  out += line(rule);
  for (const auto& row : table.rows) out += line(row);
  return out;
}

std::string provenance_lines(const SummaryRow& row) {
  const ResultSet& p = row.provenance;
  const auto head = [](const std::string& hash) { return hash.substr(0, 12); };
  return fmt::format(
      "  {} on {}: T {}, top-p {}, at most {} tokens, seed {}; prompt {} ({}), dataset {}, "
      "template {}, grader {},\n"
      "    checkpoint {}, engine {}, numerics {}\n",
      p.model, p.benchmark, shortest(p.temperature), shortest(p.top_p), p.max_tokens, p.seed,
      p.prompt_variant, head(p.prompt_hash), head(p.dataset_hash),
      p.template_hash.empty() ? "none" : head(p.template_hash), p.grader_version,
      head(p.checkpoint), p.engine, p.numerics.empty() ? "unknown" : p.numerics);
}

}  // namespace

std::optional<ReportFormat> parse_report_format(std::string_view name) {
  if (name == "text") return ReportFormat::kText;
  if (name == "markdown" || name == "md") return ReportFormat::kMarkdown;
  if (name == "csv") return ReportFormat::kCsv;
  if (name == "latex") return ReportFormat::kLatex;
  if (name == "html") return ReportFormat::kHtml;
  if (name == "json") return ReportFormat::kJson;
  return std::nullopt;
}

std::string render_text(std::span<const SummaryRow> rows) {
  const Table scores = score_table(rows), published = published_table(rows);
  std::string out = grid(scores) + "\n";
  for (const std::string& note : scores.notes) out += note + "\n";
  if (!published.rows.empty()) out += "\nPublished scores (percent):\n" + grid(published);
  out += "\nMade with:\n";
  for (const SummaryRow& row : rows) out += provenance_lines(row);
  return out;
}

std::string render(std::span<const SummaryRow> rows, ReportFormat format) {
  switch (format) {
    case ReportFormat::kText: return render_text(rows);
    case ReportFormat::kMarkdown: return render_markdown(rows);
    case ReportFormat::kCsv: return render_csv(rows);
    case ReportFormat::kLatex: return render_latex(rows);
    case ReportFormat::kHtml: return render_html(rows);
    case ReportFormat::kJson: return render_json(rows);
  }
  return {};
}

}  // namespace quorum
