#include "base/text.h"
#include "reports/render.h"
#include "reports/table.h"

namespace quorum {
namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : sanitize_utf8(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string grid(const Table& table, std::string_view caption) {
  std::string out = "<table>\n<caption>" + escape(caption) + "</caption>\n<thead><tr>";
  for (const std::string& cell : table.header) out += "<th scope=\"col\">" + escape(cell) + "</th>";
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const std::string& cell : row) out += "<td>" + escape(cell) + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n";
}

std::string manifest_section(const SummaryRow& row) {
  return "<details><summary>" + escape(row.model + " on " + row.benchmark) + "</summary><pre>" +
         escape(row.provenance.manifest_json) + "</pre></details>\n";
}

// One file, no network, no script: the policy lets nothing else in, whatever a model's name or a
// manifest holds.
constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Quorum report</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; background: Canvas; color: CanvasText; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); text-align: left; }
pre { overflow-x: auto; padding: .7rem; border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
</style>
</head>
<body>
<h1>Quorum report</h1>
)";

}  // namespace

std::string render_html(std::span<const SummaryRow> rows) {
  const Table scores = score_table(rows), published = published_table(rows);
  std::string out(kHead);
  out += grid(scores, "Scores in percent, with one standard error");
  for (const std::string& note : scores.notes) out += "<p>" + escape(note) + "</p>\n";
  if (!published.rows.empty()) out += grid(published, "Published scores in percent, beside ours");
  out += "<h2>Manifests</h2>\n";
  for (const SummaryRow& row : rows) out += manifest_section(row);
  return out + "</body>\n</html>\n";
}

}  // namespace quorum
