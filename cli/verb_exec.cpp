// quorum exec: one program in the sandbox, and what became of it.
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/sandbox_options.h"
#include "cli/size.h"
#include "cli/stdio.h"
#include "sandbox/sandbox.h"

namespace quorum::cli {
namespace {

using sandbox::Language;

Language language_of(const ExecOptions& options) {
  const std::string extension = options.file.extension();
  const std::string name = !options.language.empty() ? options.language
                           : extension == ".cpp" || extension == ".cc" || extension == ".cxx"
                               ? "cpp"
                               : "python";
  if (name == "python") return Language::kPython;
  if (name == "cpp") return Language::kCpp;
  throw Error(ErrorKind::kUsage, "--language " + name + " is unknown", "", "python or cpp");
}

sandbox::Run run_of(const ExecOptions& options) {
  if (!std::filesystem::is_regular_file(options.file))
    throw Error(ErrorKind::kUsage, options.file.string() + " is no file", "",
                "the path of a program's source");
  sandbox::Run run;
  run.program = std::make_shared<sandbox::Program>(
      sandbox::Program{language_of(options), read_file(options.file, 64 << 20)});
  if (options.stdin_file) {
    run.input = sandbox::Input(*options.stdin_file == "-" ? read_stdin("the program's input")
                                                          : read_file(*options.stdin_file));
  }
  run.limits.cpu = run.limits.wall =
      std::chrono::nanoseconds(static_cast<std::int64_t>(options.seconds * 1e9));
  run.limits.memory_bytes = static_cast<std::uint64_t>(options.memory);
  run.limits.output_bytes = static_cast<std::uint64_t>(options.output);
  run.limits.scratch_bytes = static_cast<std::uint64_t>(options.scratch);
  return run;
}

double seconds(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) * 1e-9; }

nlohmann::ordered_json as_json(const sandbox::Outcome& o) {
  return {{"verdict", sandbox::to_string(o.ending)},
          {"exit_code", o.exit_code},
          {"signal", o.signal},
          {"wall", seconds(o.wall)},
          {"cpu", seconds(o.cpu)},
          {"run_delay", seconds(o.run_delay)},
          {"memory", o.memory_bytes},
          {"stdout", o.out},
          {"stderr", o.err},
          {"detail", o.detail},
          {"level", sandbox::to_string(o.level)}};
}

}  // namespace

int exec_verb(const ExecOptions& options) {
  const sandbox::Run run = run_of(options);
  sandbox::Options wanted = sandbox_options(options.sandbox);
  wanted.workers = 1;
  const auto box = sandbox::Sandbox::open(wanted);
  for (const std::string& folder : box->report().foreign_path)
    if (run.program->language == Language::kPython)
      remark(options.common.quiet, folder + " is on the path of " + box->report().python +
                                       ", but outside of it: the program does not see it");
  const sandbox::Sandbox::Result result = box->run(run);
  if (const auto* failure = std::get_if<sandbox::InfraFailure>(&result))
    throw Error(ErrorKind::kIncomplete, "the program could not be run", failure->what,
                "again, or quorum doctor");
  const auto& outcome = std::get<sandbox::Outcome>(result);
  if (options.common.json) {
    // Bytes that are no UTF-8 become U+FFFD, as everywhere in JSON.
    write_data(
        {}, as_json(outcome).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return 0;
  }
  write_data({}, outcome.out);
  if (!outcome.err.empty()) fmt::print(stderr, "{}", outcome.err);
  remark(
      options.common.quiet,
      fmt::format("{}{} · exit code {} · signal {} · wall {:.3f} s · CPU {:.3f} s · {} · level {}",
                  sandbox::to_string(outcome.ending),
                  outcome.detail.empty() ? "" : " (" + outcome.detail + ")", outcome.exit_code,
                  outcome.signal, seconds(outcome.wall), seconds(outcome.cpu),
                  format_size(static_cast<double>(outcome.memory_bytes)),
                  sandbox::to_string(outcome.level)));
  return 0;
}

}  // namespace quorum::cli
