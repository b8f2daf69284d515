#include "engine/tokenizer/json_reader.h"

#include <nlohmann/json.hpp>

#include "engine/tokenizer/unicode.h"

namespace quorum::tok {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxNodes = 1'000'000;
constexpr std::size_t kMaxEntries = std::size_t{1} << 23;

// Builds the tree, except for `/model/vocab` and `/model/merges`, which are streamed into the
// BpeSpec.
class Builder : public json::json_sax_t {
 public:
  Builder(const std::string& file, BpeSpec* model) : file_(file), model_(model) {}

  json take() { return std::move(root_); }

  bool null() override { return scalar(nullptr); }
  bool boolean(bool value) override { return scalar(value); }
  bool number_integer(json::number_integer_t value) override {
    return where_ == Where::kVocab ? bad_id() : scalar(value);
  }
  bool number_unsigned(json::number_unsigned_t value) override {
    if (where_ != Where::kVocab || depth_ != 3) return scalar(value);
    if (value > static_cast<std::uint64_t>(kMaxTokenId)) bad_id();
    model_->vocab.add(key_);
    model_->ids.push_back(static_cast<TokenId>(value));
    if (model_->ids.size() > kMaxEntries) fail("model.vocab", "it has too many tokens");
    return true;
  }
  bool number_float(json::number_float_t value, const std::string&) override {
    return scalar(value);
  }
  bool binary(json::binary_t&) override { return false; }

  bool string(std::string& value) override {
    if (where_ != Where::kMerges) return scalar(std::move(value));
    if (depth_ == 4) {
      if (++pair_size_ > 2) bad_merge();
      model_->merges.add(value);
    } else if (depth_ == 3) {
      // Files converted from merges.txt may have kept its first line.
      if (value.starts_with("#version")) return true;
      const std::size_t space = value.find(' ');
      if (space == std::string::npos || value.find(' ', space + 1) != std::string::npos)
        bad_merge();
      model_->merges.add(std::string_view(value).substr(0, space));
      model_->merges.add(std::string_view(value).substr(space + 1));
    } else {
      bad_merge();
    }
    if (model_->merges.size() > 2 * kMaxEntries) fail("model.merges", "there are too many merges");
    return true;
  }

  bool start_object(std::size_t) override {
    if (where_ == Where::kTree && at_model_field("vocab")) return enter(Where::kVocab);
    if (where_ == Where::kVocab || where_ == Where::kMerges)
      fail(field(), "an object does not belong there");
    return where_ == Where::kSkipped ? deeper() : open(json::object());
  }
  bool start_array(std::size_t) override {
    if (where_ == Where::kTree && at_model_field("merges")) return enter(Where::kMerges);
    // Unigram models have an array: their type is refused later, by name.
    if (where_ == Where::kTree && at_model_field("vocab")) return enter(Where::kSkipped);
    if (where_ == Where::kVocab) fail(field(), "an array does not belong there");
    if (where_ == Where::kMerges && depth_ >= 4) bad_merge();
    pair_size_ = 0;
    return where_ == Where::kTree ? open(json::array()) : deeper();
  }
  bool key(std::string& value) override {
    if (where_ == Where::kTree)
      keys_.back() = std::move(value);
    else
      key_ = std::move(value);
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override {
    if (where_ == Where::kMerges && depth_ == 4 && pair_size_ != 2) bad_merge();
    return close();
  }
  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    const std::string message = error.what();
    const std::size_t at = message.find("] ");
    throw Error(ErrorKind::kData, file_ + " is not valid JSON",
                at == std::string::npos ? message : message.substr(at + 2));
  }

 private:
  enum class Where { kTree, kVocab, kMerges, kSkipped };

  [[noreturn]] void fail(const std::string& field_name, const std::string& because) const {
    throw Error(ErrorKind::kData, file_ + ": " + field_name, because);
  }
  bool bad_id() const {
    fail("model.vocab", "the id of token `" + key_ + "` is not a whole number from 0 to " +
                            std::to_string(kMaxTokenId));
  }
  bool bad_merge() const {
    fail("model.merges", "merge " + std::to_string(model_->merges.size() / 2) +
                             " is neither a text `left right` nor a pair of texts");
  }
  std::string field() const { return where_ == Where::kVocab ? "model.vocab" : "model.merges"; }

  bool at_model_field(const char* name) const {
    return model_ != nullptr && keys_.size() == 2 && keys_[0] == "model" && keys_[1] == name &&
           nodes_.size() == 2 && nodes_[0]->is_object() && nodes_[1]->is_object();
  }
  bool enter(Where where) {
    if (seen_[static_cast<std::size_t>(where)]) fail("model", "a field is there twice");
    seen_[static_cast<std::size_t>(where)] = true;
    where_ = where;
    return deeper();
  }
  bool deeper() {
    if (++depth_ > kMaxDepth)
      fail("the document", "it is nested more than " + std::to_string(kMaxDepth) + " deep");
    return true;
  }

  json* place(json value) {
    if (++count_ > kMaxNodes) fail("the document", "it has too many values");
    if (nodes_.empty()) return &(root_ = std::move(value));
    json& parent = *nodes_.back();
    if (parent.is_array()) return &parent.emplace_back(std::move(value));
    return &(parent[keys_.back()] = std::move(value));
  }
  bool scalar(json value) {
    if (where_ == Where::kVocab) bad_id();
    if (where_ == Where::kMerges) bad_merge();
    if (where_ == Where::kTree) place(std::move(value));
    return true;
  }
  bool open(json value) {
    deeper();
    nodes_.push_back(place(std::move(value)));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    --depth_;
    if (where_ == Where::kTree) {
      nodes_.pop_back();
      keys_.pop_back();
    } else if (depth_ == 2) {
      where_ = Where::kTree;
    }
    return true;
  }

  const std::string& file_;
  BpeSpec* model_;
  json root_;
  std::vector<json*> nodes_;
  std::vector<std::string> keys_;  // one for every open node; unused for arrays
  std::string key_;                // in the vocabulary
  Where where_ = Where::kTree;
  bool seen_[4] = {};
  std::size_t depth_ = 0, count_ = 0;
  int pair_size_ = 0;
};

}  // namespace

json parse_bounded(std::string_view text, const std::string& file, BpeSpec* model) {
  Builder builder(file, model);
  json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

void Field::fail(const std::string& because, const std::string& hint) const {
  throw Error(ErrorKind::kData, path_, because, hint);
}

bool Field::is_null() const { return value_.is_null(); }

bool Field::has(const char* key) const {
  return value_.is_object() && value_.contains(key) && !value_.at(key).is_null();
}

Field Field::at(const char* key) const {
  if (!value_.is_object()) fail("it must be an object");
  const auto found = value_.find(key);
  if (found == value_.end()) fail(std::string("the field `") + key + "` is missing");
  return Field(*found, path_ + (path_.ends_with(": ") ? "" : ".") + key);
}

std::size_t Field::elements() const {
  if (!value_.is_array()) fail("it must be an array");
  return value_.size();
}

Field Field::element(std::size_t i) const {
  return Field(value_.at(i), path_ + "[" + std::to_string(i) + "]");
}

bool Field::as_bool() const {
  if (!value_.is_boolean()) fail("it must be true or false");
  return value_.get<bool>();
}

std::int64_t Field::as_int(std::int64_t low, std::int64_t high) const {
  const bool fits = value_.is_number_integer() &&
                    !(value_.is_number_unsigned() &&
                      value_.get<std::uint64_t>() > static_cast<std::uint64_t>(high));
  if (!fits || value_.get<std::int64_t>() < low || value_.get<std::int64_t>() > high)
    fail("it must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return value_.get<std::int64_t>();
}

std::string Field::as_string() const {
  if (!value_.is_string()) fail("it must be a text");
  return value_.get<std::string>();
}

std::string Field::as_character() const {
  const std::string text = as_string();
  std::size_t at = 0;
  if (!text.empty()) next_char(text, at);
  if (text.empty() || at != text.size()) fail("it must be a single character");
  return text;
}

bool Field::bool_or(const char* key, bool otherwise) const {
  return has(key) ? at(key).as_bool() : otherwise;
}

}  // namespace quorum::tok
