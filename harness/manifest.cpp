#include "harness/manifest.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/sha256.h"
#include "base/text.h"
#include "harness/build_info.h"

namespace quorum {
namespace {

using Json = nlohmann::ordered_json;

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  std::string line;
  while (std::getline(info, line)) {
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos && trim(line.substr(0, colon)) == "model name")
      return std::string(trim(line.substr(colon + 1)));
  }
  return {};
}

int usable_cores() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
}

std::string iso_time(std::int64_t unix_time) {
  const std::time_t time = unix_time;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace

std::string version_text() {
  const BuildInfo& build = build_info();
  return build.commit.empty() ? build.version : build.version + " (" + build.commit + ")";
}

MachineInfo this_machine() {
  MachineInfo machine;
  machine.cpu = cpu_model();
  machine.cores = usable_cores();
  machine.memory = std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
  utsname name{};
  if (::uname(&name) == 0) {
    machine.kernel = std::string(name.sysname) + " " + name.release;
    machine.host_hash = sha256_hex(std::string("quorum host ") + name.nodename).substr(0, 12);
  }
  return machine;
}

std::string make_manifest(std::span<const Benchmark> benchmarks, const GeneratorIdentity& generator,
                          const SamplingSettings& sampling, const std::string& think, int samples,
                          std::int64_t unix_time, const std::string& sandbox_json) {
  Json manifest;
  manifest["time"] = iso_time(unix_time);
  manifest["benchmarks"] = Json::array();
  for (const Benchmark& benchmark : benchmarks)
    manifest["benchmarks"].push_back(
        {{"name", benchmark.name},
         {"dataset_hash", benchmark.dataset_hash},
         {"prompt", benchmark.prompt_variant},
         {"prompt_hash", benchmark.prompt_hash},
         {"grader", benchmark.grader ? benchmark.grader->version() : std::string()},
         {"policy", benchmark.grader ? benchmark.grader->policy() : std::string()},
         {"queries", benchmark.queries.size()},
         {"partial", benchmark.partial}});
  manifest["model"] = {{"name", generator.model},
                       {"checkpoint", generator.checkpoint},
                       {"checkpoint_sampled", generator.checkpoint_sampled},
                       {"template_hash", generator.template_hash},
                       {"engine", generator.engine},
                       {"tensor_parallel", generator.tensor_parallel},
                       {"numerics", generator.numerics},
                       {"context", generator.context},
                       {"description", generator.description}};
  manifest["sampling"] = {{"temperature", sampling.temperature},
                          {"top_p", sampling.top_p},
                          {"max_tokens", sampling.max_tokens},
                          {"seed", sampling.seed},
                          {"samples", samples}};
  manifest["think"] = think;
  const BuildInfo& build = build_info();
  manifest["build"] = {{"version", build.version},
                       {"commit", build.commit},
                       {"compiler", build.compiler},
                       {"flags", build.flags}};
  const MachineInfo machine = this_machine();
  manifest["machine"] = {{"cpu", machine.cpu},
                         {"cores", machine.cores},
                         {"memory", machine.memory},
                         {"kernel", machine.kernel},
                         {"host", machine.host_hash}};
  manifest["sandbox"] = Json::parse(sandbox_json);
  return manifest.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace quorum
