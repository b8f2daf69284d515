// config.json of both generations, and what is refused.
#include <nlohmann/json.hpp>

#include "engine/checkpoint.h"
#include "support/catch.h"
#include "support/synthetic_checkpoint.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;
using nlohmann::json;

namespace {

// The fields that transformers 4 writes for DeepSeek-R1-Distill-Qwen-1.5B.
json qwen2() {
  return json::parse(R"({"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0,
    "bos_token_id": 151643, "eos_token_id": 151643, "hidden_act": "silu", "hidden_size": 1536,
    "initializer_range": 0.02, "intermediate_size": 8960, "max_position_embeddings": 131072,
    "max_window_layers": 21, "model_type": "qwen2", "num_attention_heads": 12,
    "num_hidden_layers": 28, "num_key_value_heads": 2, "rms_norm_eps": 1e-06,
    "rope_theta": 10000, "sliding_window": 4096, "tie_word_embeddings": false,
    "torch_dtype": "bfloat16", "transformers_version": "4.44.0", "use_cache": true,
    "use_mrope": false, "use_sliding_window": false, "vocab_size": 151936})");
}

json llama() {
  return json::parse(R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama",
    "attention_bias": false, "bos_token_id": 128000, "eos_token_id": [128001, 128008, 128009],
    "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 14336,
    "max_position_embeddings": 131072, "mlp_bias": false, "num_attention_heads": 32,
    "num_hidden_layers": 32, "num_key_value_heads": 8, "rms_norm_eps": 1e-05,
    "rope_theta": 500000.0, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
    "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                     "original_max_position_embeddings": 8192, "rope_type": "llama3"},
    "vocab_size": 128256})");
}

json qwen3() {
  return json::parse(R"({"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3",
    "attention_bias": false, "bos_token_id": 151643, "dtype": "bfloat16", "eos_token_id": 151645,
    "head_dim": 128, "hidden_act": "silu", "hidden_size": 1024, "intermediate_size": 3072,
    "layer_types": ["full_attention", "full_attention"], "max_position_embeddings": 40960,
    "max_window_layers": 28, "num_attention_heads": 16, "num_hidden_layers": 2,
    "num_key_value_heads": 8, "rms_norm_eps": 1e-06,
    "rope_parameters": {"rope_theta": 1000000, "rope_type": "default"},
    "sliding_window": null, "tie_word_embeddings": true, "use_sliding_window": false,
    "vocab_size": 151936})");
}

DecoderSpec parsed(const json& config) {
  return parse_config(config.dump(), "m/config.json").take();
}

json with(json config, const std::string& field, const json& value) {
  config[field] = value;
  return config;
}

json without(json config, const std::string& field) {
  config.erase(field);
  return config;
}

// The refusal of `text`, which must name the file; "" when it is accepted.
std::string refusal_of(const std::string& text) {
  const auto result = parse_config(text, "m/config.json");
  if (result.ok()) return "";
  CHECK(result.error().kind() == ErrorKind::kData);
  CHECK(result.error().message().find("m/config.json") != std::string::npos);
  return result.error().what();
}
std::string refusal(const json& config) { return refusal_of(config.dump()); }

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a config of transformers 4 for Qwen2 becomes a decoder") {
  const DecoderSpec spec = parsed(qwen2());
  CHECK(spec.architecture == "Qwen2ForCausalLM");
  CHECK(spec.hidden == 1536);
  CHECK(spec.layers == 28);
  CHECK(spec.heads == 12);
  CHECK(spec.kv_heads == 2);
  CHECK(spec.group() == 6);
  CHECK(spec.head_dim == 128);
  CHECK(spec.intermediate == 8960);
  CHECK(spec.vocab == 151936);
  CHECK(spec.max_positions == 131072);
  CHECK(spec.rms_eps == 1e-6);
  CHECK(spec.rope.type == RopeType::kDefault);
  CHECK(spec.rope.theta == 10000.0);
  CHECK(spec.qkv_bias);
  CHECK_FALSE(spec.o_bias);
  CHECK_FALSE(spec.mlp_bias);
  CHECK_FALSE(spec.qk_norm);
  CHECK_FALSE(spec.tied_embeddings);
  CHECK(spec.eos_ids == std::vector<TokenId>{151643});
  CHECK(spec.bos_id == 151643);
}

TEST_CASE("a config of transformers 4 for Llama 3 becomes a decoder") {
  const DecoderSpec spec = parsed(llama());
  CHECK(spec.group() == 4);
  CHECK(spec.head_dim == 128);
  CHECK(spec.rope.type == RopeType::kLlama3);
  CHECK(spec.rope.theta == 500000.0);
  CHECK(spec.rope.factor == 8.0);
  CHECK(spec.rope.low_freq_factor == 1.0);
  CHECK(spec.rope.high_freq_factor == 4.0);
  CHECK(spec.rope.original_max_positions == 8192.0);
  CHECK_FALSE(spec.qkv_bias);
  CHECK(spec.eos_ids == std::vector<TokenId>{128001, 128008, 128009});
}

TEST_CASE("a config of transformers 5 for Qwen3 becomes a decoder") {
  const DecoderSpec spec = parsed(qwen3());
  CHECK(spec.qk_norm);
  CHECK(spec.tied_embeddings);
  CHECK(spec.head_dim == 128);
  CHECK(spec.rope.theta == 1000000.0);
  CHECK_FALSE(spec.qkv_bias);
  const DecoderSpec biased = parsed(with(qwen3(), "attention_bias", true));
  CHECK(biased.qkv_bias);
  CHECK(biased.o_bias);
}

TEST_CASE("both generations of fields describe the same decoder") {
  json newer = llama();
  newer["rope_parameters"] = newer["rope_scaling"];
  newer["rope_parameters"]["rope_theta"] = newer["rope_theta"];
  newer["dtype"] = newer["torch_dtype"];
  for (const char* field : {"rope_scaling", "rope_theta", "torch_dtype"}) newer.erase(field);
  json named = llama();
  named["rope_scaling"]["type"] = "llama3";
  named["rope_scaling"].erase("rope_type");
  json both = newer;
  both["rope_theta"] = 500000.0;
  for (const json& config : {newer, named, both}) {
    const DecoderSpec a = parsed(llama()), b = parsed(config);
    CHECK(a.rope.type == b.rope.type);
    CHECK(a.rope.theta == b.rope.theta);
    CHECK(a.rope.factor == b.rope.factor);
    CHECK(a.rope.original_max_positions == b.rope.original_max_positions);
  }
}

TEST_CASE("absent fields take the defaults of transformers") {
  json config = llama();
  for (const char* field : {"rope_theta", "rope_scaling", "num_key_value_heads", "rms_norm_eps",
                            "tie_word_embeddings", "hidden_act", "max_position_embeddings",
                            "attention_bias", "mlp_bias", "bos_token_id", "eos_token_id"})
    config.erase(field);
  const DecoderSpec spec = parsed(config);
  CHECK(spec.rope.theta == 10000.0);
  CHECK(spec.rope.type == RopeType::kDefault);
  CHECK(spec.kv_heads == spec.heads);
  CHECK(spec.rms_eps == 1e-6);
  CHECK(spec.max_positions == 2048);
  CHECK_FALSE(spec.tied_embeddings);
  CHECK(spec.eos_ids.empty());
  CHECK(spec.bos_id == -1);
  CHECK(parsed(with(llama(), "num_key_value_heads", nullptr)).kv_heads == 32);
  CHECK(parsed(without(qwen3(), "head_dim")).head_dim == 128);
  CHECK(parsed(with(qwen2(), "head_dim", 64)).head_dim == 64);
  CHECK(parsed(without(llama(), "architectures")).architecture == "LlamaForCausalLM");
  CHECK(parsed(with(llama(), "mlp_bias", true)).mlp_bias);
}

TEST_CASE("yarn fields resolve as in transformers") {
  const auto yarn = [](json fields) {
    fields["rope_type"] = "yarn";
    return parsed(with(qwen2(), "rope_scaling", fields));
  };
  const DecoderSpec plain = yarn({{"factor", 4.0}, {"original_max_position_embeddings", 32768}});
  CHECK(plain.rope.type == RopeType::kYarn);
  CHECK(plain.rope.beta_fast == 32.0);
  CHECK(plain.rope.beta_slow == 1.0);
  CHECK(plain.rope.yarn_truncate);
  CHECK(plain.rope.attention_factor == Approx(0.1 * std::log(4.0) + 1.0));
  CHECK(yarn({{"factor", 4.0}, {"attention_factor", 1.5}}).rope.attention_factor == 1.5);
  CHECK(yarn({{"factor", 40}, {"mscale", 1.0}, {"mscale_all_dim", 1.0}}).rope.attention_factor ==
        1.0);
  CHECK(yarn({{"factor", 4.0}}).rope.original_max_positions == 131072.0);
  CHECK(yarn({{"original_max_position_embeddings", 32768}}).rope.factor == 4.0);
  CHECK_FALSE(yarn({{"factor", 4.0}, {"truncate", false}}).rope.yarn_truncate);
  // A context that is extended by hand is as long as the factor makes it.
  json by_hand = with(qwen2(), "max_position_embeddings", 32768);
  by_hand["rope_scaling"] = {
      {"type", "yarn"}, {"factor", 4.0}, {"original_max_position_embeddings", 32768}};
  CHECK(parsed(by_hand).max_positions == 131072);
}

TEST_CASE("an active sliding window is refused and an inactive one ignored") {
  CHECK(parsed(qwen2()).layers == 28);
  const json active = with(qwen2(), "use_sliding_window", true);
  CHECK(contains(refusal(active), "sliding_window"));
  CHECK(refusal(with(active, "max_window_layers", 28)) == "");
  CHECK(refusal(with(active, "sliding_window", nullptr)) == "");
  CHECK(refusal(with(active, "sliding_window", 131072)) == "");
  CHECK(contains(
      refusal(with(qwen3(), "layer_types", json::array({"full_attention", "sliding_attention"}))),
      "layer_types"));
}

TEST_CASE("what no backend runs is refused with what is supported") {
  struct Row {
    json config;
    std::vector<std::string> says;
  };
  const auto rope = [](const json& fields) { return with(llama(), "rope_scaling", fields); };
  const std::vector<Row> rows{
      {with(llama(), "architectures", json::array({"MixtralForCausalLM"})),
       {"architectures", "Mixtral", "Qwen2ForCausalLM", "Qwen3ForCausalLM", "LlamaForCausalLM"}},
      {with(llama(), "model_type", "mistral"), {"model_type", "mistral", "llama"}},
      {with(without(llama(), "architectures"), "model_type", "gpt2"), {"model_type", "gpt2"}},
      {rope({{"rope_type", "dynamic"}, {"factor", 2.0}}),
       {"rope_scaling.rope_type", "dynamic", "llama3", "yarn"}},
      {rope({{"type", "linear"}, {"factor", 2.0}}), {"rope_scaling.type", "linear"}},
      {with(llama(), "hidden_act", "gelu"), {"hidden_act", "gelu", "silu"}},
      {with(qwen2(), "quantization_config", {{"quant_method", "fp8"}}),
       {"quantization_config", "fp8", "BF16"}},
      {with(qwen2(), "torch_dtype", "float8_e4m3fn"), {"torch_dtype", "float8_e4m3fn", "bfloat16"}},
      {with(llama(), "partial_rotary_factor", 0.5), {"partial_rotary_factor", "0.5"}},
      {with(qwen3(), "rope_parameters", {{"full_attention", {{"rope_theta", 1e4}}}}),
       {"rope_parameters", "layer"}},
      {with(qwen3(), "rope_theta", 10000.0), {"rope_theta", "another value"}},
      {rope({{"rope_type", "llama3"},
             {"factor", 8.0},
             {"low_freq_factor", 4.0},
             {"high_freq_factor", 4.0}}),
       {"high_freq_factor"}},
      {rope({{"rope_type", "llama3"}, {"factor", 8.0}}), {"low_freq_factor", "missing"}},
  };
  for (const Row& row : rows) {
    const std::string message = refusal(row.config);
    INFO(row.config.dump() << " → " << message);
    for (const std::string& part : row.says) CHECK(contains(message, part));
  }
}

TEST_CASE("every number of a config is checked") {
  for (const char* field :
       {"hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
        "intermediate_size", "vocab_size", "max_position_embeddings", "head_dim"})
    for (const json& value :
         {json(0), json(-1), json(1e30), json(2147483648u), json(18446744073709551615ull),
          json("64"), json(64.5), json(true), json::array({64}), json::object()}) {
      const std::string message = refusal(with(llama(), field, value));
      INFO(field << " = " << value.dump() << " → " << message);
      CHECK(contains(message, field));
      CHECK(contains(message, "integer"));
    }
  CHECK(contains(refusal(with(llama(), "num_key_value_heads", 5)), "do not divide"));
  CHECK(contains(refusal(with(llama(), "num_attention_heads", 24)), "head_dim"));
  CHECK(contains(refusal(with(llama(), "head_dim", 63)), "even"));
  CHECK(contains(refusal(with(llama(), "rms_norm_eps", 0)), "rms_norm_eps"));
  CHECK(contains(refusal(with(llama(), "rms_norm_eps", -1e-6)), "rms_norm_eps"));
  for (const json& value : {json(0), json(-10000.0), json(1.0), json(1e300), json("big")})
    CHECK(contains(refusal(with(llama(), "rope_theta", value)), "rope_theta"));
  for (const json& value :
       {json(-1), json(1.5), json("</s>"), json(1ull << 40), json::array({"a"})})
    CHECK(contains(refusal(with(llama(), "eos_token_id", value)), "eos_token_id"));
  for (const char* field : {"hidden_size", "num_hidden_layers", "num_attention_heads",
                            "intermediate_size", "vocab_size"})
    CHECK(contains(refusal(without(llama(), field)), "missing"));
  CHECK(contains(refusal(with(llama(), "tie_word_embeddings", "yes")), "tie_word_embeddings"));
  CHECK(contains(refusal(with(llama(), "rope_scaling", "llama3")), "rope_scaling"));
}

TEST_CASE("token ids beyond the vocabulary stop nothing and are left out") {
  json config = with(llama(), "eos_token_id", json::array({5, 128256, 999999}));
  config["bos_token_id"] = 128256;
  CHECK(parsed(config).eos_ids == std::vector<TokenId>{5});
  CHECK(parsed(config).bos_id == -1);
}

TEST_CASE("text that is not a plain JSON object is refused") {
  const std::string deep(100000, '[');
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string("null"), std::string("{\"a\": 1"), deep,
        std::string("{\"a\": 1, \"a\": 2}"), std::string("{\"a\": {\"b\": 1, \"b\": 1}}"),
        "{\"a\": " + deep, std::string("{\"hidden_size\": 1e999}"), std::string("\xFF\xFE{}"),
        std::string("{\"a\": \"\xC3\x28\"}")}) {
    INFO(text.substr(0, 40));
    CHECK_FALSE(refusal_of(text).empty());
  }
}

TEST_CASE("generation_config.json decides eos and bos where it is there") {
  ScratchFolder folder;
  write_text(folder.path() / "config.json", qwen2().dump());
  CHECK(read_decoder_spec(folder.path()).bos_id == 151643);
  write_text(folder.path() / "generation_config.json",
             R"({"bos_token_id": 151646, "eos_token_id": [151643, 151645], "temperature": 0.6})");
  const DecoderSpec spec = read_decoder_spec(folder.path());
  CHECK(spec.bos_id == 151646);
  CHECK(spec.eos_ids == std::vector<TokenId>{151643, 151645});
  write_text(folder.path() / "generation_config.json", R"({"temperature": 0.6})");
  CHECK(read_decoder_spec(folder.path()).eos_ids == std::vector<TokenId>{151643});
  write_text(folder.path() / "generation_config.json", R"({"eos_token_id": "x"})");
  CHECK_THROWS_AS(read_decoder_spec(folder.path()), Error);
  ScratchFolder empty;
  CHECK_THROWS_AS(read_decoder_spec(empty.path()), Error);
}
