// Finds a checkpoint: a directory, or a name in the cache of huggingface_hub
// (hub/models--ORG--NAME/{refs/main, snapshots/REVISION}).
#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "engine/checkpoint.h"

namespace quorum {
namespace {

namespace fs = std::filesystem;

bool folder_exists(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool path_exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// `name` or `organisation/name`, in the characters that the hub allows. None of them leaves the
// cache directory.
bool is_hub_name(const std::string& text) {
  if (text.empty() || text.size() > 200 || std::count(text.begin(), text.end(), '/') > 1)
    return false;
  for (const std::string& part : split(text, '/')) {
    if (part.empty() || part.front() == '.' || part.front() == '-') return false;
    if (!std::all_of(part.begin(), part.end(), [](unsigned char c) {
          return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
        }))
      return false;
  }
  return true;
}

// The revision that refs/main names; nullopt when there is no such file.
std::optional<std::string> main_revision(const fs::path& cached) {
  const fs::path file = cached / "refs" / "main";
  if (!path_exists(file)) return std::nullopt;
  const std::string revision{trim(read_file(file, 1024))};
  if (!is_hub_name(revision) || revision.find('/') != std::string::npos)
    throw Error(ErrorKind::kData, file.string() + " does not hold the name of a revision", {},
                "delete the cached model and download it again");
  return revision;
}

std::vector<fs::path> snapshots_of(const fs::path& cached) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(cached / "snapshots", error), end; !error && at != end;
       at.increment(error))
    if (folder_exists(at->path())) found.push_back(at->path());
  std::sort(found.begin(), found.end());
  return found;
}

fs::path snapshot_in(const fs::path& cached, const std::string& name) {
  const std::string hint = "download it: hf download " + name;
  const auto revision = main_revision(cached);
  if (revision) {
    const fs::path snapshot = cached / "snapshots" / *revision;
    if (folder_exists(snapshot)) return snapshot;
    throw Error(ErrorKind::kUsage, "the cached model " + name + " is incomplete",
                (cached / "refs" / "main").string() + " names " + *revision +
                    ", and there is no directory " + snapshot.string(),
                hint);
  }
  const auto snapshots = snapshots_of(cached);
  if (snapshots.size() == 1) return snapshots.front();
  throw Error(ErrorKind::kUsage, "the cached model " + name + " has no default revision",
              (cached / "refs" / "main").string() + " is absent, and " +
                  std::to_string(snapshots.size()) + " snapshots are there",
              snapshots.empty() ? hint : "pass the directory of the snapshot that you mean");
}

}  // namespace

fs::path locate_model(const std::string& directory_or_name, const fs::path& hf_home) {
  const fs::path as_path = directory_or_name;
  if (folder_exists(as_path)) return as_path;
  if (path_exists(as_path))
    throw Error(ErrorKind::kUsage, "the model " + directory_or_name + " is a file",
                "a checkpoint is a directory with config.json, tokenizer.json and safetensors",
                "pass the directory that holds the file");
  std::error_code ignored;
  std::string looked = "there is no directory " + fs::absolute(as_path, ignored).string();
  std::string hint = "pass the directory of a checkpoint in the Hugging Face layout";
  if (is_hub_name(directory_or_name)) {
    const fs::path cached =
        hf_home / "hub" / ("models--" + replace_all(directory_or_name, "/", "--"));
    if (folder_exists(cached)) return snapshot_in(cached, directory_or_name);
    looked += " and no cached model " + cached.string();
    hint += ", or download it: hf download " + directory_or_name;
  }
  throw Error(ErrorKind::kUsage, "the model " + directory_or_name + " was not found", looked, hint);
}

}  // namespace quorum
