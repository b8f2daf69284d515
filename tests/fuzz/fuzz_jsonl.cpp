// Data sets of all kinds: whatever is accepted must be within the limits and read back from its
// canonical form.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "benchmarks/aime/aime.h"
#include "benchmarks/math500/math500.h"
#include "benchmarks/private_set.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const quorum::TaskSet set = quorum::parse_private_set(text);
  for (const quorum::TaskRow& row : set.rows) {
    require(!row.id.empty() && row.id.size() <= quorum::kMaxIdBytes);
    require(row.grader == quorum::GraderKind::kTests || !row.gold.empty());
    require(!row.problem.empty() || !row.messages.empty());
  }
  if (set.problems.empty()) {
    const quorum::TaskSet again = quorum::parse_private_set(quorum::canonical_jsonl(set.rows));
    require(again.problems.empty() && again.rows.size() == set.rows.size());
    for (std::size_t i = 0; i < set.rows.size(); ++i)
      require(again.rows[i].gold == set.rows[i].gold && again.rows[i].id == set.rows[i].id);
  }
  quorum::recognise_aime(text);
  require(!quorum::parse_aime(text, "2024").problems.empty());
  require(!quorum::parse_math500(text).problems.empty());
  return 0;
}
