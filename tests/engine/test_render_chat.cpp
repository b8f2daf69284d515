// Prompts from messages: the think modes over published and made-up templates, checks of messages,
// and the one BOS.
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "engine/chat_template.h"
#include "engine/tokenizer.h"
#include "support/catch.h"
#include "support/test_data.h"

using namespace quorum;
using quorum::testing::ScratchFolder;
using quorum::testing::shared_data;
using quorum::testing::source_path;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::int64_t kDate = 1718454896;
constexpr std::string_view kQuestion = R"([{"role":"user","content":"2+2?"}])";
const ThinkMode kModes[] = {ThinkMode::kAuto, ThinkMode::kForce, ThinkMode::kOff,
                            ThinkMode::kTemplate};

// One token a byte, and a BOS of id 256 spelled <s>.
Tokenizer tokenizer(const Json& config = {{"bos_token", "<s>"}, {"eos_token", "</s>"}}) {
  Json vocab = Json::object();
  char32_t hidden = 256;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const bool visible =
        (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    std::string character;
    append_utf8(character, visible ? byte : hidden++);
    vocab[character] = byte;
  }
  const auto special = [](int id, const char* text) {
    return Json{{"id", id},        {"content", text},     {"single_word", false}, {"lstrip", false},
                {"rstrip", false}, {"normalized", false}, {"special", true}};
  };
  const Json file = {
      {"version", "1.0"},
      {"added_tokens", {special(256, "<s>"), special(257, "</s>")}},
      {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}},
      {"decoder", {{"type", "ByteLevel"}}},
      {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", Json::array()}}}};
  return Tokenizer::parse(file.dump(), config.dump(), "tokenizer.json").take();
}

ChatTemplate compiled(std::string_view source) { return ChatTemplate::compile(source).take(); }

std::string chat(std::string_view source, ThinkMode mode, std::string_view messages = kQuestion) {
  return render_chat(compiled(source), tokenizer(), messages, mode, kDate);
}

std::string failure(std::string_view source, std::string_view messages,
                    ThinkMode mode = ThinkMode::kAuto) {
  try {
    return "rendered: " + chat(source, mode, messages);
  } catch (const Error& error) {
    return error.what();
  }
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

int count(std::string_view text, std::string_view part) {
  int result = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size()))
    ++result;
  return result;
}

std::map<std::string, std::string> published_sources() {
  std::map<std::string, std::string> sources;
  const Json golden = Json::parse(read_file(source_path("tests/golden/chat_templates.json")));
  for (const auto& [name, outputs] : golden["published"].items()) {
    const auto path = shared_data(name);
    if (!path) return {};
    const std::string text = read_file(*path);
    sources[name] =
        path->extension() == ".json" ? Json::parse(text)["chat_template"].get<std::string>() : text;
  }
  return sources;
}

// What a template renders with the variables of a mode, with or without a generation prompt.
Result<std::string> plain(const ChatTemplate& chat_template, const std::string& messages,
                          ThinkMode mode, bool generation) {
  Json variables = {{"messages", Json::parse(messages)},
                    {"tools", nullptr},
                    {"documents", nullptr},
                    {"bos_token", "<s>"},
                    {"eos_token", "</s>"},
                    {"add_generation_prompt", generation}};
  if (mode != ThinkMode::kTemplate)
    variables["enable_thinking"] = variables["thinking"] = mode != ThinkMode::kOff;
  return chat_template.render(variables.dump(), kDate);
}

const std::string kChatml =
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n";

}  // namespace

TEST_CASE("Names of think modes are read back") {
  for (const ThinkMode mode : kModes)
    CHECK(parse_think_mode(think_mode_name(mode)).value() == mode);
  const auto bad = parse_think_mode("always");
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().kind() == ErrorKind::kUsage);
}

TEST_CASE("Published templates end as each think mode says") {
  const auto sources = published_sources();
  if (sources.empty()) return;
  struct Expected {
    std::string name, automatic, off, as_is, force;
  };
  const std::string open = "<think>\n", empty = "<think>\n\n</think>\n\n";
  const std::string im = "<|im_start|>assistant\n", r1 = "<｜Assistant｜>";
  const std::string llama = "<|start_header_id|>assistant<|end_header_id|>\n\n";
  const std::vector<Expected> all = {
      {"chat_templates/Qwen-QwQ-32B.jinja", im + open, im + open + "</think>",
       im + open + "</think>", im + open},
      {"chat_templates/Qwen-Qwen2.5-7B-Instruct.jinja", im, im, im, im + open},
      {"chat_templates/Qwen-Qwen3-0.6B.jinja", im + open, im + empty, im, im + open},
      {"chat_templates/Qwen3-Coder.jinja", im, im, im, im + open},
      {"chat_templates/Qwen3.5-4B.jinja", im + open, im + empty, im + open, im + open},
      {"chat_templates/deepseek-ai-DeepSeek-R1-Distill-Qwen-32B.jinja", r1 + open,
       r1 + open + "</think>", r1 + open + "</think>", r1 + open},
      {"chat_templates/deepseek-ai-DeepSeek-V3.1.jinja", r1 + "<think>", r1 + "<think></think>",
       r1 + "<think></think>", r1 + "<think>"},
      {"chat_templates/deepseek-ai-DeepSeek-V3.2.jinja", r1 + "<think>", r1 + "<think></think>",
       r1 + "<think></think>", r1 + "<think>"},
      {"chat_templates/llama-cpp-deepseek-r1.jinja", r1 + open, r1 + open, r1 + open, r1 + open},
      {"chat_templates/meta-llama-Llama-3.1-8B-Instruct.jinja", llama, llama, llama, llama + open},
      {"hf/r1-distill-qwen/tokenizer_config.json", r1 + open, r1 + open, r1 + open, r1 + open},
  };
  for (const Expected& expected : all) {
    INFO(expected.name);
    const std::string& source = sources.at("tokenizers/" + expected.name);
    CHECK(chat(source, ThinkMode::kAuto).ends_with(expected.automatic));
    CHECK(chat(source, ThinkMode::kOff).ends_with(expected.off));
    CHECK(chat(source, ThinkMode::kTemplate).ends_with(expected.as_is));
    CHECK(chat(source, ThinkMode::kForce).ends_with(expected.force));
  }
}

TEST_CASE("No mode opens a second thought or one after its end in any published template") {
  const auto sources = published_sources();
  if (sources.empty()) return;
  const std::vector<std::string> conversations = {
      std::string(kQuestion),
      R"([{"role":"system","content":"Use <think> tags."},{"role":"user","content":"Why </think>? <think>"}])",
      R"([{"role":"user","content":"a"},{"role":"assistant","content":"<think>\nx\n</think>\n\ny"},{"role":"user","content":"b </think>"}])",
      R"([{"role":"user","content":"a"},{"role":"assistant","content":"b","reasoning_content":"c"},{"role":"user","content":"d <think>"}])",
      R"([{"role":"user","content":"a"},{"role":"assistant","content":"<think>\nhalf"}])",
  };
  int seen = 0;
  for (const auto& [name, source] : sources) {
    const ChatTemplate chat_template = compiled(source);
    for (const std::string& messages : conversations) {
      for (const ThinkMode mode : kModes) {
        INFO(name << " " << think_mode_name(mode) << " " << messages);
        const auto with = plain(chat_template, messages, mode, true);
        const auto without = plain(chat_template, messages, mode, false);
        if (!with || !without || !with.value().starts_with(without.value())) continue;
        const std::string text = render_chat(chat_template, tokenizer(), messages, mode, kDate);
        const std::string prompt = text.substr(without.value().size());
        INFO(prompt);
        if (mode == ThinkMode::kTemplate || mode == ThinkMode::kOff) {
          CHECK(text == with.value());
          continue;
        }
        const bool wanted = mode == ThinkMode::kForce || contains(source, "<think>");
        CHECK(count(prompt, "<think>") == (wanted ? 1 : 0));
        CHECK(count(prompt, "</think>") == 0);
        CHECK(text.starts_with(without.value()));
        ++seen;
      }
    }
  }
  CHECK(seen > 100);
}

TEST_CASE("Thoughts that a template opens or closes by itself are left or reopened") {
  const std::string end = "{% endif %}";
  const std::string bare = kChatml + "<think>" + end;
  CHECK(chat(bare, ThinkMode::kAuto).ends_with("assistant\n<think>"));
  CHECK(chat(bare, ThinkMode::kForce).ends_with("assistant\n<think>"));

  const std::string closing = kChatml + "<think>\n\n</think>\n\n" + end;
  CHECK(chat(closing, ThinkMode::kAuto).ends_with("assistant\n<think>\n\n</think>\n\n"));
  CHECK(chat(closing, ThinkMode::kForce).ends_with("assistant\n<think>\n"));

  const std::string lone_end = "{# <think> #}" + kChatml + "</think>" + end;
  CHECK(chat(lone_end, ThinkMode::kAuto).ends_with("assistant\n</think>"));
  CHECK(chat(lone_end, ThinkMode::kForce).ends_with("assistant\n<think>\n"));

  const std::string begun = kChatml + "<think>\nOkay, " + end;
  CHECK(chat(begun, ThinkMode::kAuto).ends_with("<think>\nOkay, "));
  CHECK(chat(begun, ThinkMode::kForce).ends_with("<think>\nOkay, "));

  const std::string finished = kChatml + "<think>\nNo need.\n</think>\n" + end;
  CHECK(chat(finished, ThinkMode::kAuto).ends_with("No need.\n</think>\n"));
  CHECK(contains(failure(finished, kQuestion, ThinkMode::kForce), "--think force"));

  const std::string answered = kChatml + "<think>\n\n</think>\n\nThe answer is" + end;
  CHECK(chat(answered, ThinkMode::kAuto).ends_with("The answer is"));

  const std::string in_history = kChatml + end + "{# '<think>' in m.content #}";
  CHECK(chat(in_history, ThinkMode::kAuto).ends_with("assistant\n<think>\n"));
  CHECK(chat(in_history, ThinkMode::kOff).ends_with("assistant\n"));
  CHECK(chat(in_history, ThinkMode::kTemplate).ends_with("assistant\n"));

  const std::string unaware = kChatml + end;
  CHECK(chat(unaware, ThinkMode::kAuto).ends_with("assistant\n"));
  CHECK(chat(unaware, ThinkMode::kForce).ends_with("assistant\n<think>\n"));
  CHECK(chat(unaware, ThinkMode::kAuto, R"([{"role":"user","content":"<think>"}])")
            .ends_with("assistant\n"));
}

TEST_CASE("The think variables are set by mode and the special tokens are those of the tokenizer") {
  const std::string source =
      "{{ bos_token }}|{{ enable_thinking }}|{{ thinking }}|{{ add_generation_prompt }}|{{ tools "
      "is none }}";
  CHECK(chat(source, ThinkMode::kAuto) == "<s>|True|True|True|True");
  CHECK(chat(source, ThinkMode::kOff) == "<s>|False|False|True|True");
  CHECK(chat(source, ThinkMode::kTemplate) == "<s>|||True|True");
  CHECK(render_chat(compiled("{{ bos_token is defined }}"), tokenizer(Json::object()), kQuestion,
                    ThinkMode::kTemplate, kDate) == "False");
}

TEST_CASE("Errors of messages name the message") {
  CHECK(contains(failure("x", "{}"), "not a list"));
  CHECK(contains(failure("x", "[]"), "empty"));
  CHECK(contains(failure("x", "[1"), "malformed JSON"));
  CHECK(contains(failure("x", R"([{"role":"user","content":"a"}, 5])"), "messages[1]"));
  CHECK(contains(failure("x", R"([{"content":"a"}])"), "messages[0]: role"));
  CHECK(contains(failure("x", R"([{"role":"user"}])"), "messages[0]: content"));
  CHECK(contains(failure("x", R"([{"role":"user","content":5}])"), "messages[0]: content"));
  CHECK(contains(failure("x", R"([{"role":"user","content":[{"type":"text","text":"a"}, 5]}])"),
                 "messages[0]: content[1]"));
  CHECK(
      contains(failure("{{ raise_exception('Only one system message') }}", kQuestion), "Only one"));
  CHECK(chat("x", ThinkMode::kAuto, R"([{"role":"assistant","tool_calls":[]}])") == "x");
}

TEST_CASE("A prompt has exactly one BOS where the tokenizer wants one") {
  using Ids = std::vector<std::int32_t>;
  const Tokenizer adds = tokenizer({{"bos_token", "<s>"}, {"add_bos_token", true}});
  CHECK(encode_prompt(adds, "a") == Ids{256, 'a'});
  CHECK(encode_prompt(adds, "<s>a") == Ids{256, 'a'});
  CHECK(encode_prompt(adds, "a<s><s>") == Ids{256, 'a', 256, 256});
  CHECK(encode_prompt(adds, "") == Ids{256});
  CHECK_THROWS_AS(encode_prompt(adds, "<s><s>a"), Error);
  const Tokenizer leaves = tokenizer({{"bos_token", "<s>"}, {"add_bos_token", false}});
  CHECK(encode_prompt(leaves, "a") == Ids{'a'});
  CHECK(encode_prompt(leaves, "<s>a") == Ids{256, 'a'});
  CHECK_THROWS_AS(encode_prompt(leaves, "<s><s>a"), Error);
  CHECK(encode_prompt(tokenizer(Json::object()), "<s><s>") == Ids{256, 256});
}

TEST_CASE("The template of a directory is found in its three places") {
  const ScratchFolder folder;
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
  };
  const Tokenizer plain_tokenizer = tokenizer();
  try {
    ChatTemplate::load(folder.path(), plain_tokenizer);
    FAIL("a directory without a template was accepted");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kData);
    CHECK(contains(error.hint(), "--raw"));
  }
  const Tokenizer with_template = tokenizer({{"bos_token", "<s>"}, {"chat_template", "config"}});
  CHECK(ChatTemplate::load(folder.path(), with_template).source() == "config");
  write("chat_template.json", R"({"chat_template": "json"})");
  CHECK(ChatTemplate::load(folder.path(), with_template).source() == "json");
  write(
      "chat_template.json",
      R"({"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]})");
  CHECK(ChatTemplate::load(folder.path(), with_template).source() == "d");
  write("chat_template.json", R"({"chat_template": 5})");
  CHECK_THROWS_AS(ChatTemplate::load(folder.path(), with_template), Error);
  write("chat_template.jinja", "jinja");
  CHECK(ChatTemplate::load(folder.path(), with_template).source() == "jinja");
  write("chat_template.jinja", "\n{% nosuch %}");
  try {
    ChatTemplate::load(folder.path(), with_template);
    FAIL("a template with an unknown tag was accepted");
  } catch (const Error& error) {
    CHECK(contains(error.what(), "chat_template.jinja: chat template, line 2"));
  }
}
