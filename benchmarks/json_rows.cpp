#include "benchmarks/json_rows.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace quorum {
namespace {

using Json = nlohmann::json;

// Builds rows from parser events. Values inside a row's fields are written out again as text, so
// numbers keep their digits and nothing recurses.
class RowReader : public nlohmann::json_sax<Json> {
 public:
  // `array`: the document is an array of rows, otherwise one row.
  RowReader(bool array, int first_row) : row_depth_(array ? 2 : 1), next_row_(first_row) {}

  std::vector<JsonRow> rows;
  std::string failure;  // why the parse stopped
  int failure_row = 0;
  std::vector<DataProblem> problems;

  bool null() override { return scalar(JsonField::Kind::kNull, "null"); }
  bool boolean(bool value) override {
    return scalar(JsonField::Kind::kBool, value ? "true" : "false");
  }
  bool number_integer(number_integer_t value) override {
    return scalar(JsonField::Kind::kNumber, std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return scalar(JsonField::Kind::kNumber, std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& digits) override {
    return scalar(JsonField::Kind::kNumber, digits);
  }
  bool string(string_t& value) override {
    if (depth_ == row_depth_) return scalar(JsonField::Kind::kString, std::move(value));
    return scalar(JsonField::Kind::kString, Json(std::move(value)).dump());
  }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return start('{', JsonField::Kind::kObject); }
  bool end_object() override { return end('}'); }
  bool start_array(std::size_t) override { return start('[', JsonField::Kind::kArray); }
  bool end_array() override { return end(']'); }

  bool key(string_t& name) override {
    if (skip_depth_ > 0) return true;
    if (depth_ == row_depth_) {
      JsonRow& row = rows.back();
      for (const JsonField& field : row.fields) {
        if (field.key == name) problems.push_back({row.row, name, "appears twice", "once"});
      }
      if (row.fields.size() >= 256) return stop("has more than 256 fields");
      row.fields.push_back({std::move(name), JsonField::Kind::kNull, ""});
      return true;
    }
    separate();
    rows.back().fields.back().text += Json(std::move(name)).dump() + ":";
    first_ = true;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    std::string why = error.what();
    if (const auto at = why.find("syntax error"); at != std::string::npos) why = why.substr(at);
    failure = "is not JSON at byte " + std::to_string(position) + ": " + sanitize_utf8(why);
    failure_row = std::max(next_row_ - 1, 1);
    return false;
  }

 private:
  bool stop(std::string why) {
    failure = std::move(why);
    failure_row = rows.empty() ? next_row_ : rows.back().row;
    return false;
  }

  // Before a value inside a field: a comma unless it is the first.
  void separate() {
    if (!first_) rows.back().fields.back().text += ',';
    first_ = false;
  }

  bool not_a_row(JsonField::Kind kind) {
    problems.push_back({next_row_++, "", "is " + json_kind_name(kind), "a JSON object"});
    return true;
  }

  bool scalar(JsonField::Kind kind, std::string text) {
    if (skip_depth_ > 0) return true;
    if (depth_ < row_depth_) return not_a_row(kind);
    JsonField& field = rows.back().fields.back();
    if (depth_ == row_depth_) {
      field.kind = kind;
      field.text = std::move(text);
      return true;
    }
    separate();
    field.text += text;
    return true;
  }

  bool start(char bracket, JsonField::Kind kind) {
    if (++depth_ > kMaxJsonDepth) {
      return stop("is nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
    }
    if (skip_depth_ > 0) return true;
    if (depth_ < row_depth_) {
      if (kind == JsonField::Kind::kArray) return true;
      return stop("is an object");
    }
    if (depth_ == row_depth_) {
      if (kind != JsonField::Kind::kObject) {
        skip_depth_ = depth_;
        return not_a_row(kind);
      }
      if (next_row_ > kMaxRows) return stop("is beyond the limit of rows");
      rows.push_back({next_row_++, {}});
      return true;
    }
    JsonField& field = rows.back().fields.back();
    if (depth_ == row_depth_ + 1) {
      field.kind = kind;
      field.text.clear();
    } else {
      separate();
    }
    field.text += bracket;
    first_ = true;
    return true;
  }

  bool end(char bracket) {
    const int closed = depth_--;
    if (skip_depth_ > 0) {
      if (closed == skip_depth_) skip_depth_ = 0;
      return true;
    }
    if (closed > row_depth_) {
      rows.back().fields.back().text += bracket;
      first_ = false;
    }
    return true;
  }

  int row_depth_;
  int next_row_;
  int depth_ = 0;
  int skip_depth_ = 0;
  bool first_ = true;
};

void read_one(std::string_view text, bool array, int first_row, std::vector<JsonRow>& rows,
              DataProblems& problems) {
  RowReader reader(array, first_row);
  const bool ok = Json::sax_parse(text.begin(), text.end(), &reader);
  for (DataProblem& problem : reader.problems) problems.add(std::move(problem));
  if (!ok) {
    problems.add({array ? reader.failure_row : first_row, "",
                  reader.failure.empty() ? "is not JSON" : reader.failure,
                  "one JSON object with the fields id, problem and answer"});
    // Of an array that breaks off, the rows before it are whole.
    if (!array || reader.rows.empty()) return;
    reader.rows.pop_back();
  }
  for (JsonRow& row : reader.rows) rows.push_back(std::move(row));
}

}  // namespace

std::string describe(const DataProblem& problem) {
  std::string out;
  if (problem.row > 0) out += "row " + std::to_string(problem.row);
  if (!problem.field.empty())
    out += (out.empty() ? "field \"" : ", field \"") + problem.field + "\"";
  if (!out.empty()) out += ": ";
  out += problem.what;
  if (!problem.expected.empty()) out += " (expected " + problem.expected + ")";
  return out;
}

std::string json_kind_name(JsonField::Kind kind) {
  switch (kind) {
    case JsonField::Kind::kString: return "a string";
    case JsonField::Kind::kNumber: return "a number";
    case JsonField::Kind::kBool: return "true or false";
    case JsonField::Kind::kNull: return "null";
    case JsonField::Kind::kArray: return "an array";
    case JsonField::Kind::kObject: return "an object";
  }
  return "";
}

const JsonField* JsonRow::find(std::string_view key) const {
  for (const JsonField& field : fields) {
    if (field.key == key) return &field;
  }
  return nullptr;
}

const JsonField* JsonRow::find_any(const std::vector<std::string_view>& keys) const {
  for (const std::string_view key : keys) {
    if (const JsonField* field = find(key)) return field;
  }
  return nullptr;
}

std::optional<JsonRow> read_json_row(std::string_view line, int row, std::size_t max_bytes,
                                     DataProblems& problems) {
  std::vector<JsonRow> rows;
  if (line.size() > max_bytes) {
    problems.add(
        {row, "", "has more than " + std::to_string(max_bytes >> 20) + " MiB", "a shorter row"});
  } else if (!is_valid_utf8(line)) {
    problems.add({row, "", "holds bytes that are not UTF-8", "UTF-8 text"});
  } else {
    read_one(line, false, row, rows, problems);
  }
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<JsonRow> read_json_rows(std::string_view text, DataProblems& problems) {
  std::vector<JsonRow> rows;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (text.size() > kMaxDataFileBytes) {
    problems.add({0, "", "has more than 512 MiB", "a smaller file"});
    return rows;
  }
  const std::string_view body = trim(text);
  if (!body.empty() && body[0] == '[') {
    if (!is_valid_utf8(body)) {
      problems.add({0, "", "holds bytes that are not UTF-8", "UTF-8 text"});
      return rows;
    }
    read_one(body, true, 1, rows, problems);
    return rows;
  }

  int row = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    at = end + 1;
    ++row;
    if (line.empty()) continue;
    if (row > kMaxRows) {
      problems.add({row, "", "is beyond the limit of 1000000 rows", "fewer rows"});
      break;
    }
    if (auto one = read_json_row(line, row, kMaxRowBytes, problems))
      rows.push_back(std::move(*one));
  }
  return rows;
}

}  // namespace quorum
