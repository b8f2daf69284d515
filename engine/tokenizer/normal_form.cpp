#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "engine/tokenizer/unicode.h"
#include "engine/tokenizer/unicode_versions.h"

namespace quorum::tok {

namespace {

using Point = utf8proc_int32_t;

bool is_newer(Point c) {
  const std::span<const CodeRange> ranges = newer_normal_forms();
  if (c < static_cast<Point>(ranges.front().first)) return false;
  const auto found = std::partition_point(
      ranges.begin(), ranges.end(),
      [&](const CodeRange& range) { return range.last < static_cast<char32_t>(c); });
  return found != ranges.end() && found->first <= static_cast<char32_t>(c);
}

int combining_class(Point c) { return is_newer(c) ? 0 : utf8proc_get_property(c)->combining_class; }

std::vector<Point> decompose(std::string_view text, bool compatible) {
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | (compatible ? UTF8PROC_COMPAT : 0));
  std::vector<Point> points;
  points.reserve(text.size());
  int boundary = UTF8PROC_BOUNDCLASS_START;
  std::array<Point, 32> parts;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<Point>(next_char(text, at));
    if (c < 0x80 || is_newer(c)) {
      points.push_back(c);
      continue;
    }
    const utf8proc_ssize_t count = utf8proc_decompose_char(
        c, parts.data(), static_cast<utf8proc_ssize_t>(parts.size()), options, &boundary);
    QUORUM_CHECK(count >= 0 && count <= static_cast<utf8proc_ssize_t>(parts.size()));
    points.insert(points.end(), parts.begin(), parts.begin() + count);
  }
  return points;
}

// Canonical ordering by hand: the library's own sort is quadratic in the length of a run of marks.
void order_marks(std::vector<Point>& points) {
  for (auto begin = points.begin(); begin != points.end();) {
    auto end = begin;
    while (end != points.end() && combining_class(*end) != 0) ++end;
    std::stable_sort(begin, end,
                     [](Point a, Point b) { return combining_class(a) < combining_class(b); });
    begin = end == points.end() ? end : end + 1;
  }
}

// The primary composite of two characters, or -1.
Point composite(Point first, Point second) {
  // No character below U+0300 is the second of a pair.
  if (second < 0x300 || is_newer(first) || is_newer(second)) return -1;
  Point pair[] = {first, second};
  const utf8proc_ssize_t length = utf8proc_normalize_utf32(
      pair, 2, static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  return length == 1 && !is_newer(pair[0]) ? pair[0] : -1;
}

// The canonical composition algorithm (Unicode 3.11, D117).
void compose(std::vector<Point>& points) {
  std::size_t size = 0, starter = points.size();
  int last_class = 0;
  for (const Point c : points) {
    const int mark_class = combining_class(c);
    const bool adjacent = starter + 1 == size;
    if (starter < size && (adjacent || last_class < mark_class)) {
      if (const Point joined = composite(points[starter], c); joined >= 0) {
        points[starter] = joined;
        continue;
      }
    }
    if (mark_class == 0) starter = size;
    last_class = mark_class;
    points[size++] = c;
  }
  points.resize(size);
}

}  // namespace

std::string normal_form(std::string_view text, NormalForm form) {
  if (std::all_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return std::string(text);
  std::vector<Point> points =
      decompose(text, form == NormalForm::kNfkc || form == NormalForm::kNfkd);
  order_marks(points);
  if (form == NormalForm::kNfc || form == NormalForm::kNfkc) compose(points);
  std::string out;
  out.reserve(text.size());
  for (const Point c : points) append_utf8(out, static_cast<char32_t>(c));
  return out;
}

}  // namespace quorum::tok
