// Units in the notation of an answer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quorum {

// Whether the $ at `at` is a sign of currency: no other one delimits mathematics with it.
bool is_lone_dollar(std::string_view text, std::size_t at);

// Appends what a dollar sign at `at` means, whose bytes are `sign`, to `out`, the normal form of
// what stands before it: of \$5 the number and its unit in words, else nothing. Gives the place
// behind what was read.
std::size_t dollars(std::string_view text, std::size_t at, std::size_t sign, std::string& out);

// 60\frac{\text{km}}{\text{h}}: appends the unit to `out`, which holds the number, and gives the
// place behind it; 0: the command at `at`, whose name ends at `end`, is something else.
std::size_t fraction_of_units(std::string_view text, std::size_t at, std::size_t end,
                              std::string& out);

}  // namespace quorum
