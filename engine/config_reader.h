// Typed, bounded access to the fields of a JSON file of a checkpoint. Every accessor throws
// Error(kData) that names file, field, value and what was expected; a null field counts as absent,
// as it does for transformers.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/decoder_spec.h"

namespace quorum {

// A JSON object from foreign bytes: at most `max_depth` levels, no key twice in one object. Throws
// Error(kData).
nlohmann::json parse_json_object(std::string_view text, const std::string& file,
                                 int max_depth = 32);

class ConfigReader {
 public:
  // Throws Error(kData) when `text` is not a JSON object.
  ConfigReader(std::string_view text, std::string file);

  const std::string& file() const { return file_; }
  bool has(const std::string& field) const;

  int integer(const std::string& field, int low, int high) const;
  int integer_or(const std::string& field, int fallback, int low, int high) const;
  double number(const std::string& field, double low, double high) const;
  double number_or(const std::string& field, double fallback, double low, double high) const;
  bool flag_or(const std::string& field, bool fallback) const;
  std::string text(const std::string& field) const;
  std::string text_or(const std::string& field, const std::string& fallback) const;
  // A list of texts; empty when absent.
  std::vector<std::string> texts(const std::string& field) const;
  // One id or a list of ids, each below 2^31; empty when absent.
  std::vector<TokenId> token_ids(const std::string& field) const;
  // A nested object; nullopt when absent.
  std::optional<ConfigReader> object(const std::string& field) const;

  // An error about a field that was read but cannot be used. `because`: what is expected; `hint`:
  // the way out.
  Error refuse(const std::string& field, const std::string& because,
               const std::string& hint = {}) const;

 private:
  const nlohmann::json* find(const std::string& field) const;
  const nlohmann::json& require(const std::string& field, const std::string& expected) const;

  std::shared_ptr<const nlohmann::json> root_;
  const nlohmann::json* node_ = nullptr;
  std::string file_, prefix_;
};

}  // namespace quorum
