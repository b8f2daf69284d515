// The rows of a data set file: JSON Lines, or one JSON array of objects.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/data_problem.h"

namespace quorum {

inline constexpr std::size_t kMaxDataFileBytes = std::size_t{512} << 20;
inline constexpr std::size_t kMaxRowBytes = std::size_t{16} << 20;
inline constexpr int kMaxRows = 1'000'000;
inline constexpr int kMaxJsonDepth = 32;

struct JsonField {
  enum class Kind { kString, kNumber, kBool, kNull, kArray, kObject };
  std::string key;
  Kind kind = Kind::kNull;
  // A string's characters; of anything else its JSON, numbers exactly as the file writes them.
  std::string text;
};
std::string json_kind_name(JsonField::Kind kind);  // "a string", "a number"

struct JsonRow {
  int row = 0;  // from 1: the line of JSONL, the element of an array
  std::vector<JsonField> fields;

  const JsonField* find(std::string_view key) const;
  // The first of `keys` that the row has.
  const JsonField* find_any(const std::vector<std::string_view>& keys) const;
};

// Rows that are no JSON object, are too large or too deep, name a key twice or are not UTF-8 become
// problems. Empty lines, a byte order mark and carriage returns are ignored. Never throws on any
// bytes.
std::vector<JsonRow> read_json_rows(std::string_view text, DataProblems& problems);

// The row in one line of JSON Lines; `row` is its number. nullopt: it became a problem.
std::optional<JsonRow> read_json_row(std::string_view line, int row, std::size_t max_bytes,
                                     DataProblems& problems);

}  // namespace quorum
