#include "engine/perf_workload.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/philox.h"
#include "engine/config_reader.h"

namespace quorum {

namespace {

using nlohmann::json;

constexpr std::int64_t kMaxSequences = 1'000'000, kMaxTokens = std::int64_t{1} << 27;

class WorkloadParser {
 public:
  explicit WorkloadParser(const std::string& file) : file_(file) {}

  PerfWorkload parse(std::string_view text) const {
    const json root = read(text);
    PerfWorkload work;
    work.model = name(root, "model");
    work.kind = name(root, "kind");
    work.sampling.temperature = number(root, "temperature", work.sampling.temperature, 0, 100);
    work.sampling.top_p = number(root, "top_p", work.sampling.top_p, 0, 1);
    if (work.sampling.top_p == 0) throw fail("`top_p`", "it must be above 0");
    const json queries = root.value("queries", json());
    if (!queries.is_array() || queries.empty()) {
      throw fail("`queries`", "it must be a list of objects with `prompt` and `lengths`");
    }
    std::int64_t sequences = 0, tokens = 0;
    for (std::size_t i = 0; i < queries.size(); ++i) {
      const std::string at = "`queries[" + std::to_string(i) + "]";
      if (!queries[i].is_object()) throw fail(at + "`", "it must be an object");
      PerfQuery query;
      query.prompt = integers(queries[i], "prompt", at, 0, std::numeric_limits<TokenId>::max());
      query.lengths = integers(queries[i], "lengths", at, 1, kMaxTokens);
      sequences += static_cast<std::int64_t>(query.lengths.size());
      for (const int length : query.lengths) tokens += length;
      tokens += static_cast<std::int64_t>(query.prompt.size());
      if (sequences > kMaxSequences || tokens > kMaxTokens) {
        throw fail(at + "`", "up to here there are " + std::to_string(sequences) +
                                 " sequences of " + std::to_string(tokens) +
                                 " tokens; the limits are " + std::to_string(kMaxSequences) +
                                 " and " + std::to_string(kMaxTokens));
      }
      work.queries.push_back(std::move(query));
    }
    return work;
  }

 private:
  json read(std::string_view text) const {
    try {
      return parse_json_object(text, file_);
    } catch (const Error& error) {
      throw Error(ErrorKind::kData, error.message(), error.because(), kHint);
    }
  }

  Error fail(const std::string& where, const std::string& because) const {
    return {ErrorKind::kData, file_ + ": " + where + " is not what a workload needs", because,
            kHint};
  }

  std::string name(const json& root, const char* field) const {
    const json value = root.value(field, json(""));
    if (!value.is_string()) throw fail(std::string("`") + field + "`", "it must be a text");
    return value.get<std::string>();
  }

  double number(const json& root, const char* field, double fallback, double low,
                double high) const {
    const json value = root.value(field, json(fallback));
    if (!value.is_number() || !(value.get<double>() >= low && value.get<double>() <= high)) {
      throw fail(std::string("`") + field + "`",
                 "it must be a number from " + std::to_string(static_cast<int>(low)) + " to " +
                     std::to_string(static_cast<int>(high)));
    }
    return value.get<double>();
  }

  std::vector<std::int32_t> integers(const json& query, const char* field, const std::string& at,
                                     std::int64_t low, std::int64_t high) const {
    const std::string where = at + "." + field + "`";
    const std::string expected = "it must be a list of integers from " + std::to_string(low) +
                                 " to " + std::to_string(high) + ", with at least one";
    const auto list = query.find(field);
    if (list == query.end() || !list->is_array() || list->empty()) throw fail(where, expected);
    std::vector<std::int32_t> out;
    out.reserve(list->size());
    for (const json& value : *list) {
      const bool fits = value.is_number_unsigned()
                            ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(high) &&
                                  value.get<std::int64_t>() >= low
                            : value.is_number_integer() && value.get<std::int64_t>() >= low;
      if (!fits) throw fail(where, expected);
      out.push_back(value.get<std::int32_t>());
    }
    return out;
  }

  static constexpr const char* kHint =
      "a workload is {\"temperature\":0.6,\"top_p\":0.95,\"queries\":[{\"prompt\":[ids],"
      "\"lengths\":[new tokens of each sample]}]}";
  const std::string& file_;
};

}  // namespace

int PerfWorkload::sequences() const {
  std::size_t count = 0;
  for (const PerfQuery& query : queries) count += query.lengths.size();
  return static_cast<int>(count);
}

std::int64_t PerfWorkload::new_tokens() const {
  std::int64_t count = 0;
  for (const PerfQuery& query : queries) {
    for (const int length : query.lengths) count += length;
  }
  return count;
}

Result<PerfWorkload> parse_perf_workload(std::string_view text, const std::string& file) {
  try {
    return WorkloadParser(file).parse(text);
  } catch (const Error& error) {
    return error;
  }
}

PerfWorkload default_perf_workload(int vocab) {
  PerfWorkload work;
  work.kind = "default";
  PhiloxStream random(1);
  for (int i = 0; i < 8; ++i) {
    PerfQuery query;
    for (int k = 0; k < 64; ++k) query.prompt.push_back(random.between(0, vocab - 1));
    query.lengths.assign(8, 128);
    work.queries.push_back(std::move(query));
  }
  return work;
}

}  // namespace quorum
