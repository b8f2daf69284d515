#include "benchmarks/task_set.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/sha256.h"

namespace quorum {

std::string dataset_hash(std::span<const TaskRow> rows) {
  std::vector<const TaskRow*> ordered;
  for (const TaskRow& row : rows) ordered.push_back(&row);
  std::sort(ordered.begin(), ordered.end(),
            [](const TaskRow* a, const TaskRow* b) { return a->id < b->id; });
  Sha256 hash;
  hash.field("quorum dataset 1").field(rows.size());
  for (const TaskRow* row : ordered) {
    hash.field(row->id).field(row->problem).field(row->gold).field(grader_kind_name(row->grader));
    hash.field(row->messages.size());
    for (const Message& message : row->messages) hash.field(message.role).field(message.content);
    hash.field(row->tests_json);
  }
  return hash.hex();
}

std::string canonical_jsonl(std::span<const TaskRow> rows) {
  std::string out;
  for (const TaskRow& row : rows) {
    nlohmann::ordered_json object{{"id", row.id}, {"problem", row.problem}, {"answer", row.gold}};
    object["grader"] = grader_kind_name(row.grader);
    for (const Message& message : row.messages) {
      object["prompt"].push_back({{"role", message.role}, {"content", message.content}});
    }
    if (!row.tests_json.empty()) object["tests"] = nlohmann::ordered_json::parse(row.tests_json);
    out += object.dump() + "\n";
  }
  return out;
}

}  // namespace quorum
