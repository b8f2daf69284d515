// attack_runner: the attacks of tests/sandbox/attacks, in the sandbox and outside; a line each on
// stdout.
//
//   attack_runner controls [--only PREFIX] [--slow]
//   attack_runner contained LEVEL [--without WALL] [--only PREFIX] [--slow] [--workers N]
//   attack_runner endure LEVEL RUNS [--workers N] [--tolerate N] [--quiet]
//   attack_runner kills LEVEL ROUNDS [--target NAME] [--within MS] [--seed N]
//
// Exit code: 0 all as it must be, 1 not (with --without: no attack succeeded), 2 usage, 4 this
// machine does not allow the level.
#include <cstdio>
#include <exception>
#include <map>

#include "base/error.h"
#include "sandbox/runner/endurance.h"
#include "sandbox/runner/modes.h"
#include "support/test_data.h"

namespace {

using namespace quorum::attacks;

struct Usage : std::exception {};

// The words behind the mode: first those without --, then pairs of flag and value.
struct Arguments {
  std::vector<std::string> plain;
  std::map<std::string, std::string> flags;

  explicit Arguments(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i].rfind("--", 0) != 0)
        plain.push_back(words[i]);
      else if (words[i] == "--slow" || words[i] == "--quiet")
        flags[words[i]] = "yes";
      else if (i + 1 < words.size())
        flags[words[i]] = words[i + 1], ++i;
      else
        throw Usage();
    }
  }
  std::string take(const std::string& flag, const std::string& otherwise = "") {
    const auto found = flags.find(flag);
    if (found == flags.end()) return otherwise;
    std::string value = found->second;
    flags.erase(found);
    return value;
  }
  void expect(std::size_t words) const {
    if (plain.size() != words || !flags.empty()) throw Usage();
  }
};

int run(const std::string& mode, Arguments arguments, const std::string& self) {
  Selection selection;
  selection.only = arguments.take("--only");
  selection.slow = arguments.take("--slow") == "yes";
  SandboxChoice choice;
  choice.launcher = quorum::testing::program_path().string();
  choice.workers = std::stoi(arguments.take("--workers", "0"));
  choice.without = arguments.take("--without");
  choice.target = arguments.take("--target");
  choice.within_ms = static_cast<unsigned>(std::stoul(arguments.take("--within", "1000")));
  choice.quiet = arguments.take("--quiet") == "yes";
  const int tolerated = std::stoi(arguments.take("--tolerate", "0"));
  const auto seed = static_cast<unsigned>(std::stoul(arguments.take("--seed", "1")));
  const auto level = [&](std::size_t words) {
    arguments.expect(words);
    return arguments.plain[0];
  };
  const auto corpus = [] {
    return load_corpus(quorum::testing::source_path("tests/sandbox/attacks"));
  };
  if (mode == "controls") {
    arguments.expect(0);
    return run_controls(corpus(), selection) == 0 ? 0 : 1;
  }
  if (mode == "contained") {
    choice.level = level(1);
    const int failures = run_contained(corpus(), selection, choice);
    return (failures == 0) == choice.without.empty() ? 0 : 1;
  }
  if (mode == "endure") {
    choice.level = level(2);
    return run_endurance(choice, std::stol(arguments.plain[1])) <= tolerated ? 0 : 1;
  }
  if (mode == "kills") {
    choice.level = level(2);
    return run_kills(self, choice, std::stoi(arguments.plain[1]), seed) == 0 ? 0 : 1;
  }
  throw Usage();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : "", Arguments({argv + std::min(argc, 2), argv + argc}),
               argv[0]);
  } catch (const Usage&) {
    std::fprintf(
        stderr,
        "attack_runner controls [--only PREFIX] [--slow]\n"
        "attack_runner contained LEVEL [--without WALL] [--only PREFIX] [--slow] [--workers N]\n"
        "attack_runner endure LEVEL RUNS [--workers N] [--tolerate N] [--quiet]\n"
        "attack_runner kills LEVEL ROUNDS [--target NAME] [--within MS] [--seed N]\n");
    return 2;
  } catch (const quorum::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.kind() == quorum::ErrorKind::kEnvironment ? 4 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
