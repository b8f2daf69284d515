// Readers of tokenizer.json, tokenizer_config.json and special_tokens_map.json. The files are
// untrusted: depth, sizes and ids are bounded, and every component that is not known is refused by
// name.
#pragma once

#include <string>
#include <string_view>

#include "engine/tokenizer/spec.h"

namespace quorum::tok {

// Throws Error(kData) naming `file` and the field.
TokenizerSpec read_tokenizer_json(std::string_view json, const std::string& file);

// `special_tokens_map` fills in what the config lacks. Both may be empty. Throws Error(kData).
TokenizerConfig read_tokenizer_config(std::string_view config, const std::string& config_file,
                                      std::string_view special_tokens_map,
                                      const std::string& map_file);

}  // namespace quorum::tok
