#include "benchmarks/livecodebench/encoded_tests.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/text.h"

namespace quorum::code {
namespace {

Error bad(std::string what, std::string because) {
  return Error(ErrorKind::kData, std::move(what), std::move(because),
               "take the file as it was published");
}

std::string hex_byte(unsigned char byte) {
  return "0x" + to_hex(std::string_view(reinterpret_cast<const char*>(&byte), 1));
}

struct Opcode {
  unsigned char code;
  const char* name;
};

// Those that make a pickle dangerous or different, by name for the message.
constexpr std::array kRefused = {
    Opcode{'c', "GLOBAL, which imports"},
    Opcode{'R', "REDUCE, which calls"},
    Opcode{0x93, "STACK_GLOBAL, which imports"},
    Opcode{'i', "INST, which calls"},
    Opcode{'o', "OBJ, which calls"},
    Opcode{0x81, "NEWOBJ, which calls"},
    Opcode{0x92, "NEWOBJ_EX, which calls"},
    Opcode{'b', "BUILD, which sets state"},
    Opcode{'P', "PERSID, which loads something"},
    Opcode{'Q', "BINPERSID, which loads something"},
    Opcode{0x82, "EXT1, which imports"},
    Opcode{0x83, "EXT2, which imports"},
    Opcode{0x84, "EXT4, which imports"},
    Opcode{'S', "STRING of protocol 0"},
    Opcode{'B', "BINBYTES: bytes, no text"},
    Opcode{'C', "SHORT_BINBYTES: bytes, no text"},
    Opcode{0x8e, "BINBYTES8: bytes, no text"},
    Opcode{0x96, "BYTEARRAY8: bytes, no text"},
    Opcode{']', "EMPTY_LIST: a list, no text"},
    Opcode{'}', "EMPTY_DICT: a dict, no text"},
    Opcode{'(', "MARK"},
};

class PickleReader {
 public:
  explicit PickleReader(std::string_view bytes) : bytes_(bytes) {}

  Result<std::string> read() {
    for (bool first = true;; first = false) {
      if (at_ >= bytes_.size()) return stop("it ends without STOP");
      const auto code = static_cast<unsigned char>(bytes_[at_++]);
      std::uint64_t value = 0;
      switch (code) {
        case 0x80:  // PROTO
          if (!first) return stop("PROTO in the middle");
          if (!number(1, value)) return stop("it breaks off");
          if (value < 2 || value > 5)
            return stop("protocol " + std::to_string(value) + " is unknown");
          break;
        case 0x95:  // FRAME
          if (!number(8, value)) return stop("it breaks off");
          if (value > bytes_.size() - at_) return stop("a frame reaches beyond the end");
          break;
        case 0x8c:  // SHORT_BINUNICODE
          if (auto why = text(1)) return stop(*why);
          break;
        case 'X':  // BINUNICODE
          if (auto why = text(4)) return stop(*why);
          break;
        case 0x8d:  // BINUNICODE8
          if (auto why = text(8)) return stop(*why);
          break;
        case 'V':  // UNICODE of protocol 0
          if (auto why = escaped_text()) return stop(*why);
          break;
        case 'p':  // PUT of protocol 0
          if (!found_ || !line()) return stop("PUT without a text");
          break;
        case 0x94:  // MEMOIZE
          if (!found_) return stop("MEMOIZE before the text");
          break;
        case 'q':  // BINPUT
          if (!found_ || !number(1, value)) return stop("BINPUT without a text");
          break;
        case 'r':  // LONG_BINPUT
          if (!found_ || !number(4, value)) return stop("LONG_BINPUT without a text");
          break;
        case '.':  // STOP
          if (!found_) return stop("it holds nothing");
          if (at_ != bytes_.size()) return stop("there is something behind STOP");
          return std::move(text_);
        default: return refuse(code);
      }
    }
  }

 private:
  Error stop(const std::string& why) const {
    return bad("the pickle is not one text",
               why + " (byte " + std::to_string(at_) + "); it was not run");
  }
  Error refuse(unsigned char code) const {
    for (const Opcode& known : kRefused)
      if (known.code == code)
        return bad("the pickle is not one text", "it has the instruction " +
                                                     std::string(known.name) + " (byte " +
                                                     std::to_string(at_ - 1) + "); it was not run");
    return bad("the pickle is not one text", "the instruction " + hex_byte(code) + " at byte " +
                                                 std::to_string(at_ - 1) +
                                                 " has no place in it; it was not run");
  }
  bool number(std::size_t bytes, std::uint64_t& value) {
    if (bytes > bytes_.size() - at_) return false;
    value = 0;
    for (std::size_t i = bytes; i-- > 0;)
      value = value << 8 | static_cast<unsigned char>(bytes_[at_ + i]);
    at_ += bytes;
    return true;
  }
  // Up to the line feed, which is passed.
  std::optional<std::string_view> line() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view out = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return out;
  }
  // A line of Latin-1 with \uXXXX and \UXXXXXXXX for everything else, line feeds and backslashes
  // included (Python's raw-unicode-escape).
  std::optional<std::string> escaped_text() {
    if (found_) return "a second value";
    const auto raw = line();
    if (!raw) return "it breaks off";
    text_.reserve(raw->size());
    for (std::size_t i = 0; i < raw->size(); ++i) {
      std::uint32_t code = static_cast<unsigned char>((*raw)[i]);
      const char kind = code == '\\' && i + 1 < raw->size() ? (*raw)[i + 1] : '\0';
      if (kind == 'u' || kind == 'U') {
        const std::size_t digits = kind == 'u' ? 4 : 8;
        const std::string_view hex = raw->substr(i + 2, digits);
        const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
        if (hex.size() != digits || error != std::errc() || end != hex.data() + digits)
          return "an escape is damaged";
        if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return "the text is not UTF-8";
        i += 1 + digits;
      }
      append_utf8(text_, code);
    }
    found_ = true;
    return std::nullopt;
  }
  std::optional<std::string> text(std::size_t length_bytes) {
    std::uint64_t size = 0;
    if (found_) return "a second value";
    if (!number(length_bytes, size)) return "it breaks off";
    if (size > bytes_.size() - at_) return "a text reaches beyond the end";
    text_ = bytes_.substr(at_, size);
    if (!is_valid_utf8(text_)) return "the text is not UTF-8";
    at_ += size;
    found_ = true;
    return std::nullopt;
  }

  std::string_view bytes_;
  std::string text_;
  std::size_t at_ = 0;
  bool found_ = false;
};

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

Result<std::string> decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int held = 0, padding = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
    if (c == '=') {
      if (++padding > 2) return bad("the base64 text is damaged", "too much padding");
      continue;
    }
    const int value = base64_value(c);
    if (value < 0 || padding > 0)
      return bad("the base64 text is damaged",
                 "an unexpected character at byte " + std::to_string(at));
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if (++held == 4) {
      for (const int shift : {16, 8, 0}) out += static_cast<char>(bits >> shift & 0xff);
      bits = 0;
      held = 0;
    }
  }
  if ((held + padding) % 4 != 0 || held == 1)
    return bad("the base64 text is damaged", "it breaks off");
  if (held == 3) {
    out += static_cast<char>(bits >> 10 & 0xff);
    out += static_cast<char>(bits >> 2 & 0xff);
  } else if (held == 2) {
    out += static_cast<char>(bits >> 4 & 0xff);
  }
  return out;
}

Result<std::string> inflate_bounded(std::string_view compressed, std::size_t max_bytes) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK)
    return Error(ErrorKind::kEnvironment, "zlib cannot be started", "no memory");
  struct End {
    z_stream& stream;
    ~End() { inflateEnd(&stream); }
  } end{stream};
  std::string out;
  std::vector<char> buffer(std::size_t{1} << 18);
  std::string_view rest = compressed;
  for (;;) {
    if (stream.avail_in == 0) {
      // zlib counts in 32 bits.
      const std::string_view chunk = rest.substr(0, std::size_t{1} << 30);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(chunk.data()));
      stream.avail_in = static_cast<uInt>(chunk.size());
      rest.remove_prefix(chunk.size());
    }
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = buffer.size() - stream.avail_out;
    if (made > max_bytes - out.size())
      return bad("the compressed tests are too large",
                 "they unpack to more than " + std::to_string(max_bytes) + " bytes");
    out.append(buffer.data(), made);
    if (status == Z_STREAM_END) {
      if (stream.avail_in > 0 || !rest.empty())
        return bad("the compressed tests are damaged", "there is something behind the zlib stream");
      return out;
    }
    if (status == Z_BUF_ERROR ||
        (status == Z_OK && made == 0 && stream.avail_in == 0 && rest.empty()))
      return bad("the compressed tests are damaged", "the zlib stream breaks off");
    if (status != Z_OK)
      return bad("the compressed tests are damaged",
                 std::string("zlib says: ") + (stream.msg != nullptr ? stream.msg : "error"));
  }
}

Result<std::string> unpickle_text(std::string_view pickle) { return PickleReader(pickle).read(); }

Result<std::string> decode_tests(std::string_view encoded, std::size_t max_bytes) {
  Result<std::string> compressed = decode_base64(encoded);
  if (!compressed.ok()) return compressed;
  // The pickle around the text takes a few bytes.
  Result<std::string> pickle = inflate_bounded(compressed.value(), max_bytes + 64);
  if (!pickle.ok()) return pickle;
  return unpickle_text(pickle.value());
}

}  // namespace quorum::code
