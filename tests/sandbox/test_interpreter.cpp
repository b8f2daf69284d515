#include "sandbox/interpreter.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/file.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum::sandbox {

TEST_CASE("The interpreter is the first of PATH that has numpy") {
  const auto system = find_python("/usr/bin/python3");
  if (!system || system.value().numpy_version.empty()) {
    std::cout << "SKIPPED: /usr/bin/python3 has no numpy\n";
    return;
  }
  // A virtual environment without packages stands before it, as where one is active.
  testing::ScratchFolder folder;
  const auto bare = folder.path() / "bin/python3";
  std::filesystem::create_directories(bare.parent_path());
  std::filesystem::create_symlink(system.value().executable, bare);
  write_file_atomic(folder.path() / "pyvenv.cfg",
                    "home = /usr/bin\ninclude-system-site-packages = false\n");
  const std::string path = std::getenv("PATH");
  setenv("PATH", (bare.parent_path().string() + ":/usr/bin").c_str(), 1);
  const auto chosen = find_python({});
  const auto named = find_python(bare);
  setenv("PATH", bare.parent_path().c_str(), 1);
  const auto behind = find_python({});
  setenv("PATH", path.c_str(), 1);
  REQUIRE(chosen);
  CHECK(chosen.value().numpy_version == system.value().numpy_version);
  REQUIRE(named);
  CHECK(named.value().numpy_version.empty());
  REQUIRE(behind);  // /usr/bin is looked into where PATH lacks it
  CHECK(behind.value().numpy_version == system.value().numpy_version);
}

}  // namespace quorum::sandbox
