#include "benchmarks/builtin.h"

#include "benchmarks/aime/aime.h"
#include "benchmarks/math500/math500.h"
#include "benchmarks/mini/mini.h"
#include "benchmarks/mini/problem_generator.h"

namespace quorum {
namespace {

BuiltinBenchmark aime(const std::string& year) {
  const std::string short_year = year.substr(2);
  BuiltinBenchmark out;
  out.name = "aime" + short_year;
  out.card = aime_card(year);
  out.queries = 30;
  for (const std::string& stem : {"aime" + short_year, "aime" + year, "aime_" + year,
                                  "aime-" + year, "AIME_" + year, "AIME" + year}) {
    for (const char* ending : {".jsonl", ".json"}) {
      for (const char* folder : {"", "aime/"}) out.files.push_back(folder + stem + ending);
    }
    for (const char* inside : {"/test.jsonl", "/test.json", "/train.jsonl", "/train.json"})
      out.files.push_back(stem + inside);
  }
  out.folder = "aime";
  out.name_parts = {"aime"};
  out.obtain = "published as " +
               std::string(year == "2024" ? "HuggingFaceH4/aime_2024 and Maxwell-Jia/AIME_2024"
                                          : "opencompass/AIME2025 and math-ai/aime25") +
               " on Hugging Face, and in mlfoundations/evalchemy; then: quorum data add FILE";
  out.parse = [year](std::string_view file) { return parse_aime(file, year); };
  out.recognise = [year](std::string_view file) { return recognise_aime(file) == year; };
  return out;
}

BuiltinBenchmark math500() {
  BuiltinBenchmark out;
  out.name = "math500";
  out.card = math500_card();
  out.queries = 500;
  for (const char* stem : {"math500", "math_500", "math-500", "MATH500", "MATH-500", "MATH_500"}) {
    for (const char* ending : {".jsonl", ".json"}) {
      for (const char* folder : {"", "math500/"})
        out.files.push_back(std::string(folder) + stem + ending);
    }
    for (const char* inside : {"/test.jsonl", "/test.json"})
      out.files.push_back(std::string(stem) + inside);
  }
  out.folder = "math500";
  out.name_parts = {"math", "500"};
  out.obtain =
      "published as HuggingFaceH4/MATH-500 on Hugging Face (test.jsonl), and in openai/prm800k; "
      "then: quorum data add FILE";
  out.parse = parse_math500;
  out.recognise = is_math500;
  return out;
}

BuiltinBenchmark mini() {
  BuiltinBenchmark out;
  out.name = "mini";
  out.card = mini_card();
  out.queries = kMiniCount;
  out.embedded = true;
  out.parse = [](std::string_view) { return mini_set(0); };
  out.recognise = [](std::string_view) { return false; };
  return out;
}

BuiltinBenchmark mini_code() {
  BuiltinBenchmark out;
  out.name = "mini-code";
  out.card = mini_code_card();
  out.queries = kMiniCodeCount;
  out.embedded = true;
  out.parse = [](std::string_view) { return mini_code_set(0); };
  out.recognise = [](std::string_view) { return false; };
  return out;
}

}  // namespace

const std::vector<BuiltinBenchmark>& builtin_benchmarks() {
  static const std::vector<BuiltinBenchmark> kAll = {aime("2024"), aime("2025"), math500(), mini(),
                                                     mini_code()};
  return kAll;
}

}  // namespace quorum
