// The rows of a LaTeX environment.
#pragma once

#include <string_view>
#include <vector>

namespace quorum {

// The cells between & and \\ of what stands between \begin{…} and \end{…}, views into it.
std::vector<std::vector<std::string_view>> rows_of(std::string_view body);

}  // namespace quorum
