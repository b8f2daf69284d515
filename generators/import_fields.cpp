#include "generators/import_fields.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace quorum {
namespace {

std::optional<bool> verdict_of(const ImportJson& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) {
    const double number = value.get<double>();
    if (number == 1) return true;
    if (number == 0) return false;
    return std::nullopt;
  }
  if (!value.is_string()) return std::nullopt;
  const std::string word = to_lower_ascii(trim(value.get<std::string>()));
  for (const char* yes : {"true", "correct", "right", "yes", "1", "c"})
    if (word == yes) return true;
  for (const char* no : {"false", "incorrect", "wrong", "no", "0", "i", "no-answer"})
    if (word == no) return false;
  return std::nullopt;
}

// What a field says of one of `count` completions; nullptr: nothing.
const ImportJson* element(const ImportJson& value, std::size_t index, std::size_t count) {
  if (value.is_array()) return value.size() == count ? &value[index] : nullptr;
  return count == 1 ? &value : nullptr;
}

std::string answer_field(const ImportJson& row, std::size_t index, std::size_t count) {
  for (const char* name : {"pred", "prediction", "predicted_answer", "extracted_answer",
                           "parsed_answer", "filtered_resps", "extracted"}) {
    const ImportJson* value = find_field(row, {name});
    if (value != nullptr) value = element(*value, index, count);
    if (value != nullptr && value->is_array() && value->size() == 1) value = &(*value)[0];
    if (value == nullptr) continue;
    if (value->is_string()) return value->get<std::string>();
    if (value->is_number()) return value->dump();
  }
  return {};
}

}  // namespace

const ImportJson* find_field(const ImportJson& row, FieldNames names) {
  for (const char* name : names) {
    const auto found = row.find(name);
    if (found != row.end() && !found->is_null()) return &*found;
  }
  return nullptr;
}

std::string text_field(const ImportJson& row, FieldNames names) {
  const ImportJson* value = find_field(row, names);
  if (value == nullptr) return {};
  if (value->is_array() && value->size() == 1) value = &(*value)[0];
  if (value->is_string()) return value->get<std::string>();
  if (value->is_number()) return value->dump();
  for (const char* name : names)
    if (row.contains(name) && !row[name].is_null()) throw BadRow{name, "must be a text"};
  return {};
}

std::string need_text(const ImportJson& row, const char* name) {
  const auto found = row.find(name);
  if (found == row.end()) throw BadRow{name, "is missing"};
  if (!found->is_string()) throw BadRow{name, "must be a text"};
  return found->get<std::string>();
}

int sample_field(const ImportJson& row, FieldNames names) {
  const ImportJson* value = find_field(row, names);
  if (value == nullptr) return -1;
  if (!value->is_number_unsigned() || value->get<std::uint64_t>() > 1'000'000)
    throw BadRow{*names.begin(), "must be an index from 0"};
  return value->get<int>();
}

std::vector<std::int32_t> ids_field(const ImportJson& row, const char* name) {
  const ImportJson* value = find_field(row, {name});
  std::vector<std::int32_t> ids;
  if (value == nullptr) return ids;
  if (!value->is_array()) throw BadRow{name, "must be a list of token ids"};
  for (const ImportJson& id : *value) {
    if (!id.is_number_unsigned() || id.get<std::uint64_t>() > 0x7fffffff)
      throw BadRow{name, "must be a list of token ids"};
    ids.push_back(id.get<std::int32_t>());
  }
  return ids;
}

std::vector<std::string> texts_field(const ImportJson& row, FieldNames names) {
  const ImportJson* given = find_field(row, names);
  const char* found = *names.begin();
  for (const char* name : names)
    if (given != nullptr && find_field(row, {name}) == given) found = name;
  if (given == nullptr) throw BadRow{found, "is missing"};
  std::vector<std::string> texts;
  const auto add = [&](const ImportJson& text) {
    if (!text.is_string()) throw BadRow{found, "must be a text or a list of texts"};
    texts.push_back(text.get<std::string>());
  };
  if (given->is_array())
    for (const ImportJson& text : *given) add(text);
  else
    add(*given);
  return texts;
}

std::optional<Label> label_field(const ImportJson& row, const std::string& wanted,
                                 std::size_t index, std::size_t count) {
  std::vector<std::string> names = {"correct",     "is_correct",  "correctness", "score",
                                    "exact_match", "math_verify", "acc",         "verdict"};
  if (!wanted.empty()) names = {wanted};
  for (const std::string& name : names) {
    const ImportJson* value = find_field(row, {name.c_str()});
    if (value != nullptr) value = element(*value, index, count);
    const auto verdict = value == nullptr ? std::nullopt : verdict_of(*value);
    if (verdict) return Label{*verdict, answer_field(row, index, count), name};
    if (!wanted.empty())
      throw BadRow{wanted, value == nullptr ? "is missing, or not one for each completion"
                                            : "must be a verdict: true, false, 1 or 0"};
  }
  return std::nullopt;
}

}  // namespace quorum
