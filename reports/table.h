// The cells of a report table, shared by the formats for people: percent with error, published
// figures, footnotes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/summary.h"

namespace quorum {

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> notes;  // what every reader must know; whole sentences
};

// "61.3" for 0.613; "n/a" for none.
std::string percent(std::optional<double> fraction, int digits = 1);
// "61.3 ± 0.8" (points); the error is left out where there is none.
std::string percent_with_error(std::optional<double> fraction, std::optional<double> error);
// The shortest decimal text that reads back as the same double.
std::string shortest(double value);

// Scores, both errors, votes, rates, tokens and the reference figure, DeepSeek's first.
Table score_table(std::span<const SummaryRow> rows);
// Every published figure of the rows' models and benchmarks beside ours, one a line; no rows when
// there are none.
Table published_table(std::span<const SummaryRow> rows);

}  // namespace quorum
