// The hidden tests of published LiveCodeBench files: a JSON text, pickled, compressed by zlib and
// written in base64. Read by bounded parsers that execute nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace quorum::code {

inline constexpr std::size_t kMaxTestsBytes = std::size_t{1} << 30;  // of the JSON text

// The bytes behind the base64 text (RFC 4648, padded, white space ignored).
Result<std::string> decode_base64(std::string_view text);

// What a zlib stream (RFC 1950) holds; nothing may stand behind it. At most `max_bytes`, so that a
// small file cannot become a large one.
Result<std::string> inflate_bounded(std::string_view compressed, std::size_t max_bytes);

// The text that a pickle holds, of the protocols 0 to 5. A pickle is a program; this reads only
// those that push one text and stop: PROTO, FRAME, one of the four texts, MEMOIZE or PUT, STOP.
// Everything else, above all what could import or call something, is refused by name.
Result<std::string> unpickle_text(std::string_view pickle);

// All three in turn. The errors say which step failed, and where.
Result<std::string> decode_tests(std::string_view encoded, std::size_t max_bytes = kMaxTestsBytes);

}  // namespace quorum::code
