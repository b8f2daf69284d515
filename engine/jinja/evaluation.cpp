// Evaluation of expressions, and calls.
#include "engine/jinja/builtins.h"
#include "engine/jinja/interpreter.h"
#include "engine/jinja/printing.h"
#include "engine/jinja/scope_guard.h"

namespace quorum::jinja {

Value Interpreter::evaluate(const Expression& expression) {
  const Nested nested(*this);
  runtime_.charge(1);
  line_ = expression.line;
  return std::visit([this](const auto& node) { return eval(node); }, expression.what);
}

Value Interpreter::eval(const Name& node) {
  for (const Scope* scope = scope_.get(); scope != nullptr; scope = scope->parent.get()) {
    const auto found = scope->variables.find(node.symbol);
    if (found != scope->variables.end()) return found->second;
  }
  return Value::undefined_name(program_.names[node.symbol]);
}

Value Interpreter::eval(const Sequence& node) {
  std::vector<Value> items;
  items.reserve(node.items.size());
  for (const ExpressionPtr& item : node.items) items.push_back(evaluate(*item));
  return node.is_tuple ? runtime_.tuple(std::move(items)) : runtime_.list(std::move(items));
}

Value Interpreter::eval(const DictLiteral& node) {
  auto dict = std::make_shared<DictObject>();
  for (const auto& [key, value] : node.entries) {
    Value evaluated = evaluate(*key);
    runtime_.charge_key(evaluated);
    dict->set(std::move(evaluated), evaluate(*value));
  }
  runtime_.charge(4 * node.entries.size());
  return Value::dict(std::move(dict));
}

Value Interpreter::eval(const Unary& node) {
  const Value operand = evaluate(*node.operand);
  switch (node.op) {
    case Unary::kNot: return Value::boolean(!is_true(operand));
    case Unary::kNegate: return negate(operand);
    case Unary::kPositive: return positive(operand);
  }
  return {};
}

Value Interpreter::eval(const Logical& node) {
  Value value;
  for (const ExpressionPtr& operand : node.operands) {
    value = evaluate(*operand);
    if (is_true(value) != node.is_and) break;
  }
  return value;
}

Value Interpreter::eval(const Concat& node) {
  std::string text;
  for (const ExpressionPtr& part : node.parts) {
    const Value value = evaluate(*part);
    runtime_.charge(text.size() / 256);
    text += to_text(value);
    if (text.size() > kMaxTextBytes) throw Failure("a string grows beyond 16 MiB");
  }
  return runtime_.text(std::move(text));
}

Value Interpreter::eval(const Conditional& node) {
  if (is_true(evaluate(*node.test))) return evaluate(*node.then);
  if (node.otherwise) return evaluate(*node.otherwise);
  return Value::undefined_because("the inline if-expression on line " + std::to_string(line_) +
                                  " evaluated to false and no else section was defined.");
}

Value Interpreter::eval(const ArithmeticChain& node) {
  Value value = evaluate(*node.first);
  for (const auto& [op, operand] : node.rest) {
    const Value right = evaluate(*operand);
    value = arithmetic(runtime_, op, value, right);
  }
  return value;
}

Value Interpreter::eval(const ComparisonChain& node) {
  Value left = evaluate(*node.first);
  for (const auto& [comparison, operand] : node.rest) {
    Value right = evaluate(*operand);
    if (!compare(runtime_, comparison, left, right)) return Value::boolean(false);
    left = std::move(right);
  }
  return Value::boolean(true);
}

Value Interpreter::eval(const Chain& node) { return apply(evaluate(*node.base), node.suffixes); }

Value Interpreter::apply(Value value, const std::vector<Suffix>& suffixes) {
  for (const Suffix& suffix : suffixes) {
    runtime_.charge(1);
    line_ = suffix.line;
    value = std::visit([&](const auto& what) { return apply(value, what); }, suffix.what);
  }
  return value;
}

Value Interpreter::apply(const Value& value, const GetAttribute& suffix) {
  return get_attribute(runtime_, value, suffix.name);
}

Value Interpreter::apply(const Value& value, const GetItem& suffix) {
  return get_item(runtime_, value, evaluate(*suffix.key));
}

Value Interpreter::apply(const Value& value, const GetSlice& suffix) {
  const auto part = [&](const ExpressionPtr& expression) {
    return expression ? evaluate(*expression) : Value::none();
  };
  const Value start = part(suffix.start), stop = part(suffix.stop);
  return get_slice(runtime_, value, start, stop, part(suffix.step));
}

Value Interpreter::apply(const Value& value, const Call& suffix) {
  const int line = line_;
  Arguments arguments = evaluate(suffix.arguments);
  line_ = line;
  return call(value, std::move(arguments));
}

Value Interpreter::apply(const Value& value, const ApplyFilter& suffix) {
  const int line = line_;
  const Arguments arguments = evaluate(suffix.arguments);
  line_ = line;
  if (suffix.function == nullptr) throw Failure(unknown_filter(suffix.name));
  return suffix.function(runtime_, value, arguments);
}

Value Interpreter::apply(const Value& value, const ApplyTest& suffix) {
  const int line = line_;
  const Arguments arguments = evaluate(suffix.arguments);
  line_ = line;
  if (suffix.function == nullptr) throw Failure("No test named '" + suffix.name + "' found.");
  return Value::boolean(is_true(suffix.function(runtime_, value, arguments)) != suffix.negated);
}

Arguments Interpreter::evaluate(const ArgumentList& list) {
  Arguments arguments;
  for (const ExpressionPtr& value : list.positional)
    arguments.positional.push_back(evaluate(*value));
  for (const auto& [name, value] : list.named) arguments.named.emplace_back(name, evaluate(*value));
  if (list.spread)
    for (Value& value : iterate(runtime_, evaluate(*list.spread)))
      arguments.positional.push_back(std::move(value));
  if (list.spread_named) {
    const Value mapping = evaluate(*list.spread_named);
    if (!mapping.is(Kind::kDict))
      throw Failure("argument after ** must be a mapping, not " + type_name(mapping));
    runtime_.charge(2 * mapping.as_dict().entries.size());
    for (const auto& [key, value] : mapping.as_dict().entries) {
      if (!key.is_text()) throw Failure("keywords must be strings");
      for (const auto& [name, other] : list.named)
        if (name == key.as_text())
          throw Failure("got multiple values for keyword argument '" + name + "'");
      arguments.named.emplace_back(key.as_text(), value);
    }
  }
  return arguments;
}

Value Interpreter::call(const Value& callee, Arguments arguments) {
  if (callee.is_undefined()) throw Failure(callee.undefined_message());
  if (!callee.is(Kind::kCallable))
    throw Failure("'" + type_name(callee) + "' object is not callable");
  const CallableObject& callable = callee.as_callable();
  if (callable.macro != nullptr) return call_macro(callable, std::move(arguments));
  return callable.function(runtime_, callable.self, arguments);
}

Value Interpreter::call_macro(const CallableObject& callable, Arguments arguments) {
  if (macro_depth_ >= runtime_.limits().macro_depth)
    throw Failure("macros call each other more than " +
                  std::to_string(runtime_.limits().macro_depth) + " deep");
  struct Counted {
    int& depth;
    explicit Counted(int& counter) : depth(counter) { ++depth; }
    ~Counted() { --depth; }
  } const counted(macro_depth_);
  // The scope of the definition is kept by the runtime; a pointer that owns nothing is enough to
  // look into it.
  const InScope scope(*this, std::shared_ptr<Scope>(std::shared_ptr<Scope>(), callable.scope));
  const int line = line_;
  bind_parameters(*callable.macro, std::move(arguments));
  std::string text;
  {
    const Captured captured(output_, text);
    execute(callable.macro->body);
  }
  line_ = line;
  return runtime_.text(std::move(text));
}

void Interpreter::bind_parameters(const Macro& macro, Arguments arguments) {
  const auto take = [&](std::string_view name) -> std::optional<Value> {
    for (std::size_t i = 0; i < arguments.named.size(); ++i) {
      if (arguments.named[i].first != name) continue;
      Value value = std::move(arguments.named[i].second);
      arguments.named.erase(arguments.named.begin() + static_cast<std::ptrdiff_t>(i));
      return value;
    }
    return std::nullopt;
  };
  std::vector<std::optional<Value>> given;
  for (std::size_t i = 0; i < macro.parameters.size(); ++i) {
    if (i < arguments.positional.size())
      given.emplace_back(arguments.positional[i]);
    else
      given.push_back(take(macro.parameters[i].name));
  }
  if (macro.uses_caller) {
    std::optional<Value> caller = take("caller");
    if (!caller || caller->is_none()) caller = Value::undefined_because("No caller defined");
    scope_->variables[kCallerSymbol] = std::move(*caller);
  }
  if (macro.uses_kwargs) {
    auto rest = std::make_shared<DictObject>();
    for (auto& [name, value] : arguments.named) rest->set(name, std::move(value));
    scope_->variables[kKwargsSymbol] = Value::dict(std::move(rest));
  } else if (!arguments.named.empty()) {
    throw Failure("macro '" + macro.name + "' takes no keyword argument '" +
                  arguments.named[0].first + "'");
  }
  if (macro.uses_varargs) {
    std::vector<Value> rest;
    for (std::size_t i = macro.parameters.size(); i < arguments.positional.size(); ++i)
      rest.push_back(std::move(arguments.positional[i]));
    scope_->variables[kVarargsSymbol] = runtime_.tuple(std::move(rest));
  } else if (arguments.positional.size() > macro.parameters.size()) {
    throw Failure("macro '" + macro.name + "' takes not more than " +
                  std::to_string(macro.parameters.size()) + " argument(s)");
  }
  // A default may speak of the parameters before it.
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Macro::Parameter& parameter = macro.parameters[i];
    if (!given[i]) {
      given[i] =
          parameter.otherwise
              ? evaluate(*parameter.otherwise)
              : Value::undefined_because("parameter '" + parameter.name + "' was not provided");
    }
    scope_->variables[parameter.symbol] = *given[i];
  }
}

}  // namespace quorum::jinja
