// The mistakes that tests are shown to notice (scripts/mutants.sh, tests/gpu/gate) are patches: one
// that no longer fits the sources, or fits another place, would show nothing.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "support/catch.h"
#include "support/test_data.h"

namespace {

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// How many hunks of a patch there are, and how many whose lines do not stand in their file, or
// twice.
struct Hunks {
  int all = 0, stale = 0;
};

Hunks check_patch(const std::string& patch, const std::filesystem::path& root) {
  Hunks hunks;
  std::string file, before;
  const auto end = [&] {
    if (before.empty()) return;
    ++hunks.all;
    const std::size_t at = file.find(before);
    hunks.stale += at == std::string::npos || file.find(before, at + 1) != std::string::npos;
    before.clear();
  };
  std::istringstream lines(patch);
  bool in_hunk = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("--- a/") || line.starts_with("+++ b/") || line.starts_with("@@")) end();
    if (line.starts_with("+++ b/")) file = read(root / line.substr(6, line.find('\t') - 6));
    in_hunk = line.starts_with("@@") ||
              (in_hunk && !line.starts_with("--- a/") && !line.starts_with("diff "));
    if (in_hunk && (line[0] == ' ' || line[0] == '-')) before += line.substr(1) + "\n";
  }
  end();
  return hunks;
}

}  // namespace

TEST_CASE("a patch fits where its lines stand, and only there") {
  quorum::testing::ScratchFolder folder;
  std::ofstream(folder.path() / "a.txt") << "one\ntwo\nthree\none\n";
  const std::string patch = "# what: an example\n--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n";
  CHECK(check_patch(patch + "-two\n+four\n", folder.path()).stale == 0);
  CHECK(check_patch(patch + "-three\n+four\n", folder.path()).stale == 1);
  CHECK(check_patch(patch, folder.path()).stale == 1);
  CHECK(check_patch(patch + "-two\n", folder.path()).all == 1);
}

TEST_CASE("the mistakes that tests are shown to notice fit the sources") {
  int patches = 0;
  for (const char* const folder : {"tests/mutants", "tests/gpu/gate"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(quorum::testing::source_path(folder))) {
      if (entry.path().extension() != ".patch") continue;
      ++patches;
      INFO(entry.path().string());
      const Hunks hunks = check_patch(read(entry.path()), quorum::testing::source_path(""));
      CHECK(hunks.all > 0);
      CHECK(hunks.stale == 0);
    }
  }
  CHECK(patches > 50);
}
