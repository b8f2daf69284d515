#include "sandbox/runner/corpus.h"

#include <seccomp.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace quorum::attacks {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> kRequired{"attack", "wanted", "after", "wall", "control"};
const std::set<std::string> kOptional{"prints",  "exit",         "signal",  "reaches",    "levels",
                                      "time",    "cpu",          "memory",  "cpu-below",  "stdin",
                                      "follows", "control-in",   "machine", "control-as", "slow",
                                      "library", "control-needs"};
const std::set<std::string> kEndings{"OK", "RE", "TLE", "MLE", "OLE", "CE"};
constexpr const char* kTable = "system_calls.txt";
constexpr const char* kTemplate = "system_call.py.in";

std::string read(const fs::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> all;
  for (std::string word; stream >> word;) all.push_back(word);
  return all;
}

Attack parse(const std::string& file, const std::string& name, bool cpp, std::string source) {
  const auto fail = [&](const std::string& what) { throw std::runtime_error(file + ": " + what); };
  Attack attack{name, cpp, std::move(source), {}, {}, {}};
  const std::string comment = cpp ? "// " : "# ";
  std::istringstream lines(attack.source);
  for (std::string line; std::getline(lines, line) && line.rfind(comment, 0) == 0;) {
    const auto colon = line.find(": ");
    const std::string key = line.substr(comment.size(), colon - comment.size());
    if (colon == std::string::npos || (kRequired.count(key) == 0 && kOptional.count(key) == 0))
      break;
    const std::string value = trimmed(line.substr(colon + 2));
    if (key == "prints")
      attack.prints.push_back(value);
    else if (!attack.keys.emplace(key, value).second)
      fail("has " + key + " twice");
  }
  for (const std::string& key : kRequired)
    if (attack.keys.count(key) == 0) fail("has no " + key);
  for (const std::string& word : words(attack.key("wanted"))) {
    if (word == "or") continue;
    if (kEndings.count(word) == 0) fail("wants the unknown ending " + word);
    attack.wanted.insert(word);
  }
  return attack;
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::vector<Attack> table_of_system_calls(const fs::path& folder) {
  std::vector<Attack> all;
  const std::string form = read(folder / kTemplate);
  std::istringstream lines(read(folder / kTable));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> fields;
    std::istringstream row(line);
    for (std::string field; std::getline(row, field, '|');) fields.push_back(trimmed(field));
    if (fields.size() != 4 || (fields[2] != "anyone" && fields[2] != "root"))
      throw std::runtime_error(std::string(kTable) + ": not a row: " + line);
    const bool by_number = fields[0].find_first_not_of("0123456789") == std::string::npos;
    std::string source = form;
    replace(source, "@NUMBER@", by_number ? fields[0] : "@SYS_" + fields[0] + "@");
    replace(source, "@NAME@", fields[0]);
    replace(source, "@ARGUMENTS@", fields[1]);
    replace(source, "@WHAT@", fields[3]);
    std::string name = "system_call/" + fields[0];
    const auto same = std::count_if(all.begin(), all.end(), [&](const Attack& a) {
      return a.name == name || a.name.rfind(name + ":", 0) == 0;
    });
    if (same > 0) name += ":" + std::to_string(same + 1);
    all.push_back(parse(kTemplate, name, false, std::move(source)));
    if (fields[2] == "root") all.back().keys["control-needs"] = "root";
  }
  return all;
}

}  // namespace

std::string Attack::key(const std::string& which, const std::string& otherwise) const {
  const auto found = keys.find(which);
  return found == keys.end() ? otherwise : found->second;
}

double Attack::number(const std::string& which, double otherwise) const {
  const std::string value = key(which);
  return value.empty() ? otherwise : std::stod(value);
}

bool Attack::holds_at(const std::string& level) const {
  const std::vector<std::string> levels = words(key("levels", "A B C D"));
  return std::find(levels.begin(), levels.end(), level) != levels.end();
}

std::vector<Attack> load_corpus(const fs::path& folder) {
  std::vector<Attack> all = table_of_system_calls(folder);
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string extension = entry.path().extension();
    if (extension != ".py" && extension != ".cpp") continue;
    all.push_back(parse(entry.path().filename(), entry.path().stem(), extension == ".cpp",
                        read(entry.path())));
  }
  std::sort(all.begin(), all.end(),
            [](const Attack& a, const Attack& b) { return a.name < b.name; });
  for (const Attack& attack : all) {
    const std::string leader = attack.key("follows");
    if (!leader.empty() && std::none_of(all.begin(), all.end(),
                                        [&](const Attack& other) { return other.name == leader; }))
      throw std::runtime_error(attack.name + ": follows " + leader + ", which is not there");
  }
  return all;
}

std::string substitute(const std::string& source,
                       const std::map<std::string, std::string>& values) {
  std::string out;
  std::size_t at = 0;
  while (at < source.size()) {
    const auto begin = source.find('@', at);
    const auto end = begin == std::string::npos ? begin : source.find('@', begin + 1);
    if (end == std::string::npos) break;
    const std::string name = source.substr(begin + 1, end - begin - 1);
    const bool placeholder =
        !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
          return std::isalnum(c) != 0 || c == '_';
        });
    if (!placeholder) {  // an @ of the program's own
      out += source.substr(at, end - at);
      at = end;
      continue;
    }
    out += source.substr(at, begin - at);
    if (name.rfind("SYS_", 0) == 0) {
      const int number = seccomp_syscall_resolve_name(name.c_str() + 4);
      out += std::to_string(number < 0 ? -1 : number);
    } else {
      const auto found = values.find(name);
      if (found == values.end()) throw std::runtime_error("no value for @" + name + "@");
      out += found->second;
    }
    at = end + 1;
  }
  return out + source.substr(at);
}

}  // namespace quorum::attacks
