// Problems of LiveCodeBench whose tests fail right programs, or cannot judge them. They are marked,
// never left out.
#pragma once

#include <string_view>

namespace quorum::code {

// Why; empty: nothing is known. `title` is that of the published file ("find-the-peaks").
std::string_view known_bad(std::string_view question_id, std::string_view title);

}  // namespace quorum::code
