// GPUs of this machine.
#pragma once

#include <cstddef>
#include <string>

namespace quorum::cuda {

struct Device {
  int index = 0;
  std::string name;
  int major = 0, minor = 0;  // compute capability
  int multiprocessors = 0;
  std::size_t total_bytes = 0;
  double memory_bytes_per_s = 0;  // by its clock and width; 0: the driver does not tell

  bool hopper() const { return major == 9 && minor == 0; }
};

// Makes the device current for this thread. Throws as require_cuda_device() does.
Device open_device(int index);

}  // namespace quorum::cuda
