#include "cli/environment.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "base/text.h"

namespace quorum::cli {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::filesystem::path user_cache() {
  const std::string xdg = variable("XDG_CACHE_HOME");
  if (!xdg.empty()) return xdg;
  const std::string home = variable("HOME");
  return std::filesystem::path(home.empty() ? "." : home) / ".cache";
}

}  // namespace

std::filesystem::path hugging_face_home() {
  const std::string hub = variable("HF_HUB_CACHE");
  if (!hub.empty()) return std::filesystem::path(hub).parent_path();
  const std::string home = variable("HF_HOME");
  return home.empty() ? user_cache() / "huggingface" : std::filesystem::path(home);
}

std::filesystem::path cache_folder() { return user_cache() / "quorum"; }

std::vector<std::filesystem::path> data_folders(const std::vector<std::filesystem::path>& flags) {
  std::vector<std::filesystem::path> folders = flags;
  const std::string listed = variable("QUORUM_DATA");
  if (!listed.empty())
    for (const std::string& folder : split(listed, ':'))
      if (!folder.empty()) folders.emplace_back(folder);
  folders.push_back(cache_folder());
  return folders;
}

bool streams_overlap() {
  return variable("CUDA_LAUNCH_BLOCKING") != "1" && variable("CUDA_DEVICE_MAX_CONNECTIONS") != "1";
}

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

bool wants_color(int descriptor, bool no_color_flag) {
  return !no_color_flag && is_terminal(descriptor) && variable("NO_COLOR").empty() &&
         variable("TERM") != "dumb";
}

int terminal_width(int descriptor) {
  winsize size{};
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::int64_t unix_now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
}

}  // namespace quorum::cli
