// Properties of the comparison on real gold answers and on generated ones.
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/philox.h"
#include "base/text.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/exact_decider.h"
#include "benchmarks/math/extraction.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

bool same(const std::string& gold, const std::string& answer) {
  return equivalent(gold, answer, GraderKind::kMath).equal;
}

// The gold answers of the MATH test set: the last box of each solution.
std::vector<std::string> math_golds(const std::filesystem::path& path) {
  std::vector<std::string> golds;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::string solution = nlohmann::json::parse(line).at("solution");
    const Extraction found = extract_final_answer(solution, false);
    REQUIRE(found.answer.has_value());
    golds.push_back(*found.answer);
  }
  return golds;
}

// Other ways to write the same; an answer that a way does not apply to comes back as it is.
std::vector<std::string> written_again(const std::string& gold) {
  std::vector<std::string> forms = {" " + gold + " ", "$" + gold + "$", gold + "."};
  forms.push_back(replace_all(gold, "\\frac{", "\\dfrac{"));
  forms.push_back(replace_all(gold, "\\dfrac", "\\frac"));
  forms.push_back(replace_all(replace_all(gold, "\\left", ""), "\\right", ""));
  if (gold.find("\\left") == std::string::npos && gold.find("\\text") == std::string::npos &&
      gold.find("\\{") == std::string::npos && gold.find('(') != std::string::npos &&
      std::count(gold.begin(), gold.end(), '(') == std::count(gold.begin(), gold.end(), ')')) {
    forms.push_back(replace_all(replace_all(gold, "(", "\\left( "), ")", " \\right)"));
  }
  if (gold.find("\\text") == std::string::npos && gold.find("\\mbox") == std::string::npos) {
    forms.push_back(replace_all(gold, ",", ", "));
    forms.back() =
        gold.find(",\\!") == std::string::npos && gold.find("{,}") == std::string::npos &&
                gold.find(',') != std::string::npos && gold.find(' ') != std::string::npos
            ? forms.back()
            : gold;
    forms.push_back(replace_all(replace_all(gold, "+", " + "), "=", " = "));
  }
  return forms;
}

}  // namespace

TEST_CASE("Every gold answer of MATH equals itself however it is written") {
  const auto path = testing::shared_data("math500/MATH_test_5000.jsonl");
  if (!path) return;
  set_exact_decider_program(testing::program_path().string());
  const std::vector<std::string> golds = math_golds(*path);
  CHECK(golds.size() == 5000);
  int forms = 0;
  for (const std::string& gold : golds) {
    INFO(gold);
    CHECK(same(gold, gold));
    const std::vector<int> classes =
        answer_classes(gold, std::vector<std::string>{gold, " " + gold}, GraderKind::kMath);
    CHECK(classes == std::vector<int>{0, 0});
    for (const std::string& form : written_again(gold)) {
      INFO(form);
      CHECK(same(gold, form));
      CHECK(same(form, gold));
      ++forms;
    }
  }
  CHECK(forms > 30'000);
}

TEST_CASE("A fraction of MATH equals its decimal where that ends, and no other decimal") {
  const auto path = testing::shared_data("math500/MATH_test_5000.jsonl");
  if (!path) return;
  int ending = 0, rounded = 0;
  for (const std::string& gold : math_golds(*path)) {
    long top = 0, bottom = 0;
    char end = 0;
    if (std::sscanf(gold.c_str(), "\\frac{%ld}{%ld}%c", &top, &bottom, &end) != 2 || bottom == 0 ||
        gold != "\\frac{" + std::to_string(top) + "}{" + std::to_string(bottom) + "}")
      continue;
    // At most six places.
    const bool ends = 1'000'000 * top % bottom == 0;
    const long scaled = 1'000'000 * top / bottom;
    std::string digits = std::to_string(scaled);
    while (digits.size() < 7) digits.insert(0, "0");
    const std::string decimal =
        digits.substr(0, digits.size() - 6) + "." + digits.substr(digits.size() - 6);
    INFO(gold << " " << decimal);
    CHECK(same(gold, decimal) == ends);
    ++(ends ? ending : rounded);
  }
  CHECK(ending > 100);
  CHECK(rounded > 100);
}

TEST_CASE("Every gold answer of AIME equals itself, with leading zeros too") {
  const auto path = testing::shared_data("aime/aime24.json");
  if (!path) return;
  std::ifstream file(*path);
  int rows = 0;
  for (std::string line; std::getline(file, line); ++rows) {
    const auto row = nlohmann::json::parse(line);
    const auto& field = row.at("expected_answer");
    const std::string gold = field.is_string() ? field.get<std::string>() : field.dump();
    INFO(gold);
    for (const GraderKind kind : {GraderKind::kInteger, GraderKind::kMath}) {
      CHECK(equivalent(gold, gold, kind).equal);
      CHECK(equivalent("0" + gold, gold, kind).equal);
      CHECK(!equivalent(gold + "0", gold, kind).equal);
    }
  }
  CHECK(rows == 30);
}

TEST_CASE("The comparison of all pairs is symmetric and classes agree with it") {
  set_exact_decider_program(testing::program_path().string());
  for (const char* name : {"math_pairs_dev", "math_pairs_metamorphic", "math_pairs_policy"}) {
    const auto path = testing::shared_data("answer_pairs/" + std::string(name) + ".jsonl");
    if (!path) return;
    std::ifstream file(*path);
    for (std::string line; std::getline(file, line);) {
      const auto row = nlohmann::json::parse(line);
      const std::string gold = row["gold"], answer = row["prediction"];
      INFO(gold << " | " << answer);
      const bool forward = same(gold, answer);
      CHECK(forward == same(answer, gold));
      const std::vector<int> classes =
          answer_classes(gold, std::vector<std::string>{gold, answer}, GraderKind::kMath);
      const std::vector<int> swapped =
          answer_classes(gold, std::vector<std::string>{answer, gold}, GraderKind::kMath);
      CHECK((classes[0] == classes[1]) == (swapped[0] == swapped[1]));
      if (!forward) CHECK(classes[0] != classes[1]);
      // An answer that is equal to the gold one by construction is one vote with it.
      if (std::string(name) == "math_pairs_metamorphic" && !answer.empty())
        CHECK((classes[0] == classes[1]) == row["expected"].get<bool>());
    }
  }
}

TEST_CASE("Classes of generated answers are transitive and independent of the order") {
  set_exact_decider_program(testing::program_path().string());
  const std::vector<std::string> atoms = {"\\sin 2x",
                                          "2\\sin x\\cos x",
                                          "\\sin x",
                                          "|x|",
                                          "x",
                                          "\\sqrt{x^2}",
                                          "e^{\\ln x}",
                                          "2\\ln x",
                                          "\\ln x^2",
                                          "\\ln x+\\ln x",
                                          "\\sqrt{2}+\\sqrt{3}",
                                          "\\sqrt{5+2\\sqrt{6}}",
                                          "\\frac{1}{\\sqrt{3}-\\sqrt{2}}",
                                          "1",
                                          "\\sin^2 x+\\cos^2 x",
                                          "\\cos 0",
                                          "x=1",
                                          "(x+1)^2",
                                          "x^2+2x+1",
                                          "x<1",
                                          "(-\\infty,1)",
                                          "1>x",
                                          "-x>-1",
                                          "5\\text{ m}",
                                          "500\\text{ cm}",
                                          "5",
                                          "(1,2)",
                                          "1,2",
                                          "\\begin{pmatrix}1\\\\2\\end{pmatrix}",
                                          "\\begin{pmatrix}1&2\\end{pmatrix}",
                                          "f(n)=2n",
                                          "f(m)=2m",
                                          "58,500",
                                          "58500",
                                          "58, 500",
                                          "\\pm 1",
                                          "1,-1",
                                          "y=2x",
                                          "2x",
                                          "2x-y=0",
                                          "\\text{north}",
                                          "x\\ne 3",
                                          "\\mathbb{R}\\setminus\\{3\\}"};
  PhiloxStream random(11);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> answers;
    const int count = random.between(3, 16);
    for (int i = 0; i < count; ++i) {
      std::string answer = atoms[random.below(static_cast<std::uint32_t>(atoms.size()))];
      if (random.below(4) == 0)
        answer = "(" + answer + ", " + atoms[random.below(static_cast<std::uint32_t>(22))] + ")";
      answers.push_back(answer);
    }
    const std::string gold = atoms[random.below(static_cast<std::uint32_t>(atoms.size()))];
    const std::vector<int> first = answer_classes(gold, answers, GraderKind::kMath);
    std::vector<std::size_t> order(answers.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    std::vector<std::string> shuffled;
    for (const std::size_t i : order) shuffled.push_back(answers[i]);
    const std::vector<int> second = answer_classes(gold, shuffled, GraderKind::kMath);
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = 0; j < order.size(); ++j) {
        INFO(shuffled[i] << " | " << shuffled[j] << " | gold " << gold);
        CHECK((first[order[i]] == first[order[j]]) == (second[i] == second[j]));
        if (second[i] == second[j]) CHECK(same(shuffled[i], shuffled[j]));
        if (shuffled[i] == shuffled[j]) CHECK(second[i] == second[j]);
      }
    }
  }
}

}  // namespace quorum
