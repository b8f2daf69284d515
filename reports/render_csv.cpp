#include "reports/render.h"
#include "reports/table.h"

namespace quorum {
namespace {

// RFC 4180. A leading = + - @ would be run as a formula by spreadsheets, so such text gets an
// apostrophe in front.
std::string field(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos)
    text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string number(const std::optional<double>& value) { return value ? shortest(*value) : ""; }

}  // namespace

std::string render_csv(std::span<const SummaryRow> rows) {
  std::string out =
      "model,benchmark,queries,samples,samples_wanted,pass_at_1,repeat_se,question_se,cons_k,cons_"
      "at_k,cons_repeat_se,"
      "cons_question_se,tied,truncated,no_answer,mean_tokens,complete,partial,published_pass_at_1,"
      "published_cons,"
      "published_source\n";
  for (const SummaryRow& row : rows) {
    const auto pass = reference_pass_at_1(row);
    const auto consensus = reference_consensus(row);
    out += field(row.model) + "," + field(row.benchmark) + "," + std::to_string(row.queries) + "," +
           std::to_string(row.samples) + "," + std::to_string(row.samples_wanted) + "," +
           number(row.pass_at_1) + "," + number(row.repeat_se) + "," + number(row.question_se) +
           "," + std::to_string(row.cons_k) + "," + number(row.cons_at_k) + "," +
           number(row.cons_repeat_se) + "," + number(row.cons_question_se) + "," +
           number(row.tied) + "," + number(row.truncated) + "," + number(row.no_answer) + "," +
           number(row.mean_tokens) + "," + (row.complete ? "true" : "false") + "," +
           (row.partial ? "true" : "false") + "," + (pass ? shortest(pass->value) : "") + "," +
           (consensus ? shortest(consensus->value) : "") + "," +
           field(pass        ? pass->source
                 : consensus ? consensus->source
                             : "") +
           "\n";
  }
  return out;
}

}  // namespace quorum
