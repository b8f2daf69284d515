// Bounded JSON: a tree for the small parts of a file, and the two large ones of tokenizer.json
// without one.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/tokenizer/spec.h"

namespace quorum::tok {

// Parses a whole document of bounded depth and size. Throws Error(kData) naming `file`. With
// `model`, the vocabulary and the merges of `/model` go there and not into the tree.
nlohmann::json parse_bounded(std::string_view text, const std::string& file,
                             BpeSpec* model = nullptr);

// Typed access that says which field is wrong.
class Field {
 public:
  Field(const nlohmann::json& value, std::string path) : value_(value), path_(std::move(path)) {}

  const nlohmann::json& json() const { return value_; }
  const std::string& path() const { return path_; }
  [[noreturn]] void fail(const std::string& because, const std::string& hint = {}) const;

  bool is_null() const;
  bool has(const char* key) const;  // present and not null
  Field at(const char* key) const;  // throws when this is no object or has no such field
  Field element(std::size_t i) const;
  std::size_t elements() const;  // throws when this is no array

  bool as_bool() const;
  std::int64_t as_int(std::int64_t low, std::int64_t high) const;
  std::string as_string() const;
  std::string as_character() const;  // a string of exactly one code point
  bool bool_or(const char* key, bool otherwise) const;

 private:
  const nlohmann::json& value_;
  std::string path_;
};

}  // namespace quorum::tok
