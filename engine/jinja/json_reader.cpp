#include <nlohmann/json.hpp>

#include "engine/jinja/json.h"

namespace quorum::jinja {
namespace {

// Builds values from parser events, without recursion.
class Reader : public nlohmann::json_sax<nlohmann::json> {
 public:
  Value result;

  bool null() override { return add(Value::none()); }
  bool boolean(bool value) override { return add(Value::boolean(value)); }
  bool number_integer(number_integer_t value) override { return add(Value::integer(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > INT64_MAX) too_large();
    return add(Value::integer(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t& literal) override {
    if (literal.find_first_of(".eE") == string_t::npos) too_large();
    return add(Value::real(value));
  }
  bool string(string_t& value) override { return add(Value::text(std::move(value))); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(std::make_shared<DictObject>()); }
  bool start_array(std::size_t) override { return open(nullptr); }
  bool key(string_t& value) override {
    open_.back().key = std::move(value);
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& e) override {
    throw Failure(std::string("malformed JSON: ") + e.what());
  }

 private:
  struct Open {
    std::shared_ptr<DictObject> dict;  // null for an array
    std::vector<Value> items;
    std::string key;
  };

  [[noreturn]] static void too_large() {
    throw Failure("a JSON integer exceeds 64 bits, which is not supported");
  }

  bool open(std::shared_ptr<DictObject> dict) {
    if (open_.size() >= static_cast<std::size_t>(kMaxValueDepth))
      throw Failure("JSON is nested more than " + std::to_string(kMaxValueDepth) + " deep");
    open_.push_back({std::move(dict), {}, {}});
    return true;
  }

  bool close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    return add(done.dict ? Value::dict(std::move(done.dict)) : Value::list(std::move(done.items)));
  }

  bool add(Value value) {
    if (open_.empty())
      result = std::move(value);
    else if (open_.back().dict)
      open_.back().dict->set(open_.back().key, std::move(value));
    else
      open_.back().items.push_back(std::move(value));
    return true;
  }

  std::vector<Open> open_;
};

}  // namespace

std::vector<std::pair<std::string, Value>> read_json_object(std::string_view json) {
  Reader reader;
  nlohmann::json::sax_parse(json.begin(), json.end(), &reader);
  if (!reader.result.is(Kind::kDict)) throw Failure("the variables are not a JSON object");
  std::vector<std::pair<std::string, Value>> members;
  for (const auto& [key, value] : reader.result.as_dict().entries)
    members.emplace_back(key.as_text(), value);
  return members;
}

}  // namespace quorum::jinja
