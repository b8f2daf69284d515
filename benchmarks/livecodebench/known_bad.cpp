#include "benchmarks/livecodebench/known_bad.h"

namespace quorum::code {
namespace {

constexpr std::string_view kSeveral = "several answers are right, the tests take one";
constexpr std::string_view kInteractive = "interactive: the tests cannot talk to a program";
constexpr std::string_view kBroken = "its tests are known to be broken";

struct Item {
  std::string_view name, why;
};

// LiveCodeBench's own errata and its issue 106.
constexpr Item kItems[] = {
    {"abc311_c", kSeveral},
    {"abc326_d", kSeveral},
    {"abc327_b", kSeveral},
    {"abc333_e", kSeveral},
    {"abc343_a", kSeveral},
    {"abc343_e", kSeveral},
    {"abc362_c", kSeveral},
    {"arc185_c", kSeveral},
    {"find-words-containing-character", kSeveral},
    {"find-the-peaks", kSeveral},
    {"generate-binary-strings-without-adjacent-zeros", kSeveral},
    {"abc337_e", kInteractive},
    {"abc355_e", kInteractive},
    {"abc350_c", kBroken},
    {"arc189_a", kBroken},
    {"apply-operations-to-make-string-empty", kBroken},
    {"most-frequent-ids", kBroken},
};

}  // namespace

std::string_view known_bad(std::string_view question_id, std::string_view title) {
  for (const Item& item : kItems)
    if (item.name == question_id || item.name == title) return item.why;
  return {};
}

}  // namespace quorum::code
