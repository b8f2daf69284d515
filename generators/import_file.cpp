#include "generators/import_file.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/file.h"
#include "base/text.h"

namespace quorum {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 64;

// Why a row cannot be read.
struct BadRow {
  std::string field, what;
};

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

const Json* field(const Json& row, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = row.find(name);
    if (found != row.end() && !found->is_null()) return &*found;
  }
  return nullptr;
}

std::string text_field(const Json& row, std::initializer_list<const char*> names) {
  const Json* value = field(row, names);
  if (value == nullptr) return {};
  if (value->is_string()) return value->get<std::string>();
  if (value->is_number()) return value->dump();
  throw BadRow{*names.begin(), "must be a text"};
}

std::string need_text(const Json& row, const char* name) {
  const auto found = row.find(name);
  if (found == row.end()) throw BadRow{name, "is missing"};
  if (!found->is_string()) throw BadRow{name, "must be a text"};
  return found->get<std::string>();
}

int sample_field(const Json& row, std::initializer_list<const char*> names) {
  const Json* value = field(row, names);
  if (value == nullptr) return -1;
  if (!value->is_number_unsigned() || value->get<std::uint64_t>() > 1'000'000)
    throw BadRow{*names.begin(), "must be an index from 0"};
  return value->get<int>();
}

std::vector<std::int32_t> ids_field(const Json& row, const char* name) {
  const Json* value = field(row, {name});
  std::vector<std::int32_t> ids;
  if (value == nullptr) return ids;
  if (!value->is_array()) throw BadRow{name, "must be a list of token ids"};
  for (const Json& id : *value) {
    if (!id.is_number_unsigned() || id.get<std::uint64_t>() > 0x7fffffff)
      throw BadRow{name, "must be a list of token ids"};
    ids.push_back(id.get<std::int32_t>());
  }
  return ids;
}

void set_finish(const Json& row, Completion& completion) {
  const std::string reason = text_field(row, {"finish_reason", "stop_reason"});
  if (reason == "length" || reason == "max_tokens") completion.finish = FinishReason::kLength;
}

// --- one function a shape: appends the samples of a row
// ---------------------------------------------------------------

using Samples = std::vector<ImportedSample>;

void export_row(const Json& row, Samples& out) {
  ImportedSample sample;
  sample.model = text_field(row, {"model"});
  sample.benchmark = text_field(row, {"benchmark"});
  sample.id = need_text(row, "query");
  sample.sample = sample_field(row, {"sample"});
  sample.prompt_token_ids = ids_field(row, "prompt_token_ids");
  sample.completion.text = need_text(row, "text");
  sample.completion.token_ids = ids_field(row, "token_ids");
  sample.completion.tokens = static_cast<int>(sample.completion.token_ids.size());
  const std::string finish = need_text(row, "finish_reason");
  if (finish != "stop" && finish != "length")
    throw BadRow{"finish_reason", "must be \"stop\" or \"length\""};
  set_finish(row, sample.completion);
  if (const Json* sum = field(row, {"logprob_sum"})) {
    if (!sum->is_number()) throw BadRow{"logprob_sum", "must be a number or null"};
    sample.completion.logprob_sum = sum->get<double>();
  }
  out.push_back(std::move(sample));
}

void qwen_row(const Json& row, Samples& out) {
  const Json* texts = field(row, {"code"});
  if (texts == nullptr || !texts->is_array() || texts->empty())
    throw BadRow{"code", "must be a list of completions"};
  int index = 0;
  for (const Json& text : *texts) {
    if (!text.is_string()) throw BadRow{"code", "must be a list of texts"};
    ImportedSample sample;
    sample.problem = need_text(row, "question");
    sample.gold = text_field(row, {"gt", "answer"});
    sample.sample = index++;
    sample.completion.text = text.get<std::string>();
    out.push_back(std::move(sample));
  }
}

void skythought_row(const std::string& key, const Json& row, Samples& out) {
  const Json* responses = field(row, {"responses"});
  if (responses == nullptr || !responses->is_object() || responses->empty())
    throw BadRow{"responses", "must be an object of completions"};
  const auto usages = row.find("token_usages");
  int index = 0;
  for (const auto& [name, response] : responses->items()) {
    std::vector<const Json*> parts;
    if (response.is_array())
      for (const Json& part : response) parts.push_back(&part);
    else
      parts.push_back(&response);
    for (const Json* part : parts) {
      if (!part->is_object()) throw BadRow{"responses", "must hold objects with a content"};
      ImportedSample sample;
      sample.problem = text_field(row, {"problem", "question", "prompt"});
      if (sample.problem.empty()) sample.problem = key;
      sample.id = text_field(row, {"unique_id", "id"});
      sample.gold = text_field(row, {"answer"});
      sample.sample = index++;
      sample.completion.text = need_text(*part, "content");
      if (usages != row.end() && usages->is_object() && usages->contains(name) &&
          (*usages)[name].is_object()) {
        const Json* tokens = field((*usages)[name], {"completion_tokens"});
        if (tokens != nullptr && tokens->is_number_unsigned() &&
            tokens->get<std::uint64_t>() < 1'000'000'000)
          sample.completion.tokens = tokens->get<int>();
      }
      out.push_back(std::move(sample));
    }
  }
}

void trace_row(const Json& row, Samples& out) {
  ImportedSample sample;
  sample.problem = need_text(row, "problem");
  sample.id = text_field(row, {"id", "unique_id"});
  sample.gold = text_field(row, {"gtruth_answer", "answer"});
  sample.sample = sample_field(row, {"sample"});
  const std::string thought = text_field(row, {"message_thinking"});
  sample.completion.text = need_text(row, "message_content");
  if (!thought.empty())
    sample.completion.text = "<think>\n" + thought + "\n</think>\n\n" + sample.completion.text;
  set_finish(row, sample.completion);
  out.push_back(std::move(sample));
}

constexpr std::initializer_list<const char*> kTexts = {"text",       "output",      "response",
                                                       "completion", "generation",  "outputs",
                                                       "responses",  "completions", "generations"};

void plain_row(const Json& row, Samples& out) {
  const Json* given = field(row, kTexts);
  if (given == nullptr) throw BadRow{"text", "is missing"};
  std::vector<const Json*> texts;
  if (given->is_array())
    for (const Json& text : *given) texts.push_back(&text);
  else
    texts.push_back(given);
  int index = 0;
  for (const Json* text : texts) {
    if (!text->is_string()) throw BadRow{"text", "must be a text or a list of texts"};
    ImportedSample sample;
    sample.id = text_field(row, {"id", "query_id", "unique_id", "task_id"});
    sample.problem = text_field(row, {"problem", "question"});
    if (sample.id.empty() && sample.problem.empty())
      throw BadRow{"id", "is missing, and there is no problem either"};
    sample.gold = text_field(row, {"answer", "gold", "expected_answer", "gt"});
    sample.sample = given->is_array() ? index++ : sample_field(row, {"sample", "sample_index"});
    sample.completion.text = text->get<std::string>();
    set_finish(row, sample.completion);
    out.push_back(std::move(sample));
  }
}

using RowReader = void (*)(const Json&, Samples&);

struct Shape {
  const char* name;
  RowReader read;
};

Shape shape_of(const Json& row) {
  if (row.contains("query") && row.contains("text") && row.contains("finish_reason"))
    return {"export", export_row};
  if (row.contains("question") && row.contains("code")) return {"qwen2.5-math", qwen_row};
  if (row.contains("message_content")) return {"traces", trace_row};
  return {"plain", plain_row};
}

// A text that closes a thought which it did not open began inside it.
bool closes_unopened_thought(const std::string& text) {
  const std::size_t close = text.find("</think>");
  return close != std::string::npos && text.find("<think>") > close;
}

class Reader {
 public:
  explicit Reader(std::string name) : name_(std::move(name)) {}

  void read_row(const Json& row, int number) {
    if (!row.is_object()) return bad(number, "", "is not a JSON object");
    const Shape shape = shape_of(row);
    if (file_.shape.empty()) file_.shape = shape.name;
    add(number, [&](Samples& out) { shape.read(row, out); });
  }

  void read_skythought(const std::string& key, const Json& row, int number) {
    file_.shape = "skythought";
    if (!row.is_object()) return bad(number, "", "is not a JSON object");
    add(number, [&](Samples& out) { skythought_row(key, row, out); });
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
  void add(int number, const std::function<void(Samples&)>& read) {
    Samples fresh;
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

  std::string name_;
  ImportFile file_;
};

bool looks_like_skythought(const Json& json) {
  return json.is_object() && !json.empty() &&
         std::all_of(json.begin(), json.end(), [](const Json& entry) {
           return entry.is_object() && entry.contains("responses");
         });
}

}  // namespace

Result<ImportFile> parse_import(std::string_view text, const std::string& name) {
  Reader reader(name);
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

Result<ImportFile> read_import_file(const std::filesystem::path& path) {
  try {
    const MappedFile file(path);
    if (file.text().size() > std::size_t{4} << 30)
      return Error(ErrorKind::kData, path.string() + " is larger than 4 GiB", {}, "split it");
    return parse_import(file.text(), path.string());
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace quorum
