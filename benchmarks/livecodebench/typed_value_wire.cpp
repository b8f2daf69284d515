// The form in which driver.py sends values.
#include <charconv>
#include <cstdlib>
#include <string>

#include "benchmarks/livecodebench/typed_value.h"

namespace quorum::code {
namespace {

using Kind = TypedValue::Kind;

class WireReader {
 public:
  WireReader(std::string_view bytes, std::size_t most) : bytes_(bytes), left_(most) {}

  bool value(TypedValue& out, int depth) {
    if (depth > kMaxValueDepth + 1 || at_ >= bytes_.size() || left_ == 0) return false;
    --left_;
    const char kind = bytes_[at_++];
    std::size_t size = 0;
    if (kind == 'N') return true;
    if (!read_size(size)) return false;
    switch (kind) {
      case 'i': return number(out, size, true);
      case 'f': return number(out, size, false);
      case 's': out.kind = Kind::kText; return text(out.text, size);
      case '?': out.kind = Kind::kOther; return text(out.text, size);
      case '[': out.kind = Kind::kList; return items(out, size, depth);
      case '(': out.kind = Kind::kTuple; return items(out, size, depth);
      case '{': out.kind = Kind::kMap; return size % 2 == 0 && items(out, size, depth);
      default: return false;
    }
  }
  bool at_end() const { return at_ == bytes_.size(); }
  bool too_many() const { return left_ == 0 && !at_end(); }

 private:
  bool read_size(std::size_t& size) {
    const char* begin = bytes_.data() + at_;
    const char* end = bytes_.data() + bytes_.size();
    const auto [next, error] = std::from_chars(begin, end, size);
    if (error != std::errc{} || next == end || *next != ':') return false;
    at_ += static_cast<std::size_t>(next - begin) + 1;
    return true;
  }
  bool text(std::string& out, std::size_t size) {
    if (size > bytes_.size() - at_) return false;
    out = bytes_.substr(at_, size);
    at_ += size;
    return true;
  }
  bool number(TypedValue& out, std::size_t size, bool integral) {
    std::string written;
    if (!text(written, size) || written.empty()) return false;
    if (integral) {
      const std::size_t first = written[0] == '-' ? 1 : 0;
      if (written.size() == first ||
          written.find_first_not_of("0123456789", first) != std::string::npos)
        return false;
      out = TypedValue::integer(written);
      return true;
    }
    char* end = nullptr;
    out = TypedValue::number(std::strtod(written.c_str(), &end));
    return end == written.c_str() + written.size();
  }
  bool items(TypedValue& out, std::size_t count, int depth) {
    if (count > bytes_.size() - at_) return false;  // each takes a byte at least
    // No room for what is only claimed.
    for (std::size_t i = 0; i < count; ++i)
      if (!value(out.items.emplace_back(), depth + 1)) return false;
    return true;
  }

  std::string_view bytes_;
  std::size_t at_ = 0, left_;
};

}  // namespace

Result<TypedValue> parse_wire_value(std::string_view bytes, std::size_t most) {
  WireReader reader(bytes, most);
  TypedValue value;
  if (reader.value(value, 0) && reader.at_end()) return value;
  if (reader.too_many())
    return Error(ErrorKind::kData, "holds more than " + std::to_string(most) + " values");
  return Error(ErrorKind::kData, "is no value in the driver's form");
}

}  // namespace quorum::code
