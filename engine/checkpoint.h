// A checkpoint directory in the Hugging Face layout: where it is, what it says of itself.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "engine/decoder_spec.h"

namespace quorum {

// A directory as it stands, or a name such as `org/model` looked up in the local Hugging Face cache
// (`hf_home`/hub, the revision that refs/main names). `hf_home`: the value of HF_HOME, or
// ~/.cache/huggingface; the caller reads the environment. Throws Error(kUsage) that says where it
// looked and how to get the files.
std::filesystem::path locate_model(const std::string& directory_or_name,
                                   const std::filesystem::path& hf_home);

// Parses config.json (transformers 4 and 5 field names). `file` is named in errors. Unknown
// architectures, RoPE types, activations, quantization and active sliding windows are refused with
// what to do instead.
Result<DecoderSpec> parse_config(std::string_view json, const std::string& file);

// `from` with the eos and bos ids of a generation_config.json, where it gives any.
Result<DecoderSpec> parse_generation_config(std::string_view json, const std::string& file,
                                            const DecoderSpec& from);

// config.json and, for eos, bos, generation_config.json of a directory. Throws Error(kData).
DecoderSpec read_decoder_spec(const std::filesystem::path& directory);

// 64 hex digits over the names and contents of config, tokenizer, template and weight files. Weight
// files beyond 256 MiB are hashed by size, header and 64 evenly spaced blocks of 1 MiB ("sampled").
struct CheckpointHash {
  std::string hex;
  bool sampled = false;
};
CheckpointHash hash_checkpoint(const std::filesystem::path& directory);

}  // namespace quorum
