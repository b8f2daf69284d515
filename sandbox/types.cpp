#include "base/sha256.h"
#include "sandbox/memory_file.h"
#include "sandbox/sandbox.h"

namespace quorum::sandbox {

std::string_view to_string(Language language) {
  return language == Language::kPython ? "python" : "cpp";
}

std::string_view to_string(Level level) {
  constexpr std::string_view kNames[] = {"A", "B", "C", "D"};
  return kNames[static_cast<int>(level)];
}

std::optional<Level> parse_level(std::string_view name) {
  for (const Level level : {Level::kA, Level::kB, Level::kC, Level::kD})
    if (name == to_string(level)) return level;
  return std::nullopt;
}

std::string_view to_string(Ending ending) {
  switch (ending) {
    case Ending::kExited: return "OK";
    case Ending::kRuntimeError: return "RE";
    case Ending::kTimeLimit: return "TLE";
    case Ending::kMemoryLimit: return "MLE";
    case Ending::kOutputLimit: return "OLE";
    case Ending::kCompileError: return "CE";
  }
  return "";
}

std::string Program::hash() const {
  return Sha256().field(to_string(language)).field(source).hex();
}

struct Input::Memory {
  UniqueFd file;
};

Input::Input() = default;
Input::Input(std::string_view bytes)
    : memory_(std::make_shared<Memory>(Memory{make_memory_file(bytes, MemoryFileUse::kData)})) {}
int Input::descriptor() const { return memory_ ? memory_->file.get() : -1; }

}  // namespace quorum::sandbox
