#include <cstdio>

#include "sandbox/runner/control.h"
#include "sandbox/runner/modes.h"
#include "sandbox/runner/traces.h"

namespace quorum::attacks {

Amounts amounts_of(const Attack& attack, bool control) {
  Amounts amounts;
  amounts.memory_mib = static_cast<long>(attack.number("memory", kMemoryMib));
  amounts.scratch_mib = kScratchMib;
  amounts.count = control ? amounts.memory_mib + 44 : 1'000'000;
  const bool to_the_limit = attack.wanted.count("TLE") != 0;
  amounts.wall_seconds = attack.number("time", to_the_limit ? 0.3 : 2);
  return amounts;
}

int run_controls(const std::vector<Attack>& corpus, const Selection& selection) {
  become_reaper();
  Targets targets;
  int failures = 0;
  for (const Attack& attack : corpus) {
    if (attack.name.rfind(selection.only, 0) != 0 ||
        (!selection.slow && !attack.key("slow").empty()))
      continue;
    if (const auto why = no_control(attack)) {
      std::printf("absent %s: %s\n", attack.name.c_str(), why->c_str());
      continue;
    }
    const auto once = [&](const Attack& each) {
      const Ran ran = run_control(each, targets, amounts_of(each, true));
      return judge_control(each, ran, targets.damage(), kOutputBytes);
    };
    if (const std::string leader = attack.key("follows"); !leader.empty())
      for (const Attack& other : corpus)
        if (other.name == leader) once(other);
    const ControlVerdict verdict = once(attack);
    targets.restore();
    if (verdict.succeeded) {
      std::printf("ok %s\n", attack.name.c_str());
    } else if (verdict.absent) {
      std::printf("absent %s: this kernel lacks it\n", attack.name.c_str());
    } else {
      std::printf("FAIL %s: %s\n", attack.name.c_str(), verdict.seen.c_str());
      ++failures;
    }
    std::fflush(stdout);
  }
  return failures;
}

}  // namespace quorum::attacks
