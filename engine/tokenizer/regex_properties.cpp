#include <oniguruma.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/tokenizer/regex.h"
#include "engine/tokenizer/unicode_versions.h"

namespace quorum::tok {

namespace {

struct Range {
  OnigCodePoint first, last;
};

std::vector<Range> library_ranges(std::string name) {
  auto* const begin = reinterpret_cast<OnigUChar*>(name.data());
  const int ctype =
      ONIG_ENCODING_UTF8->property_name_to_ctype(ONIG_ENCODING_UTF8, begin, begin + name.size());
  QUORUM_CHECK(ctype >= 0, name);
  OnigCodePoint single_byte_end = 0;
  const OnigCodePoint* table = nullptr;
  const int status = ONIG_ENCODING_UTF8->get_ctype_code_range(static_cast<OnigCtype>(ctype),
                                                              &single_byte_end, &table);
  QUORUM_CHECK(status == ONIG_NORMAL && table != nullptr, name);
  std::vector<Range> ranges(table[0]);
  for (std::size_t i = 0; i < ranges.size(); ++i) ranges[i] = {table[1 + 2 * i], table[2 + 2 * i]};
  return ranges;
}

// The ranges without [first, last].
std::vector<Range> without(const std::vector<Range>& ranges, OnigCodePoint first,
                           OnigCodePoint last) {
  std::vector<Range> out;
  for (const Range& range : ranges) {
    if (range.last < first || range.first > last) {
      out.push_back(range);
      continue;
    }
    if (range.first < first) out.push_back({range.first, first - 1});
    if (range.last > last) out.push_back({last + 1, range.last});
  }
  return out;
}

void define(const char* name, std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.first < b.first; });
  // The library keeps a pointer to the table.
  static std::vector<std::vector<OnigCodePoint>> kept;
  std::vector<OnigCodePoint> table = {0};
  for (const Range& range : ranges) {
    if (table.size() > 1 && range.first <= table.back() + 1) {
      table.back() = std::max(table.back(), range.last);
    } else {
      table.push_back(range.first);
      table.push_back(range.last);
    }
  }
  table.front() = static_cast<OnigCodePoint>(table.size() / 2);
  const int status =
      onig_unicode_define_user_property(name, kept.emplace_back(std::move(table)).data());
  QUORUM_CHECK(status == ONIG_NORMAL, name);
}

}  // namespace

void define_newer_properties() {
  for (const char* name : {"L", "N", "P", "S", "M", "Lu", "Ll", "Lm", "Lo", "Nd", "No", "Mn", "Mc",
                           "Po", "Pd", "Sm", "So", "Cf"}) {
    std::vector<Range> ranges = library_ranges(name);
    for (const CategoryRange& change : regex_categories()) {
      ranges = without(ranges, change.first, change.last);
      if (std::string_view(change.category).starts_with(name))
        ranges.push_back({change.first, change.last});
    }
    define(name, std::move(ranges));
  }
  std::vector<Range> han = library_ranges("Han");
  for (const CodeRange& range : regex_han()) han.push_back({range.first, range.last});
  define("Han", std::move(han));
}

}  // namespace quorum::tok
