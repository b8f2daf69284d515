// A real trained model of 260,000 parameters (llama2.c's stories260K) in the Hugging Face layout.
#pragma once

#include <filesystem>

namespace quorum::testing {

// Writes config.json, generation_config.json, model.safetensors, tokenizer.json and
// tokenizer_config.json into `target`, which must exist, from a checkpoint and a tokenizer of
// llama2.c. Rows of wq and wk are permuted from interleaved RoPE pairs to the two halves that
// Hugging Face rotates; merges follow from the scores of the SentencePiece vocabulary as
// transformers derives them. Throws std::runtime_error when a file is not what it must be.
void convert_llama2c(const std::filesystem::path& checkpoint,
                     const std::filesystem::path& tokenizer, const std::filesystem::path& target);

// The same for the shared stories260K. False, and nothing written, where the shared data is absent.
bool write_stories260k(const std::filesystem::path& target);

}  // namespace quorum::testing
