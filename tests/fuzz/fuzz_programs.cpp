// What comes from published files and from processes that run foreign code: hidden tests, records
// of the driver, JSON values, Python literals, outputs. A value equals itself, an output its own
// text.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "benchmarks/livecodebench/decimal_token.h"
#include "benchmarks/livecodebench/encoded_tests.h"
#include "benchmarks/livecodebench/output_comparison.h"
#include "benchmarks/livecodebench/python_literal.h"
#include "benchmarks/livecodebench/test_suite.h"
#include "benchmarks/livecodebench/typed_value.h"

namespace {

using namespace quorum::code;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

bool equals_itself(const TypedValue& value) {
  if (value.kind == TypedValue::Kind::kOther) return true;
  for (const TypedValue& item : value.items)
    if (!equals_itself(item) || item.kind == TypedValue::Kind::kOther) return true;
  return value.kind == TypedValue::Kind::kMap || equal_values(value, value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::size_t kMost = std::size_t{1} << 20;
  (void)decode_tests(text, kMost);
  (void)unpickle_text(text);
  (void)inflate_bounded(text, kMost);
  (void)parse_test_suite(text);
  for (const auto& value : {parse_json_value(text), parse_wire_value(text, kMost)}) {
    if (!value.ok()) continue;
    require(equals_itself(value.value()), "a value differs from itself");
    (void)show_value(value.value());
  }
  if (const auto json = literal_to_json(text))
    require(parse_json_value(*json).ok(), "a literal became what is no JSON");
  const std::size_t middle = text.find('\xff');
  const std::string_view expected =
      middle == std::string_view::npos ? text : text.substr(middle + 1);
  for (const OutputRule rule : {OutputRule::kLcbDecimal, OutputRule::kLcbDecimalEps,
                                OutputRule::kTokens, OutputRule::kExact}) {
    require(compare_output(rule, text, text).equal, "a text differs from itself");
    const bool forward = compare_output(rule, text.substr(0, middle), expected).equal;
    if (rule != OutputRule::kLcbDecimalEps)
      require(forward == compare_output(rule, expected, text.substr(0, middle)).equal,
              "the comparison is not symmetric");
  }
  return 0;
}
