#include "engine/tokenizer/regex.h"

#include <oniguruma.h>

#include <algorithm>
#include <mutex>

#include "base/error.h"

namespace quorum::tok {

namespace {

constexpr unsigned kMaxParseDepth = 256;
constexpr unsigned kMaxStackEntries = 1 << 22;
// A search that stays below this many retries is free; one that does not is run again with a limit
// 16 times larger, which is charged to the budget, so that the whole call is bounded without a
// clock.
constexpr unsigned long kFreeRetries = 4096;
constexpr std::int64_t kBudgetBase = 50'000'000, kBudgetPerByte = 256;

const OnigUChar* chars(std::string_view text) {
  return reinterpret_cast<const OnigUChar*>(text.data());
}

std::string onig_message(int code, OnigErrorInfo* info = nullptr) {
  OnigUChar buffer[ONIG_MAX_ERROR_MESSAGE_LEN] = {};
  const int length = info != nullptr && info->par != nullptr
                         ? onig_error_code_to_str(buffer, code, info)
                         : onig_error_code_to_str(buffer, code);
  return std::string(reinterpret_cast<char*>(buffer),
                     static_cast<std::size_t>(std::max(length, 0)));
}

}  // namespace

MatchScratch::MatchScratch(std::size_t text_bytes)
    : region_(onig_region_new()),
      limits_(onig_new_match_param()),
      budget_(kBudgetBase + kBudgetPerByte * static_cast<std::int64_t>(text_bytes)),
      max_bytes_((std::size_t{1} << 20) + 64 * text_bytes) {
  QUORUM_CHECK(region_ != nullptr && limits_ != nullptr, "out of memory");
  onig_initialize_match_param(limits_);
  onig_set_match_stack_limit_size_of_match_param(limits_, kMaxStackEntries);
}

MatchScratch::~MatchScratch() {
  onig_region_free(region_, 1);
  onig_free_match_param(limits_);
}

void MatchScratch::check_size(std::size_t bytes) const {
  if (bytes > max_bytes_)
    throw Error(ErrorKind::kData, "the tokenizer",
                "its steps make a text more than 64 times longer, which no real tokenizer does",
                "check the file against its source");
}

void Regex::Free::operator()(re_pattern_buffer* regex) const { onig_free(regex); }

Regex::Regex(std::string_view pattern, const std::string& where) : where_(where) {
  if (pattern.size() > kMaxPatternBytes)
    throw Error(ErrorKind::kData, where,
                "the pattern is longer than " + std::to_string(kMaxPatternBytes) + " bytes");
  // The library's set-up and compiler use tables that all threads share.
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  static const int initialized = [] {
    OnigEncoding encodings[] = {ONIG_ENCODING_UTF8};
    const int status = onig_initialize(encodings, 1);
    onig_set_parse_depth_limit(kMaxParseDepth);
    define_newer_properties();
    return status;
  }();
  QUORUM_CHECK(initialized == ONIG_NORMAL, "Oniguruma did not start");
  regex_t* compiled = nullptr;
  OnigErrorInfo info = {};
  const int status = onig_new(&compiled, chars(pattern), chars(pattern) + pattern.size(),
                              ONIG_OPTION_NONE, ONIG_ENCODING_UTF8, ONIG_SYNTAX_DEFAULT, &info);
  if (status != ONIG_NORMAL)
    throw Error(ErrorKind::kData, where,
                "the regular expression does not compile: " + onig_message(status, &info));
  regex_.reset(compiled);
}

void Regex::for_each_match(std::string_view text, MatchScratch& scratch,
                           const std::function<void(std::size_t, std::size_t)>& found) const {
  const OnigUChar* const begin = chars(text);
  const OnigUChar* const end = begin + text.size();
  std::size_t from = 0, last_end = std::string_view::npos;
  while (from <= text.size()) {
    int status;
    for (unsigned long limit = kFreeRetries;; limit *= 16) {
      onig_set_retry_limit_in_search_of_match_param(scratch.limits_, limit);
      onig_set_retry_limit_in_match_of_match_param(scratch.limits_, limit);
      status = onig_search_with_param(regex_.get(), begin, end, begin + from, end, scratch.region_,
                                      ONIG_OPTION_NONE, scratch.limits_);
      if (status != ONIGERR_RETRY_LIMIT_IN_SEARCH_OVER &&
          status != ONIGERR_RETRY_LIMIT_IN_MATCH_OVER)
        break;
      scratch.budget_ -= static_cast<std::int64_t>(limit) * 16;
      if (scratch.budget_ < 0) break;
    }
    if (status == ONIG_MISMATCH) return;
    if (status < 0)
      throw Error(
          ErrorKind::kData, where_,
          "the regular expression fails on a text: " + onig_message(status),
          "a pattern that backtracks without end is refused: check the file against its source");
    const auto match_begin = static_cast<std::size_t>(scratch.region_->beg[0]);
    const auto match_end = static_cast<std::size_t>(scratch.region_->end[0]);
    if (match_begin == match_end && match_end == last_end) {
      if (from >= text.size()) return;
      ++from;
      while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) ++from;
      continue;
    }
    found(match_begin, match_end);
    from = last_end = match_end;
  }
}

}  // namespace quorum::tok
