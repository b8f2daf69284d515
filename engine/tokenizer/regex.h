// Oniguruma patterns from an untrusted file, run with limits. Matches are the ones that Hugging
// Face finds, which uses the same library and syntax.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct re_pattern_buffer;
struct re_registers;
struct OnigMatchParamStruct;

namespace quorum::tok {

inline constexpr std::size_t kMaxPatternBytes = 16384;

// What one call may spend on matching and on rewritten text, and the library's scratch space. Not
// shared between threads.
class MatchScratch {
 public:
  // `text_bytes`: how much text will be matched; the budget grows with it.
  explicit MatchScratch(std::size_t text_bytes);
  ~MatchScratch();
  MatchScratch(const MatchScratch&) = delete;
  MatchScratch& operator=(const MatchScratch&) = delete;

  // Steps of a file that blow a text up, one after another, end here: throws Error(kData) when a
  // text has become longer than 64 times the original one and a megabyte.
  void check_size(std::size_t bytes) const;

 private:
  friend class Regex;
  re_registers* region_;
  OnigMatchParamStruct* limits_;
  std::int64_t budget_;
  std::size_t max_bytes_;
};

// Gives \\p{L} and the like the Unicode version that Hugging Face has. Call once, after the
// library's initialization.
void define_newer_properties();

class Regex {
 public:
  // Throws Error(kData): `where` names file and field.
  Regex(std::string_view pattern, const std::string& where);
  Regex(Regex&&) noexcept = default;
  Regex& operator=(Regex&&) noexcept = default;

  // Calls `found(begin, end)` for all matches from left to right; they do not overlap, and an empty
  // match directly after another one is skipped. Thread-safe. Throws Error(kData) when the pattern
  // backtracks beyond the budget.
  void for_each_match(std::string_view text, MatchScratch& scratch,
                      const std::function<void(std::size_t, std::size_t)>& found) const;

 private:
  struct Free {
    void operator()(re_pattern_buffer* regex) const;
  };
  std::unique_ptr<re_pattern_buffer, Free> regex_;
  std::string where_;
};

}  // namespace quorum::tok
