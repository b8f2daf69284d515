// quorum probe: what the tokenizer, the template and the model make of given input.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/error.h"
#include "cli/model.h"
#include "cli/stdio.h"
#include "engine/checkpoint.h"
#include "engine/sampler.h"

namespace quorum::cli {
namespace {

using Json = nlohmann::ordered_json;

std::vector<TokenId> read_ids(int vocab) {
  const Json input = Json::parse(read_stdin(R"({"ids":[…]})"), nullptr, false);
  if (!input.is_object() || !input.contains("ids") || !input["ids"].is_array())
    throw Error(ErrorKind::kUsage, "stdin is not what was expected",
                "no JSON object with an array \"ids\"", R"({"ids":[1,2,3]})");
  std::vector<TokenId> ids;
  for (const Json& id : input["ids"]) {
    if (!id.is_number_integer() || id.get<std::int64_t>() < 0 || id.get<std::int64_t>() >= vocab)
      throw Error(ErrorKind::kUsage,
                  "ids[" + std::to_string(ids.size()) + "] = " + id.dump() + " is no token id",
                  "the vocabulary has ids 0 to " + std::to_string(vocab - 1));
    ids.push_back(id.get<TokenId>());
  }
  return ids;
}

int tokenize(const ProbeOptions& options) {
  const ModelFiles files = open_files(options.model);
  if (options.decode) {
    const std::string text = files.tokenizer.decode(read_ids(files.tokenizer.vocab_size()));
    write_data({}, options.common.json ? Json{{"text", text}}.dump() + "\n" : text);
    return 0;
  }
  write_data({}, Json{{"ids", files.tokenizer.encode(read_stdin("the text"))}}.dump() + "\n");
  return 0;
}

int render(const ProbeOptions& options) {
  const ModelFiles files = open_files(options.model);
  const std::string messages = read_stdin(R"([{"role":"user","content":"…"}])");
  const std::string text = render_chat(files.require_template(), files.tokenizer, messages,
                                       think_mode(options.model), template_time(options.model));
  if (options.common.json)
    write_data({},
               Json{{"text", text}, {"ids", encode_prompt(files.tokenizer, text)}}.dump() + "\n");
  else
    write_data({}, text);
  return 0;
}

// One row as JSON: all log-probs by id, or the N largest as [id, log-prob] pairs.
Json row_json(const std::vector<double>& row, int top) {
  if (top <= 0) return row;
  std::vector<TokenId> order(row.size());
  std::iota(order.begin(), order.end(), 0);
  const auto count = std::min(order.size(), static_cast<std::size_t>(top));
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](TokenId a, TokenId b) {
                      const double x = row[static_cast<std::size_t>(a)],
                                   y = row[static_cast<std::size_t>(b)];
                      return x != y ? x > y : a < b;
                    });
  Json out = Json::array();
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({order[i], row[static_cast<std::size_t>(order[i])]});
  return out;
}

int logprobs(const ProbeOptions& options) {
  const ModelFiles files = open_files(options.model);
  const DecoderSpec spec = read_decoder_spec(files.directory);
  const std::vector<TokenId> ids = read_ids(spec.vocab);
  if (ids.empty())
    throw Error(ErrorKind::kUsage, "\"ids\" is empty",
                "there is no position to give log-probs for");
  const std::unique_ptr<Backend> backend = open_backend(files, spec, options.model, 1);
  const std::vector<float> logits = backend->logits(ids);
  std::vector<double> row(static_cast<std::size_t>(spec.vocab));
  // Written row by row: a long text times a large vocabulary is more than one wants to hold as
  // JSON.
  write_data({}, "{\"logprobs\":[");
  for (std::size_t i = 0; i < ids.size(); ++i) {
    log_probabilities(std::span(logits).subspan(i * row.size(), row.size()), row);
    write_data({}, (i > 0 ? "," : "") + row_json(row, options.top).dump());
  }
  write_data({}, "]}\n");
  return 0;
}

}  // namespace

int probe_verb(const ProbeOptions& options) {
  if (options.action == "tokenize") return tokenize(options);
  if (options.action == "render") return render(options);
  return logprobs(options);
}

}  // namespace quorum::cli
