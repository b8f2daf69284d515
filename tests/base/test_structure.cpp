// The dependency arrows of docs/ARCHITECTURE.md, kept by reading every #include.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "support/catch.h"
#include "support/test_data.h"

namespace {

const std::map<std::string, std::set<std::string>> kAllowed{
    {"base", {"base"}},
    {"engine", {"base", "engine"}},
    {"sandbox", {"base", "sandbox"}},
    {"harness", {"base", "harness"}},
    {"generators", {"base", "harness", "engine", "generators"}},
    {"benchmarks", {"base", "harness", "sandbox", "benchmarks"}},
    {"reports", {"base", "harness", "reports"}},
    {"cli", {"base", "engine", "sandbox", "harness", "generators", "benchmarks", "reports", "cli"}},
};

// Headers that cost seconds a file: they stay out of our headers (docs/ARCHITECTURE.md).
const std::set<std::string> kHeavy{"nlohmann", "boost", "CLI", "fmt", "SQLiteCpp", "re2", "oniguruma.h", "utf8proc.h"};

}  // namespace

TEST_CASE("no folder includes what the architecture forbids") {
  int read = 0;
  for (const auto& [folder, allowed] : kAllowed) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(quorum::testing::source_path(folder))) {
      const std::string extension = entry.path().extension();
      if (extension != ".h" && extension != ".cpp" && extension != ".cu" && extension != ".cuh") continue;
      ++read;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        if (line.rfind("#include ", 0) != 0) continue;
        const std::string target = line.substr(10, line.find_first_of("\">", 10) - 10);
        const std::string top = target.substr(0, target.find('/'));
        INFO(entry.path().string() << ": " << line);
        if (kAllowed.count(top) != 0) CHECK(allowed.count(top) == 1);
        if (folder == "base") CHECK(kHeavy.count(top) == 0);
        const bool forward = target == "nlohmann/json_fwd.hpp";  // declarations only
        if (extension == ".h" && !forward) CHECK(kHeavy.count(top) == 0);
      }
    }
  }
  CHECK(read > 20);
}
