#include "sandbox/cpp_support.h"

namespace quorum::sandbox {

std::optional<Error> no_cpp(const Report& report) {
  if (report.level == Level::kD)
    return Error(ErrorKind::kEnvironment, "C++ cannot be compiled safely at level D",
                 "without namespaces and Landlock a compiler reads every file",
                 "level C or a stronger one");
  if (report.compiler.empty())
    return Error(ErrorKind::kEnvironment, "C++ programs cannot be run here", report.no_compiler,
                 "install g++ (and allow vm.memfd_noexec below 2)");
  return std::nullopt;
}

}  // namespace quorum::sandbox
