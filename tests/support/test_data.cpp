#include "support/test_data.h"

#include <stdlib.h>

#include <cstdio>
#include <stdexcept>

namespace quorum::testing {

std::filesystem::path source_path(const std::string& relative) {
  return std::filesystem::path(QUORUM_SOURCE_DIR) / relative;
}

std::filesystem::path program_path() { return QUORUM_BINARY; }

std::optional<std::filesystem::path> shared_data(const std::string& relative) {
  const char* set = std::getenv("QUORUM_TEST_DATA");
  const std::filesystem::path root =
      set != nullptr ? std::filesystem::path(set) : source_path("../shared/data");
  const std::filesystem::path path = root / relative;
  if (std::filesystem::exists(path)) return path;
  const char* require = std::getenv("QUORUM_REQUIRE");
  if (require != nullptr && std::string(require).find("data") != std::string::npos)
    throw std::runtime_error("QUORUM_REQUIRE=data is set, and " + path.string() + " is absent");
  std::printf("SKIPPED: %s is absent\n", path.c_str());
  return std::nullopt;
}

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "quorum-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace quorum::testing
