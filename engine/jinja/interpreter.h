// Renders a program.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/jinja/ast.h"
#include "engine/jinja/runtime.h"

namespace quorum::jinja {

class Interpreter {
 public:
  // `variables` are the template's context; of several with one name the last counts.
  Interpreter(const Program& program, const Limits& limits, std::int64_t unix_time,
              const std::vector<std::pair<std::string, Value>>& variables);

  // Throws Failure with the line.
  std::string render();

 private:
  enum class Flow { kNormal, kBreak, kContinue };

  // Bounds the recursion of the evaluation.
  class Nested {
   public:
    explicit Nested(Interpreter& interpreter);
    ~Nested() { --interpreter_.depth_; }

   private:
    Interpreter& interpreter_;
  };
  class InScope;

  // statements.cpp
  Flow execute(const Block& block);
  Flow run(const Data& data);
  Flow run(const Output& output);
  Flow run(const If& statement);
  Flow run(const For& statement);
  Flow run(const Set& statement);
  Flow run(const SetBlock& statement);
  Flow run(const DefineMacro& statement);
  Flow run(const CallBlock& statement);
  Flow run(const FilterBlock& statement);
  Flow run(const With& statement);
  Flow run(const Jump& statement);
  Flow run_body(const For& statement, LoopObject* loop, const Value& item);
  bool passes(const For& statement, const Value& item);
  void write(std::string_view text);
  void assign(const Target& target, const Value& value);
  Value make_macro(const Macro& macro);

  // evaluation.cpp
  Value evaluate(const Expression& expression);
  Value eval(const Constant& node) { return node.value; }
  Value eval(const Name& node);
  Value eval(const Sequence& node);
  Value eval(const DictLiteral& node);
  Value eval(const Unary& node);
  Value eval(const Logical& node);
  Value eval(const Concat& node);
  Value eval(const Conditional& node);
  Value eval(const ArithmeticChain& node);
  Value eval(const ComparisonChain& node);
  Value eval(const Chain& node);
  Value apply(Value value, const std::vector<Suffix>& suffixes);
  Value apply(const Value& value, const GetAttribute& suffix);
  Value apply(const Value& value, const GetItem& suffix);
  Value apply(const Value& value, const GetSlice& suffix);
  Value apply(const Value& value, const Call& suffix);
  Value apply(const Value& value, const ApplyFilter& suffix);
  Value apply(const Value& value, const ApplyTest& suffix);
  Arguments evaluate(const ArgumentList& list);
  Value call(const Value& callee, Arguments arguments);
  Value call_macro(const CallableObject& callable, Arguments arguments);
  void bind_parameters(const Macro& macro, Arguments arguments);

  const Program& program_;
  Runtime runtime_;
  std::shared_ptr<Scope> scope_;
  std::string* output_ = nullptr;
  int line_ = 0;
  int depth_ = 0;
  int macro_depth_ = 0;
};

}  // namespace quorum::jinja
