#include "benchmarks/math/answer.h"

#include <array>
#include <map>
#include <utility>

#include "base/text.h"
#include "benchmarks/math/answer_classes.h"
#include "benchmarks/math/answer_compare.h"
#include "benchmarks/math/answer_points.h"
#include "benchmarks/math/answer_value.h"
#include "benchmarks/math/bound_variable.h"
#include "benchmarks/math/decision_budget.h"
#include "benchmarks/math/extraction.h"
#include "benchmarks/math/labelled_choice.h"
#include "benchmarks/math/notation.h"

namespace quorum {
namespace {

using Type = AnswerValue::Type;

EquivalenceVerdict equal(const char* reason) { return {true, reason, Certainty::kCertified}; }
EquivalenceVerdict unequal(const char* reason) { return {false, reason, Certainty::kCertified}; }
EquivalenceVerdict not_proven() { return {false, "not_proven", Certainty::kUnproven}; }

EquivalenceVerdict compare_choices(std::string_view gold, std::string_view prediction) {
  const auto a = choice_letter(gold), b = choice_letter(prediction);
  if (!a || !b) return not_proven();
  return *a == *b ? equal("equal_choice") : unequal("unequal_choice");
}

bool is_lone_choice(std::string_view normal_form) {
  return normal_form.size() == 3 && normal_form[0] == '(' && normal_form[2] == ')' &&
         normal_form[1] >= 'A' && normal_form[1] <= 'J';
}

EquivalenceVerdict compare_integers(std::string_view gold, std::string_view prediction) {
  const AnswerValue a = parse_answer(gold), b = parse_answer(prediction);
  if (a.type != Type::kNumber) return not_proven();
  if (b.type != Type::kNumber)
    return b.type == Type::kText ? not_proven() : unequal("unequal_type");
  if (!a.name.empty() && !b.name.empty() && a.name != b.name) return unequal("unequal_name");
  return compare_numbers(a.number, b.number, false);
}

}  // namespace

EquivalenceVerdict equivalent(std::string_view gold, std::string_view prediction, GraderKind kind) {
  if (kind == GraderKind::kExact) {
    return trim(gold) == trim(prediction) ? equal("equal_text") : unequal("unequal_text");
  }
  if (kind == GraderKind::kChoice) return compare_choices(gold, prediction);
  if (trim(gold).empty() || trim(prediction).empty()) return not_proven();
  if (kind == GraderKind::kInteger) return compare_integers(gold, prediction);

  const DecisionBudget budget;
  std::string of_gold = normalise_notation(gold), of_prediction = normalise_notation(prediction);
  if (trim(gold) == trim(prediction)) return equal("equal_text");
  if (of_gold.empty() || of_prediction.empty()) return not_proven();
  if (text_key(of_gold) == text_key(of_prediction)) return equal("equal_text");
  const std::array<std::string*, 2> both = {&of_gold, &of_prediction};
  use_one_argument(both);
  const AnswerValue a = parse_normal_form(of_gold), b = parse_normal_form(of_prediction);
  const EquivalenceVerdict verdict = compare_answers(a, b);
  if (verdict.equal) return verdict;
  // What may be a number and a list is what the other side is.
  if (a.type == Type::kNumber && (b.type == Type::kList || b.type == Type::kSet)) {
    if (const auto list = list_of_thousands(gold, of_prediction))
      if (const EquivalenceVerdict other = compare_answers(*list, b); other.equal) return other;
  }
  if (b.type == Type::kNumber && (a.type == Type::kList || a.type == Type::kSet)) {
    if (const auto list = list_of_thousands(prediction, of_gold))
      if (const EquivalenceVerdict other = compare_answers(a, *list); other.equal) return other;
  }
  if (const auto number = is_scalar(a) ? counted(b) : std::nullopt)
    if (const EquivalenceVerdict other = compare_answers(a, *number); other.equal) return other;
  if (const auto number = is_scalar(b) ? counted(a) : std::nullopt)
    if (const EquivalenceVerdict other = compare_answers(*number, b); other.equal) return other;
  // \text{(B)} is a choice for sure, which b and "Option B" name too.
  for (const auto& [choice, other] : {std::pair{&of_gold, &prediction}, {&of_prediction, &gold}})
    if (is_lone_choice(*choice) && other->find_first_of(":=,") == std::string_view::npos &&
        choice_letter(*other) == (*choice)[1])
      return equal("equal_choice");
  // One side is a choice with its letter and content, the other one of these.
  const std::string plain_gold = tidy_answer(gold), plain_prediction = tidy_answer(prediction);
  const auto labelled_gold = labelled_choice(plain_gold),
             labelled = labelled_choice(plain_prediction);
  if (labelled_gold.has_value() == labelled.has_value()) return verdict;
  const LabelledChoice& choice = labelled ? *labelled : *labelled_gold;
  const std::string_view other = labelled ? gold : prediction;
  if (choice_letter(other) == choice.letter) return equal("equal_choice");
  const AnswerValue content = parse_answer(choice.content);
  const EquivalenceVerdict same =
      labelled ? compare_answers(a, content) : compare_answers(content, b);
  return same.equal ? same : verdict;
}

const char* to_string(Certainty certainty) {
  switch (certainty) {
    case Certainty::kCertified: return "certified";
    case Certainty::kNumeric: return "numeric";
    case Certainty::kUnproven: return "unproven";
  }
  return "";
}

std::vector<int> answer_classes(std::string_view gold, std::span<const std::string> answers,
                                GraderKind kind) {
  std::vector<std::string> keys;
  if (kind == GraderKind::kExact || kind == GraderKind::kChoice) {
    for (const std::string& answer : answers) {
      const auto letter = kind == GraderKind::kChoice ? choice_letter(answer) : std::nullopt;
      keys.push_back(letter ? std::string("c") + *letter : "x" + std::string(trim(answer)));
    }
  } else {
    keys = vote_keys(gold, answers, kind == GraderKind::kInteger);
  }
  std::map<std::string, int> classes;
  std::vector<int> out;
  for (const std::string& key : keys)
    out.push_back(classes.emplace(key, static_cast<int>(classes.size())).first->second);
  return out;
}

bool is_integer_text(std::string_view text) {
  const AnswerValue value = parse_answer(text);
  return value.type == Type::kNumber && value.name.empty() && value.number.value.integer() &&
         !value.number.percent;
}

std::optional<char> choice_letter(std::string_view text) {
  std::string plain;
  for (const char c : normalise_notation(text)) {
    if (c != kWordsBegin && c != kWordsEnd) plain += c;
  }
  std::string_view rest = trim(plain);
  const std::string lower = to_lower_ascii(rest);
  for (const std::string_view word : {"option ", "choice ", "answer "}) {
    if (lower.rfind(word, 0) == 0) rest = trim(rest.substr(word.size()));
  }
  const bool bracket = !rest.empty() && (rest[0] == '(' || rest[0] == '[');
  if (bracket) rest = rest.substr(1);
  if (rest.empty()) return std::nullopt;
  char letter = rest[0];
  if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  if (letter < 'A' || letter > 'Z') return std::nullopt;
  rest = rest.substr(1);
  // "D", "D.", "D) 42", "D: 42"; "D 42" and "Dog" name no choice.
  if (rest.empty()) return bracket ? std::nullopt : std::optional(letter);
  const bool closed =
      rest[0] == ')' || (bracket ? rest[0] == ']' : rest[0] == '.' || rest[0] == ':');
  return closed && is_choice_content(rest.substr(1)) ? std::optional(letter) : std::nullopt;
}

}  // namespace quorum
