#include "cli/stdio.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/error.h"
#include "base/file.h"
#include "cli/environment.h"

namespace quorum::cli {

std::string read_stdin(std::string_view expected) {
  if (is_terminal(STDIN_FILENO))
    throw Error(ErrorKind::kUsage, "nothing on stdin", "it is a terminal",
                "pipe " + std::string(expected) + " into it");
  constexpr std::size_t kMost = std::size_t{64} << 20;
  std::string bytes;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t n = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(ErrorKind::kUsage, "cannot read stdin", std::strerror(errno));
    if (n == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(n));
    if (bytes.size() > kMost)
      throw Error(ErrorKind::kUsage, "stdin is too large", "at most 64 MiB are read");
  }
}

void write_data(const std::filesystem::path& out, std::string_view bytes) {
  if (!out.empty())
    write_file_atomic(out, bytes);
  else
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

void remark(bool quiet, std::string_view text) {
  if (!quiet) std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
}

}  // namespace quorum::cli
