// quorum probe: what the tokenizer, the template and the model make of given input.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <span>

#include "base/error.h"
#include "base/text.h"
#include "cli/model.h"
#include "cli/stdio.h"
#include "engine/checkpoint.h"
#include "engine/sampler.h"

namespace quorum::cli {
namespace {

using Json = nlohmann::ordered_json;

Json read_object() {
  Json input = Json::parse(read_stdin(R"({"ids":[…]})"), nullptr, false);
  if (!input.is_object() || !input.contains("ids"))
    throw Error(ErrorKind::kUsage, "stdin is not what was expected",
                "no JSON object with an array \"ids\"", R"({"ids":[1,2,3]})");
  return input;
}

// `name`: of the array, for messages.
std::vector<TokenId> token_ids(const Json& array, const std::string& name, int vocab) {
  if (!array.is_array())
    throw Error(ErrorKind::kUsage, "stdin is not what was expected",
                name + " is no array of token ids", R"({"ids":[1,2,3]})");
  std::vector<TokenId> ids;
  for (const Json& id : array) {
    if (!id.is_number_integer() || id.get<std::int64_t>() < 0 || id.get<std::int64_t>() >= vocab)
      throw Error(ErrorKind::kUsage,
                  name + "[" + std::to_string(ids.size()) + "] = " + id.dump() + " is no token id",
                  "the vocabulary has ids 0 to " + std::to_string(vocab - 1));
    ids.push_back(id.get<TokenId>());
  }
  return ids;
}

int tokenize(const ProbeOptions& options) {
  const ModelFiles files = open_files(options.model);
  if (options.decode) {
    const std::string text = files.tokenizer.decode(
        token_ids(read_object()["ids"], "ids", files.tokenizer.vocab_size()));
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

Json pairs_json(const std::vector<double>& row, std::span<const TokenId> ids) {
  Json out = Json::array();
  for (const TokenId id : ids) out.push_back({id, row[static_cast<std::size_t>(id)]});
  return out;
}

// The `count` most likely tokens, likeliest first.
std::vector<TokenId> likeliest(const std::vector<double>& row, int count) {
  std::vector<TokenId> order(row.size());
  std::iota(order.begin(), order.end(), 0);
  const auto end = order.begin() + std::min<std::ptrdiff_t>(std::ssize(order), count);
  std::partial_sort(order.begin(), end, order.end(), [&](TokenId a, TokenId b) {
    const double x = row[static_cast<std::size_t>(a)], y = row[static_cast<std::size_t>(b)];
    return x != y ? x > y : a < b;
  });
  order.erase(end, order.end());
  return order;
}

// "0,5,10-12" as ascending positions below `count`, each once.
std::vector<int> parse_positions(const std::string& text, int count) {
  const auto number = [&](const std::string& digits) {
    int value = -1;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (problem != std::errc() || end != digits.data() + digits.size() || value < 0 ||
        value >= count)
      throw Error(ErrorKind::kUsage, "--positions " + text + " cannot be used",
                  "\"" + digits + "\" is no position of " + std::to_string(count) + " tokens",
                  "--positions 0,5,10-12, counted from 0");
    return value;
  };
  std::set<int> positions;
  for (const std::string& part : split(text, ',')) {
    const std::size_t dash = part.find('-');
    const int first = number(part.substr(0, dash));
    const int last = dash == std::string::npos ? first : number(part.substr(dash + 1));
    for (int i = first; i <= last; ++i) positions.insert(i);
  }
  return {positions.begin(), positions.end()};
}

// "candidates": the tokens whose log-probs are wanted, a list for each printed position.
std::vector<std::vector<TokenId>> read_candidates(const Json& input, std::size_t rows, int vocab) {
  std::vector<std::vector<TokenId>> lists;
  if (!input.contains("candidates")) return lists;
  const Json& all = input["candidates"];
  if (!all.is_array() || all.size() != rows)
    throw Error(ErrorKind::kUsage, "stdin is not what was expected",
                "\"candidates\" is no array of " + std::to_string(rows) +
                    " lists, one for each position that is printed",
                R"({"ids":[1,2],"candidates":[[7,8],[9]]})");
  for (const Json& list : all)
    lists.push_back(token_ids(list, "candidates[" + std::to_string(lists.size()) + "]", vocab));
  return lists;
}

int logprobs(const ProbeOptions& options) {
  const std::filesystem::path directory = model_directory(options.model);
  const DecoderSpec spec = read_decoder_spec(directory);
  const Json input = read_object();
  const std::vector<TokenId> ids = token_ids(input["ids"], "ids", spec.vocab);
  if (ids.empty())
    throw Error(ErrorKind::kUsage, "\"ids\" is empty",
                "there is no position to give log-probs for");
  const int count = static_cast<int>(ids.size());
  const std::vector<int> positions = parse_positions(
      options.positions.empty() ? "0-" + std::to_string(count - 1) : options.positions, count);
  const auto candidates = read_candidates(input, positions.size(), spec.vocab);
  const std::unique_ptr<Backend> backend = open_backend(directory, spec, options.model, 1);

  std::vector<double> row(static_cast<std::size_t>(spec.vocab));
  std::size_t printed = 0;
  // Written row by row: a long text times a large vocabulary is more than one wants to hold as
  // JSON.
  write_data({}, "{" +
                     (options.positions.empty() ? std::string()
                                                : "\"positions\":" + Json(positions).dump() + ",") +
                     "\"logprobs\":[");
  backend->logits(ids, positions, [&](int, std::span<const float> logits) {
    log_probabilities(logits, row);
    const Json out = !candidates.empty() ? pairs_json(row, candidates[printed])
                     : options.top > 0   ? pairs_json(row, likeliest(row, options.top))
                                         : Json(row);
    write_data({}, (printed > 0 ? "," : "") + out.dump());
    ++printed;
  });
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
