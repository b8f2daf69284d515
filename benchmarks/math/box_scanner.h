// Finds the boxes of a text (\boxed, \fbox, \beginboxed) in one pass.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quorum {

struct Box {
  std::size_t begin = 0;          // the first backslash of the command
  std::size_t end = 0;            // one past the box
  std::size_t content_begin = 0;  // what the box holds: text[content_begin, content_end)
  std::size_t content_end = 0;
  bool braced = true;           // false: \boxed 7, one TeX token
  bool double_escaped = false;  // \\boxed: the text was escaped twice
};

struct BoxScan {
  std::vector<Box> boxes;   // complete ones that are not inside another complete one, in order
  bool unbalanced = false;  // a box that was opened after the last complete one never closes
  std::size_t steps = 0;    // bytes looked at, for tests of linearity
};

// Braces are balanced ignoring \{ and \}; \boxed {7} and \boxed 7 (one TeX token; a number counts
// as one token) are boxes. Linear in the size of the text, whatever it holds.
BoxScan scan_boxes(std::string_view text);

// The content of a box that may hold others: what the innermost box holds when that one ends the
// content
// (\boxed{x = \boxed{5}} gives 5), otherwise the content with the inner boxes unwrapped. Nesting
// beyond 8 gives nothing.
std::string unwrap_inner_boxes(std::string_view content);

}  // namespace quorum
