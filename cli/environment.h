// The only place that reads environment variables.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace quorum::cli {

// HF_HOME, else ~/.cache/huggingface. HF_HUB_CACHE is honoured by its parent.
std::filesystem::path hugging_face_home();
// $XDG_CACHE_HOME/quorum, else ~/.cache/quorum: where `data add` puts benchmarks.
std::filesystem::path cache_folder();
// The folders in which data sets are looked for: --data, QUORUM_DATA (parts separated by ':'), the
// cache.
std::vector<std::filesystem::path> data_folders(const std::vector<std::filesystem::path>& flags);
// Whether kernels of two streams can run at the same time. CUDA_LAUNCH_BLOCKING=1 and, with one
// queue to the GPU for all streams, CUDA_DEVICE_MAX_CONNECTIONS=1 may not let them.
bool streams_overlap();
// Colours on this descriptor: a terminal, NO_COLOR unset or empty, TERM not "dumb", and not
// switched off by a flag.
bool wants_color(int descriptor, bool no_color_flag);
bool is_terminal(int descriptor);
// The terminal's width in columns; 80 where it is not known.
int terminal_width(int descriptor);
// Now, in Unix seconds.
std::int64_t unix_now();

}  // namespace quorum::cli
