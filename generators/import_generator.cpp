#include "generators/import_generator.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"

namespace quorum {
namespace {

// Runs of white space become one space; none at the ends.
std::string normalized(std::string_view text) {
  std::string out;
  for (const char c : trim(text)) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
    if (!space)
      out.push_back(c);
    else if (!out.empty() && out.back() != ' ')
      out.push_back(' ');
  }
  return out;
}

std::string last_user_text(const Query& query) {
  for (auto message = query.messages.rbegin(); message != query.messages.rend(); ++message)
    if (message->role == "user") return normalized(message->content);
  return {};
}

// Finds queries by the text of their problem.
class ProblemIndex {
 public:
  explicit ProblemIndex(const Benchmark& benchmark) {
    for (const Query& query : benchmark.queries) texts_.push_back(last_user_text(query));
    if (texts_.empty()) return;
    before_ = after_ = texts_.front().size();
    for (const std::string& text : texts_) {
      const std::string& first = texts_.front();
      before_ = std::min(
          before_, static_cast<std::size_t>(
                       std::mismatch(first.begin(), first.end(), text.begin(), text.end()).first -
                       first.begin()));
      after_ = std::min(
          after_,
          static_cast<std::size_t>(
              std::mismatch(first.rbegin(), first.rend(), text.rbegin(), text.rend()).first -
              first.rbegin()));
    }
  }

  std::optional<std::size_t> find(const std::string& problem) {
    const std::string wanted = normalized(problem);
    if (wanted.empty()) return std::nullopt;
    const auto [entry, fresh] = known_.try_emplace(wanted);
    if (fresh) entry->second = search(wanted);
    return entry->second;
  }

 private:
  std::optional<std::size_t> search(const std::string& wanted) const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const std::size_t at = texts_[i].find(wanted);
      if (at == std::string::npos || at > before_ || texts_[i].size() - at - wanted.size() > after_)
        continue;
      // The same words inside a longer problem: the shortest text is the problem itself.
      if (!best || texts_[i].size() < texts_[*best].size()) best = i;
    }
    return best;
  }

  std::vector<std::string> texts_;
  std::size_t before_ = 0, after_ = 0;  // characters that all texts share at either end
  std::unordered_map<std::string, std::optional<std::size_t>> known_;
};

std::string row_name(const ImportedSample& sample) {
  return sample.file + " row " + std::to_string(sample.row);
}

}  // namespace

ImportMatch match_imports(std::span<const ImportedSample> samples, const Benchmark& benchmark,
                          const std::string& model) {
  std::unordered_map<std::string, std::size_t> by_id;
  for (std::size_t i = 0; i < benchmark.queries.size(); ++i)
    by_id.emplace(benchmark.queries[i].id, i);
  std::set<std::string> models;
  for (const ImportedSample& sample : samples)
    if (!sample.model.empty()) models.insert(sample.model);
  const bool choose_model = models.size() > 1 && models.count(model) != 0;

  ImportMatch match;
  ProblemIndex problems(benchmark);
  std::vector<std::vector<const ImportedSample*>> places(benchmark.queries.size());
  for (const ImportedSample& sample : samples) {
    const auto skip = [&](const std::string& why) {
      match.unmatched.push_back({sample.file, sample.row, why});
    };
    if (choose_model && !sample.model.empty() && sample.model != model) {
      skip("is of the model " + sample.model);
      continue;
    }
    if (!sample.benchmark.empty() && sample.benchmark != benchmark.name) {
      skip("is of the benchmark " + sample.benchmark);
      continue;
    }
    std::optional<std::size_t> query;
    if (const auto found = by_id.find(sample.id); !sample.id.empty() && found != by_id.end())
      query = found->second;
    if (!query) query = problems.find(sample.problem);
    if (!query) {
      skip("fits no query of " + benchmark.name);
      continue;
    }
    auto& list = places[*query];
    const std::size_t index =
        sample.sample >= 0 ? static_cast<std::size_t>(sample.sample) : list.size();
    if (index < list.size() && list[index] != nullptr) {
      if (list[index]->completion.text != sample.completion.text ||
          list[index]->file == sample.file)
        skip("is sample " + std::to_string(index) + " of " + benchmark.queries[*query].id +
             ", which " + row_name(*list[index]) + " gives already");
      continue;
    }
    if (index >= list.size()) list.resize(index + 1, nullptr);
    list[index] = &sample;
    ++match.matched;
    match.samples_per_query = std::max(match.samples_per_query, static_cast<int>(index) + 1);
  }

  match.benchmark = benchmark;
  match.benchmark.queries.clear();
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].empty()) continue;
    match.benchmark.queries.push_back(benchmark.queries[i]);
    match.samples.push_back(std::move(places[i]));
  }
  match.benchmark.partial =
      benchmark.partial || match.benchmark.queries.size() < benchmark.queries.size();
  return match;
}

Benchmark benchmark_of_imports(std::span<const ImportedSample> samples, const std::string& name) {
  Benchmark benchmark;
  benchmark.name = name;
  benchmark.prompt_variant = "import";
  benchmark.prompt_hash = sha256_hex("import");
  std::map<std::string, std::size_t> by_problem;
  std::set<std::string> ids;
  for (const ImportedSample& sample : samples) {
    const auto bad = [&](const std::string& field, const std::string& hint) {
      return Error(ErrorKind::kData, row_name(sample) + " cannot be part of a set of its own",
                   "it has no " + field, hint);
    };
    const std::string hint = "name the benchmark that was answered with --bench";
    if (trim(sample.problem).empty()) throw bad("problem", hint);
    if (trim(sample.gold).empty()) throw bad("gold answer", hint);
    const auto [place, fresh] =
        by_problem.emplace(normalized(sample.problem), benchmark.queries.size());
    if (!fresh) {
      const Query& first = benchmark.queries[place->second];
      if (first.gold != sample.gold)
        throw Error(
            ErrorKind::kData, row_name(sample) + " contradicts an earlier row",
            "the gold answer to " + first.id + " was " + first.gold + ", here it is " + sample.gold,
            "correct one of them");
      continue;
    }
    Query query;
    query.id = sample.id;
    if (query.id.empty() || ids.count(query.id) != 0) {
      const std::string number = std::to_string(benchmark.queries.size() + 1);
      query.id =
          name + "-" + std::string(4 - std::min<std::size_t>(4, number.size()), '0') + number;
    }
    ids.insert(query.id);
    query.messages = {{"user", sample.problem}};
    query.gold = sample.gold;
    query.grader = GraderKind::kMath;
    benchmark.queries.push_back(std::move(query));
  }
  Sha256 hash;
  for (const Query& query : benchmark.queries)
    hash.field(query.id).field(query.messages[0].content).field(query.gold);
  benchmark.dataset_hash = hash.hex();
  return benchmark;
}

ImportGenerator::ImportGenerator(std::string model, const ImportMatch& match)
    : model_(std::move(model)), match_(match) {}

GeneratorIdentity ImportGenerator::identity() const {
  GeneratorIdentity identity;
  identity.model = model_;
  // What was said stands in for who said it: another text in the same place is another completion.
  Sha256 hash;
  hash.field(model_);
  for (std::size_t q = 0; q < match_.samples.size(); ++q) {
    hash.field(match_.benchmark.queries[q].id);
    for (const ImportedSample* sample : match_.samples[q])
      hash.field(sample == nullptr ? std::string_view() : sample->completion.text);
  }
  identity.checkpoint = "import:" + hash.hex();
  identity.engine = "import";
  identity.description = "completions made elsewhere";
  return identity;
}

PreparedPrompt ImportGenerator::prepare(const Query& query) const {
  PreparedPrompt prompt;
  for (std::size_t q = 0; q < match_.benchmark.queries.size(); ++q) {
    if (match_.benchmark.queries[q].id != query.id) continue;
    for (const ImportedSample* sample : match_.samples[q]) {
      if (sample == nullptr) continue;
      if (prompt.token_ids.empty()) prompt.token_ids = sample->prompt_token_ids;
      prompt.thinking = prompt.thinking || sample->open_thought;
    }
    break;
  }
  return prompt;
}

void ImportGenerator::preflight(std::span<const Benchmark>, const SamplingSettings&) {}

void ImportGenerator::run(std::span<const Benchmark> benchmarks, const SamplingSettings&,
                          AttemptSource& source, CompletionSink& sink, std::stop_token stop) {
  while (!stop.stop_requested()) {
    const std::optional<Attempt> attempt = source.next();
    if (!attempt) return;
    const auto& list = match_.samples.at(static_cast<std::size_t>(attempt->query));
    const auto index = static_cast<std::size_t>(attempt->sample);
    if (index < list.size() && list[index] != nullptr)
      sink.push(*attempt, list[index]->completion);
    else
      sink.push(
          *attempt,
          GenerationFailure{"the files have no sample " + std::to_string(attempt->sample) + " of " +
                                benchmarks[static_cast<std::size_t>(attempt->benchmark)]
                                    .queries[static_cast<std::size_t>(attempt->query)]
                                    .id,
                            false});
  }
}

}  // namespace quorum
