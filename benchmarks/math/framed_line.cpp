#include "benchmarks/math/framed_line.h"

#include <algorithm>

#include "base/text.h"
#include "benchmarks/math/extraction.h"

namespace quorum {
namespace {

// The cell of a framed line; nullopt: it is none. An empty view: several cells.
std::optional<std::string_view> cell_of(std::string_view line) {
  line = trim(line);
  for (const std::string_view bar : {"│", "║", "┃"}) {
    if (line.size() <= 2 * bar.size() || line.substr(0, bar.size()) != bar) continue;
    if (line.substr(line.size() - bar.size()) != bar) continue;
    const std::string_view inside = line.substr(bar.size(), line.size() - 2 * bar.size());
    return inside.find(bar) == std::string_view::npos ? trim(inside) : std::string_view();
  }
  return std::nullopt;
}

// The line of `text` that ends at `end`.
std::string_view line_before(std::string_view text, std::size_t end) {
  const std::size_t feed = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
  const std::size_t begin = feed == std::string_view::npos ? 0 : feed + 1;
  return text.substr(begin, end - begin);
}

}  // namespace

std::optional<std::string> find_framed_line(std::string_view text) {
  bool below = false;  // the line below is framed too
  for (std::size_t end = text.size();;) {
    const std::string_view line = line_before(text, end);
    const auto cell = cell_of(line);
    const std::size_t begin = end - line.size();
    if (cell && !below) {
      const bool above = begin > 0 && cell_of(line_before(text, begin - 1));
      if (!above && !cell->empty() && cell->size() <= kMaxAnswerBytes) return tidy_answer(*cell);
    }
    below = cell.has_value();
    if (begin == 0) return std::nullopt;
    end = begin - 1;
  }
}

}  // namespace quorum
