// Which Python is taken, and which of the machine's folders programs get with it.
#include "sandbox/interpreter.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "sandbox/sandbox.h"
#include "support/catch.h"
#include "support/program.h"
#include "support/test_data.h"

using namespace quorum;
using namespace quorum::sandbox;

namespace {

namespace fs = std::filesystem;

// A virtual environment as `python3 -m venv --without-pip` makes it, with a package, a numpy that
// is good enough to be imported, and a .pth file that names two folders outside: one with a module,
// and the root.
struct VirtualEnvironment {
  testing::ScratchFolder scratch;
  fs::path root, python, packages, elsewhere;

  VirtualEnvironment() {
    fs::permissions(scratch.path(), fs::perms(0755));
    root = fs::canonical(scratch.path()) / "venv";
    elsewhere = fs::canonical(scratch.path()) / "private";
    const Python base = find_python({}).take();
    const std::string name =
        "python" + base.version.substr(0, base.version.find('.', base.version.find('.') + 1));
    python = root / "bin" / "python";
    packages = root / "lib" / name / "site-packages";
    fs::create_directories(root / "bin");
    fs::create_directories(packages / "numpy-9.8.7.dist-info");
    fs::create_directories(packages / "numpy");
    fs::create_directories(elsewhere);
    fs::create_symlink(base.executable, python);
    write_file_atomic(root / "pyvenv.cfg",
                      "home = " + fs::path(base.executable).parent_path().string() +
                          "\ninclude-system-site-packages = false\nversion = " + base.version +
                          "\n");
    write_file_atomic(packages / "parcel.py", "content = 'from the environment'\n");
    write_file_atomic(packages / "numpy" / "__init__.py",
                      "class random:\n    seed = staticmethod(lambda *a: None)\nanswer = 42\n");
    write_file_atomic(packages / "numpy-9.8.7.dist-info" / "METADATA",
                      "Metadata-Version: 2.1\nName: numpy\nVersion: 9.8.7\n");
    write_file_atomic(packages / "strange.pth", elsewhere.string() + "\n/\n");
    write_file_atomic(elsewhere / "secret.py", "content = 'nobody reads this'\n");
    for (const auto& entry : fs::recursive_directory_iterator(scratch.path()))
      if (!entry.is_symlink())
        fs::permissions(entry.path(), fs::perms(entry.is_directory() ? 0755 : 0644));
  }
};

// Whether the level holds with the machine's own interpreter.
bool holds(const std::string& level) {
  Options options;
  options.launcher = testing::program_path();
  options.workers = 1;
  options.level = parse_level(level);
  try {
    Sandbox::open(options);
    return true;
  } catch (const Error&) {
    std::puts(("SKIPPED: level " + level + " does not hold here").c_str());
    return false;
  }
}

bool contains(const std::vector<std::string>& list, const std::string& what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

// Whether one of the folders that are shown holds the path.
bool shows(const BoxFiles& files, const fs::path& path) {
  for (const std::vector<std::string>& list : {files.executable, files.data})
    for (const std::string& shown : list)
      if (path == shown || shown == "/" || path.string().rfind(shown + "/", 0) == 0) return true;
  return false;
}

}  // namespace

TEST_CASE("a virtual environment is its own packages and its base's library, no folder of a .pth") {
  const VirtualEnvironment made;
  const Python python = find_python(made.python).take();
  CHECK(python.executable == made.python.string());
  CHECK(python.numpy_version == "9.8.7");
  CHECK(contains(python.path, made.packages.string()));
  CHECK(contains(python.foreign_path, made.elsewhere.string()));
  CHECK(contains(python.foreign_path, "/"));
  CHECK(shows(python.files, made.packages / "parcel.py"));
  CHECK_FALSE(shows(python.files, made.elsewhere / "secret.py"));
  CHECK_FALSE(shows(python.files, made.root / "bin" / "activate"));
  CHECK_FALSE(shows(python.files, "/etc/passwd"));
}

TEST_CASE("a package of an environment that lies elsewhere is not counted as numpy") {
  const VirtualEnvironment made;
  fs::rename(made.packages / "numpy", made.elsewhere / "numpy");
  CHECK(find_python(made.python).take().numpy_version.empty());
  fs::create_directory_symlink(made.elsewhere / "numpy", made.packages / "numpy");
  CHECK(find_python(made.python).take().numpy_version.empty());
}

TEST_CASE("programs run in a virtual environment, and read nothing that a .pth file names") {
  const VirtualEnvironment made;
  const fs::path program = fs::canonical(made.scratch.path()) / "program.py";
  write_file_atomic(program,
                    "import sys, parcel, numpy\nprint(parcel.content, numpy.answer, sys.prefix)\n"
                    "for read in (lambda: __import__('secret').content, lambda: open('" +
                        (made.elsewhere / "secret.py").string() +
                        "').read()):\n    try:\n        print(read())\n    except (OSError, "
                        "ImportError):\n        print('refused')\n");
  for (const std::string level : {"A", "B", "C"}) {
    const auto result =
        testing::run_program({"exec", program.string(), "--python", made.python.string(), "--json",
                              "--sandbox-level", level, "--scratch", "1M"});
    INFO(level << ": " << result.out << result.err);
    if (result.exit_code == 4 && !holds(level)) continue;
    REQUIRE(result.exit_code == 0);
    CHECK(nlohmann::json::parse(result.out).at("stdout") ==
          "from the environment 42 " + made.root.string() + "\nrefused\nrefused\n");
    CHECK(result.err.find(made.elsewhere.string()) != std::string::npos);
  }
}

TEST_CASE("the interpreter is the first of PATH that has numpy") {
  const auto system = find_python("/usr/bin/python3");
  if (!system || system.value().numpy_version.empty()) {
    std::puts("SKIPPED: /usr/bin/python3 has no numpy");
    return;
  }
  const VirtualEnvironment made;  // stands before it, as where one is active
  fs::create_symlink("python", made.root / "bin" / "python3");
  const std::string before = std::getenv("PATH"), bin = (made.root / "bin").string();
  const auto found_in = [&](const std::string& path) {
    setenv("PATH", path.c_str(), 1);
    auto python = find_python({});
    setenv("PATH", before.c_str(), 1);
    return std::move(python).take();
  };
  CHECK(found_in(bin + ":/usr/bin").numpy_version == "9.8.7");
  fs::remove_all(made.packages / "numpy");
  CHECK(found_in(bin + ":/usr/bin").executable == system.value().executable);
  // /usr/bin is looked into where PATH lacks it.
  CHECK(found_in(bin).executable == system.value().executable);
}
