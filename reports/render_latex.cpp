#include <fmt/format.h>

#include "base/text.h"
#include "reports/render.h"
#include "reports/table.h"

namespace quorum {
namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\textbackslash{}"; break;
      case '~': out += "\\textasciitilde{}"; break;
      case '^': out += "\\textasciicircum{}"; break;
      case '&':
      case '%':
      case '$':
      case '#':
      case '_':
      case '{':
      case '}': out += '\\', out += c; break;
      case '\n':
      case '\r': out += ' '; break;
      default: out += c;
    }
  }
  return replace_all(replace_all(replace_all(out, "±", "$\\pm$"), "†", "\\dag{}"), "‡", "\\ddag{}");
}

}  // namespace

std::string render_latex(std::span<const SummaryRow> rows) {
  const Table table = score_table(rows);
  std::string out = "% needs \\usepackage{booktabs}\n\\begin{tabular}{ll" +
                    std::string(table.header.size() - 3, 'r') + "l}\n\\toprule\n";
  const auto line = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? " & " : "") + escape(cells[i]);
    out += " \\\\\n";
  };
  line(table.header);
  out += "\\midrule\n";
  for (const auto& row : table.rows) line(row);
  out += "\\bottomrule\n\\end{tabular}\n";
  for (const std::string& note : table.notes) out += "% " + replace_all(note, "\n", " ") + "\n";
  return out;
}

}  // namespace quorum
