// What the program says when it is used wrongly, and its small verbs.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "support/catch.h"
#include "support/program.h"
#include "support/stories260k.h"
#include "support/test_data.h"

using namespace quorum;
using testing::run_program;
using testing::ScratchFolder;

TEST_CASE("no arguments print the help and exit with a usage error") {
  const auto result = run_program({});
  CHECK(result.exit_code == 2);
  CHECK(result.err.find("quorum run --model") != std::string::npos);
}

TEST_CASE("help is data and succeeds for every verb") {
  for (const std::string verb : {"run", "grade", "report", "export", "import", "audit", "show",
                                 "list", "data", "generate", "probe", "math", "perf", "doctor"}) {
    const auto result = run_program({verb, "--help"});
    INFO(verb);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("Examples:") != std::string::npos);
    CHECK(result.err.empty());
  }
}

TEST_CASE("a misspelt verb or benchmark or model gets a suggestion or the way out") {
  auto result = run_program({"reprot"});
  CHECK(result.exit_code == 2);
  CHECK(result.err.find("quorum report") != std::string::npos);
  result = run_program({"run", "--model", "models/tiny", "--bench", "mnii"});
  CHECK(result.exit_code == 2);
  CHECK(result.err.find("mini") != std::string::npos);
  result = run_program({"run", "--model", "no-such-org/no-such-model", "--bench", "mini"});
  CHECK(result.exit_code == 2);
  CHECK(result.err.find("no-such-org/no-such-model") != std::string::npos);
}

TEST_CASE("wrong values name the flag") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"run", "--model", "models/tiny", "--bench", "mini", "--samples",
                                 "0"},
        {"run", "--model", "models/tiny", "--bench", "mini", "--samples", "x"},
        {"run", "--model", "models/tiny", "--bench", "mini", "--top-p", "0"},
        {"run", "--model", "models/tiny", "--bench", "mini", "--temperature", "-1"},
        {"run", "--model", "models/tiny", "--bench", "mini", "--kv-memory", "lots"},
        {"run", "--model", "models/tiny", "--bench", "mini", "--think", "maybe"},
        {"run", "--model", "models/tiny", "--bench", "mini", "--prompt", "nonsense"},
        {"run", "--model", "models/tiny", "--bench", "mini", "--policy", "rounding"},
        {"grade", "--policy", "bases=dropped"},
        {"math", "1", "2", "--policy", "percent=maybe"},
        {"run", "--bench", "mini"},
        {"run", "--model", "models/tiny"}}) {
    const auto result = run_program(arguments);
    INFO(arguments.back() << ": " << result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.err.rfind("error:", 0) == 0);
    CHECK(result.out.empty());
  }
}

TEST_CASE("answers may begin with a minus sign, flags may stand anywhere") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"math", "-\\frac{1}{4}", "-0.25"},
        {"math", "-0.25", "-\\frac14", "--json"},
        {"math", "--json", "-x+3", "3-x"},
        {"math", "-q", "-q", "-3q^2", "-q^2\\cdot 3"},
        {"math", "-(-7)", "--policy", "rounding=3", "7"},
        {"math", "--policy=rounding=3", "-\\frac{5}{7}", "-0.714"},
        {"math", "--json", "--", "--8", "--8"},
        {"math", "-\\sqrt{5}", "--", "-5^{1/2}"}}) {
    const auto result = run_program(arguments);
    INFO(arguments[1] << ", " << arguments.back() << ": " << result.out << result.err);
    CHECK(result.exit_code == 0);
    CHECK(result.out.find("equal") != std::string::npos);
  }
  CHECK(run_program({"math", "-\\frac{1}{4}", "0.25"}).exit_code == 1);
  CHECK(run_program({"math", "--pears", "x.jsonl"}).exit_code == 2);
  CHECK(run_program({"math", "-h"}).out.find("Examples:") != std::string::npos);
}

TEST_CASE("a device that is not there is exit 4") {
  const auto result = run_program({"run", "--model", "models/tiny", "--bench", "mini", "--device",
                                   "cuda:9999", "--limit", "1"});
  CHECK(result.exit_code == 4);
  CHECK(result.err.find("try: --device c") != std::string::npos);
}

TEST_CASE("tokenize and its reverse agree") {
  const auto ids =
      run_program({"probe", "tokenize", "--model", "models/tiny"}, {"What is 12 + 30?", {}, {}});
  REQUIRE(ids.exit_code == 0);
  CHECK(nlohmann::json::parse(ids.out).at("ids").size() > 5);
  const auto text =
      run_program({"probe", "tokenize", "--decode", "--model", "models/tiny"}, {ids.out, {}, {}});
  CHECK(text.out == "What is 12 + 30?");
}

TEST_CASE("the rendered prompt of the embedded model has one BOS and one open thought") {
  const auto result = run_program({"probe", "render", "--json", "--model", "models/tiny"},
                                  {R"([{"role":"user","content":"Hi"}])", {}, {}});
  REQUIRE(result.exit_code == 0);
  const auto json = nlohmann::json::parse(result.out);
  const std::string text = json.at("text");
  CHECK(text.substr(text.size() - 8) == "<think>\n");
  CHECK(text.find("<think>") == text.rfind("<think>"));
}

TEST_CASE("log-probs are normalised and one row a position") {
  const auto result =
      run_program({"probe", "logprobs", "--model", "models/tiny"}, {R"({"ids":[5,6,7]})", {}, {}});
  REQUIRE(result.exit_code == 0);
  const auto rows = nlohmann::json::parse(result.out).at("logprobs");
  REQUIRE(rows.size() == 3);
  for (const auto& row : rows) {
    double sum = 0;
    for (const auto& value : row) sum += std::exp(value.get<double>());
    CHECK(sum == Approx(1.0).margin(1e-6));
  }
  CHECK(run_program({"probe", "logprobs", "--model", "models/tiny"},
                    {R"({"ids":[5,99999999]})", {}, {}})
            .exit_code == 2);
}

TEST_CASE("log-probs of some positions and candidates are those of the whole rows") {
  const std::string model = "models/tiny";
  const auto run = [&](const std::string& input, const std::vector<std::string>& flags) {
    std::vector<std::string> arguments{"probe", "logprobs", "--model", model};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return run_program(arguments, {input, {}, {}});
  };
  const auto whole = nlohmann::json::parse(run(R"({"ids":[5,6,7,8]})", {}).out).at("logprobs");
  const auto some = nlohmann::json::parse(
      run(R"({"ids":[5,6,7,8],"candidates":[[9,300],[0],[]]})", {"--positions", "3,0-1"}).out);
  CHECK(some.at("positions") == nlohmann::json{0, 1, 3});
  const auto& rows = some.at("logprobs");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0] == nlohmann::json{{9, whole[0][9]}, {300, whole[0][300]}});
  CHECK(rows[1] == nlohmann::json::array({{0, whole[1][0]}}));
  CHECK(rows[2].empty());
  const auto top =
      nlohmann::json::parse(run(R"({"ids":[5,6,7,8]})", {"--positions", "2", "--top", "3"}).out);
  REQUIRE(top.at("logprobs").size() == 1);
  const auto& best = top.at("logprobs")[0];
  REQUIRE(best.size() == 3);
  CHECK(best[0][1] == *std::max_element(whole[2].begin(), whole[2].end()));
  CHECK(run(R"({"ids":[5,6]})", {"--positions", "2"}).exit_code == 2);
  CHECK(run(R"({"ids":[5,6]})", {"--positions", "0,"}).exit_code == 2);
  CHECK(run(R"({"ids":[5,6],"candidates":[[1]]})", {}).exit_code == 2);
}

TEST_CASE("generate gives the same completion as text and as JSON") {
  const std::vector<std::string> arguments{"generate", "--model",          "models/tiny",
                                           "--prompt", "What is 12 + 30?", "--max-tokens",
                                           "100",      "--seed",           "3"};
  auto json_arguments = arguments;
  json_arguments.push_back("--json");
  const auto text = run_program(arguments), json = run_program(json_arguments);
  REQUIRE(json.exit_code == 0);
  const auto value = nlohmann::json::parse(json.out);
  CHECK(text.out == value.at("text").get<std::string>());
  CHECK(value.at("logprob_sum").get<double>() < 0);
  CHECK((value.at("finish_reason") == "stop" || value.at("finish_reason") == "length"));
}

TEST_CASE("a bad row of a private set is named with its field") {
  ScratchFolder scratch;
  const auto set = scratch.path() / "bad.jsonl";
  write_file_atomic(
      set, "{\"id\":\"a\",\"problem\":\"p\",\"answer\":\"1\"}\n{\"id\":\"b\",\"problem\":\"p\"}\n");
  const auto check = run_program({"data", "check", set.string()});
  CHECK(check.exit_code == 2);
  CHECK(check.out.find("row 2") != std::string::npos);
  CHECK(check.out.find("answer") != std::string::npos);
  const auto run = run_program({"run", "--model", "models/tiny", "--bench", set.string()});
  CHECK(run.exit_code == 2);
  CHECK(run.err.find("answer") != std::string::npos);
}

TEST_CASE("a file that is no database is refused and left alone") {
  ScratchFolder scratch;
  const auto file = scratch.path() / "notes.txt";
  write_file_atomic(file, "these are my notes, and they are precious");
  const auto result = run_program({"run", "--model", "models/tiny", "--bench", "mini", "--limit",
                                   "1", "--samples", "1", "--db", file.string()});
  CHECK(result.exit_code == 2);
  CHECK(read_file(file) == "these are my notes, and they are precious");
}

TEST_CASE("the greedy text of stories260K is that of its authors") {
  ScratchFolder scratch;
  if (!testing::write_stories260k(scratch.path())) return;
  const auto expected = testing::shared_data("weights/stories260K/expected_stdout_t0_n200.txt");
  REQUIRE(expected);
  const auto result = run_program({"generate", "--model", scratch.path().string(), "--raw",
                                   "--prompt", "", "--temperature", "0", "--max-tokens", "200"});
  INFO(result.err);
  CHECK(result.exit_code == 0);
  CHECK(result.out == read_file(*expected));  // a newline follows on terminals only
}

TEST_CASE("a path that cannot be looked at is named and is no internal error") {
  const std::string name(300, 'x');  // longer than a file name may be
  const auto result = run_program({"run", "--model", "/tmp/" + name, "--bench", "mini"});
  INFO(result.err);
  CHECK(result.exit_code == 2);
  CHECK(result.err.find(name) != std::string::npos);
}
