#include "benchmarks/livecodebench/statement_samples.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "benchmarks/livecodebench/typed_value.h"

namespace quorum::code {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::size_t kShownDigits = 5;  // of rounded results

// Where the JSON value that begins at `at` ends, by its brackets and quotes alone.
std::size_t value_end(std::string_view text, std::size_t at) {
  int depth = 0;
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') ++at;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == ',' && depth == 0) break;
  }
  return std::min(at, text.size());
}

// "nums = [1,2], k = 3" as one JSON value a line.
std::optional<std::string> arguments_of(std::string_view text,
                                        const std::vector<std::string>& parameters) {
  std::vector<std::string> values;
  for (const std::string& name : parameters) {
    const std::size_t begin = text.find_first_not_of(", \t");
    if (begin == std::string_view::npos || text.substr(begin, name.size()) != name)
      return std::nullopt;
    const std::size_t sign = text.find_first_not_of(kSpace, begin + name.size());
    if (sign == std::string_view::npos || text[sign] != '=') return std::nullopt;
    const std::size_t end = value_end(text, sign + 1);
    values.emplace_back(trim(text.substr(sign + 1, end - sign - 1)));
    if (!parse_json_value(values.back()).ok()) return std::nullopt;
    text.remove_prefix(end);
  }
  if (!trim(text).empty()) return std::nullopt;
  return join(values, "\n");
}

bool is_rounded(std::string_view number) {
  const std::size_t point = number.find('.');
  return point != std::string_view::npos && number.size() - point > kShownDigits &&
         number.back() != '0';
}

std::optional<TestCase> example_in(std::string_view part, const StarterCode& starter) {
  constexpr std::string_view kInput = "Input", kOutput = "\nOutput";
  const std::size_t input = part.find(kInput), output = part.find(kOutput, input);
  if (input == std::string_view::npos || output == std::string_view::npos) return std::nullopt;
  const auto behind = [&](std::size_t at, std::string_view word) {
    const std::size_t value = part.find_first_not_of(": \t\r\n", at + word.size());
    return std::min(value, part.size());
  };
  const std::size_t from = behind(input, kInput), result = behind(output, kOutput);
  if (from > output) return std::nullopt;
  const auto arguments =
      arguments_of(replace_all(part.substr(from, output - from), "\n", " "), starter.parameters);
  const std::string_view value = trim(part.substr(result, part.find('\n', result) - result));
  if (!arguments || !parse_json_value(value).ok()) return std::nullopt;
  if (starter.result == "float" && is_rounded(value)) return std::nullopt;
  return TestCase{*arguments, std::string(value)};
}

// Every second line is blank, and no other one.
bool lines_are_paragraphs(const std::vector<std::string>& lines) {
  if (lines.size() < 3 || lines.size() % 2 == 0) return false;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (trim(lines[i]).empty() != (i % 2 == 1)) return false;
  return true;
}

bool is_sentence(std::string_view text) {
  const std::string_view words = trim(text);
  return words.size() > 2 && words[0] >= 'A' && words[0] <= 'Z' && words.back() == '.' &&
         std::count(words.begin(), words.end(), ' ') >= 2;
}

// Whether the statement shows nothing under "Sample Output `number`" before it goes on.
bool shows_no_output(std::string_view statement, int number) {
  const std::string heading = "Sample Output " + std::to_string(number) + "\n";
  const std::size_t at = statement.find(heading);
  if (at == std::string_view::npos) return false;
  const std::string_view below = statement.substr(at + heading.size());
  const std::string_view blank =
      below.substr(0, std::min(below.find_first_not_of(kSpace), below.size()));
  // One blank line stands under every heading.
  return std::count(blank.begin(), blank.end(), '\n') > 1;
}

bool same_value(std::string_view a, std::string_view b) {
  const auto left = parse_json_value(a), right = parse_json_value(b);
  return left.ok() && right.ok() && equal_values(left.value(), right.value());
}

enum class Difference { kNone, kChangedInPlace, kOther };

// Of the arguments of two calls.
Difference difference_of(const std::string& before, const std::string& after) {
  const auto given = split(before, '\n'), left = split(after, '\n');
  if (given.size() != left.size()) return Difference::kOther;
  Difference difference = Difference::kNone;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (same_value(given[i], left[i])) continue;
    const auto was = parse_json_value(given[i]), is = parse_json_value(left[i]);
    if (!was.ok() || !is.ok() || was.value().kind != TypedValue::Kind::kList ||
        is.value().kind != TypedValue::Kind::kList)
      return Difference::kOther;
    const std::size_t length = is.value().items.size();
    if (length != 0 && length != was.value().items.size()) return Difference::kOther;
    difference = Difference::kChangedInPlace;
  }
  return difference;
}

}  // namespace

std::vector<TestCase> function_examples(std::string_view statement, const StarterCode& starter) {
  constexpr std::string_view kHeading = "Example ";
  std::vector<TestCase> examples;
  for (std::size_t at = statement.find(kHeading); at != std::string_view::npos;) {
    const std::size_t next = statement.find(kHeading, at + kHeading.size());
    if (auto example = example_in(statement.substr(at, next - at), starter))
      examples.push_back(std::move(*example));
    at = next;
  }
  return examples;
}

TestCase without_page_marks(TestCase sample, int number, std::string_view statement) {
  sample.input = replace_all(sample.input, "\r\n", "\n");
  const bool ends = !sample.input.empty() && sample.input.back() == '\n';
  const std::string_view text(sample.input.data(), sample.input.size() - (ends ? 1 : 0));
  if (const auto lines = split(text, '\n'); lines_are_paragraphs(lines)) {
    std::string kept;
    for (std::size_t i = 0; i < lines.size(); i += 2) kept += lines[i] + "\n";
    sample.input = std::move(kept);
  }
  if (is_sentence(sample.output) && shows_no_output(statement, number)) sample.output.clear();
  return sample;
}

const TestCase* example_before_change(const std::vector<TestCase>& examples,
                                      const TestCase& recorded) {
  const TestCase* found = nullptr;
  for (const TestCase& example : examples) {
    if (!same_value(example.output, recorded.output)) continue;
    const auto difference = difference_of(example.input, recorded.input);
    if (difference == Difference::kNone) return nullptr;
    if (difference == Difference::kChangedInPlace && found == nullptr) found = &example;
  }
  return found;
}

}  // namespace quorum::code
