// What can be called: global functions, methods bound to a value, and macros; and the arguments
// they are given.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/jinja/value.h"

namespace quorum::jinja {

class Runtime;
struct Macro;
struct Scope;

struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> named;
};

// `self` is the value a method is bound to, or a filter's input, or what a test looks at.
using Builtin = Value (*)(Runtime& runtime, const Value& self, const Arguments& arguments);

struct CallableObject : Object {
  std::string name;
  Value self;
  Builtin function = nullptr;
  // A macro instead: its definition, and the scope that it sees, which the Runtime keeps alive.
  const Macro* macro = nullptr;
  Scope* scope = nullptr;
};

// Arguments matched to a signature of Python: by position, then by name. Throws Failure for one too
// many, an unknown name, or one given twice.
class Bound {
 public:
  Bound(const char* function, const Arguments& arguments, std::initializer_list<const char*> names,
        std::size_t required = 0);

  bool has(std::size_t index) const { return values_[index] != nullptr; }
  const Value& operator[](std::size_t index) const { return *values_[index]; }
  // The argument, or its default where it is absent.
  bool truth(std::size_t index, bool otherwise) const;
  std::int64_t integer(std::size_t index, std::int64_t otherwise) const;
  // nullptr where it is absent or none.
  const Value* optional(std::size_t index) const;
  // Throws Failure unless it is a string.
  const std::string& text(std::size_t index) const;

 private:
  const char* function_;
  std::vector<const Value*> values_;
};

}  // namespace quorum::jinja
