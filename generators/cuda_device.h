// Which GPU `--device` names, and whether it can be used.
#pragma once

#include <optional>
#include <string>

namespace quorum {

// 0 for "cuda", i for "cuda:i", nothing for "cpu". Throws Error(kUsage) for anything else.
std::optional<int> cuda_index(const std::string& device);

// Throws Error(kEnvironment) that says what is missing and what to do: CUDA in this build, a
// driver, a device of that index, or something that this device lacks.
void require_cuda_device(int index);

// The engine's name in the identity of a sample: the same for every GPU.
std::string engine_name(const std::string& device);

}  // namespace quorum
