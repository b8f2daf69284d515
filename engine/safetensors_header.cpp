#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>

#include "base/text.h"
#include "engine/safetensors.h"

namespace quorum {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are little-endian");

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the limit of the reference implementation
constexpr std::size_t kMaxRank = 16;
constexpr std::size_t kShownCharacters = 120;

std::string shown(std::string_view name) {
  std::string text = sanitize_utf8(name.substr(0, kShownCharacters));
  if (name.size() > kShownCharacters) text += "…";
  return "`" + text + "`";
}

std::optional<DType> dtype_of(std::string_view name) {
  if (name == "F32") return DType::kF32;
  if (name == "F16") return DType::kF16;
  if (name == "BF16") return DType::kBF16;
  return std::nullopt;
}

// Builds the entries while the JSON is read; no tree is made. States are the positions in
// {"name": {"dtype": …, "shape": […], "data_offsets": […]}, "__metadata__": {"key": "text"}}.
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<SafetensorsEntry> entries;
  std::string problem;  // of the tensor `entries.back()` or of the header as a whole
  std::string problem_tensor, problem_hint;

  bool null() override { return fail("a null value"); }
  bool boolean(bool) override { return fail("a boolean value"); }
  bool number_integer(number_integer_t) override { return fail("a negative number"); }
  bool number_float(number_float_t, const string_t&) override {
    return fail("a number that is not an integer");
  }
  bool binary(binary_t&) override { return fail("a binary value"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (state_ == State::kShape) {
      if (entries.back().shape.size() == kMaxRank)
        return fail("more than " + std::to_string(kMaxRank) + " dimensions");
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return fail("a dimension beyond 63 bits");
      entries.back().shape.push_back(static_cast<std::int64_t>(value));
      return true;
    }
    if (state_ == State::kOffsets) {
      if (offsets_ == 2) return fail("more than two data_offsets");
      (offsets_++ == 0 ? entries.back().begin : entries.back().end) = value;
      return true;
    }
    return fail("a number where none belongs");
  }

  bool string(string_t& text) override {
    if (state_ == State::kMetadata) return true;
    if (state_ != State::kField || field_ != Field::kDtype)
      return fail("a text where none belongs");
    const auto dtype = dtype_of(text);
    if (!dtype)
      return fail("dtype " + shown(text) + "; supported are F32, F16 and BF16",
                  "use the BF16 checkpoint of the same model, or convert this one");
    entries.back().dtype = *dtype;
    state_ = State::kFields;
    return true;
  }

  bool start_object(std::size_t) override {
    if (state_ == State::kStart) {
      state_ = State::kNames;
    } else if (state_ == State::kValue) {
      state_ = is_metadata_ ? State::kMetadata : State::kFields;
      seen_ = {};
      offsets_ = 0;
    } else {
      return fail("an object where none belongs");
    }
    return true;
  }

  bool key(string_t& name) override {
    if (state_ == State::kNames) {
      is_metadata_ = name == "__metadata__";
      if (!is_metadata_) entries.push_back({.name = name});
      state_ = State::kValue;
      return true;
    }
    if (state_ == State::kMetadata) return true;
    const std::array<std::string_view, 3> fields{"dtype", "shape", "data_offsets"};
    const auto found = std::find(fields.begin(), fields.end(), name);
    if (found == fields.end()) return fail("the unknown field " + shown(name));
    const auto index = static_cast<std::size_t>(found - fields.begin());
    if (seen_[index]) return fail("the field " + name + " twice");
    seen_[index] = true;
    field_ = static_cast<Field>(index);
    state_ = State::kField;
    return true;
  }

  bool start_array(std::size_t) override {
    if (state_ != State::kField || field_ == Field::kDtype)
      return fail("a list where none belongs");
    state_ = field_ == Field::kShape ? State::kShape : State::kOffsets;
    return true;
  }

  bool end_array() override {
    if (state_ == State::kOffsets && offsets_ != 2) return fail("fewer than two data_offsets");
    state_ = State::kFields;
    return true;
  }

  bool end_object() override {
    if (state_ == State::kNames) {
      state_ = State::kEnd;
      return true;
    }
    if (state_ == State::kFields && !(seen_[0] && seen_[1] && seen_[2]))
      return fail("no dtype, shape or data_offsets");
    state_ = State::kNames;
    return true;
  }

  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::json::exception& error) override {
    problem = sanitize_utf8(error.what());
    return false;
  }

 private:
  enum class State { kStart, kNames, kValue, kMetadata, kFields, kField, kShape, kOffsets, kEnd };
  enum class Field { kDtype, kShape, kOffsets };

  bool fail(std::string found, std::string hint = {}) {
    problem = "the header has " + std::move(found);
    problem_hint = std::move(hint);
    if (!entries.empty() && !is_metadata_) problem_tensor = entries.back().name;
    return false;
  }

  State state_ = State::kStart;
  Field field_ = Field::kDtype;
  bool is_metadata_ = false;
  std::array<bool, 3> seen_{};
  int offsets_ = 0;
};

// The bytes of a tensor, or nullopt when they do not fit 64 bits.
std::optional<std::uint64_t> needed_bytes(const SafetensorsEntry& entry) {
  std::uint64_t bytes = dtype_bytes(entry.dtype);
  for (const std::int64_t dimension : entry.shape)
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(dimension), &bytes))
      return std::nullopt;
  return bytes;
}

std::string tensor_in(const std::string& file, std::string_view name) {
  return file + ": tensor " + shown(name);
}

constexpr const char* kFetchAgain =
    "the file is damaged or not whole: fetch it again and compare its size with the published one";

std::optional<Error> check_extent(SafetensorsEntry& entry, std::uint64_t data_begin,
                                  std::uint64_t file_bytes, const std::string& file) {
  const auto fail = [&](const std::string& because) {
    return Error(ErrorKind::kData, tensor_in(file, entry.name), because, kFetchAgain);
  };
  const auto needed = needed_bytes(entry);
  if (!needed) return fail("its shape has more elements than fit 64 bits");
  const std::uint64_t data_bytes = file_bytes - data_begin;
  if (entry.begin > entry.end || entry.end > data_bytes)
    return fail("data_offsets [" + std::to_string(entry.begin) + ", " + std::to_string(entry.end) +
                "] do not lie inside the " + std::to_string(data_bytes) +
                " bytes of data that the file has");
  if (entry.end - entry.begin != *needed)
    return fail("data_offsets give " + std::to_string(entry.end - entry.begin) +
                " bytes; expected " + std::to_string(*needed) + " for its dtype and shape");
  entry.begin += data_begin;
  entry.end += data_begin;
  return std::nullopt;
}

// The data must be covered without gaps or overlaps, as the format demands: bytes that no tensor
// owns could hide content.
std::optional<Error> check_coverage(const std::vector<SafetensorsEntry>& entries,
                                    std::uint64_t data_begin, std::uint64_t file_bytes,
                                    const std::string& file) {
  std::vector<const SafetensorsEntry*> order;
  for (const SafetensorsEntry& entry : entries) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::tie(a->begin, a->end) < std::tie(b->begin, b->end);
  });
  std::uint64_t at = data_begin;
  for (const SafetensorsEntry* entry : order) {
    if (entry->begin < at)
      return Error(ErrorKind::kData, tensor_in(file, entry->name),
                   "its bytes overlap those of another tensor", kFetchAgain);
    if (entry->begin > at)
      return Error(ErrorKind::kData, tensor_in(file, entry->name),
                   std::to_string(entry->begin - at) + " bytes before it belong to no tensor",
                   kFetchAgain);
    at = entry->end;
  }
  if (at != file_bytes)
    return Error(
        ErrorKind::kData,
        file + ": " + std::to_string(file_bytes - at) + " bytes at the end belong to no tensor",
        "expected a file of " + std::to_string(at) + " bytes", kFetchAgain);
  return std::nullopt;
}

}  // namespace

Result<std::vector<SafetensorsEntry>> parse_safetensors_header(std::span<const std::byte> head,
                                                               std::uint64_t file_bytes,
                                                               const std::string& file) {
  const auto fail = [&](const std::string& because) {
    return Error(ErrorKind::kData, file + ": not a safetensors file that can be read", because,
                 kFetchAgain);
  };
  if (head.size() < 8) return fail("it has " + std::to_string(head.size()) + " bytes");
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, head.data(), 8);
  if (header_bytes > kMaxHeaderBytes || header_bytes > head.size() - 8)
    return fail("its header would have " + std::to_string(header_bytes) +
                " bytes; expected at most " +
                std::to_string(std::min<std::uint64_t>(kMaxHeaderBytes, head.size() - 8)));
  const char* text = reinterpret_cast<const char*>(head.data()) + 8;
  if (header_bytes < 2 || text[0] != '{') return fail("its header is not a JSON object");

  HeaderHandler handler;
  if (!nlohmann::json::sax_parse(text, text + header_bytes, &handler)) {
    if (handler.problem_tensor.empty()) return fail(handler.problem);
    return Error(ErrorKind::kData, tensor_in(file, handler.problem_tensor), handler.problem,
                 handler.problem_hint.empty() ? kFetchAgain : handler.problem_hint);
  }
  auto entries = std::move(handler.entries);
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < entries.size(); ++i)
    if (entries[i].name == entries[i - 1].name)
      return Error(ErrorKind::kData, tensor_in(file, entries[i].name),
                   "the header defines it twice", kFetchAgain);
  const std::uint64_t data_begin = 8 + header_bytes;
  for (SafetensorsEntry& entry : entries)
    if (auto error = check_extent(entry, data_begin, file_bytes, file)) return *error;
  if (auto error = check_coverage(entries, data_begin, file_bytes, file)) return *error;
  return entries;
}

}  // namespace quorum
