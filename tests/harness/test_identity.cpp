#include "harness/identity.h"

#include <algorithm>

#include "support/catch.h"

using namespace quorum;

namespace {

GeneratorIdentity identity() {
  GeneratorIdentity generator;
  generator.model = "m";
  generator.checkpoint = "c";
  generator.engine = "cpu";
  return generator;
}

}  // namespace

// Computed apart from this program:
// python3 -c "import hashlib,struct; f=lambda b: struct.pack('<Q',len(b))+b; n=lambda v:
// struct.pack('<Q',v);
// print(int.from_bytes(hashlib.sha256(n(7)+f(b'aime24')+f(b'2024-I-1')+n(3)).digest()[:8],'big')>>1)"
TEST_CASE("A sample key is the first 63 bits of a hash over its four parts") {
  CHECK(sample_key(7, "aime24", "2024-I-1", 3) == 2019587914520624365ull);
  CHECK(sample_key(7, "aime24", "2024-I-1", 4) != sample_key(7, "aime24", "2024-I-1", 3));
  CHECK(sample_key(8, "aime24", "2024-I-1", 3) != sample_key(7, "aime24", "2024-I-1", 3));
  CHECK(sample_key(7, "aime2", "42024-I-1", 3) != sample_key(7, "aime24", "2024-I-1", 3));
  for (int sample = 0; sample < 200; ++sample) CHECK(sample_key(0, "mini", "x", sample) >> 63 == 0);
}

TEST_CASE("Every part of a completion's identity changes its key and nothing else does") {
  const SamplingSettings sampling;
  PreparedPrompt prompt;
  prompt.token_ids = {1, 2, 3};
  const std::string digest = prompt_digest(prompt, {});
  const auto key = [&](const GeneratorIdentity& generator, const SamplingSettings& settings,
                       const std::string& prompt_hash = {}, const std::string& benchmark = "b",
                       const std::string& query = "q", int sample = 0) {
    return completion_key(generator, settings, prompt_hash.empty() ? digest : prompt_hash,
                          benchmark, query, sample);
  };
  const std::string base = key(identity(), sampling);
  CHECK(base.size() == 64);

  GeneratorIdentity other = identity();
  other.model = "another name";
  other.template_hash = "t";
  other.numerics = "n";
  other.description = "d";
  CHECK(key(other, sampling) == base);

  std::vector<std::string> keys{base};
  other = identity();
  other.checkpoint = "d";
  keys.push_back(key(other, sampling));
  other = identity();
  other.engine = "cuda sm_90";
  keys.push_back(key(other, sampling));
  other = identity();
  other.tensor_parallel = 2;
  keys.push_back(key(other, sampling));
  SamplingSettings changed = sampling;
  changed.temperature = 0.6000000000000001;
  keys.push_back(key(identity(), changed));
  changed = sampling;
  changed.top_p = 1;
  keys.push_back(key(identity(), changed));
  changed = sampling;
  changed.max_tokens = 512;
  keys.push_back(key(identity(), changed));
  changed = sampling;
  changed.seed = 1;
  keys.push_back(key(identity(), changed));
  keys.push_back(key(identity(), sampling, "other prompt"));
  keys.push_back(key(identity(), sampling, {}, "c"));
  keys.push_back(key(identity(), sampling, {}, "b", "r"));
  keys.push_back(key(identity(), sampling, {}, "b", "q", 1));
  std::sort(keys.begin(), keys.end());
  CHECK(std::unique(keys.begin(), keys.end()) == keys.end());

  changed = sampling;
  changed.temperature = -0.0;
  SamplingSettings zero = sampling;
  zero.temperature = 0.0;
  CHECK(key(identity(), changed) == key(identity(), zero));
}

TEST_CASE("Prompts are known by their token ids or else by their messages") {
  PreparedPrompt ids;
  ids.token_ids = {5, 6};
  const std::vector<Message> messages{{"user", "hello"}};
  CHECK(prompt_digest(ids, messages) == prompt_digest(ids, {}));
  CHECK(prompt_digest({}, messages) != prompt_digest(ids, messages));
  CHECK(prompt_digest({}, messages) !=
        prompt_digest({}, std::vector<Message>{{"user", "hell"}, {"o", ""}}));
  PreparedPrompt longer;
  longer.token_ids = {5, 6, 0};
  CHECK(prompt_digest(longer, {}) != prompt_digest(ids, {}));
}

TEST_CASE("A gold hash covers the answer and the grader and the tests") {
  Query query;
  query.gold = "1";
  const std::string base = gold_hash(query);
  query.gold = "2";
  CHECK(gold_hash(query) != base);
  query.gold = "1";
  query.grader = GraderKind::kInteger;
  CHECK(gold_hash(query) != base);
  query.grader = GraderKind::kMath;
  query.tests_json = "[]";
  CHECK(gold_hash(query) != base);
  query.tests_json.clear();
  query.id = "other";
  CHECK(gold_hash(query) == base);
}
