#include "generators/cuda_device.h"

#include <algorithm>

#include "base/error.h"

namespace quorum {
namespace {

constexpr std::string_view kPrefix = "cuda:";

}  // namespace

std::optional<int> cuda_index(const std::string& device) {
  if (device == "cpu") return std::nullopt;
  if (device == "cuda") return 0;
  const std::string digits = device.rfind(kPrefix, 0) == 0 ? device.substr(kPrefix.size()) : "";
  if (digits.empty() || digits.size() > 4 ||
      !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
    throw Error(ErrorKind::kUsage, "--device " + device + " is unknown", "",
                "cpu, cuda or cuda:INDEX");
  return std::stoi(digits);
}

std::string engine_name(const std::string& device) { return cuda_index(device) ? "cuda" : "cpu"; }

}  // namespace quorum
