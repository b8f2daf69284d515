// Execution of statements, and the scopes that they open.
#include "engine/jinja/builtins.h"
#include "engine/jinja/interpreter.h"
#include "engine/jinja/printing.h"
#include "engine/jinja/scope_guard.h"

namespace quorum::jinja {

Interpreter::Nested::Nested(Interpreter& interpreter) : interpreter_(interpreter) {
  if (interpreter_.depth_ >= interpreter_.runtime_.limits().evaluation_depth)
    throw Failure("the evaluation is nested too deep");
  ++interpreter_.depth_;
}

Interpreter::Interpreter(const Program& program, const Limits& limits, std::int64_t unix_time,
                         const std::vector<std::pair<std::string, Value>>& variables)
    : program_(program), runtime_(limits, unix_time), scope_(std::make_shared<Scope>()) {
  std::unordered_map<std::string_view, const Value*> by_name;
  for (const auto& [name, value] : variables) by_name[name] = &value;
  // Assignments of the template hide a variable, so that they live one scope further in.
  for (Symbol symbol = 0; symbol < program.names.size(); ++symbol) {
    const std::string& name = program.names[symbol];
    if (const auto found = by_name.find(name); found != by_name.end()) {
      scope_->variables[symbol] = *found->second;
    } else if (const Builtin function = find_global(name)) {
      auto callable = std::make_shared<CallableObject>();
      callable->name = name;
      callable->function = function;
      scope_->variables[symbol] = Value::callable(std::move(callable));
    }
  }
}

std::string Interpreter::render() {
  std::string out;
  output_ = &out;
  try {
    const InScope scope(*this, scope_);
    execute(program_.body);
  } catch (const Failure& failure) {
    throw Failure(failure.what(), failure.line > 0 ? failure.line : line_);
  }
  return out;
}

Interpreter::Flow Interpreter::execute(const Block& block) {
  const Nested nested(*this);
  for (const Statement& statement : block) {
    runtime_.charge(1);
    line_ = statement.line;
    const Flow flow = std::visit([this](const auto& what) { return run(what); }, statement.what);
    if (flow != Flow::kNormal) return flow;
  }
  return Flow::kNormal;
}

void Interpreter::write(std::string_view text) {
  runtime_.charge(text.size() / 16);
  if (output_->size() + text.size() > runtime_.limits().output_bytes)
    throw Failure("the output grows beyond " +
                  std::to_string(runtime_.limits().output_bytes >> 20) + " MiB");
  *output_ += text;
}

Interpreter::Flow Interpreter::run(const Data& data) {
  write(data.text);
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::run(const Output& output) {
  const Value value = evaluate(*output.value);
  if (value.is_text())
    write(value.as_text());
  else
    write(to_text(value));
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::run(const If& statement) {
  for (const auto& [test, body] : statement.branches)
    if (is_true(evaluate(*test))) return execute(body);
  return execute(statement.otherwise);
}

bool Interpreter::passes(const For& statement, const Value& item) {
  const InScope scope(*this, scope_);
  assign(statement.target, item);
  return is_true(evaluate(*statement.condition));
}

Interpreter::Flow Interpreter::run_body(const For& statement, LoopObject* loop, const Value& item) {
  const InScope scope(*this, scope_);
  assign(statement.target, item);
  if (loop != nullptr) scope_->variables[kLoopSymbol] = Value::loop(loop);
  return execute(statement.body);
}

Interpreter::Flow Interpreter::run(const For& statement) {
  auto items =
      std::make_shared<std::vector<Value>>(iterate(runtime_, evaluate(*statement.iterable)));
  LoopObject* loop = nullptr;
  if (statement.uses_loop) {
    if (statement.condition)
      std::erase_if(*items, [&](const Value& item) { return !passes(statement, item); });
    loop = runtime_.new_loop();
    loop->items = items;
  }
  bool ran = false;
  for (std::size_t i = 0; i < items->size(); ++i) {
    runtime_.charge(1);
    const Value& item = (*items)[i];
    // Without `loop` nobody looks ahead, and the condition sees what the body of earlier rounds has
    // done.
    if (loop == nullptr && statement.condition && !passes(statement, item)) continue;
    ran = true;
    if (loop != nullptr) loop->index = static_cast<std::int64_t>(i);
    if (run_body(statement, loop, item) == Flow::kBreak) break;
  }
  if (loop != nullptr) loop->items.reset();
  if (ran) return Flow::kNormal;
  const InScope scope(*this, scope_);
  return execute(statement.otherwise);
}

Interpreter::Flow Interpreter::run(const Set& statement) {
  assign(statement.target, evaluate(*statement.value));
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::run(const SetBlock& statement) {
  std::string text;
  {
    const Captured captured(output_, text);
    const InScope scope(*this, scope_);
    if (const Flow flow = execute(statement.body); flow != Flow::kNormal) return flow;
  }
  assign(statement.target, apply(runtime_.text(std::move(text)), statement.filters));
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::run(const FilterBlock& statement) {
  std::string text;
  {
    const Captured captured(output_, text);
    const InScope scope(*this, scope_);
    if (const Flow flow = execute(statement.body); flow != Flow::kNormal) return flow;
  }
  write(to_text(apply(runtime_.text(std::move(text)), statement.filters)));
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::run(const With& statement) {
  std::vector<Value> values;
  for (const auto& [target, value] : statement.assignments) values.push_back(evaluate(*value));
  const InScope scope(*this, scope_);
  for (std::size_t i = 0; i < values.size(); ++i) assign(statement.assignments[i].first, values[i]);
  return execute(statement.body);
}

Interpreter::Flow Interpreter::run(const Jump& statement) {
  return statement.is_break ? Flow::kBreak : Flow::kContinue;
}

Value Interpreter::make_macro(const Macro& macro) {
  auto callable = std::make_shared<CallableObject>();
  callable->name = macro.name;
  callable->macro = &macro;
  callable->scope = scope_.get();
  runtime_.keep(scope_);
  return Value::callable(std::move(callable));
}

Interpreter::Flow Interpreter::run(const DefineMacro& statement) {
  scope_->variables[statement.symbol] = make_macro(*statement.macro);
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::run(const CallBlock& statement) {
  const Value caller = make_macro(*statement.caller);
  Value result;
  {
    const InScope scope(*this, scope_);
    scope_->variables[kHiddenCallerSymbol] = caller;
    result = evaluate(*statement.call);
  }
  write(to_text(result));
  return Flow::kNormal;
}

void Interpreter::assign(const Target& target, const Value& value) {
  if (target.kind == Target::kName) {
    scope_->variables[target.symbol] = value;
    return;
  }
  if (target.kind == Target::kMember) {
    Name name{target.symbol};
    const Value owner = eval(name);
    if (!owner.is(Kind::kNamespace))
      throw Failure("cannot assign attribute on non-namespace object");
    owner.as_namespace().set(target.member, value);
    return;
  }
  const std::vector<Value> items = iterate(runtime_, value);
  if (items.size() < target.parts.size())
    throw Failure("not enough values to unpack (expected " + std::to_string(target.parts.size()) +
                  ", got " + std::to_string(items.size()) + ")");
  if (items.size() > target.parts.size())
    throw Failure("too many values to unpack (expected " + std::to_string(target.parts.size()) +
                  ")");
  for (std::size_t i = 0; i < items.size(); ++i) assign(target.parts[i], items[i]);
}

}  // namespace quorum::jinja
