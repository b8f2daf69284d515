// stdin whole, JSON in and out, and where data goes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace quorum::cli {

// All of stdin. Throws Error(kUsage) when it is a terminal (naming what is expected) or larger than
// 64 MiB.
std::string read_stdin(std::string_view expected);
// Writes to the file (whole, atomically), or to stdout when the path is empty.
void write_data(const std::filesystem::path& out, std::string_view bytes);
// A remark on stderr, unless quiet.
void remark(bool quiet, std::string_view text);

}  // namespace quorum::cli
