#include "sandbox/interpreter.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "sandbox/system.h"

namespace quorum::sandbox {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// What a trusted program prints within ten seconds; empty when it fails.
std::string output_of(std::vector<std::string> arguments) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  const UniqueFd from(ends[0]);
  UniqueFd to(ends[1]);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, to.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  pid_t pid = -1;
  const int failed = posix_spawnp(&pid, pointers[0], &files, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) return {};
  to = UniqueFd();
  std::string text;
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  for (char part[4096];;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd one{from.get(), POLLIN, 0};
    if (left <= 0 || poll(&one, 1, static_cast<int>(left)) < 0) {
      kill(pid, SIGKILL);
      break;
    }
    const ssize_t n = read(from.get(), part, sizeof part);
    if (n <= 0) break;
    text.append(part, static_cast<std::size_t>(n));
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? text : std::string();
}

constexpr const char* kQuestions = R"(
import json, os, site, sys
real = os.path.realpath
base = {real(sys.base_prefix), real(sys.base_exec_prefix)}
prefixes = base | {real(sys.prefix), real(sys.exec_prefix)}
def within(path, folders):
    return any(path == f or path.startswith(f.rstrip("/") + "/") for f in folders)
libraries = [os.path.dirname(os.__file__)]
for prefix in (sys.base_prefix, sys.base_exec_prefix):
    libraries.append(os.path.join(prefix, sys.platlibdir, "python%d.%d" % sys.version_info[:2]))
own = [p for p in map(real, libraries + site.getsitepackages())
       if os.path.isdir(p) and p not in prefixes and within(p, prefixes)]
path = [real(p) for p in sys.path if p and os.path.isdir(p)]
venv = sys.prefix != sys.base_prefix
answer = {"executable": os.path.abspath(sys.executable) if venv else real(sys.executable),
          "settings": os.path.join(sys.prefix, "pyvenv.cfg") if venv else "",
          "version": "%d.%d.%d" % sys.version_info[:3], "prefixes": sorted(base), "own": own,
          "path": [p for p in path if within(p, own)], "foreign": [p for p in path if not within(p, own)],
          "libraries": [], "missing": "", "numpy": ""}
for name in ("ctypes", "random", "decimal"):
    try:
        __import__(name)
    except ImportError:
        answer["missing"] = name
try:
    import importlib.machinery, importlib.metadata
    numpy = importlib.machinery.PathFinder.find_spec("numpy", answer["path"])
    if numpy and numpy.origin and within(real(numpy.origin), own):
        answer["numpy"] = next(iter(importlib.metadata.distributions(name="numpy", path=answer["path"]))).version
except Exception:
    pass
for line in open("/proc/self/maps"):
    name = line.split(None, 5)[5].strip() if len(line.split(None, 5)) > 5 else ""
    if name.startswith("/") and ".so" in name:
        answer["libraries"].append(os.path.dirname(name))
print(json.dumps(answer))
)";

bool is_script(const fs::path& path) {
  char start[2] = {};
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return fd && read(fd.get(), start, 2) == 2 && start[0] == '#' && start[1] == '!';
}

std::vector<fs::path> candidates(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::vector<fs::path> programs, scripts;
  for (const std::string& folder : split(path ? path : "", ':')) {
    if (folder.rfind('/', 0) != 0) continue;  // relative to whatever folder this is
    const fs::path file = fs::path(folder) / name;
    if (access(file.c_str(), X_OK) == 0) (is_script(file) ? scripts : programs).push_back(file);
  }
  if (access(("/usr/bin/" + name).c_str(), X_OK) == 0) programs.push_back("/usr/bin/" + name);
  programs.insert(programs.end(), scripts.begin(), scripts.end());
  return programs;
}

bool inside(const std::string& path, const std::string& folder) {
  return path == folder || path.rfind(folder + "/", 0) == 0;
}

// The folders of the machine's shared libraries, and what the dynamic loader reads.
void add_system_libraries(BoxFiles& files, const std::vector<std::string>& used) {
  for (const char* path : {"/lib64", "/usr/lib64"}) files.executable.push_back(path);
  const bool multiarch = fs::exists("/usr/lib/x86_64-linux-gnu");
  for (const char* path : {"/lib", "/usr/lib"})
    files.executable.push_back(multiarch ? std::string(path) + "/x86_64-linux-gnu" : path);
  for (const std::string& path : used) files.executable.push_back(path);
  // numpy's BLAS is found through links in /etc/alternatives.
  files.data = {"/etc/ld.so.cache", "/etc/alternatives", "/usr/lib/locale/C.utf8",
                "/usr/lib/locale/C.UTF-8", "/usr/share/zoneinfo"};
}

Error unusable(const std::string& path, const std::string& because) {
  return Error(ErrorKind::kEnvironment, "Python cannot be used: " + path, because,
               "install python3 (3.9 or newer, with its whole standard library)");
}

Result<Python> ask(const fs::path& candidate) {
  const std::string text = output_of({candidate.string(), "-I", "-c", kQuestions});
  const auto answer = nlohmann::json::parse(text, nullptr, false);
  if (answer.is_discarded())
    return unusable(candidate.string(),
                    "it does not answer (it is started without LD_LIBRARY_PATH and PYTHONPATH)");
  Python python;
  python.executable = answer.at("executable");
  python.version = answer.at("version");
  python.numpy_version = answer.at("numpy");
  if (const std::string missing = answer.at("missing"); !missing.empty())
    return unusable(python.executable, "its module " + missing + " is missing");
  const auto numbers = split(python.version, '.');
  if (std::stoi(numbers[0]) != 3 || std::stoi(numbers[1]) < 9)
    return unusable(python.executable, "it is version " + python.version);
  python.files.executable = {python.executable};
  python.path = answer.at("path");
  python.foreign_path = answer.at("foreign");
  // Of an interpreter that brings its own shared libraries their folder, and never a whole prefix:
  // it may be somebody's home.
  for (const std::string prefix : answer.at("prefixes"))
    if (prefix != "/usr" && prefix != "/" && prefix != "/usr/local")
      for (const char* folder : {"/lib", "/lib64"})
        if (fs::is_directory(prefix + folder)) python.files.executable.push_back(prefix + folder);
  for (const std::string folder : answer.at("own")) python.files.executable.push_back(folder);
  std::vector<std::string> used;
  for (const std::string folder : answer.at("libraries"))
    if (inside(folder, "/usr/local/lib") || inside(folder, "/opt")) used.push_back(folder);
  add_system_libraries(python.files, used);
  if (const std::string settings = answer.at("settings"); !settings.empty())
    python.files.data.push_back(settings);
  return python;
}

}  // namespace

Result<Python> find_python(const fs::path& wanted) {
  const auto list = wanted.empty() ? candidates("python3") : std::vector{wanted};
  Result<Python> best = unusable("python3", "there is none on PATH");
  for (const fs::path& candidate : list) {
    Result<Python> python = ask(candidate);
    if (python && !python.value().numpy_version.empty()) return python;
    if (!best) best = std::move(python);
  }
  return best;
}

std::optional<Compiler> find_compiler() {
  const auto list = candidates("g++");
  if (list.empty()) return std::nullopt;
  Compiler compiler;
  compiler.executable = list.front().string();
  const std::string version = output_of({compiler.executable, "--version"});
  compiler.version = version.substr(0, version.find('\n'));
  if (compiler.version.empty()) return std::nullopt;
  const auto has = [&](const std::string& archive) {
    return output_of({compiler.executable, "-print-file-name=" + archive}).rfind('/', 0) == 0;
  };
  compiler.links_static = has("libc.a") && has("libstdc++.a");
  compiler.files.executable = {"/usr/bin",     "/usr/lib", "/usr/lib64", "/usr/libexec",
                               "/usr/include", "/lib",     "/lib64",     "/bin"};
  std::error_code error;
  const std::string real = fs::canonical(compiler.executable, error).string();
  if (!error && !inside(real, "/usr/bin"))
    compiler.files.executable.push_back(fs::path(real).parent_path().parent_path());
  compiler.files.data = {"/etc/ld.so.cache", "/etc/alternatives"};
  return compiler;
}

}  // namespace quorum::sandbox
