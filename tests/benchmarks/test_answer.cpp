#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/philox.h"
#include "benchmarks/math/answer.h"
#include "benchmarks/math/grader.h"
#include "benchmarks/math/notation.h"
#include "benchmarks/math/rational.h"
#include "support/catch.h"
#include "support/test_data.h"

namespace quorum {
namespace {

bool same(std::string_view gold, std::string_view prediction) {
  return equivalent(gold, prediction, GraderKind::kMath).equal;
}
bool same_integer(std::string_view gold, std::string_view prediction) {
  return equivalent(gold, prediction, GraderKind::kInteger).equal;
}
std::string reason(std::string_view gold, std::string_view prediction) {
  return equivalent(gold, prediction, GraderKind::kMath).reason;
}
std::vector<int> classes(const std::vector<std::string>& answers, const char* gold = "1",
                         GraderKind kind = GraderKind::kMath) {
  return answer_classes(gold, answers, kind);
}

struct Pair {
  const char* gold;
  const char* prediction;
};

struct PairCounts {
  int true_positives = 0, false_negatives = 0, false_positives = 0, rows = 0;
};

PairCounts count_pairs(const std::filesystem::path& path) {
  PairCounts counts;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line); ++counts.rows) {
    const auto row = nlohmann::json::parse(line);
    const std::string gold = row["gold"], prediction = row["prediction"];
    const bool forward = same(gold, prediction);
    INFO(gold << " | " << prediction);
    CHECK(forward == same(prediction, gold));
    CHECK(same(gold, gold));
    if (row["expected"].get<bool>()) {
      ++(forward ? counts.true_positives : counts.false_negatives);
    } else if (forward) {
      CHECK(!forward);
      ++counts.false_positives;
    }
  }
  return counts;
}

}  // namespace

TEST_CASE("No wrong answer of the decided pairs is accepted") {
  const auto path = testing::shared_data("answer_pairs/math_pairs_dev.jsonl");
  if (!path) return;
  const PairCounts counts = count_pairs(*path);
  CHECK(counts.rows == 385);
  CHECK(counts.false_positives == 0);
  CHECK(counts.true_positives >= 140);
}

TEST_CASE("No wrong answer of the metamorphic pairs is accepted and everyday forms are") {
  const auto path = testing::shared_data("answer_pairs/math_pairs_metamorphic.jsonl");
  if (!path) return;
  const PairCounts counts = count_pairs(*path);
  CHECK(counts.false_positives == 0);
  CHECK(counts.true_positives >= 2640);
}

TEST_CASE("Equal numbers are equal in all everyday notations") {
  const Pair pairs[] = {{"\\frac{1}{7}", "\\cfrac{1}{7}"},
                        {"\\frac{1}{7}", "\\frac17"},
                        {"\\frac{1}{72}", "\\frac1{72}"},
                        {"\\frac{59}{9}", "\\frac{59}9"},
                        {"\\frac{5}{9}", "\\frac 59"},
                        {"\\frac{2}{3}", "2/3"},
                        {"\\frac{2}{3}", "\\frac{4}{6}"},
                        {"\\frac{17}{50}", "0.34"},
                        {"0.15", ".15"},
                        {"1.5", "1.50"},
                        {"7", "7.0"},
                        {"7", "7."},
                        {"025", "25"},
                        {"1250", "1,250"},
                        {"10,\\!080", "10080"},
                        {"10080", "10{,}080"},
                        {"10080", "10\\,080"},
                        {"10080", "10 080"},
                        {"11,\\! 111,\\! 111,\\! 100", "11111111100"},
                        {"1,234,567", "1234567"},
                        {"1\\frac{4}{5}", "\\frac{9}{5}"},
                        {"1 4/5", "\\frac{9}{5}"},
                        {"137 \\frac{1}{2}", "137.5"},
                        {"-1\\frac{1}{2}", "-1.5"},
                        {"-\\frac{35}{9}", "\\frac{-35}{9}"},
                        {"-\\frac{35}{9}", "\\frac{35}{-9}"},
                        {"0.0000672", "6.72 \\times 10^{-5}"},
                        {"672000", "6.72 \\cdot 10^5"},
                        {"1000", "10^3"},
                        {"1024", "2^{10}"},
                        {"\\frac{1}{3}", "0.\\overline{3}"},
                        {"\\frac{1}{6}", "0.1\\overline{6}"},
                        {"-8", "−8"},
                        {"42", "$42$"},
                        {"42", "\\(42\\)"},
                        {"90^\\circ", "90"},
                        {"90^\\circ", "90°"},
                        {"90^\\circ", "90 \\text{ degrees}"},
                        {"90^\\circ", "90^{\\circ}"},
                        {"\\$18.90", "18.90"},
                        {"\\$32,\\!348", "32348"},
                        {"18.90", "18.90 \\text{ dollars}"},
                        {"15\\mbox{ cm}^2", "15"},
                        {"15", "15 cm"},
                        {"15", "15cm"},
                        {"864 \\mbox{ inches}^2", "864 \\text{ square inches}"},
                        {"12", "12\\text{ weeks}"},
                        {"12", "12weeks"},
                        {"12", "12^{\\text{th}}"},
                        {"12", "x=12"},
                        {"x = 12", "12"},
                        {"12", "|AB| = 12"},
                        {"12", "12 \\approx 12.01"},
                        {"25\\%", "25%"},
                        {"25\\%", "25"},
                        {"25\\%", "0.25"},
                        {"\\frac{\\frac12}{\\frac34}", "\\frac23"},
                        {"{5}", "5"},
                        {"(5)", "5"},
                        {"-0", "0"}};
  for (const Pair& pair : pairs) {
    INFO(pair.gold << " ~ " << pair.prediction << " " << reason(pair.gold, pair.prediction));
    CHECK(same(pair.gold, pair.prediction));
    CHECK(same(pair.prediction, pair.gold));
  }
}

TEST_CASE("Numbers that differ are never equal however close they are") {
  const Pair pairs[] = {{"\\frac{1}{3}", "0.33"},
                        {"\\frac{1}{3}", "0.333333"},
                        {"400000000000", "399999999999"},
                        {"123456789012345678901234567890", "123456789012345678901234567891"},
                        {"0.0000001", "0.0000004"},
                        {"7", "700"},
                        {"7", "0.07"},
                        {"7", "-7"},
                        {"7", "7.001"},
                        {"25\\%", "2500"},
                        {"25\\%", "0.25\\%"},
                        {"5 \\text{ m}", "5 \\text{ cm}"},
                        {"5", "5 \\text{ million}"},
                        {"5", "5!"},
                        {"5", "5\\pi"},
                        {"5", "5x"},
                        {"5", "5m"},
                        {"5", "5 squared"},
                        {"2", "2\\sqrt{2}"},
                        {"12", "1 2"},
                        {"\\frac{1}{2^{99}}", "\\frac{1}{2^{98}}"},
                        {"52_8", "52_9"},
                        {"52_8", "42"},
                        {"42", ""},
                        {"", ""},
                        {"3:1", "3"},
                        {"1\\frac{1}{2}", "\\frac{1}{2}"},
                        {"11/2", "1 1/2"},
                        {"x=5", "y=5"},
                        {"7 = 11a+c", "11a+c"},
                        {"n=3k", "3"},
                        {"a^2+b=0", "0"},
                        {"\\frac{1}{0}", "\\frac{2}{0}"},
                        {"10^{400}", "10^{401}"},
                        {"10^{99999}", "10^{99998}"}};
  for (const Pair& pair : pairs) {
    INFO(pair.gold << " ~ " << pair.prediction << " " << reason(pair.gold, pair.prediction));
    CHECK(!same(pair.gold, pair.prediction));
    CHECK(!same(pair.prediction, pair.gold));
  }
}

TEST_CASE("Lists are multisets and tuples are ordered and brackets matter") {
  const Pair equal[] = {{"4,-9", "-9,4"},
                        {"3, 5, 7", "3, 5 \\text{ and } 7"},
                        {"3, 5, 7", "7 and 3, and 5"},
                        {"1,-2", "\\{1,-2\\}"},
                        {"\\{5\\}", "5"},
                        {"\\{1,1,2\\}", "\\{2,1\\}"},
                        {"1,2", "x=1 or x=2"},
                        {"1,2", "x = 1, 2"},
                        {"(2,4)", "(2, 4)"},
                        {"(2,4)", "2,4"},
                        {"(2, \\frac12)", "\\left(2, 0.5\\right)"},
                        {"(100,200)", "(100, 200)"},
                        {"[0,1)", "[0, 1)"},
                        {"x \\in [-2,7]", "[-2,7]"},
                        {"(2,\\infty)", "(2,+\\infty)"},
                        {"(0,9) \\cup (9,36)", "(9,36) \\cup (0,9)"},
                        {"\\begin{pmatrix} -1/3 \\\\ 2/3 \\end{pmatrix}",
                         "\\begin{bmatrix} -\\frac{1}{3} \\\\ \\frac{2}{3} \\end{bmatrix}"},
                        {"\\begin{pmatrix} -3 \\\\ 12 \\end{pmatrix}", "(-3,12)"},
                        {"(1,2),(3,4)", "(3,4),(1,2)"},
                        {"(p,q)=(3,2)", "(3,2)"}};
  for (const Pair& pair : equal) {
    INFO(pair.gold << " ~ " << pair.prediction << " " << reason(pair.gold, pair.prediction));
    CHECK(same(pair.gold, pair.prediction));
    CHECK(same(pair.prediction, pair.gold));
  }
  const Pair unequal[] = {
      {"1,-2", "1,-3"},
      {"1,-2", "1"},
      {"16,3,1", "16,3,1,1"},
      {"(2,4)", "(4,2)"},
      {"(2,4)", "4,2"},
      {"3,125", "(3,125)"},
      {"[-2,7]", "(-2,7)"},
      {"[-2,7)", "[-2,7]"},
      {"(2,4)", "\\{2,4\\}"},
      {"\\begin{pmatrix} 1 & 2 \\end{pmatrix}", "\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}"},
      {"(0,9) \\cup (9,36)", "(0,36)"},
      {"x<-2 \\text{ or } x>3", "x<-2 \\text{ and } x>3"},
      {"1 \\pm \\sqrt{19}", "1+\\sqrt{19}"}};
  for (const Pair& pair : unequal) {
    INFO(pair.gold << " ~ " << pair.prediction << " " << reason(pair.gold, pair.prediction));
    CHECK(!same(pair.gold, pair.prediction));
    CHECK(!same(pair.prediction, pair.gold));
  }
}

TEST_CASE("Text is equal only when its normal form is") {
  const Pair equal[] = {{"\\text{east}", "east"},
                        {"\\text{Navin}", "navin"},
                        {"A", "\\textbf{A}"},
                        {"\\text{(D)}", "D"},
                        {"\\sqrt{7}", "\\sqrt7"},
                        {"6 - 5i", "6-5i"},
                        {"x \\le 5", "x\\leq5"},
                        {"52_8", "52_{8}"},
                        {"52_8", "52_{\\text{eight}}"},
                        {"\\left( 3, \\frac{\\pi}{2} \\right)", "(3,\\dfrac{\\pi}2)"},
                        {"\\text{The midpoints form a hexagon.}", "The midpoints form a hexagon"}};
  for (const Pair& pair : equal) {
    INFO(pair.gold << " ~ " << pair.prediction);
    CHECK(same(pair.gold, pair.prediction));
  }
  const Pair unequal[] = {{"\\text{Odd}", "\\text{Even}"},
                          {"x^2", "y^2"},
                          {"A", "B"},
                          {"x^{12}", "x^12"},
                          {"X", "x"},
                          {"ABC", "abc"},
                          {"x_{1}", "x_2"},
                          {"\\pi", "p"},
                          {"-4", "\\mathbf{)-{4}"},
                          {"7", "{(7})"},
                          {"(1,2)", "(1,2\\}"},
                          {"5.5", "5.5 \\mathbf \\ldots 5"},
                          {"\\text{(D)}", "\\text{(E)}"}};
  for (const Pair& pair : unequal) {
    INFO(pair.gold << " ~ " << pair.prediction);
    CHECK(!same(pair.gold, pair.prediction));
  }
}

TEST_CASE("Reason codes tell how a verdict came about") {
  CHECK(reason("\\frac12", "0.5") == "equal_exact");
  CHECK(reason("x+1", "x + 1") == "equal_text");
  CHECK(reason("1,2", "2,1") == "equal_elements");
  CHECK(reason("1", "2") == "unequal_value");
  CHECK(reason("5\\text{ m}", "5\\text{ kg}") == "unequal_unit");
  CHECK(reason("5\\text{ m}", "5\\text{ cm}") == "unequal_value");
  CHECK(reason("1", "(1,2)") == "unequal_type");
  CHECK(reason("(1,2)", "(1,3)") == "unequal_elements");
  CHECK(reason("x=5", "y=5") == "unequal_name");
  CHECK(reason("x+1", "1+x") == "equal_algebra");
  CHECK(reason("x+1", "x+2") == "unequal_certified");
  CHECK(reason("\\text{north}", "x+2") == "not_proven");
  CHECK(equivalent("C", "C", GraderKind::kChoice).reason == "equal_choice");
  CHECK(equivalent("C", "D", GraderKind::kChoice).reason == "unequal_choice");
  CHECK(equivalent("a b", "a  b", GraderKind::kExact).reason == "unequal_text");
}

TEST_CASE("Integers are compared by value and take no percent sign") {
  for (const char* answer :
       {"25", "025", "+25", "25.0", "\\frac{50}{2}", "x = 25", "25^\\circ", "$25$", "25."}) {
    INFO(answer);
    CHECK(same_integer("25", answer));
    CHECK(same_integer("025", answer));
  }
  for (const char* answer :
       {"26", "-25", "25%", "2500%", "25,26", "25.5", "twenty-five", "", "25x", "(25,25)"}) {
    INFO(answer);
    CHECK(!same_integer("25", answer));
  }
  CHECK(is_integer_text("1,000"));
  CHECK(is_integer_text("-3"));
  CHECK(!is_integer_text("0.5"));
  CHECK(!is_integer_text("x"));
}

TEST_CASE("Choices are read in the forms that models write") {
  for (const char* answer : {"C", "c", "(C)", "\\text{(C)}", "\\text{C}", "\\textbf{(C)}", "C.",
                             "C) 42", "(C) 42", "Option C", "C: yes"}) {
    INFO(answer);
    CHECK(equivalent("C", answer, GraderKind::kChoice).equal);
  }
  for (const char* answer : {"D", "Cat", "", "42", "C 42", "C or D", "AC"}) {
    INFO(answer);
    CHECK(!equivalent("C", answer, GraderKind::kChoice).equal);
  }
}

TEST_CASE("Rationals agree with 64-bit arithmetic and keep their limits") {
  PhiloxStream random(1);
  for (int i = 0; i < 2000; ++i) {
    const int range = i % 2 == 0 ? 12 : 100000;
    const long a = random.between(-range, range), c = random.between(-range, range);
    const long b = random.between(1, range), d = random.between(1, range);
    const auto make = [](long top, long bottom) {
      return *Rational::make(top < 0, Natural(static_cast<std::uint64_t>(std::abs(top))),
                             Natural(static_cast<std::uint64_t>(bottom)));
    };
    const Rational x = make(a, b), y = make(c, d);
    CHECK((x == y) == (a * d == c * b));
    CHECK((x.key() == y.key()) == (x == y));
    CHECK(*x.plus(y) == make(a * d + c * b, b * d));
    CHECK(*x.times(y) == make(a * c, b * d));
    if (c != 0) CHECK(*x.divided_by(y) == make(c < 0 ? -a * d : a * d, b * std::abs(c)));
  }
  CHECK(!Rational::from_decimal("1")->divided_by(Rational()));
  CHECK(Rational::from_decimal("1" + std::string(1000, '0'))->key() ==
        Rational::from_decimal("1", 1000)->key());
  CHECK(!Rational::from_decimal("1" + std::string(1300, '0')));
  CHECK(!Rational::from_decimal("1", 1300));
  CHECK(!Rational::from_decimal("1", -100000));
  CHECK(Rational::from_decimal("0", -100000)->key() == "0");
  // m = 2^521 - 1: m^2 = 2^1042 - 2^522 + 1.
  const auto m = Rational::from_decimal(
      "68647976601306097149819007990813932172694353001433054093944634591855431833976560521225596406"
      "61454554977296311391480858037121987999716643812574028291115057151");
  const auto square = m->times(*m);
  CHECK(square->key() == "3" + std::string(129, 'f') + "c" + std::string(129, '0') + "1");
  CHECK(square->divided_by(*m)->key() == m->key());
}

TEST_CASE("Answers fall into classes by value") {
  CHECK(classes({"1/2", "0.5", "\\frac12", "2", "x"}) == std::vector<int>{0, 0, 0, 1, 2});
  CHECK(classes({"025", "25", "25.0"}) == std::vector<int>{0, 0, 0});
  CHECK(classes({"25\\%", "25", "0.25"}) == std::vector<int>{0, 0, 1});
  CHECK(classes({"25\\%", "25"}, "25", GraderKind::kInteger) == std::vector<int>{0, 1});
  CHECK(classes({"5\\text{ m}", "5"}) == std::vector<int>{0, 0});
  CHECK(classes({"5\\text{ m}", "5\\text{ cm}", "5"}) == std::vector<int>{0, 1, 2});
  CHECK(classes({"5\\text{ m}", "5"}, "5\\text{ cm}") == std::vector<int>{0, 1});
  CHECK(classes({"x=5", "5"}) == std::vector<int>{0, 0});
  CHECK(classes({"x=5", "y=5"}) == std::vector<int>{0, 1});
  CHECK(classes({"1,2", "2,1", "\\{1,2\\}", "(1,2)"}) == std::vector<int>{0, 0, 0, 1});
  CHECK(classes({"30^\\circ", "\\frac{\\pi}{6}"}) == std::vector<int>{0, 1});
  CHECK(classes({"(A)", "A", "B"}, "A", GraderKind::kChoice) == std::vector<int>{0, 0, 1});
  CHECK(classes({}) == std::vector<int>{});
}

TEST_CASE("Classes are an equivalence relation that does not depend on the order of the answers") {
  const std::vector<std::string> atoms = {
      "1",         "1.0", "01",  "\\frac22",    "2",    "1/2",  "0.5",     "50\\%",
      "x",         "x=1", "y=1", "1\\text{ m}", "1 cm", "\\pi", "1{,}000", "1000",
      "\\text{a}", "a",   "-1",  "- 1",         "A",    "",     "\\frac{", "}"};
  PhiloxStream random(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> answers;
    const int count = random.between(1, 24);
    for (int i = 0; i < count; ++i) {
      const auto atom = [&] {
        return atoms[random.below(static_cast<std::uint32_t>(atoms.size()))];
      };
      switch (random.below(5)) {
        case 0: answers.push_back(atom() + "," + atom()); break;
        case 1: answers.push_back("(" + atom() + ", " + atom() + ")"); break;
        case 2: answers.push_back("\\{" + atom() + "," + atom() + "\\}"); break;
        default: answers.push_back(atom());
      }
    }
    const std::string gold = atoms[random.below(static_cast<std::uint32_t>(atoms.size()))];
    const GraderKind kind = round % 3 == 0 ? GraderKind::kInteger : GraderKind::kMath;
    const std::vector<int> first = answer_classes(gold, answers, kind);
    // Class numbers count up by first appearance.
    int next = 0;
    for (const int number : first) {
      REQUIRE(number <= next);
      next = std::max(next, number + 1);
    }
    std::vector<std::size_t> order(answers.size());
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    std::vector<std::string> shuffled;
    for (const std::size_t i : order) shuffled.push_back(answers[i]);
    const std::vector<int> second = answer_classes(gold, shuffled, kind);
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = 0; j < order.size(); ++j) {
        REQUIRE((first[order[i]] == first[order[j]]) == (second[i] == second[j]));
        // What shares a class is equal for the grader too (sets drop repeats, which names and units
        // can hide from it).
        const bool set = shuffled[i][0] == '\\' || shuffled[j][0] == '\\';
        if (kind == GraderKind::kMath && second[i] == second[j] && !shuffled[i].empty() && !set) {
          INFO(shuffled[i] << " | " << shuffled[j]);
          CHECK(same(shuffled[i], shuffled[j]));
        }
      }
    }
  }
}

TEST_CASE("Comparison of hostile answers ends soon and finds no equality") {
  const auto repeat = [](std::string_view piece, std::size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += piece;
    return out;
  };
  for (const char* piece : {"{",
                            "(",
                            "\\frac{",
                            "\\frac",
                            "1,",
                            "\\{",
                            "\\text{",
                            "=",
                            "\\cup(",
                            "x=",
                            "9",
                            "0.",
                            "\\begin{pmatrix}",
                            "(1,",
                            "\x01",
                            "\x02",
                            "\\",
                            "^{",
                            "9^{9}",
                            "9^",
                            "\\frac99",
                            "1 1/",
                            "\\overline{",
                            "and ",
                            "$",
                            "\xff",
                            "10^{9999}"}) {
    const std::string text = repeat(piece, 4090);
    INFO(piece);
    CHECK(!same(text, "1"));
    CHECK(same(text, text));
    classes({text, "1", text + "1"});
  }
  CHECK(!same("10^{10^{10}}", "10^{10^{11}}"));
  CHECK(!same("2^{9999}", "2^{9998}"));
  CHECK(!same("100000000!", "1"));
}

TEST_CASE("The grader joins extraction and comparison") {
  const auto grader = make_answer_grader();
  Query query;
  query.id = "q";
  query.gold = "25";
  query.grader = GraderKind::kInteger;
  const auto grade = [&](std::string_view text, bool thinking = false, bool truncated = false) {
    return grader->grade(query, {text, thinking, truncated});
  };
  CHECK(grade("<think>hm</think>\\boxed{025}").verdict == Verdict::kCorrect);
  CHECK(grade("\\boxed{26}").verdict == Verdict::kIncorrect);
  CHECK(grade("\\boxed{26}").reason == "unequal_value");
  CHECK(grade("hm 25").verdict == Verdict::kNoAnswer);
  CHECK(grade("hm 25").reason == "no_answer");
  CHECK(!grade("hm 25").answer);
  CHECK(grade("\\boxed{25}", true).verdict == Verdict::kNoAnswer);
  CHECK(grade("hm</think>\\boxed{25} and", true, true).verdict == Verdict::kCorrect);
  CHECK(grade("\\boxed{25}</think>Done.", true).warning == "from_think");
  query.grader = GraderKind::kChoice;
  query.gold = "B";
  CHECK(grade("hm</think>\nB", true).verdict == Verdict::kCorrect);
  CHECK(grade("hm</think>\nBecause.", true).verdict == Verdict::kNoAnswer);
  CHECK(grade("\\boxed{B}").verdict == Verdict::kCorrect);
  query.grader = GraderKind::kExact;
  query.gold = "Paris, France";
  CHECK(grade("hm</think>\nParis, France\n", true).verdict == Verdict::kCorrect);
  CHECK(grade("hm</think>\nparis, france", true).verdict == Verdict::kIncorrect);
  CHECK(grade("hm</think>\nParis,\nFrance", true).verdict == Verdict::kNoAnswer);
  CHECK(!grader->version().empty());
}

}  // namespace quorum
