// Sizes for people.
#pragma once

#include <string>

namespace quorum::cli {

// "1.5 GiB".
std::string format_size(double bytes);

}  // namespace quorum::cli
