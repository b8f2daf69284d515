#include "sandbox/runner/containment.h"

#include <sstream>

#include "sandbox/runner/control.h"

namespace quorum::attacks {
namespace {

std::string end_of(const std::string& text) {
  return text.substr(text.size() > 200 ? text.size() - 200 : 0);
}

bool has_printed(const std::string& out, const std::string& wanted) {
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);)
    if (line.find(wanted) != std::string::npos) return true;
  return false;
}

}  // namespace

std::string breach_of(const sandbox::Sandbox::Result& result) {
  const auto* outcome = std::get_if<sandbox::Outcome>(&result);
  if (outcome == nullptr || !has_line(outcome->out, "BREACH")) return "";
  const auto begin = outcome->out.rfind("BREACH", 0) == 0 ? 0 : outcome->out.find("\nBREACH") + 1;
  return outcome->out.substr(begin, outcome->out.find('\n', begin) - begin);
}

std::vector<std::string> complaints(const Attack& attack, const sandbox::Sandbox::Result& result,
                                    const sandbox::Limits& limits,
                                    const std::optional<std::string>& expected_output,
                                    const std::string& secret) {
  if (const auto* failure = std::get_if<sandbox::InfraFailure>(&result))
    return {"the infrastructure failed: " + failure->what};
  const auto& outcome = std::get<sandbox::Outcome>(result);
  std::vector<std::string> all;
  const auto complain = [&](const auto&... parts) {
    std::ostringstream text;
    (text << ... << parts);
    all.push_back(text.str());
  };
  if (const std::string breach = breach_of(result);
      !breach.empty() && attack.holds_at(std::string(to_string(outcome.level))))
    complain("succeeded: ", breach);
  if (attack.key("reaches") != "no" && !has_line(outcome.out, "REACHED"))
    complain("never began: ", end_of(outcome.err), outcome.detail);
  const std::string ending(to_string(outcome.ending));
  if (attack.wanted.count(ending) == 0)
    complain("ended with ", ending, ", exit code ", outcome.exit_code, ", signal ", outcome.signal,
             ", wanted ", attack.key("wanted"), ": ", end_of(outcome.err), outcome.detail);
  else if (!attack.key("exit").empty() && attack.number("exit", 0) != outcome.exit_code)
    complain("exit code ", outcome.exit_code, ", wanted ", attack.key("exit"));
  else if (!attack.key("signal").empty() && attack.number("signal", 0) != outcome.signal)
    complain("signal ", outcome.signal, ", wanted ", attack.key("signal"));
  for (const std::string& wanted : attack.prints)
    if (!has_printed(outcome.out, wanted))
      complain("did not print ", wanted, ": ", end_of(outcome.out));
  if (outcome.out.size() > limits.output_bytes || outcome.err.size() > limits.error_bytes)
    complain("wrote ", outcome.out.size(), " and ", outcome.err.size(), " bytes");
  const double cpu = std::chrono::duration<double>(outcome.cpu).count();
  if (cpu > attack.number("cpu-below", 1e9)) complain("used ", cpu, " s of CPU");
  if (expected_output && outcome.out != *expected_output)
    complain("printed ", end_of(outcome.out), " where outside it printed ",
             end_of(*expected_output));
  for (const std::string* text : {&outcome.out, &outcome.err, &outcome.detail})
    if (attack.holds_at(std::string(to_string(outcome.level))) &&
        text->find(secret) != std::string::npos)
      complain("shows a secret: ", end_of(*text));
  return all;
}

}  // namespace quorum::attacks
