#include "benchmarks/mini/problem_kinds.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace quorum::mini {

std::string fill(std::string_view pattern, std::initializer_list<std::string> values) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{') {
      out += *(values.begin() + (pattern[i + 1] - '0'));
      i += 2;
    } else {
      out += pattern[i];
    }
  }
  return out;
}

std::string_view pick(PhiloxStream& random, std::initializer_list<std::string_view> texts) {
  return *(texts.begin() + random.below(static_cast<std::uint32_t>(texts.size())));
}

bool coin(PhiloxStream& random) { return random.below(2) == 1; }

Number number_of_digits(PhiloxStream& random, int digits) {
  int low = 1;
  for (int i = 1; i < digits; ++i) low *= 10;
  return random.between(low, 10 * low - 1);
}

std::string text(Number number) { return std::to_string(number); }

std::string joined(const std::vector<Number>& numbers, std::string_view separator) {
  std::vector<std::string> parts;
  for (const Number number : numbers) parts.push_back(text(number));
  return join(parts, separator);
}

std::string list(const std::vector<Number>& numbers) {
  const std::vector<Number> head(numbers.begin(), numbers.end() - 1);
  return joined(head, ", ") + " and " + text(numbers.back());
}

TwoNames two_names(PhiloxStream& random) {
  static constexpr std::array<const char*, 16> kNames = {
      "Ada",  "Ben", "Cleo", "Dan", "Eva", "Finn", "Gita", "Hugo",
      "Ines", "Jon", "Kira", "Leo", "Mia", "Nils", "Olga", "Paul"};
  const std::uint32_t first = random.below(16), second = (first + 1 + random.below(15)) % 16;
  return {kNames[first], kNames[second]};
}

}  // namespace quorum::mini
