// Expressions, from the loosest operator to the tightest; suffixes are in parser_suffixes.cpp.
#include "engine/jinja/parser.h"

namespace quorum::jinja {
namespace {

template <class Node>
ExpressionPtr make(int line, Node node) {
  return std::make_unique<Expression>(Expression{line, std::move(node)});
}

}  // namespace

// One expression, or several with commas as a tuple, up to the end of the tag, a `)` or the name
// `end_name`.
ExpressionPtr Parser::parse_tuple(bool with_conditional, bool in_parentheses,
                                  std::string_view end_name) {
  const int line = current().line;
  std::vector<ExpressionPtr> items;
  bool is_tuple = false;
  for (;;) {
    if (!items.empty()) expect_operator(",");
    const TokenKind kind = current().kind;
    if (kind == TokenKind::kVariableEnd || kind == TokenKind::kBlockEnd || is_operator(")") ||
        (!end_name.empty() && is_name(end_name)))
      break;
    items.push_back(with_conditional ? parse_expression() : parse_or());
    if (!is_operator(",")) break;
    is_tuple = true;
  }
  if (!is_tuple) {
    if (!items.empty()) return std::move(items[0]);
    if (!in_parentheses) fail("Expected an expression, got " + describe(current()));
  }
  return make(line, Sequence{true, std::move(items)});
}

ExpressionPtr Parser::parse_expression() {
  const Nested nested(*this);
  int line = current().line;
  const std::size_t unknown_before = unknown_.size();
  ExpressionPtr expression = parse_or();
  while (skip_name("if")) {
    unknown_.resize(unknown_before, Failure({}));  // what was read so far may be skipped after all
    const Surroundings before = surroundings_;
    surroundings_.may_be_skipped = true;
    ExpressionPtr test = parse_or(), otherwise;
    if (skip_name("else")) otherwise = parse_expression();
    surroundings_ = before;
    expression =
        make(line, Conditional{std::move(test), std::move(expression), std::move(otherwise)});
    line = current().line;
  }
  return expression;
}

ExpressionPtr Parser::parse_or() {
  const int line = current().line;
  ExpressionPtr first = parse_and();
  if (!is_name("or")) return first;
  Logical node{false, {}};
  node.operands.push_back(std::move(first));
  while (skip_name("or")) node.operands.push_back(parse_and());
  return make(line, std::move(node));
}

ExpressionPtr Parser::parse_and() {
  const int line = current().line;
  ExpressionPtr first = parse_not();
  if (!is_name("and")) return first;
  Logical node{true, {}};
  node.operands.push_back(std::move(first));
  while (skip_name("and")) node.operands.push_back(parse_not());
  return make(line, std::move(node));
}

ExpressionPtr Parser::parse_not() {
  if (!is_name("not")) return parse_comparison();
  const Nested nested(*this);
  const int line = next().line;
  return make(line, Unary{Unary::kNot, parse_not()});
}

ExpressionPtr Parser::parse_comparison() {
  static constexpr std::pair<std::string_view, Comparison> kOperators[] = {
      {"==", Comparison::kEqual},  {"!=", Comparison::kNotEqual},
      {"<", Comparison::kLess},    {"<=", Comparison::kLessEqual},
      {">", Comparison::kGreater}, {">=", Comparison::kGreaterEqual}};
  const int line = current().line;
  ComparisonChain node{parse_sum(), {}};
  for (;;) {
    const Comparison* found = nullptr;
    for (const auto& [op, comparison] : kOperators)
      if (is_operator(op)) found = &comparison;
    if (found != nullptr) {
      next();
      node.rest.emplace_back(*found, parse_sum());
    } else if (skip_name("in")) {
      node.rest.emplace_back(Comparison::kIn, parse_sum());
    } else if (is_name("not") && ahead().kind == TokenKind::kName && ahead().text == "in") {
      next();
      next();
      node.rest.emplace_back(Comparison::kNotIn, parse_sum());
    } else {
      break;
    }
  }
  if (node.rest.empty()) return std::move(node.first);
  return make(line, std::move(node));
}

ExpressionPtr Parser::parse_sum() {
  const int line = current().line;
  ArithmeticChain node{parse_concat(), {}};
  while (is_operator("+") || is_operator("-")) {
    const Operator op = next().text == "+" ? Operator::kAdd : Operator::kSubtract;
    node.rest.emplace_back(op, parse_concat());
  }
  if (node.rest.empty()) return std::move(node.first);
  return make(line, std::move(node));
}

ExpressionPtr Parser::parse_concat() {
  const int line = current().line;
  ExpressionPtr first = parse_product();
  if (!is_operator("~")) return first;
  Concat node;
  node.parts.push_back(std::move(first));
  while (skip_operator("~")) node.parts.push_back(parse_product());
  return make(line, std::move(node));
}

ExpressionPtr Parser::parse_product() {
  static constexpr std::pair<std::string_view, Operator> kOperators[] = {
      {"*", Operator::kMultiply},
      {"/", Operator::kDivide},
      {"//", Operator::kFloorDivide},
      {"%", Operator::kModulo}};
  const int line = current().line;
  ArithmeticChain node{parse_power(), {}};
  for (;;) {
    const Operator* found = nullptr;
    for (const auto& [text, op] : kOperators)
      if (is_operator(text)) found = &op;
    if (found == nullptr) break;
    next();
    node.rest.emplace_back(*found, parse_power());
  }
  if (node.rest.empty()) return std::move(node.first);
  return make(line, std::move(node));
}

ExpressionPtr Parser::parse_power() {
  const int line = current().line;
  ArithmeticChain node{parse_unary(true), {}};
  while (skip_operator("**")) node.rest.emplace_back(Operator::kPower, parse_unary(true));
  if (node.rest.empty()) return std::move(node.first);
  return make(line, std::move(node));
}

ExpressionPtr Parser::parse_unary(bool with_filters) {
  const int line = current().line;
  ExpressionPtr base;
  if (is_operator("-") || is_operator("+")) {
    const Nested nested(*this);
    const Unary::Op op = next().text == "-" ? Unary::kNegate : Unary::kPositive;
    base = make(line, Unary{op, parse_unary(false)});
  } else {
    base = parse_primary();
  }
  std::vector<Suffix> suffixes;
  parse_postfix(suffixes);
  if (with_filters) parse_filters_and_tests(suffixes);
  if (suffixes.empty()) return base;
  return make(line, Chain{std::move(base), std::move(suffixes)});
}

ExpressionPtr Parser::parse_primary() {
  const int line = current().line;
  switch (current().kind) {
    case TokenKind::kName: return parse_name();
    case TokenKind::kText: {
      std::string text = next().text;
      while (current().kind == TokenKind::kText) text += next().text;
      return make(line, Constant{Value::text(std::move(text))});
    }
    case TokenKind::kInteger: return make(line, Constant{Value::integer(next().integer)});
    case TokenKind::kFloat: return make(line, Constant{Value::real(next().real)});
    default: break;
  }
  if (is_operator("[")) return parse_list();
  if (is_operator("{")) return parse_dict();
  if (skip_operator("(")) {
    ExpressionPtr inside = parse_tuple(true, true);
    expect_operator(")");
    return inside;
  }
  fail("unexpected " + describe(current()));
}

ExpressionPtr Parser::parse_name() {
  const Token token = next();
  const std::string& name = token.text;
  if (name == "true" || name == "True") return make(token.line, Constant{Value::boolean(true)});
  if (name == "false" || name == "False") return make(token.line, Constant{Value::boolean(false)});
  if (name == "none" || name == "None") return make(token.line, Constant{Value::none()});
  if (name == "loop") loops_.assign(loops_.size(), true);
  for (Macro* macro : macros_) {
    macro->uses_caller = macro->uses_caller || name == "caller";
    macro->uses_varargs = macro->uses_varargs || name == "varargs";
    macro->uses_kwargs = macro->uses_kwargs || name == "kwargs";
  }
  return make(token.line, Name{intern(name)});
}

ExpressionPtr Parser::parse_list() {
  const int line = next().line;
  Sequence node{false, {}};
  while (!is_operator("]")) {
    if (!node.items.empty()) {
      expect_operator(",");
      if (is_operator("]")) break;
    }
    node.items.push_back(parse_expression());
  }
  next();
  return make(line, std::move(node));
}

ExpressionPtr Parser::parse_dict() {
  const int line = next().line;
  DictLiteral node;
  while (!is_operator("}")) {
    if (!node.entries.empty()) {
      expect_operator(",");
      if (is_operator("}")) break;
    }
    ExpressionPtr key = parse_expression();
    expect_operator(":");
    node.entries.emplace_back(std::move(key), parse_expression());
  }
  next();
  return make(line, std::move(node));
}

}  // namespace quorum::jinja
