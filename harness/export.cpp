#include "harness/export.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace quorum {

std::string export_line(const StoredSample& sample) {
  using Json = nlohmann::ordered_json;
  const bool truncated = sample.completion.finish == FinishReason::kLength;
  Json line;
  line["model"] = sanitize_utf8(sample.model);
  line["benchmark"] = sanitize_utf8(sample.benchmark);
  line["query"] = sanitize_utf8(sample.query);
  line["sample"] = sample.sample;
  line["prompt_token_ids"] = sample.prompt_token_ids;
  line["token_ids"] = sample.completion.token_ids;
  line["text"] = sanitize_utf8(sample.completion.text);
  line["finish_reason"] = finish_reason_name(sample.completion.finish);
  line["logprob_sum"] =
      sample.completion.logprob_sum ? Json(*sample.completion.logprob_sum) : Json(nullptr);
  line["answer"] = sample.grade && sample.grade->answer ? Json(sanitize_utf8(*sample.grade->answer))
                                                        : Json(nullptr);
  line["verdict"] = sample.grade ? Json(verdict_name(sample.grade->verdict)) : Json(nullptr);
  line["reason"] = sample.grade ? Json(sanitize_utf8(sample.grade->reason)) : Json(nullptr);
  line["truncated"] = truncated;
  return line.dump();
}

std::int64_t export_jsonl(const Store& store, const ResultFilter& filter,
                          const std::function<void(std::string_view)>& write) {
  std::int64_t lines = 0;
  store.for_each_sample(filter, [&](const StoredSample& sample) {
    write(export_line(sample) + "\n");
    ++lines;
    return true;
  });
  return lines;
}

}  // namespace quorum
