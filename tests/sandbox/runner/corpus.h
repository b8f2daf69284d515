// The attacks of tests/sandbox/attacks: programs whose first comment says what must become of them.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace quorum::attacks {

// A file's first comment has lines `# key: value` (C++: `// key: value`):
// - attack: what it attacks and how; "none: …" for programs that must simply work
// - wanted: the endings that are right: "TLE", "MLE or RE", …
// - after: what must hold afterwards
// - wall: what stops it
// - control: what the same program does without a sandbox (control.h)
// and where needed
// - prints: a line of the output must contain it (repeatable)
// - exit, signal: how it must end, inside and outside
// - reaches: no, when it is stopped before its first line
// - levels: at which the walls promise to stop it; absent: all. Elsewhere it may succeed.
// - time, cpu: limits in seconds; memory: limit in MiB; cpu-below: seconds that it may use
// - stdin: bytes of input
// - follows: the attack that must run before it
// - control-in: surroundings of the control (control.h); control-as: nobody; control-needs: root
// - machine: the only processor that it is made for
// - library: what it needs that level D has no more: there the interpreter is alone
// - slow: why it takes seconds: left out of quick runs
struct Attack {
  std::string
      name;  // of the file, without its extension; "system_call/NAME" for lines of the table
  bool cpp = false;    // else Python
  std::string source;  // with placeholders like @COUNT@
  std::map<std::string, std::string> keys;
  std::vector<std::string> prints;
  std::set<std::string> wanted;

  std::string key(const std::string& which, const std::string& otherwise = "") const;
  double number(const std::string& which, double otherwise) const;
  bool holds_at(const std::string& level) const;
};

// All attacks of a folder, ordered by name. Throws std::runtime_error naming the file whose comment
// lacks something or has an unknown key.
std::vector<Attack> load_corpus(const std::filesystem::path& folder);

// `source` with each @NAME@ replaced. @SYS_NAME@ is the number of a system call of this machine, -1
// where it has none. Throws std::runtime_error for a name that is not in `values`.
std::string substitute(const std::string& source, const std::map<std::string, std::string>& values);

}  // namespace quorum::attacks
