// Where tests find files: the project's own, the shared real data, and scratch folders that clean
// up after themselves.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace quorum::testing {

// A file or folder of this checkout.
std::filesystem::path source_path(const std::string& relative);

// The built program, for tests that run it as a user does.
std::filesystem::path program_path();

// A file or folder of the shared data (QUORUM_TEST_DATA, else ../shared/data beside the checkout).
// Where it is absent it prints "SKIPPED: why" and gives nullopt, or fails the test when
// QUORUM_REQUIRE contains "data". Use:
//   const auto path = shared_data("aime/aime24.json"); if (!path) return;
std::optional<std::filesystem::path> shared_data(const std::string& relative);

// A fresh folder that is removed with its contents.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace quorum::testing
