// quorum generate: one completion on stdout, as it is made.
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/environment.h"
#include "cli/interrupt.h"
#include "cli/model.h"
#include "cli/stdio.h"
#include "engine/checkpoint.h"
#include "engine/engine.h"
#include "harness/identity.h"

namespace quorum::cli {
namespace {

std::string prompt_text(const GenerateOptions& options, const ModelFiles& files,
                        const std::string& prompt) {
  if (options.raw) {
    if (!options.system.empty())
      throw Error(ErrorKind::kUsage, "--system cannot be used with --raw",
                  "--raw applies no template", "write the system text into the prompt");
    return prompt;
  }
  nlohmann::json messages = nlohmann::json::array();
  if (!options.system.empty())
    messages.push_back({{"role", "system"}, {"content", options.system}});
  messages.push_back({{"role", "user"}, {"content", prompt}});
  return render_chat(files.require_template(), files.tokenizer,
                     messages.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                     think_mode(options.model), template_time(options.model));
}

void print_piece(const std::string& piece) {
  std::fwrite(piece.data(), 1, piece.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

int generate_verb(const GenerateOptions& options) {
  const ModelFiles files = open_files(options.model);
  const std::string prompt =
      options.prompt && *options.prompt != "-" ? *options.prompt : read_stdin("the prompt");
  const std::string text = prompt_text(options, files, prompt);
  const auto ids =
      std::make_shared<const std::vector<TokenId>>(encode_prompt(files.tokenizer, text));
  if (ids->empty())
    throw Error(ErrorKind::kUsage, "the prompt is empty",
                "this tokenizer adds no BOS, so there is no token to start from", "--prompt TEXT");

  const DecoderSpec spec = read_decoder_spec(files.directory);
  const std::unique_ptr<Backend> backend = open_backend(files.directory, spec, options.model, 1);
  const std::vector<TokenId> stops = stop_token_ids(spec, files.tokenizer);
  EngineRequest request;
  request.prompt = ids;
  request.sampling = {options.temperature, options.top_p};
  request.sample_key = sample_key(options.seed, "generate", "", 0);
  request.max_tokens = options.max_tokens;
  request.stop_ids = stops;

  const auto is_stop = [&](TokenId id) {
    return std::find(stops.begin(), stops.end(), id) != stops.end();
  };
  InterruptWatch interrupt;
  Engine engine(*backend);
  StreamDecoder stream(files.tokenizer);
  std::optional<EngineCompletion> completion;
  bool asked = false;
  engine.run(
      [&]() -> std::optional<EngineRequest> {
        if (std::exchange(asked, true)) return std::nullopt;
        return request;
      },
      [&](EngineCompletion done) { completion = std::move(done); }, interrupt.token(),
      [&](std::uint64_t, const SampledToken& token) {
        if (!options.common.json && !is_stop(token.id)) print_piece(stream.push(token.id));
      });
  if (!options.common.json) print_piece(stream.finish() + (is_terminal(STDOUT_FILENO) ? "\n" : ""));
  if (!completion) return exit_code(ErrorKind::kInterrupted);
  if (!options.common.json) return 0;

  std::vector<TokenId> visible = completion->tokens;
  if (completion->end == SequenceEnd::kStop) visible.pop_back();
  const nlohmann::ordered_json out{
      {"prompt_token_ids", *ids},
      {"token_ids", completion->tokens},
      {"text", files.tokenizer.decode(visible)},
      {"finish_reason", completion->end == SequenceEnd::kStop ? "stop" : "length"},
      {"logprob_sum", completion->logprob_sum}};
  write_data({}, out.dump() + "\n");
  return 0;
}

}  // namespace quorum::cli
