#include "benchmarks/math/byte_search.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/error.h"

namespace quorum {
namespace {

constexpr std::size_t kWidth = 16;
// GCC's and clang's vectors: SSE2 or NEON where there is such a thing, plain code elsewhere.
using Bytes = std::uint8_t __attribute__((vector_size(kWidth)));

Bytes load(const char* at) {
  Bytes bytes;
  std::memcpy(&bytes, at, kWidth);
  return bytes;
}

Bytes all(char c) {
  Bytes bytes;
  std::memset(&bytes, static_cast<unsigned char>(c), kWidth);
  return bytes;
}

// Comparisons give vectors of signed bytes, 0 or -1.
template <class Mask>
bool any(const Mask& mask) {
  std::uint64_t halves[2];
  std::memcpy(halves, &mask, kWidth);
  return (halves[0] | halves[1]) != 0;
}

char fold(char c) { return static_cast<char>(static_cast<unsigned char>(c) | 0x20); }

}  // namespace

std::size_t find_three(std::string_view text, std::string_view wanted, std::size_t from) {
  QUORUM_CHECK(wanted.size() == 3);
  const Bytes a = all(wanted[0]), b = all(wanted[1]), c = all(wanted[2]);
  std::size_t at = from;
  for (; at + kWidth + 2 <= text.size(); at += kWidth) {
    const char* const p = text.data() + at;
    if (!any((load(p) == a) & (load(p + 1) == b) & (load(p + 2) == c))) continue;
    while (text.substr(at, 3) != wanted) ++at;
    return at;
  }
  for (; at + 3 <= text.size(); ++at)
    if (text.substr(at, 3) == wanted) return at;
  return std::string_view::npos;
}

std::size_t find_last_three_folded(std::string_view text, std::string_view wanted,
                                   std::size_t end) {
  QUORUM_CHECK(wanted.size() == 3);
  if (text.size() < 3) return std::string_view::npos;
  const auto matches = [&](std::size_t at) {
    for (std::size_t i = 0; i < 3; ++i) {
      const char c = text[at + i];
      const bool capital = c >= 'A' && c <= 'Z';
      if ((capital ? fold(c) : c) != wanted[i]) return false;
    }
    return true;
  };
  const Bytes a = all(fold(wanted[0])), b = all(fold(wanted[1])), c = all(fold(wanted[2])),
              lower = all(0x20);
  std::size_t at = std::min(end, text.size() - 2);  // one past the place that is looked at next
  while (at > 0) {
    // A block without the folded bytes is passed at once; folding more than letters only costs a
    // look.
    if (at >= kWidth) {
      const char* const p = text.data() + at - kWidth;
      if (!any(((load(p) | lower) == a) & ((load(p + 1) | lower) == b) &
               ((load(p + 2) | lower) == c))) {
        at -= kWidth;
        continue;
      }
    }
    for (const std::size_t stop = at - std::min(at, kWidth); at > stop;)
      if (matches(--at)) return at;
  }
  return std::string_view::npos;
}

bool has_control(std::string_view text) {
  std::size_t at = 0;
  const Bytes space = all(' '), tab = all('\t'), feed = all('\n'), back = all('\r'),
              deleted = all('\x7f');
  for (; at + kWidth <= text.size(); at += kWidth) {
    const Bytes bytes = load(text.data() + at);
    const auto low = (bytes < space) & (bytes != tab) & (bytes != feed) & (bytes != back);
    if (any(low | (bytes == deleted))) return true;
  }
  return std::any_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_control);
}

}  // namespace quorum
