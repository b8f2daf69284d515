#include "generators/import_rows.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "generators/import_fields.h"

namespace quorum {
namespace {

using Json = ImportJson;
using Samples = std::vector<ImportedSample>;

constexpr FieldNames kProblems = {"problem", "question", "query", "prompt", "input"};
constexpr FieldNames kIds = {"id", "unique_id", "query_id", "task_id"};

// Of plain rows.
constexpr FieldNames kTexts = {"text",    "output",    "response",    "completion", "generation",
                               "outputs", "responses", "completions", "generations"};

void set_finish(const Json& row, Completion& completion) {
  const std::string reason = text_field(row, {"finish_reason", "stop_reason"});
  if (reason == "length" || reason == "max_tokens") completion.finish = FinishReason::kLength;
}

void export_row(const Json& row, const std::string& label, Samples& out) {
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
  if (const Json* sum = find_field(row, {"logprob_sum"})) {
    if (!sum->is_number()) throw BadRow{"logprob_sum", "must be a number or null"};
    sample.completion.logprob_sum = sum->get<double>();
  }
  sample.label = label_field(row, label, 0, 1);
  if (sample.label && sample.label->answer.empty())
    sample.label->answer = text_field(row, {"answer"});
  out.push_back(std::move(sample));
}

void qwen_row(const Json& row, const std::string& label, Samples& out) {
  const Json* texts = find_field(row, {"code"});
  if (texts == nullptr || !texts->is_array() || texts->empty())
    throw BadRow{"code", "must be a list of completions"};
  std::size_t index = 0;
  for (const Json& text : *texts) {
    if (!text.is_string()) throw BadRow{"code", "must be a list of texts"};
    ImportedSample sample;
    sample.problem = need_text(row, "question");
    sample.gold = text_field(row, {"gt", "answer"});
    sample.label = label_field(row, label, index, texts->size());
    sample.sample = static_cast<int>(index++);
    sample.completion.text = text.get<std::string>();
    out.push_back(std::move(sample));
  }
}

void trace_row(const Json& row, const std::string& label, Samples& out) {
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
  sample.label = label_field(row, label, 0, 1);
  out.push_back(std::move(sample));
}

// lm-evaluation-harness: the document as the data set has it, the model's responses, and a metric a
// field; a document stands once for each filter that took an answer out of them.
void lm_eval_row(const Json& row, const std::string& label, Samples& out) {
  const Json& doc = row["doc"];
  if (!doc.is_object()) throw BadRow{"doc", "must be an object"};
  const Json* responses = &row["resps"];
  if (responses->is_array() && responses->size() == 1 && (*responses)[0].is_array())
    responses = &(*responses)[0];
  if (!responses->is_array() || responses->empty())
    throw BadRow{"resps", "must be a list of completions"};
  // The first metric that the row names and holds.
  std::string metric = label;
  const Json* metrics = find_field(row, {"metrics"});
  if (metric.empty() && metrics != nullptr && metrics->is_array() && responses->size() == 1) {
    for (const Json& name : *metrics) {
      if (!metric.empty() || !name.is_string()) continue;
      const Json* value = find_field(row, {name.get<std::string>().c_str()});
      if (value != nullptr && value->is_number() && (*value == 0 || *value == 1))
        metric = name.get<std::string>();
    }
  }
  std::size_t index = 0;
  for (const Json& text : *responses) {
    if (!text.is_string())
      throw BadRow{"resps", "holds no texts: log-likelihoods are not completions"};
    ImportedSample sample;
    sample.id = text_field(doc, kIds);
    sample.problem = text_field(doc, kProblems);
    sample.gold = text_field(doc, {"answer", "final_answer", "expected_answer"});
    if (sample.gold.empty()) sample.gold = text_field(row, {"target"});
    sample.label = label_field(row, metric, index, responses->size());
    const std::string filter = text_field(row, {"filter"});
    if (sample.label && !filter.empty() && filter != "none")
      sample.label->field += " (" + filter + ")";
    sample.sample = static_cast<int>(index++);
    sample.completion.text = text.get<std::string>();
    out.push_back(std::move(sample));
  }
}

// lighteval's details, as JSON.
void lighteval_row(const Json& row, const std::string& label, Samples& out) {
  const Json &doc = row["doc"], &response = row["model_response"];
  if (!doc.is_object()) throw BadRow{"doc", "must be an object"};
  if (!response.is_object()) throw BadRow{"model_response", "must be an object"};
  const std::vector<std::string> texts = texts_field(response, {"text"});
  std::string gold;
  if (const Json* choices = find_field(doc, {"choices"}); choices && choices->is_array()) {
    const Json* place = find_field(doc, {"gold_index"});
    if (place != nullptr && place->is_array() && place->size() == 1) place = &(*place)[0];
    if (place != nullptr && place->is_number_unsigned() &&
        place->get<std::size_t>() < choices->size()) {
      const Json& choice = (*choices)[place->get<std::size_t>()];
      if (!choice.is_string()) throw BadRow{"doc", "must have texts as choices"};
      gold = choice.get<std::string>();
    }
  }
  const Json* metric = find_field(row, {"metric", "metrics"});
  std::string name = label;
  if (metric != nullptr && !metric->is_object()) metric = nullptr;
  if (metric != nullptr && name.empty() && texts.size() == 1)
    for (const auto& [key, value] : metric->items())
      if (name.empty() && value.is_number() && (value == 0 || value == 1)) name = key;
  std::size_t index = 0;
  for (const std::string& text : texts) {
    ImportedSample sample;
    sample.problem = text_field(doc, kProblems);
    sample.gold = gold;
    if (metric != nullptr && !name.empty())
      sample.label = label_field(*metric, name, index, texts.size());
    sample.sample = static_cast<int>(index++);
    sample.completion.text = text;
    out.push_back(std::move(sample));
  }
}

// LiveCodeBench's evaluation files: a list of completions and one of verdicts.
void livecodebench_row(const Json& row, const std::string& label, Samples& out) {
  const std::vector<std::string> texts = texts_field(row, {"output_list"});
  std::size_t index = 0;
  for (const std::string& text : texts) {
    ImportedSample sample;
    sample.id = text_field(row, {"question_id"});
    sample.problem = text_field(row, {"question_content"});
    sample.label =
        label_field(row, label.empty() && row.contains("graded_list") ? "graded_list" : label,
                    index, texts.size());
    sample.sample = static_cast<int>(index++);
    sample.completion.text = text;
    out.push_back(std::move(sample));
  }
}

void plain_row(const Json& row, const std::string& label, Samples& out) {
  const std::vector<std::string> texts = texts_field(row, kTexts);
  const bool list = find_field(row, kTexts)->is_array();
  std::size_t index = 0;
  for (const std::string& text : texts) {
    ImportedSample sample;
    sample.id = text_field(row, kIds);
    sample.problem = text_field(row, {"problem", "question"});
    if (sample.id.empty() && sample.problem.empty())
      throw BadRow{"id", "is missing, and there is no problem either"};
    sample.gold = text_field(row, {"answer", "gold", "expected_answer", "gt"});
    sample.label = label_field(row, label, index, texts.size());
    sample.sample = list ? static_cast<int>(index) : sample_field(row, {"sample", "sample_index"});
    ++index;
    sample.completion.text = text;
    set_finish(row, sample.completion);
    out.push_back(std::move(sample));
  }
}

}  // namespace

RowShape shape_of_row(const Json& row) {
  if (row.contains("query") && row.contains("text") && row.contains("finish_reason"))
    return {"export", export_row};
  if (row.contains("doc") && row.contains("resps")) return {"lm-eval", lm_eval_row};
  if (row.contains("doc") && row.contains("model_response")) return {"lighteval", lighteval_row};
  if (row.contains("question") && row.contains("code")) return {"qwen2.5-math", qwen_row};
  if (row.contains("question_id") && row.contains("output_list"))
    return {"livecodebench", livecodebench_row};
  if (row.contains("message_content")) return {"traces", trace_row};
  return {"plain", plain_row};
}

void read_skythought_row(const std::string& problem, const Json& row, const std::string& label,
                         Samples& out) {
  const Json* responses = find_field(row, {"responses"});
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
      if (sample.problem.empty()) sample.problem = problem;
      sample.id = text_field(row, {"unique_id", "id"});
      sample.gold = text_field(row, {"answer"});
      sample.sample = index++;
      sample.completion.text = need_text(*part, "content");
      sample.label = label_field(*part, label, 0, 1);
      if (usages != row.end() && usages->is_object() && usages->contains(name) &&
          (*usages)[name].is_object()) {
        const Json* tokens = find_field((*usages)[name], {"completion_tokens"});
        if (tokens != nullptr && tokens->is_number_unsigned() &&
            tokens->get<std::uint64_t>() < 1'000'000'000)
          sample.completion.tokens = tokens->get<int>();
      }
      out.push_back(std::move(sample));
    }
  }
}

}  // namespace quorum
