// The syntax tree. Chains (a.b(c)|d, a + b + c, a and b and c) are flat, so that only true nesting
// makes it deep.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/jinja/callable.h"
#include "engine/jinja/operators.h"
#include "engine/jinja/runtime.h"
#include "engine/jinja/value.h"

namespace quorum::jinja {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct ArgumentList {
  std::vector<ExpressionPtr> positional;
  std::vector<std::pair<std::string, ExpressionPtr>> named;
  ExpressionPtr spread, spread_named;  // *args, **kwargs
};

struct Constant {
  Value value;
};
struct Name {
  Symbol symbol;
};
struct Sequence {
  bool is_tuple;
  std::vector<ExpressionPtr> items;
};
struct DictLiteral {
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> entries;
};
struct Unary {
  enum Op { kNot, kNegate, kPositive } op;
  ExpressionPtr operand;
};
struct Logical {
  bool is_and;
  std::vector<ExpressionPtr> operands;
};
struct Concat {
  std::vector<ExpressionPtr> parts;
};
struct Conditional {
  ExpressionPtr test, then, otherwise;
};  // otherwise may be null
struct ArithmeticChain {
  ExpressionPtr first;
  std::vector<std::pair<Operator, ExpressionPtr>> rest;  // from left to right
};
struct ComparisonChain {
  ExpressionPtr first;
  std::vector<std::pair<Comparison, ExpressionPtr>> rest;
};

struct GetAttribute {
  std::string name;
};
struct GetItem {
  ExpressionPtr key;
};
struct GetSlice {
  ExpressionPtr start, stop, step;
};  // each may be null
struct Call {
  ArgumentList arguments;
};
// `function` is null for an unknown name in a branch that may never run.
struct ApplyFilter {
  std::string name;
  Builtin function;
  ArgumentList arguments;
};
struct ApplyTest {
  std::string name;
  Builtin function;
  ArgumentList arguments;
  bool negated;
};
struct Suffix {
  int line;
  std::variant<GetAttribute, GetItem, GetSlice, Call, ApplyFilter, ApplyTest> what;
};
struct Chain {
  ExpressionPtr base;
  std::vector<Suffix> suffixes;
};  // base is null in a filter block

struct Expression {
  int line;
  std::variant<Constant, Name, Sequence, DictLiteral, Unary, Logical, Concat, Conditional,
               ArithmeticChain, ComparisonChain, Chain>
      what;
};

struct Statement;
using Block = std::vector<Statement>;

struct Target {
  enum { kName, kMember, kTuple } kind;
  Symbol symbol = 0;
  std::string member;
  std::vector<Target> parts;
};

struct Macro {
  std::string name;
  struct Parameter {
    Symbol symbol;
    std::string name;
    ExpressionPtr otherwise;
  };
  std::vector<Parameter> parameters;
  Block body;
  bool uses_caller = false, uses_varargs = false, uses_kwargs = false;
};

struct Data {
  std::string text;
};
struct Output {
  ExpressionPtr value;
};
struct If {
  std::vector<std::pair<ExpressionPtr, Block>> branches;
  Block otherwise;
};
struct For {
  Target target;
  ExpressionPtr iterable, condition;  // condition may be null
  Block body, otherwise;
  bool uses_loop;
};
struct Set {
  Target target;
  ExpressionPtr value;
};
struct SetBlock {
  Target target;
  std::vector<Suffix> filters;
  Block body;
};
struct DefineMacro {
  Symbol symbol;
  std::unique_ptr<Macro> macro;
};
struct CallBlock {
  std::unique_ptr<Macro> caller;
  ExpressionPtr call;
};
struct FilterBlock {
  std::vector<Suffix> filters;
  Block body;
};
struct With {
  std::vector<std::pair<Target, ExpressionPtr>> assignments;
  Block body;
};
struct Jump {
  bool is_break;
};

struct Statement {
  int line;
  std::variant<Data, Output, If, For, Set, SetBlock, DefineMacro, CallBlock, FilterBlock, With,
               Jump>
      what;
};

// Names with a fixed place in every program's symbol table.
enum : Symbol { kLoopSymbol, kCallerSymbol, kVarargsSymbol, kKwargsSymbol, kHiddenCallerSymbol };

struct Program {
  std::vector<std::string> names;  // by symbol
  Block body;
};

}  // namespace quorum::jinja
