// quorum doctor: what this machine can do, and what to do about the rest.
#include <fmt/core.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "benchmarks/registry.h"
#include "cli/environment.h"
#include "cli/finding.h"
#include "cli/options.h"
#include "cli/size.h"
#include "cli/stdio.h"
#include "harness/build_info.h"

namespace quorum::cli {
namespace {

std::string state_name(State state) {
  return state == State::kOk ? "ok" : state == State::kWarning ? "warn" : "fail";
}

Finding processor() {
  const unsigned cores = std::thread::hardware_concurrency();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
    return {"processor", fmt::format("{} cores, without AVX2 and FMA", cores),
            "the CPU backend needs a processor from 2013 or newer", State::kFailure};
  return {
      "processor",
      fmt::format("{} cores, {}", cores, __builtin_cpu_supports("avx512f") ? "AVX-512" : "AVX2"),
      "", State::kOk};
}

Finding memory() {
  struct sysinfo info {};
  ::sysinfo(&info);
  const double total = static_cast<double>(info.totalram) * info.mem_unit;
  const bool small = total < 2.0 * (1 << 30);
  return {"memory", format_size(total), small ? "use a small --kv-memory, such as 256M" : "",
          small ? State::kWarning : State::kOk};
}

Finding disk() {
  struct statvfs info {};
  if (::statvfs(".", &info) != 0)
    return {"disk", "unknown", "the working folder cannot be read", State::kWarning};
  const double free = static_cast<double>(info.f_bavail) * static_cast<double>(info.f_frsize);
  const bool small = free < 1.0 * (1 << 30);
  return {"disk", format_size(free) + " free here",
          small ? "put the database elsewhere with --db" : "",
          small ? State::kWarning : State::kOk};
}

std::vector<Finding> findings(const DoctorOptions& options) {
  std::vector<Finding> list{processor(), memory(), disk()};
  for (Finding& finding : gpu_findings()) list.push_back(std::move(finding));
  for (Finding& finding : sandbox_findings(options.sandbox)) list.push_back(std::move(finding));
  const auto cache = hugging_face_home();
  const bool has_cache = std::filesystem::is_directory(cache / "hub");
  list.push_back({"model cache", cache.string() + (has_cache ? "" : " is not there"),
                  has_cache ? "" : "pass --model a checkpoint folder, or set HF_HOME",
                  has_cache ? State::kOk : State::kWarning});
  for (const BenchmarkListing& b : list_benchmarks(data_folders(options.data)))
    list.push_back({"benchmark " + b.name,
                    b.present           ? (b.path.empty() ? "built in" : b.path.string())
                    : b.problem.empty() ? "missing"
                                        : b.problem,
                    b.present ? "" : b.obtain, b.present ? State::kOk : State::kWarning});
  return list;
}

}  // namespace

int doctor_verb(const DoctorOptions& options) {
  bool usable = true;
  nlohmann::ordered_json json{{"version", version_text()},
                              {"findings", nlohmann::ordered_json::array()}};
  std::string text = "quorum " + version_text() + "\n";
  for (const Finding& f : findings(options)) {
    usable = usable && f.state != State::kFailure;
    json["findings"].push_back({{"what", f.what},
                                {"state", state_name(f.state)},
                                {"found", f.found},
                                {"advice", f.advice}});
    text += fmt::format("{:4}  {:18} {}\n", state_name(f.state), f.what, f.found);
    if (!f.advice.empty()) text += fmt::format("      {:18} try: {}\n", "", f.advice);
  }
  json["usable"] = usable;
  write_data({}, options.common.json ? json.dump(2) + "\n" : text);
  return usable ? 0 : 4;
}

}  // namespace quorum::cli
