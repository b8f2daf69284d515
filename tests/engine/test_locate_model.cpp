// Checkpoint directories, the local Hugging Face cache, and hashes of a checkpoint.
#include <filesystem>

#include "base/error.h"
#include "engine/checkpoint.h"
#include "support/catch.h"
#include "support/synthetic_checkpoint.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::testing;
namespace fs = std::filesystem;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string error_of(const std::string& model, const fs::path& home) {
  try {
    locate_model(model, home);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a directory is taken as it stands") {
  ScratchFolder folder;
  CHECK(locate_model(folder.path().string(), "/nowhere") == folder.path());
  write_text(folder.path() / "model.gguf", "x");
  CHECK(contains(error_of((folder.path() / "model.gguf").string(), "/nowhere"), "is a file"));
}

TEST_CASE("a name is looked up in the cache of the hub") {
  ScratchFolder home;
  const std::string name = "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B";
  const fs::path cached = home.path() / "hub" / "models--deepseek-ai--DeepSeek-R1-Distill-Qwen-7B";
  std::string message = error_of(name, home.path());
  CHECK(contains(message, "was not found"));
  CHECK(contains(message, cached.string()));
  CHECK(contains(message, "hf download " + name));

  fs::create_directories(cached / "snapshots");
  CHECK(contains(error_of(name, home.path()), "0 snapshots"));
  fs::create_directories(cached / "snapshots" / "aaa111");
  CHECK(locate_model(name, home.path()) == cached / "snapshots" / "aaa111");
  fs::create_directories(cached / "snapshots" / "bbb222");
  CHECK(contains(error_of(name, home.path()), "2 snapshots"));
  fs::create_directories(cached / "refs");
  write_text(cached / "refs" / "main", "bbb222\n");
  CHECK(locate_model(name, home.path()) == cached / "snapshots" / "bbb222");
  write_text(cached / "refs" / "main", "ccc333");
  CHECK(contains(error_of(name, home.path()), "incomplete"));
  for (const char* hostile : {"../..", "/etc", "", "a/b"}) {
    write_text(cached / "refs" / "main", hostile);
    CHECK(contains(error_of(name, home.path()), "refs/main"));
  }
}

TEST_CASE("names that are none are not looked up in the cache") {
  ScratchFolder home;
  for (const char* name : {"../secret", "a/b/c", "/absent/directory", "", "a b", "org/..", "-x/y"})
    CHECK_FALSE(contains(error_of(name, home.path()), "models--"));
  CHECK(contains(error_of("gpt2", home.path()), "models--gpt2"));
}

TEST_CASE("the hash of a checkpoint covers every file that the engine reads") {
  ScratchFolder folder;
  const auto put = [&](const std::string& name, const std::string& text) {
    write_text(folder.path() / name, text);
  };
  put("config.json", "{}");
  put("model.safetensors", safetensors_file("{}", ""));
  const CheckpointHash first = hash_checkpoint(folder.path());
  CHECK(first.hex.size() == 64);
  CHECK_FALSE(first.sampled);
  CHECK(hash_checkpoint(folder.path()).hex == first.hex);
  std::vector<std::string> seen{first.hex};
  for (const char* name : {"tokenizer.json", "tokenizer_config.json", "generation_config.json",
                           "chat_template.jinja", "model.safetensors", "config.json"}) {
    put(name, "changed");
    seen.push_back(hash_checkpoint(folder.path()).hex);
    CHECK(seen[seen.size() - 2] != seen.back());
  }
  put("README.md", "not read");
  CHECK(hash_checkpoint(folder.path()).hex == seen.back());
  fs::remove(folder.path() / "model.safetensors");
  put("one.safetensors", safetensors_file("{}", "a"));
  put("model.safetensors.index.json", R"({"weight_map": {"t": "one.safetensors"}})");
  const std::string sharded = hash_checkpoint(folder.path()).hex;
  put("one.safetensors", safetensors_file("{}", "b"));
  CHECK(hash_checkpoint(folder.path()).hex != sharded);
}

TEST_CASE("large weight files are hashed by size and header and blocks") {
  ScratchFolder folder;
  const fs::path path = folder.path() / "model.safetensors";
  write_text(path, safetensors_file("{\"a\":1}", ""));
  const std::uintmax_t size = (std::uintmax_t{300} << 20) + 12345;
  fs::resize_file(path, size);  // sparse
  const CheckpointHash first = hash_checkpoint(folder.path());
  CHECK(first.sampled);
  fs::resize_file(path, size + 1);
  CHECK(hash_checkpoint(folder.path()).hex != first.hex);
  write_text(path, safetensors_file("{\"b\":1}", ""));
  fs::resize_file(path, size);
  CHECK(hash_checkpoint(folder.path()).hex != first.hex);
}
