// The functions that answers name, and how they are spelt.
#pragma once

#include <array>
#include <string_view>

namespace quorum {

struct FunctionName {
  std::string_view spelling, name;  // `name`: the one that expressions use
  bool plain = false;               // also understood without a backslash
};

// Longer ones stand before those that they begin with.
inline constexpr std::array<FunctionName, 36> kFunctionNames = {{{"arcsinh", "arsinh"},
                                                                 {"arccosh", "arcosh"},
                                                                 {"arctanh", "artanh"},
                                                                 {"arsinh", "arsinh"},
                                                                 {"arcosh", "arcosh"},
                                                                 {"artanh", "artanh"},
                                                                 {"arcsin", "arcsin", true},
                                                                 {"arccos", "arccos", true},
                                                                 {"arctan", "arctan", true},
                                                                 {"arccot", "arccot", true},
                                                                 {"arcsec", "arcsec", true},
                                                                 {"arccsc", "arccsc", true},
                                                                 {"arcctg", "arccot"},
                                                                 {"arctg", "arctan"},
                                                                 {"sinh", "sinh", true},
                                                                 {"cosh", "cosh", true},
                                                                 {"tanh", "tanh", true},
                                                                 {"coth", "coth", true},
                                                                 {"sech", "sech"},
                                                                 {"csch", "csch"},
                                                                 {"sin", "sin", true},
                                                                 {"cos", "cos", true},
                                                                 {"tan", "tan", true},
                                                                 {"cot", "cot", true},
                                                                 {"sec", "sec", true},
                                                                 {"csc", "csc", true},
                                                                 {"cosec", "csc"},
                                                                 {"ctg", "cot"},
                                                                 {"tg", "tan"},
                                                                 {"exp", "exp", true},
                                                                 {"log", "log", true},
                                                                 {"lg", "lg"},
                                                                 {"ln", "ln", true},
                                                                 {"abs", "abs", true},
                                                                 {"floor", "floor", true},
                                                                 {"ceil", "ceil", true}}};

inline const FunctionName* function_named(std::string_view spelling) {
  for (const FunctionName& function : kFunctionNames)
    if (function.spelling == spelling) return &function;
  return nullptr;
}

}  // namespace quorum
