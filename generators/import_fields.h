// Fields of rows with completions; a value of the wrong kind throws BadRow with the field's name.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "generators/import_rows.h"

namespace quorum {

using FieldNames = std::initializer_list<const char*>;

// The first of these fields that is there and not null; nullptr: none is.
const ImportJson* find_field(const ImportJson& row, FieldNames names);
// Its text; a number as it is written; empty: none is there.
std::string text_field(const ImportJson& row, FieldNames names);
std::string need_text(const ImportJson& row, const char* name);
// An index from 0; -1: none is there.
int sample_field(const ImportJson& row, FieldNames names);
std::vector<std::int32_t> ids_field(const ImportJson& row, const char* name);
// A text or a list of texts, of which each becomes a sample.
std::vector<std::string> texts_field(const ImportJson& row, FieldNames names);

// The judgement of completion `index` of the `count` that a row holds. The verdict is true or
// false, 1 or 0, or such a word; a list holds one for each completion. A field named by `wanted`
// must be a verdict; without one the usual names are tried and what is no verdict (a mean, say) is
// no label.
std::optional<Label> label_field(const ImportJson& row, const std::string& wanted,
                                 std::size_t index, std::size_t count);

}  // namespace quorum
