// The shapes of rows with completions that were made elsewhere, a reader each.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "generators/import_file.h"

namespace quorum {

using ImportJson = nlohmann::ordered_json;

// Why a row cannot be read.
struct BadRow {
  std::string field, what;
};

struct RowShape {
  const char* name;  // as ImportFile::shape
  // Appends the samples of a row; throws BadRow. `label` is the field that holds the judgement;
  // empty: the fields that usually do.
  void (*read)(const ImportJson& row, const std::string& label, std::vector<ImportedSample>& out);
};

// By the fields that a row has; "plain" when it has none that tell.
RowShape shape_of_row(const ImportJson& row);

// SkyThought's file is one object from problem texts to such rows.
void read_skythought_row(const std::string& problem, const ImportJson& row,
                         const std::string& label, std::vector<ImportedSample>& out);

}  // namespace quorum
