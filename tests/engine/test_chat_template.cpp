#include "engine/chat_template.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/sha256.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;
using quorum::testing::shared_data;
using quorum::testing::source_path;
using Json = nlohmann::json;

namespace {

constexpr std::int64_t kDate = 1718454896;  // 2024-06-15 12:34:56 UTC

const Json& golden() {
  static const Json json = Json::parse(read_file(source_path("tests/golden/chat_templates.json")));
  return json;
}

Result<std::string> render(std::string_view source, const std::string& variables = "{}") {
  Result<ChatTemplate> compiled = ChatTemplate::compile(source);
  if (!compiled) return compiled.error();
  return compiled.value().render(variables, kDate);
}

std::string rendered(std::string_view source, const std::string& variables = "{}") {
  return render(source, variables).take();
}

// The error of a template that must have one.
std::string failure(std::string_view source, const std::string& variables = "{}") {
  const Result<std::string> result = render(source, variables);
  return result ? "rendered: " + result.value() : result.error().what();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string published_source(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  return path.extension() == ".json" ? Json::parse(text)["chat_template"].get<std::string>() : text;
}

// Whether a result is what a golden entry says: this text, this hash, this message of
// raise_exception, or any error.
bool matches(const Result<std::string>& result, const Json& expected) {
  if (expected.contains("text")) return result.ok() && result.value() == expected["text"];
  if (expected.contains("sha256"))
    return result.ok() && result.value().size() == expected["bytes"] &&
           sha256_hex(result.value()) == expected["sha256"];
  if (expected.contains("raised"))
    return !result.ok() && result.error().because() == expected["raised"];
  return !result.ok();
}

}  // namespace

TEST_CASE("Published chat templates render conversations as Jinja2 does") {
  int compared = 0;
  for (const auto& [name, outputs] : golden()["published"].items()) {
    const auto path = shared_data(name);
    if (!path) return;
    const auto compiled = ChatTemplate::compile(published_source(*path));
    REQUIRE(compiled.ok());
    REQUIRE(outputs.size() == golden()["conversations"].size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const std::string variables = golden()["conversations"][i];
      const auto result = compiled.value().render(variables, golden()["unix_time"]);
      INFO(name << "\n" << variables << "\n" << (result ? result.value() : result.error().what()));
      CHECK(matches(result, outputs[i]));
      ++compared;
    }
  }
  CHECK(compared >= 2000);
}

TEST_CASE("Every feature of the template language gives what Jinja2 gives") {
  REQUIRE(golden()["language"].size() >= 200);
  for (const Json& entry : golden()["language"]) {
    const auto result =
        render(entry["template"].get<std::string>(), golden()["language_variables"]);
    INFO(entry.dump(2) << "\n" << (result ? result.value() : result.error().what()));
    CHECK(matches(result, entry));
  }
}

TEST_CASE("Errors of a template name the line and the construct") {
  CHECK(contains(failure("a\n\n{{ x + }}"), "line 3"));
  CHECK(contains(failure("\n{% include 'x' %}"), "line 2"));
  CHECK(contains(failure("{% include 'x' %}"), "'include' is not supported"));
  CHECK(contains(failure("{% extends 'x' %}"), "'extends' is not supported"));
  CHECK(contains(failure("{% for a in b recursive %}{% endfor %}"), "recursive"));
  CHECK(contains(failure("{{ 'x'.encode() }}"), "str.encode is not supported"));
  CHECK(contains(failure("{{ x | nosuch }}"), "No filter named 'nosuch'"));
  CHECK(contains(failure("\n\n{{ none + 1 }}"), "line 3"));
  CHECK(contains(failure("{% if a %}\n{{ b\n.c.d }}{% endif %}", R"({"a":1,"b":{}})"), "line 3"));
  CHECK(contains(failure("{{ missing.x }}"), "'missing' is undefined"));
  CHECK(contains(failure("{{ m.x.y }}", R"({"m":{}})"), "no attribute 'x'"));
  CHECK(contains(failure("{{ raise_exception('Roles must alternate') }}"), "Roles must alternate"));
  CHECK(contains(failure("{{ 9223372036854775807 + 1 }}"), "64 bits"));
  CHECK(contains(failure("x", "{"), "malformed JSON"));
  CHECK(contains(failure("x", "[]"), "not a JSON object"));
  CHECK(contains(failure("x", R"({"a": 123456789012345678901234567890})"), "64 bits"));
  CHECK(contains(failure("\xff"), "UTF-8"));
}

TEST_CASE("Hostile templates end at a limit") {
  const std::string loop = "{% for i in range(100000) %}";
  CHECK(contains(failure(loop + loop + "{% endfor %}{% endfor %}"), "steps"));
  CHECK(contains(failure("{% for a in range(1000) %}{{ 'x' * 100000 }}{% endfor %}"), "MiB"));
  CHECK(contains(failure("{{ 'x' * 99999999999 }}"), "16 Mi"));
  CHECK(contains(failure("{% set n = namespace(s='ab') %}{% for i in range(60) %}"
                         "{% set n.s = n.s ~ n.s %}{% endfor %}"),
                 "16 MiB"));
  CHECK(contains(failure("{% set n = namespace(s=[]) %}{% for i in range(200) %}"
                         "{% set n.s = [n.s] %}{% endfor %}{{ n.s }}"),
                 "deep"));
  const std::string doubling =
      "{% set n = namespace(s=[]) %}{% for i in range(60) %}"
      "{% set n.s = [n.s, n.s] %}{% endfor %}";
  CHECK(contains(failure(doubling + "{{ n.s }}"), "16 MiB"));
  CHECK(contains(failure(doubling + "{{ n.s | tojson }}"), "16 MiB"));
  CHECK(contains(failure(doubling + "{{ n.s == [n.s[0], n.s[1]] }}"), "steps"));
  CHECK(contains(failure("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"), "64 deep"));
  CHECK(contains(failure("{% macro m(x=m()) %}{% endmacro %}{{ m() }}"), "64 deep"));
  CHECK(contains(failure("{{ " + std::string(99999, '(') + std::string(99999, ')') + " }}"),
                 "64 deep"));
  CHECK(contains(failure("{{ " + std::string(99999, '[') + std::string(99999, ']') + " }}"),
                 "64 deep"));
  CHECK(contains(failure("{{ " + std::string(100000, '-') + "1 }}"), "64 deep"));
  std::string nested, negated = "{{ ";
  for (int i = 0; i < 20000; ++i) {
    nested += "{% if a %}";
    negated += "not ";
  }
  CHECK(contains(failure(nested), "64 deep"));
  CHECK(contains(failure(negated + "a }}"), "64 deep"));
  CHECK(contains(failure("{% set n = namespace() %}{% set n.n = n %}{{ n }}"), "too deep"));
  CHECK(contains(failure("{{ '%999999999d' % 1 }}"), "width"));
  CHECK(contains(failure("{{ range(1000000000) | list }}"), "Range too big"));
  CHECK(contains(failure("x", "{\"a\":" + std::string(5000, '[') + std::string(5000, ']') + "}"),
                 "deep"));
}

TEST_CASE("Long chains are no deep nesting") {
  std::string sum = "{{ 'a'", filters = "{{ 'a'", logic = "{{ 0", branches = "{% if false %}";
  for (int i = 0; i < 3000; ++i) {
    sum += " + 'a'";
    filters += " | trim";
    logic += " or 0";
    branches += "{% elif false %}";
  }
  CHECK(rendered(sum + " }}") == std::string(3001, 'a'));
  CHECK(rendered(filters + " }}") == "a");
  CHECK(rendered(logic + " }}") == "0");
  CHECK(rendered(branches + "{% else %}x{% endif %}") == "x");
}

TEST_CASE("A template renders the same every time and in the UTC date it is given") {
  const auto compiled = ChatTemplate::compile(
      "{% set ns = namespace(n=0) %}{% for i in xs %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n "
      "}} "
      "{{ strftime_now('%Y-%m-%d') }}");
  REQUIRE(compiled.ok());
  for (int i = 0; i < 3; ++i)
    CHECK(compiled.value().render(R"({"xs":[1,2]})", kDate).value() == "3 2024-06-15");
  CHECK(compiled.value().render(R"({"xs":[]})", 86399).value() == "0 1970-01-01");
  CHECK(compiled.value().render(R"({"xs":[]})", 86400).value() == "0 1970-01-02");
  // What is no conversion stays as it is, also between the bytes of a character.
  CHECK(rendered("{{ strftime_now('%é%\\x00 %-d %') }}") == std::string("%é%\0 15 %", 10));
}
