// Tensors of one safetensors file or of several shards, mapped; only headers are read when it is
// opened.
#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <unordered_map>

#include "base/file.h"
#include "engine/safetensors.h"

namespace quorum {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxIndexBytes = std::size_t{256} << 20;
constexpr std::size_t kMaxShards = 900;  // each keeps a file open, of often 1,024

class SafetensorsSource : public WeightSource {
 public:
  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    names.reserve(tensors_.size());
    for (const auto& [name, tensor] : tensors_) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string file_of(const std::string& name) const override {
    const auto found = tensors_.find(name);
    return found == tensors_.end() ? "" : found->second.file->path().string();
  }

  TensorView find(const std::string& name) const override {
    const auto found = tensors_.find(name);
    return found == tensors_.end() ? TensorView{} : found->second;
  }

  void add_file(const fs::path& path) {
    const MappedFile& mapped = files_.emplace_back(path);
    const auto bytes = mapped.bytes();
    auto entries = parse_safetensors_header(bytes, bytes.size(), path.string()).take();
    for (SafetensorsEntry& entry : entries) {
      TensorView view{entry.dtype, std::move(entry.shape), bytes.data() + entry.begin, &mapped};
      const auto [at, inserted] = tensors_.emplace(std::move(entry.name), std::move(view));
      if (!inserted)
        throw Error(ErrorKind::kData, path.string() + ": tensor `" + at->first + "`",
                    "it is in " + file_of(at->first) + " too; expected in one shard only",
                    "fetch the checkpoint again");
    }
  }

 private:
  std::deque<MappedFile> files_;  // views point to them
  std::unordered_map<std::string, TensorView> tensors_;
};

// The index and the shards must tell the same story, tensor for tensor.
void check_index(const SafetensorsSource& source, const std::vector<ShardEntry>& index,
                 const fs::path& directory, const std::string& index_file) {
  const char* hint = "fetch the index and the shards again: they belong to different versions";
  for (const ShardEntry& entry : index) {
    const std::string expected = (directory / entry.shard).string();
    const std::string found = source.file_of(entry.tensor);
    if (found != expected)
      throw Error(ErrorKind::kData,
                  expected + ": tensor `" + entry.tensor + "` is not in this shard",
                  index_file + " says it is" + (found.empty() ? "" : "; it is in " + found), hint);
  }
  std::size_t at = 0;
  for (const std::string& name : source.names()) {
    if (at < index.size() && index[at].tensor == name) {
      ++at;
      continue;
    }
    throw Error(ErrorKind::kData, source.file_of(name) + ": tensor `" + name + "` is in this shard",
                index_file + " does not list it", hint);
  }
}

Error no_weights(const fs::path& directory) {
  std::string hint = "a checkpoint in the Hugging Face layout holds its weights as safetensors";
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    const std::string extension = at->path().extension().string();
    if (extension == ".bin" || extension == ".pt" || extension == ".pth" || extension == ".gguf")
      hint = at->path().filename().string() +
             " cannot be read: save the model as safetensors (save_pretrained of transformers)";
  }
  return Error(ErrorKind::kData, "no weights in " + directory.string(),
               "neither model.safetensors nor model.safetensors.index.json is there", hint);
}

}  // namespace

std::unique_ptr<WeightSource> open_safetensors(const std::string& directory) {
  const fs::path folder = directory;
  const fs::path single = folder / "model.safetensors";
  const fs::path index_path = folder / "model.safetensors.index.json";
  auto source = std::make_unique<SafetensorsSource>();
  if (fs::exists(single)) {
    source->add_file(single);
    return source;
  }
  if (!fs::exists(index_path)) throw no_weights(folder);

  const auto index =
      parse_shard_index(read_file(index_path, kMaxIndexBytes), index_path.string()).take();
  std::map<std::string, std::string> shards;  // name → one tensor of it, for messages
  for (const ShardEntry& entry : index) shards.emplace(entry.shard, entry.tensor);
  if (shards.size() > kMaxShards)
    throw Error(ErrorKind::kData,
                index_path.string() + ": " + std::to_string(shards.size()) + " shards are listed",
                "at most " + std::to_string(kMaxShards) + " are opened");
  for (const auto& [shard, tensor] : shards) {
    if (!fs::exists(folder / shard))
      throw Error(ErrorKind::kData, "the shard " + (folder / shard).string() + " is missing",
                  index_path.string() + " lists it, for tensor `" + tensor + "` among others",
                  "fetch the checkpoint again: the download is not whole");
  }
  for (const auto& [shard, tensor] : shards) source->add_file(folder / shard);
  check_index(*source, index, folder, index_path.string());
  return source;
}

}  // namespace quorum
