// Which Python and which compiler this machine has, and which of its files they need.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "sandbox/box_root.h"

namespace quorum::sandbox {

struct Python {
  // The real file, no link and no shim; of a virtual environment its own link, by which the
  // interpreter knows that it is one.
  std::string executable;
  std::string version;        // "3.11.2"
  std::string numpy_version;  // empty: none
  // Where programs look for modules: folders of the interpreter's own, its library and its
  // site-packages.
  std::vector<std::string> path;
  // Other folders on its path, which a .pth file named: programs do not see them.
  std::vector<std::string> foreign_path;
  BoxFiles files;
};
// `wanted` empty: the first python3 of PATH that has numpy, which programs for LiveCodeBench may
// import; where there is none, the first. Scripts (shims) come behind programs and stand for what
// they start. Runs each for some milliseconds. An error says what is missing.
Result<Python> find_python(const std::filesystem::path& wanted);

struct Compiler {
  std::string executable;
  std::string version;  // first line of --version
  bool links_static;    // whether static archives of libc and libstdc++ are there
  BoxFiles files;
};
std::optional<Compiler> find_compiler();

}  // namespace quorum::sandbox
