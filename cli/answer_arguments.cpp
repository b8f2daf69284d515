#include "cli/answer_arguments.h"

#include <CLI/App.hpp>

namespace quorum::cli {

std::vector<std::string> flags_first(const std::vector<std::string>& arguments,
                                     const CLI::App& verb) {
  std::vector<std::string> flags, answers;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const std::string& argument = arguments[at];
    if (argument == "--") {
      answers.insert(answers.end(), arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                     arguments.end());
      break;
    }
    const bool is_long = argument.rfind("--", 0) == 0;
    const std::size_t equals = is_long ? argument.find('=') : std::string::npos;
    const CLI::Option* option = argument.size() < 2 || argument[0] != '-'
                                    ? nullptr
                                    : verb.get_option_no_throw(argument.substr(0, equals));
    if (!is_long && option == nullptr) {
      answers.push_back(argument);
      continue;
    }
    flags.push_back(argument);
    const bool takes_value = option != nullptr && option->get_items_expected_min() > 0;
    if (takes_value && equals == std::string::npos && at + 1 < arguments.size())
      flags.push_back(arguments[++at]);
  }
  flags.emplace_back("--");
  flags.insert(flags.end(), answers.begin(), answers.end());
  return flags;
}

}  // namespace quorum::cli
