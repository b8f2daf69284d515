#include "engine/config_reader.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/text.h"

namespace quorum {
namespace {

using nlohmann::json;

constexpr std::size_t kShownCharacters = 80;

std::string shown(const json& value) {
  if (value.is_object()) return "an object";
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > kShownCharacters) text = text.substr(0, kShownCharacters) + "…";
  return text;
}

std::string shown(double number) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number);
  return std::string(buffer, end.ptr);
}

std::string range(double low, double high) { return "from " + shown(low) + " to " + shown(high); }

}  // namespace

json parse_json_object(std::string_view text, const std::string& file, int max_depth) {
  const auto fail = [&](const std::string& because) {
    return Error(ErrorKind::kData, file + ": not a JSON object that can be read", because,
                 "fetch the file again from where the checkpoint is published");
  };
  std::vector<std::unordered_set<std::string>> keys;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start) {
      if (depth >= max_depth)
        throw fail("it is nested deeper than " + std::to_string(max_depth) + " levels");
      keys.resize(static_cast<std::size_t>(depth) + 1);
      keys.back().clear();
    } else if (event == json::parse_event_t::key) {
      auto& seen = keys[static_cast<std::size_t>(depth) - 1];
      const auto& name = value.get_ref<const std::string&>();
      if (!seen.insert(name).second) throw fail("the key " + shown(value) + " appears twice");
    }
    return true;
  };
  try {
    json value = json::parse(text.begin(), text.end(), watch);
    if (!value.is_object()) throw fail("it is " + shown(value));
    return value;
  } catch (const json::exception& error) {
    throw fail(sanitize_utf8(error.what()));
  }
}

ConfigReader::ConfigReader(std::string_view text, std::string file)
    : root_(std::make_shared<const json>(parse_json_object(text, file))),
      node_(root_.get()),
      file_(std::move(file)) {}

const json* ConfigReader::find(const std::string& field) const {
  const auto found = node_->find(field);
  return found == node_->end() || found->is_null() ? nullptr : &*found;
}

bool ConfigReader::has(const std::string& field) const { return find(field) != nullptr; }

Error ConfigReader::refuse(const std::string& field, const std::string& because,
                           const std::string& hint) const {
  const json* value = find(field);
  return Error(ErrorKind::kData,
               file_ + ": field `" + prefix_ + field + "` is " +
                   (value == nullptr ? "missing" : shown(*value)),
               because, hint);
}

const json& ConfigReader::require(const std::string& field, const std::string& expected) const {
  const json* value = find(field);
  if (value == nullptr) throw refuse(field, "expected " + expected);
  return *value;
}

int ConfigReader::integer(const std::string& field, int low, int high) const {
  const std::string expected =
      "an integer from " + std::to_string(low) + " to " + std::to_string(high);
  const json& value = require(field, expected);
  const bool fits = value.is_number_unsigned()
                        ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(high) &&
                              value.get<std::int64_t>() >= low
                        : value.is_number_integer() && value.get<std::int64_t>() >= low &&
                              value.get<std::int64_t>() <= high;
  if (!fits) throw refuse(field, "expected " + expected);
  return value.get<int>();
}

int ConfigReader::integer_or(const std::string& field, int fallback, int low, int high) const {
  return has(field) ? integer(field, low, high) : fallback;
}

double ConfigReader::number(const std::string& field, double low, double high) const {
  const std::string expected = "a number " + range(low, high);
  const json& value = require(field, expected);
  if (!value.is_number()) throw refuse(field, "expected " + expected);
  const double number = value.get<double>();
  if (!(number >= low && number <= high)) throw refuse(field, "expected " + expected);
  return number;
}

double ConfigReader::number_or(const std::string& field, double fallback, double low,
                               double high) const {
  return has(field) ? number(field, low, high) : fallback;
}

bool ConfigReader::flag_or(const std::string& field, bool fallback) const {
  const json* value = find(field);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) throw refuse(field, "expected true or false");
  return value->get<bool>();
}

std::string ConfigReader::text(const std::string& field) const {
  const json& value = require(field, "a text");
  if (!value.is_string()) throw refuse(field, "expected a text");
  return value.get<std::string>();
}

std::string ConfigReader::text_or(const std::string& field, const std::string& fallback) const {
  return has(field) ? text(field) : fallback;
}

std::vector<std::string> ConfigReader::texts(const std::string& field) const {
  std::vector<std::string> out;
  const json* value = find(field);
  if (value == nullptr) return out;
  if (!value->is_array()) throw refuse(field, "expected a list of texts");
  for (const json& item : *value) {
    if (!item.is_string()) throw refuse(field, "expected a list of texts");
    out.push_back(item.get<std::string>());
  }
  return out;
}

std::vector<TokenId> ConfigReader::token_ids(const std::string& field) const {
  std::vector<TokenId> out;
  const json* value = find(field);
  if (value == nullptr) return out;
  const auto add = [&](const json& item) {
    if (!item.is_number_unsigned() ||
        item.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<TokenId>::max()})
      throw refuse(field, "expected a token id or a list of token ids");
    out.push_back(item.get<TokenId>());
  };
  if (value->is_array())
    for (const json& item : *value) add(item);
  else
    add(*value);
  return out;
}

std::optional<ConfigReader> ConfigReader::object(const std::string& field) const {
  const json* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) throw refuse(field, "expected an object");
  ConfigReader nested = *this;
  nested.node_ = value;
  nested.prefix_ = prefix_ + field + ".";
  return nested;
}

}  // namespace quorum
