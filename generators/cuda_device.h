// Which GPU `--device` names.
#pragma once

#include <optional>
#include <string>

namespace quorum {

// 0 for "cuda", i for "cuda:i", nothing for "cpu". Throws Error(kUsage) for anything else.
std::optional<int> cuda_index(const std::string& device);

// The engine's name in the identity of a sample: the same for every GPU.
std::string engine_name(const std::string& device);

}  // namespace quorum
