// A checkpoint directory made ready for the built-in engine, in two steps: the small files, then
// the weights.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/backend.h"
#include "engine/chat_template.h"
#include "engine/decoder_spec.h"
#include "engine/tokenizer.h"

namespace quorum {

// Tokenizer and chat template of a model; no weights.
struct ModelFiles {
  std::string name;  // as the user wrote it, without a slash at the end
  std::filesystem::path directory;
  Tokenizer tokenizer;
  std::optional<ChatTemplate> chat_template;  // none: a base model, for raw prompts only

  // The template, or Error(kData) that names the directory and says how to prompt a base model.
  const ChatTemplate& require_template() const;
};
// `hf_home`: see locate_model. Throws Error.
ModelFiles open_model_files(const std::string& model, const std::filesystem::path& hf_home);

// The tokens that end a completion: those of generation_config.json, else config.json, and the
// tokenizer's EOS.
std::vector<TokenId> stop_token_ids(const DecoderSpec& spec, const Tokenizer& tokenizer);

struct BackendSettings {
  std::string device = "cpu";  // "cpu", "cuda", "cuda:1"
  int threads = 0;             // 0: one a core
  // Sequences at once, and bytes of the KV cache. Not given: these on the CPU; on a GPU, as many as
  // make sense and what is free.
  static constexpr int kCpuMaxBatch = 64;
  static constexpr std::int64_t kCpuKvMemory = std::int64_t{2} << 30;
  std::optional<int> max_batch;
  std::optional<std::int64_t> kv_memory;
  // Bytes of host memory for the KV of preempted samples. Not given: none on the CPU, a quarter of
  // the machine's memory beside a GPU.
  std::optional<std::int64_t> swap_memory;
  int max_positions = 0;        // 0: the model's
  std::filesystem::path cache;  // keeps what tuning on a GPU found; empty: none
  bool overlap = true;          // on a GPU, attention beside products where that is faster
};
// Reads the weights into a backend. Throws Error(kEnvironment) for a device that this build or
// machine does not have, and Error(kUsage) for one that does not exist.
std::unique_ptr<Backend> load_backend(const std::filesystem::path& directory,
                                      const DecoderSpec& spec, const BackendSettings& settings);
// The same with random weights, for benchmarks of a shape without a checkpoint.
std::unique_ptr<Backend> random_backend(const DecoderSpec& spec, const BackendSettings& settings);

}  // namespace quorum
