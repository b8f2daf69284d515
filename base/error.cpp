#include "base/error.h"

namespace quorum {

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
    case ErrorKind::kData: return 2;
    case ErrorKind::kIncomplete: return 3;
    case ErrorKind::kEnvironment: return 4;
    case ErrorKind::kNotComparable: return 5;
    case ErrorKind::kInterrupted: return 130;
    case ErrorKind::kInternal: return 70;
  }
  return 70;
}

Error::Error(ErrorKind kind, std::string what, std::string because, std::string hint)
    : kind_(kind), what_(std::move(what)), because_(std::move(because)), hint_(std::move(hint)) {
  full_ = what_;
  if (!because_.empty()) full_ += ": " + because_;
  if (!hint_.empty()) full_ += " (" + hint_ + ")";
}

void check_failed(const char* condition, std::string_view detail, const char* file, int line) {
  std::string because = std::string(file) + ":" + std::to_string(line);
  if (!detail.empty()) because += ": " + std::string(detail);
  throw Error(ErrorKind::kInternal, "internal check failed: " + std::string(condition), because,
              "this is a bug in Quorum: please report it with the command that you ran");
}

}  // namespace quorum
