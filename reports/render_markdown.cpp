#include "base/text.h"
#include "reports/render.h"
#include "reports/table.h"

namespace quorum {
namespace {

// What Markdown would read as structure, made harmless; model text may hold anything.
std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
    } else {
      if (std::string_view("\\`*_{}[]<>|#").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string grid(const Table& table) {
  std::string out = "|";
  for (const std::string& cell : table.header) out += " " + escape(cell) + " |";
  out += "\n|";
  for (std::size_t i = 0; i < table.header.size(); ++i) out += " --- |";
  out += "\n";
  for (const auto& row : table.rows) {
    out += "|";
    for (const std::string& cell : row) out += " " + escape(cell) + " |";
    out += "\n";
  }
  return out;
}

}  // namespace

std::string render_markdown(std::span<const SummaryRow> rows) {
  const Table scores = score_table(rows), published = published_table(rows);
  std::string out = grid(scores) + "\n";
  for (const std::string& note : scores.notes) out += escape(note) + "\n\n";
  if (!published.rows.empty()) out += "Published scores (percent):\n\n" + grid(published);
  return out;
}

}  // namespace quorum
