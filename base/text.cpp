#include "base/text.h"

#include <algorithm>
#include <numeric>

namespace quorum {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at; (at = text.find(from)) != std::string_view::npos;
       text.remove_prefix(at + from.size())) {
    out += text.substr(0, at);
    out += to;
  }
  return out += text;
}

std::string to_lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

namespace {

// The length of the sequence that a lead byte opens (0: not a lead byte), and the range of its
// second byte (RFC 3629).
struct Lead {
  int length, second_low, second_high;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte < 0xF0) return {3, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF};
  if (byte < 0xF5) return {4, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF};
  return {0, 0, 0};
}

// How many bytes at `at` form a well-formed sequence or the longest beginning of one.
int well_formed_prefix(std::string_view text, std::size_t at, int& wanted) {
  const Lead lead = lead_of(static_cast<unsigned char>(text[at]));
  wanted = lead.length;
  if (lead.length == 0) return 0;
  int have = 1;
  for (; have < lead.length && at + static_cast<std::size_t>(have) < text.size(); ++have) {
    const int byte = static_cast<unsigned char>(text[at + static_cast<std::size_t>(have)]);
    const int low = have == 1 ? lead.second_low : 0x80, high = have == 1 ? lead.second_high : 0xBF;
    if (byte < low || byte > high) break;
  }
  return have;
}

}  // namespace

std::int32_t next_code_point(std::string_view text, std::size_t& at) {
  int wanted = 0;
  const int have = well_formed_prefix(text, at, wanted);
  if (wanted == 0 || have < wanted) {
    ++at;
    return -1;
  }
  const auto lead = static_cast<unsigned char>(text[at]);
  std::int32_t value = wanted == 1 ? lead : lead & (0x7F >> wanted);
  for (int i = 1; i < wanted; ++i)
    value =
        value << 6 | (static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]) & 0x3F);
  at += static_cast<std::size_t>(wanted);
  return value;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)),
        put(0x80 | (c & 0x3F));
  }
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();)
    if (next_code_point(text, at) < 0) return false;
  return true;
}

std::string sanitize_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    int wanted = 0;
    const int have = well_formed_prefix(text, at, wanted);
    if (wanted > 0 && have == wanted)
      out += text.substr(at, static_cast<std::size_t>(wanted));
    else
      out += "\xEF\xBF\xBD";
    at += static_cast<std::size_t>(std::max(have, 1));
  }
  return out;
}

std::size_t incomplete_utf8_tail(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    int wanted = 0;
    const int have = well_formed_prefix(text, text.size() - back, wanted);
    if (wanted > static_cast<int>(back) && have == static_cast<int>(back)) return back;
  }
  return 0;
}

std::string nearest_name(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const std::string& name : candidates) {
    std::vector<std::size_t> row(name.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= name.size(); ++j) {
        const std::size_t substitute = diagonal + (word[i - 1] == name[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
      }
    }
    if (row.back() < best_distance) best_distance = row.back(), best = name;
  }
  return best;
}

}  // namespace quorum
