// Which program this is: version, commit, compiler.
#pragma once

#include <string>

namespace quorum {

struct BuildInfo {
  std::string version;   // "0.1.0"
  std::string commit;    // 12 hex digits, with "-dirty" when files differed; empty: unknown
  std::string compiler;  // "GNU 12.2.0"
  std::string flags;     // build type and flags
};
const BuildInfo& build_info();

// "0.1.0 (1a2b3c4d5e6f)".
std::string version_text();

}  // namespace quorum
