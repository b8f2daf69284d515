#include "benchmarks/livecodebench/test_suite.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "benchmarks/livecodebench/encoded_tests.h"
#include "benchmarks/livecodebench/typed_value.h"

namespace quorum::code {
namespace {

using Json = nlohmann::json;

Error bad(const std::string& field, const std::string& what) {
  return Error(ErrorKind::kData, "field \"" + field + "\" " + what);
}

std::string at(const std::string& field, std::size_t index) {
  return field + "[" + std::to_string(index) + "]";
}

std::string optional_text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The list of arguments, one JSON value a line.
std::string argument_lines(const Json& arguments) {
  std::vector<std::string> lines;
  for (const Json& argument : arguments) lines.push_back(argument.dump());
  return join(lines, "\n");
}

// A function's test must be JSON on both sides; says what is wrong, or nothing.
std::string wrong_with_values(const TestCase& test) {
  for (const std::string& line : split(test.input, '\n'))
    if (const auto value = parse_json_value(line); !value.ok())
      return "has an input that is not one JSON value a line: " + value.error().because();
  if (const auto value = parse_json_value(test.output); !value.ok())
    return "has an output that is not JSON: " + value.error().because();
  return {};
}

Result<std::vector<TestCase>> read_list(const Json& list) {
  std::vector<TestCase> tests;
  for (std::size_t i = 0; i < list.size(); ++i) {
    TestCase test;
    for (const auto& [key, target] :
         {std::pair{"input", &test.input}, std::pair{"output", &test.output}}) {
      if (!list[i].is_object()) return bad(at("tests", i), "is not an object");
      const auto field = list[i].find(key);
      if (field == list[i].end() || !field->is_string())
        return bad(at("tests", i) + "." + key, "is missing or not a text");
      *target = field->get<std::string>();
    }
    tests.push_back(std::move(test));
  }
  return tests;
}

Result<TestSuite> read_object(const Json& object) {
  TestSuite suite;
  for (const char* key : {"fn_name", "compare", "language", "known_bad", "encoded"})
    if (const auto field = object.find(key);
        field != object.end() && !field->is_string() && !field->is_null())
      return bad(std::string("tests.") + key, "is not a text");
  suite.function = optional_text(object, "fn_name");
  suite.known_bad = optional_text(object, "known_bad");
  if (const std::string rule = optional_text(object, "compare"); !rule.empty()) {
    const auto known = parse_output_rule(rule);
    if (!known)
      return bad("tests.compare",
                 "is \"" + rule.substr(0, 40) +
                     "\" (expected lcb-decimal, lcb-decimal+eps, tokens or exact)");
    suite.rule = *known;
  }
  if (const std::string name = optional_text(object, "language"); !name.empty()) {
    const auto language = parse_suite_language(name);
    if (!language)
      return bad("tests.language",
                 "is \"" + name.substr(0, 40) + "\" (expected python, cpp or any)");
    suite.language = *language;
    if (suite.language != SuiteLanguage::kPython && !suite.function.empty())
      return bad("tests.language", "is " + name + " beside fn_name: functions are Python");
  }
  if (const auto seconds = object.find("seconds"); seconds != object.end()) {
    if (!seconds->is_number_integer() || *seconds < 1 || *seconds > kMaxTestSeconds)
      return bad("tests.seconds",
                 "is not a whole number from 1 to " + std::to_string(kMaxTestSeconds));
    suite.seconds = seconds->get<int>();
  }
  const auto inputs = object.find("inputs"), outputs = object.find("outputs");
  for (const auto& [name, list] : {std::pair{"inputs", inputs}, std::pair{"outputs", outputs}})
    if (list == object.end() || !list->is_array())
      return bad(std::string("tests.") + name, "is missing or not a list");
  if (inputs->size() != outputs->size())
    return bad("tests.outputs", "has another length than inputs");
  const bool function = !suite.function.empty();
  for (std::size_t i = 0; i < inputs->size(); ++i) {
    const Json &input = (*inputs)[i], &output = (*outputs)[i];
    if (!input.is_string() && !(function && input.is_array()))
      return bad(at("tests.inputs", i),
                 function ? "is neither a text nor a list of arguments" : "is not a text");
    if (!output.is_string() && !function) return bad(at("tests.outputs", i), "is not a text");
    suite.tests.push_back({input.is_string() ? input.get<std::string>() : argument_lines(input),
                           output.is_string() ? output.get<std::string>() : output.dump()});
  }
  if (const std::string encoded = optional_text(object, "encoded"); !encoded.empty()) {
    auto hidden = parse_published_tests(encoded);
    if (!hidden.ok())
      return Error(ErrorKind::kData, "field \"tests.encoded\": " + hidden.error().message(),
                   hidden.error().because(), hidden.error().hint());
    for (TestCase& test : hidden.value()) suite.tests.push_back(std::move(test));
  }
  return suite;
}

}  // namespace

std::optional<SuiteLanguage> parse_suite_language(std::string_view name) {
  if (name == "python") return SuiteLanguage::kPython;
  if (name == "cpp") return SuiteLanguage::kCpp;
  if (name == "any") return SuiteLanguage::kAny;
  return std::nullopt;
}

Result<std::vector<TestCase>> parse_published_tests(std::string_view text) {
  const std::string_view body = trim(text);
  std::string decoded;
  if (body.empty() || body[0] != '[') {
    Result<std::string> unpacked = decode_tests(body);
    if (!unpacked.ok()) return unpacked.error();
    decoded = std::move(unpacked).value();
  }
  const std::string_view json = decoded.empty() ? body : std::string_view(decoded);
  const Json list = Json::parse(json, nullptr, false);
  if (!list.is_array())
    return Error(ErrorKind::kData, "the tests are no JSON list",
                 list.is_discarded() ? "it is no JSON" : "it is another value");
  return read_list(list);
}

SuiteLanguage language_of_tests(std::string_view tests_json) {
  const Json json = Json::parse(tests_json, nullptr, false);
  const std::string name = json.is_object() ? optional_text(json, "language") : std::string();
  return parse_suite_language(name).value_or(SuiteLanguage::kPython);
}

Result<TestSuite> parse_test_suite(std::string_view tests_json) {
  const Json json = Json::parse(tests_json, nullptr, false);
  if (json.is_discarded()) return bad("tests", "is not JSON");
  Result<TestSuite> suite = TestSuite{};
  if (json.is_array()) {
    auto tests = read_list(json);
    if (!tests.ok()) return tests.error();
    suite.value().tests = std::move(tests).value();
  } else if (json.is_object()) {
    suite = read_object(json);
    if (!suite.ok()) return suite;
  } else {
    return bad("tests", "is neither a list nor an object");
  }
  if (suite.value().tests.empty()) return bad("tests", "is empty");
  if (!suite.value().function.empty())
    for (std::size_t i = 0; i < suite.value().tests.size(); ++i)
      if (const std::string wrong = wrong_with_values(suite.value().tests[i]); !wrong.empty())
        return bad(at("tests", i), wrong);
  return suite;
}

}  // namespace quorum::code
