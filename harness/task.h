// What is asked and how an answer is judged: the interface between benchmarks and everything else.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quorum {

struct Message {
  std::string role;  // "system", "user", "assistant"
  std::string content;
};

// How an answer is compared with the gold one.
enum class GraderKind { kInteger, kMath, kChoice, kExact, kTests };
std::string grader_kind_name(GraderKind kind);
std::optional<GraderKind> parse_grader_kind(std::string_view name);

struct Query {
  std::string id;                 // unique in its benchmark
  std::vector<Message> messages;  // as they go to the chat template
  std::string gold;
  GraderKind grader = GraderKind::kMath;
  std::string tests_json;  // kTests only: the tests as JSON; empty otherwise
};

enum class Verdict { kCorrect, kIncorrect, kNoAnswer };
std::string verdict_name(Verdict verdict);  // "correct", "incorrect", "no-answer"
std::optional<Verdict> parse_verdict(std::string_view name);

struct Grade {
  Verdict verdict = Verdict::kNoAnswer;
  std::optional<std::string> answer;  // what was extracted; none for kNoAnswer
  std::string reason;                 // a code such as "equal_exact"; docs/GRADING.md lists them
  std::string warning;                // why the extraction is doubtful; empty when it is not
};

// What a grader sees of a completion.
struct AnswerText {
  std::string_view text;   // generated text, the thought included; without an opening tag that the
                           // prompt ended in
  bool thinking = false;   // the prompt ended in an open thought: text before </think> is thought
  bool truncated = false;  // the token limit cut it
};

// Grades answers and finds which of them are the same. Thread-safe.
class Grader {
 public:
  virtual ~Grader() = default;
  // Changes with every change of a verdict; part of a grade's key.
  virtual std::string version() const = 0;
  // The readings that were asked for by name, as part of the version; empty: the default ones.
  virtual std::string policy() const { return {}; }
  virtual Grade grade(const Query& query, const AnswerText& answer) const = 0;
  // A class number for each extracted answer to one query, for votes: an equivalence relation,
  // independent of their order but for the numbers. Rules that only the gold answer may relax stay
  // out of it.
  virtual std::vector<int> clusters(const Query& query,
                                    std::span<const std::string> answers) const = 0;
};

struct BenchmarkCard {
  std::string title, source, licence, protocol, paper;
  std::string
      published_name;  // the name in tables of published scores, such as "AIME 2024"; empty: none
};

// A set of queries with its prompt already chosen.
struct Benchmark {
  std::string name;  // "aime24"; for a private set, the file's stem
  BenchmarkCard card;
  std::vector<Query> queries;
  std::string
      dataset_hash;  // hex, over ids, problems and golds in canonical form, of the whole set
  std::string prompt_variant;  // "deepseek"
  std::string prompt_hash;     // hex, over the variant's text
  bool partial = false;        // --limit or --ids left queries out
  std::shared_ptr<const Grader> grader;
};

}  // namespace quorum
