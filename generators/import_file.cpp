#include "generators/import_file.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/file.h"
#include "base/text.h"
#include "generators/import_rows.h"

namespace quorum {
namespace {

using Json = ImportJson;

constexpr int kMaxDepth = 64;

// Parses one value with a limit on nesting, which the library's parser lacks.
std::optional<Json> parse_json(std::string_view text, std::string& why) {
  int depth = 0, deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  if (deepest > kMaxDepth) {
    why = "is nested deeper than 64 levels";
    return std::nullopt;
  }
  try {
    return Json::parse(text);
  } catch (const Json::exception& problem) {
    why = std::string("is not JSON: ") + problem.what();
    return std::nullopt;
  }
}

// A text that closes a thought which it did not open began inside it.
bool closes_unopened_thought(const std::string& text) {
  const std::size_t close = text.find("</think>");
  return close != std::string::npos && text.find("<think>") > close;
}

class Reader {
 public:
  Reader(std::string name, std::string label) : name_(std::move(name)), label_(std::move(label)) {}

  void read_row(const Json& row, int number) {
    if (!row.is_object()) return bad(number, "", "is not a JSON object");
    const RowShape shape = shape_of_row(row);
    if (file_.shape.empty()) file_.shape = shape.name;
    add(number, [&](std::vector<ImportedSample>& out) { shape.read(row, label_, out); });
  }

  void read_skythought(const std::string& key, const Json& row, int number) {
    file_.shape = "skythought";
    if (!row.is_object()) return bad(number, "", "is not a JSON object");
    add(number,
        [&](std::vector<ImportedSample>& out) { read_skythought_row(key, row, label_, out); });
  }

  void bad(int row, const std::string& field_name, const std::string& what) {
    file_.problems.push_back({name_, row, field_name, what});
  }

  Result<ImportFile> finish() {
    if (file_.samples.empty()) {
      std::string because = "it has no rows";
      if (!file_.problems.empty()) {
        const ImportProblem& first = file_.problems.front();
        because = (first.row > 0 ? "row " + std::to_string(first.row) + ": " : std::string()) +
                  (first.field.empty() ? std::string("it") : "\"" + first.field + "\"") + " " +
                  first.what;
      }
      return Error(ErrorKind::kData, name_ + " holds no completions that can be imported", because,
                   "give an export of quorum, or rows with id (or problem) and text");
    }
    // A prompt that ends in an open thought does so for all queries; truncated samples do not show
    // it.
    const bool inside = std::any_of(
        file_.samples.begin(), file_.samples.end(),
        [](const ImportedSample& s) { return closes_unopened_thought(s.completion.text); });
    for (ImportedSample& sample : file_.samples)
      sample.open_thought = inside && trim(sample.completion.text).substr(0, 7) != "<think>";
    return std::move(file_);
  }

 private:
  void add(int number, const std::function<void(std::vector<ImportedSample>&)>& read) {
    std::vector<ImportedSample> fresh;
    try {
      read(fresh);
    } catch (const BadRow& problem) {
      return bad(number, problem.field, problem.what);
    }
    for (ImportedSample& sample : fresh) {
      sample.file = name_;
      sample.row = number;
      file_.samples.push_back(std::move(sample));
    }
  }

  std::string name_, label_;
  ImportFile file_;
};

bool looks_like_skythought(const Json& json) {
  return json.is_object() && !json.empty() &&
         std::all_of(json.begin(), json.end(), [](const Json& entry) {
           return entry.is_object() && entry.contains("responses");
         });
}

}  // namespace

Result<ImportFile> parse_import(std::string_view text, const std::string& name,
                                const std::string& label) {
  Reader reader(name, label);
  std::string why;
  const std::string_view body = trim(text);
  const std::size_t line_end = body.find('\n');
  const bool one_array = !body.empty() && body.front() == '[';
  // JSON lines have a whole object in the first line; an object over several lines is one value.
  const bool one_object =
      !body.empty() && body.front() == '{' &&
      (line_end == std::string_view::npos || !Json::accept(body.substr(0, line_end)));
  if (one_array || one_object) {
    std::optional<Json> json = parse_json(body, why);
    if (json && one_array) {
      int row = 0;
      for (const Json& entry : *json) reader.read_row(entry, ++row);
      return reader.finish();
    }
    if (json && looks_like_skythought(*json)) {
      int row = 0;
      for (const auto& [key, entry] : json->items()) reader.read_skythought(key, entry, ++row);
      return reader.finish();
    }
    if (json) {
      reader.read_row(*json, 1);
      return reader.finish();
    }
    if (one_array || line_end == std::string_view::npos) {
      reader.bad(0, "", why);
      return reader.finish();
    }
  }
  int row = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    at = end + 1;
    ++row;
    if (line.empty()) continue;
    if (const std::optional<Json> json = parse_json(line, why))
      reader.read_row(*json, row);
    else
      reader.bad(row, "", why);
  }
  return reader.finish();
}

Result<ImportFile> read_import_file(const std::filesystem::path& path, const std::string& label) {
  try {
    const MappedFile file(path);
    if (file.text().size() > std::size_t{4} << 30)
      return Error(ErrorKind::kData, path.string() + " is larger than 4 GiB", {}, "split it");
    return parse_import(file.text(), path.string(), label);
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace quorum
