#include "cli/perf_math_inputs.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "base/philox.h"
#include "base/text.h"

namespace quorum::cli {
namespace {

// One answer of a kind; the kinds' shares are those of the MATH test set in per mille.
std::string answer_of_kind(PhiloxStream& random, int kind) {
  const auto n = [&](int low, int high) { return random.between(low, high); };
  switch (kind) {
    case 0: return fmt::format("{}", n(-40, 2000));
    case 1: return fmt::format("\\frac{{{}}}{{{}}}", n(1, 60), n(2, 60));
    case 2: return fmt::format("{}\\sqrt{{{}}}", n(2, 30), n(2, 90));
    case 3: return fmt::format("{}x^2 - {}x + {}", n(2, 20), n(2, 20), n(1, 50));
    case 4: return fmt::format("{}^\\circ", n(1, 180));
    case 5: return fmt::format("({}, {})", n(-9, 9), n(-9, 9));
    case 6: return fmt::format("\\frac{{{}\\pi}}{{{}}}", n(2, 30), n(2, 12));
    case 7: return fmt::format("{}.{}", n(0, 99), n(1, 99));
    case 8:
      return fmt::format("\\begin{{pmatrix}} {} \\\\ {} \\\\ {} \\end{{pmatrix}}", n(-9, 9),
                         n(-9, 9), n(-9, 9));
    case 9: return fmt::format("[{}, {})", n(-20, 0), n(1, 20));
    case 10: return fmt::format("{} - {}i", n(1, 20), n(1, 20));
    case 11: return fmt::format("{}_{}", n(1, 4), n(5, 9));
    case 12: return fmt::format("\\text{{{}}}", "ABCDE"[n(0, 4)]);
    case 13: return fmt::format("y = {}x + {}", n(2, 20), n(1, 20));
    case 14: return fmt::format("{}, {}", n(-9, 0), n(1, 9));
    default: return fmt::format("{},{:03}", n(1, 999), n(0, 999));
  }
}

constexpr std::pair<int, int> kShares[] = {{0, 622}, {1, 112}, {2, 44},  {3, 30}, {4, 28},  {5, 24},
                                           {6, 18},  {7, 16},  {8, 14},  {9, 20}, {10, 12}, {11, 8},
                                           {12, 16}, {13, 12}, {14, 10}, {15, 14}};

// The i-th other way of writing an answer.
std::string rewritten(const std::string& answer, std::size_t i) {
  std::string text = answer;
  switch (i % 8) {
    case 0: break;
    case 1: text = "$" + text + "$"; break;
    case 2: text += "."; break;
    case 3: text = replace_all(text, "\\frac", "\\dfrac"); break;
    case 4:
      if (text.find("\\text") == std::string::npos)
        text = replace_all(replace_all(text, "(", "\\left("), ")", "\\right)");
      break;
    case 5: text = "\\displaystyle " + replace_all(text, "\\frac", "\\tfrac"); break;
    case 6: text = "\\(" + replace_all(text, ", ", ",\\ ") + "\\)"; break;
    case 7: text = "\\boxed{" + text + "}"; break;
  }
  // Space of so many kinds makes pairs different that are the same mathematics.
  for (std::size_t spaces = i / 8; spaces > 0; spaces /= 3)
    text += spaces % 3 == 0 ? " " : spaces % 3 == 1 ? "\\," : "\\;";
  return text;
}

}  // namespace

std::vector<std::string> answers_like_math(std::size_t count, std::uint64_t seed) {
  PhiloxStream random(seed);
  std::vector<std::string> answers;
  for (std::size_t i = 0; i < count; ++i) {
    int at = random.between(0, 999), kind = 0;
    for (const auto& [name, share] : kShares) {
      kind = name;
      at -= share;
      if (at < 0) break;
    }
    answers.push_back(answer_of_kind(random, kind));
  }
  return answers;
}

std::vector<AnswerPair> rewritten_pairs(const std::vector<std::string>& golds, std::size_t count) {
  std::vector<AnswerPair> pairs;
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; pairs.size() < count && i < 1000 * count; ++i) {
    const std::string& gold = golds[i % golds.size()];
    AnswerPair pair{gold, rewritten(gold, i / golds.size())};
    if (seen.emplace(pair.gold, pair.answer).second) pairs.push_back(std::move(pair));
  }
  return pairs;
}

std::vector<AnswerPair> wrong_pairs(const std::vector<std::string>& golds, std::size_t count) {
  std::vector<AnswerPair> pairs;
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; pairs.size() < count && i < golds.size() * golds.size(); ++i) {
    // The step grows with every round, so that each round pairs an answer with another one.
    AnswerPair pair{golds[i % golds.size()], golds[(i + 1 + i / golds.size()) % golds.size()]};
    if (pair.gold != pair.answer && seen.emplace(pair.gold, pair.answer).second)
      pairs.push_back(std::move(pair));
  }
  return pairs;
}

std::vector<AnswerPair> equal_fractions(std::size_t count, std::uint64_t seed) {
  PhiloxStream random(seed);
  std::vector<AnswerPair> pairs;
  std::set<std::pair<std::string, std::string>> seen;
  while (pairs.size() < count) {
    const int top = random.between(1, 999), bottom = random.between(2, 999);
    const int factor = random.between(2, 99);
    const std::string gold = fmt::format("\\frac{{{}}}{{{}}}", top, bottom);
    std::string answer;
    switch (random.between(0, 3)) {
      case 0: answer = fmt::format("\\dfrac{{{}}}{{{}}}", top * factor, bottom * factor); break;
      case 1: answer = fmt::format("{}/{}", top * factor, bottom * factor); break;
      case 2:
        answer = fmt::format("{}\\frac{{{}}}{{{}}}", top / bottom, top % bottom, bottom);
        break;
      default: answer = fmt::format("\\frac{{{}.5}}{{{}}}", top, bottom); break;
    }
    std::string exact = gold;
    if (answer.find(".5") != std::string::npos)
      exact = fmt::format("\\frac{{{}}}{{{}}}", 2 * top + 1, 2 * bottom);
    if (seen.emplace(exact, answer).second) pairs.push_back({exact, answer});
  }
  return pairs;
}

std::vector<std::string> long_outputs(const std::vector<std::string>& answers, std::size_t count,
                                      std::size_t bytes, std::uint64_t seed) {
  PhiloxStream random(seed);
  std::vector<std::string> outputs;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& answer = answers[i % answers.size()];
    const std::string end =
        "\n</think>\n\nBoth ways give the same.\n\n**Final Answer**\n\\[ \\boxed{" + answer +
        "} \\]\n";
    std::string text = "<think>\nOkay, let me see.";
    while (text.size() + end.size() < bytes) {
      const int a = random.between(2, 99), b = random.between(2, 99);
      switch (random.between(0, 5)) {
        case 0: text += fmt::format(" First, I note that \\( x^2 + {}x = {} \\), so", a, b); break;
        case 1:
          text += fmt::format(" Wait, maybe I should check {} < {} again.\n\n", a, a + b);
          break;
        case 2:
          text += fmt::format(" Then \\[\n\\frac{{{}}}{{{}}} \\cdot {} = \\frac{{{}}}{{{}}},\n\\]",
                              a, b, b, a * b, b);
          break;
        case 3:
          text += fmt::format(" Therefore the answer might be {}, but let me verify:", a);
          break;
        case 4:
          text += fmt::format(" If \\( n = {} \\), the sum is ${} + {} = {}$.", a, a, b, a + b);
          break;
        default:
          text += " Hmm, that does not look right. Let me think about the second case.";
          break;
      }
    }
    text.resize(bytes - std::min(bytes, end.size()));
    outputs.push_back(text + end);
  }
  return outputs;
}

}  // namespace quorum::cli
