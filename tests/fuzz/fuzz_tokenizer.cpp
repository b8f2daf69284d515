// Any bytes as tokenizer.json, then any text through it: errors are fine, crashes and hangs are
// not. The text follows the first zero byte.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "engine/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = input.find('\0');
  const std::string_view text = cut == std::string_view::npos ? "a b" : input.substr(cut + 1);
  const quorum::Result<quorum::Tokenizer> tokenizer =
      quorum::Tokenizer::parse(input.substr(0, cut), "", "tokenizer.json");
  quorum::Tokenizer::parse("{\"model\":{\"vocab\":{\"a\":0}}}", input.substr(0, cut),
                           "tokenizer.json")
      .ok();
  if (!tokenizer) return 0;
  try {
    const std::vector<quorum::TokenId> ids = tokenizer.value().encode(text);
    if (!quorum::is_valid_utf8(tokenizer.value().decode(ids))) std::abort();
    quorum::StreamDecoder stream(tokenizer.value());
    std::string streamed;
    for (const quorum::TokenId id : ids) {
      if (id < 0 || id >= tokenizer.value().vocab_size()) std::abort();
      streamed += stream.push(id);
    }
    if (!quorum::is_valid_utf8(streamed + stream.finish())) std::abort();
  } catch (const quorum::Error& error) {
    if (error.kind() == quorum::ErrorKind::kInternal) std::abort();
  }
  return 0;
}
