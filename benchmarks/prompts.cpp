#include "benchmarks/prompts.h"

#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"

namespace quorum {

const std::vector<PromptVariant>& prompt_variants() {
  static const std::vector<PromptVariant> kVariants = {
      {"deepseek",
       "DeepSeek's recommendation: the instruction behind the problem, no system prompt", "",
       "{problem}\nPlease reason step by step, and put your final answer within \\boxed{}."},
      {"deepseek-first", "the same instruction in front of the problem", "",
       "Please reason step by step, and put your final answer within \\boxed{}.\n{problem}"},
      {"matharena",
       "MathArena's AIME protocol: the instruction first, with the range of the answers", "",
       "Please reason step by step, and put your final answer within \\boxed{}.\n"
       "The answer is an integer between 0 and 999 inclusive.\n\n{problem}"},
      {"lighteval", "in the manner of lighteval and open-r1: the last line names the boxed answer",
       "",
       "Solve the following math problem efficiently and clearly. The last line of your response "
       "should have the form "
       "'Therefore, the final answer is: $\\boxed{ANSWER}$. I hope it is correct', where ANSWER is "
       "just the number or "
       "expression that solves the problem. Think step by step before answering.\n\n{problem}"},
      {"nemo", "NeMo-Skills: only the answer inside the box", "",
       "Solve the following math problem. Make sure to put the answer (and only answer) inside "
       "\\boxed{}.\n\n{problem}"},
      {"evalchemy", "evalchemy: labelled problem, marked solution", "",
       "Problem: {problem}\nMark your solution with \\boxed\nAnswer:"},
      {"skythought", "SkyThought: the instruction in front of the problem", "",
       "Return your final response within \\boxed{}. {problem}"},
      {"qwen", "Qwen2.5-Math: the instruction as system prompt",
       "Please reason step by step, and put your final answer within \\boxed{}.", "{problem}"},
      {"lm-eval", "lm-evaluation-harness: question and answer labels, no instruction", "",
       "Question: {problem}\nAnswer:"},
      {"plain", "the problem alone", "", "{problem}"},
      {"code",
       "programming problems: the instruction behind the problem, no system prompt, as DeepSeek "
       "recommends for R1",
       "",
       "{problem}\n\nSolve this in Python 3. Where starter code is given, complete it and keep its "
       "names; otherwise read the input from standard input and write the answer to standard "
       "output. "
       "Please reason step by step, and put the whole program into one ```python block at the "
       "end."},
      {"code-first", "the same instruction in front of the problem", "",
       "Solve the following problem in Python 3. Where starter code is given, complete it and keep "
       "its names; otherwise read the input from standard input and write the answer to standard "
       "output. Please reason step by step, and put the whole program into one ```python block at "
       "the end.\n\n{problem}"},
      {"code-cpp", "the same for programs in C++17", "",
       "{problem}\n\nSolve this in C++17. Read the input from standard input and write the answer "
       "to "
       "standard output. Please reason step by step, and put the whole program into one ```cpp "
       "block at the end."},
      {"code-any", "the same for programs in Python 3 or C++17", "",
       "{problem}\n\nSolve this in the language that the problem names; where it names none, in "
       "Python "
       "3 or C++17. Where starter code is given, complete it and keep its names; otherwise read "
       "the input from standard input and write the answer to standard output. Please reason step "
       "by step, and put the whole program into one ```python or ```cpp block at the end."},
      {"code-system",
       "programming problems in the manner of LiveCodeBench: a system prompt that sets the task, "
       "labelled parts, no request to reason",
       "You are an expert in programming. You get a problem and answer with a Python program that "
       "solves it and passes all tests.",
       "Problem:\n{problem}\n\nFormat: one ```python block with the whole program. With starter "
       "code, complete it; without, read standard input and write the answer to standard "
       "output.\n\nAnswer:"},
  };
  return kVariants;
}

const PromptVariant& find_prompt_variant(std::string_view name) {
  if (name.empty()) name = kDefaultPrompt;
  std::vector<std::string> names;
  for (const PromptVariant& variant : prompt_variants()) {
    if (variant.name == name) return variant;
    names.push_back(variant.name);
  }
  const std::string near = nearest_name(name, names);
  throw Error(ErrorKind::kUsage, "there is no prompt variant \"" + std::string(name) + "\"",
              "the variants are " + join(names, ", "),
              near.empty() ? "choose one of them" : "did you mean \"" + near + "\"?");
}

std::vector<Message> render_prompt(const PromptVariant& variant, std::string_view problem) {
  std::vector<Message> messages;
  if (!variant.system.empty()) messages.push_back({"system", variant.system});
  const std::size_t at = variant.user.find(kProblemPlaceholder);
  QUORUM_CHECK(at != std::string::npos, variant.name);
  std::string user = variant.user.substr(0, at);
  user += problem;
  user += variant.user.substr(at + kProblemPlaceholder.size());
  messages.push_back({"user", std::move(user)});
  return messages;
}

std::string prompt_hash(const PromptVariant& variant) {
  return Sha256().field("quorum prompt 1").field(variant.system).field(variant.user).hex();
}

}  // namespace quorum
