// What follows an operand: members, subscripts, calls, filters and tests.
#include "engine/jinja/builtins.h"
#include "engine/jinja/parser.h"

namespace quorum::jinja {

void Parser::parse_postfix(std::vector<Suffix>& out) {
  for (;;) {
    const int line = current().line;
    if (is_operator(".") || is_operator("["))
      parse_subscript(out);
    else if (is_operator("("))
      out.push_back({line, Call{parse_arguments()}});
    else
      return;
  }
}

void Parser::parse_filters_and_tests(std::vector<Suffix>& out) {
  for (;;) {
    const int line = current().line;
    if (is_operator("|"))
      parse_filter(out);
    else if (is_name("is"))
      parse_test(out);
    else if (is_operator("("))
      out.push_back({line, Call{parse_arguments()}});
    else
      return;
  }
}

void Parser::parse_subscript(std::vector<Suffix>& out) {
  const Token token = next();
  const int line = token.line;
  if (token.text == ".") {
    if (current().kind == TokenKind::kName) {
      out.push_back({line, GetAttribute{next().text}});
    } else if (current().kind == TokenKind::kInteger) {
      out.push_back({line, GetItem{std::make_unique<Expression>(
                               Expression{line, Constant{Value::integer(next().integer)}})}});
    } else {
      fail("expected name or number, got " + describe(current()));
    }
    return;
  }
  if (is_operator("]")) fail("an empty subscript is not supported");
  auto subscript = parse_subscribed();
  if (is_operator(",")) {
    if (std::holds_alternative<GetSlice>(subscript)) fail("a tuple of slices is not supported");
    Sequence tuple{true, {}};
    tuple.items.push_back(std::move(std::get<GetItem>(subscript).key));
    while (skip_operator(",")) {
      if (is_operator("]")) fail("expected an expression, got ']'");
      tuple.items.push_back(parse_expression());
    }
    subscript = GetItem{std::make_unique<Expression>(Expression{line, std::move(tuple)})};
  }
  expect_operator("]");
  if (auto* slice = std::get_if<GetSlice>(&subscript))
    out.push_back({line, std::move(*slice)});
  else
    out.push_back({line, std::move(std::get<GetItem>(subscript))});
}

std::variant<GetItem, GetSlice> Parser::parse_subscribed() {
  GetSlice slice;
  if (!is_operator(":")) {
    ExpressionPtr key = parse_expression();
    if (!is_operator(":")) return GetItem{std::move(key)};
    slice.start = std::move(key);
  }
  next();
  const auto ends = [&] { return is_operator("]") || is_operator(","); };
  if (!is_operator(":") && !ends()) slice.stop = parse_expression();
  if (skip_operator(":") && !ends()) slice.step = parse_expression();
  return slice;
}

ArgumentList Parser::parse_arguments() {
  const int line = current().line;
  expect_operator("(");
  ArgumentList list;
  const auto ensure = [&](bool holds) {
    if (!holds) fail("invalid syntax for function call expression", line);
  };
  bool first = true;
  while (!is_operator(")")) {
    if (!first) {
      expect_operator(",");
      if (is_operator(")")) break;
    }
    first = false;
    if (skip_operator("*")) {
      ensure(!list.spread && !list.spread_named);
      list.spread = parse_expression();
    } else if (skip_operator("**")) {
      ensure(!list.spread_named);
      list.spread_named = parse_expression();
    } else if (current().kind == TokenKind::kName && ahead().kind == TokenKind::kOperator &&
               ahead().text == "=") {
      ensure(!list.spread_named);
      std::string name = next().text;
      next();
      for (const auto& [other, value] : list.named)
        if (other == name) fail("keyword argument repeated: " + name, line);
      list.named.emplace_back(std::move(name), parse_expression());
    } else {
      ensure(!list.spread && !list.spread_named && list.named.empty());
      list.positional.push_back(parse_expression());
    }
  }
  next();
  return list;
}

// `| name(arguments)`; a filter block starts without the bar.
void Parser::parse_filter(std::vector<Suffix>& out) {
  const int line = current().line;
  skip_operator("|");
  std::string name = expect_name();
  while (skip_operator(".")) name += "." + expect_name();
  const Builtin function = find_filter(name);
  if (function == nullptr && !surroundings_.may_be_skipped)
    unknown_.emplace_back(unknown_filter(name), line);
  ArgumentList arguments;
  if (is_operator("(")) arguments = parse_arguments();
  out.push_back({line, ApplyFilter{std::move(name), function, std::move(arguments)}});
}

void Parser::parse_test(std::vector<Suffix>& out) {
  const int line = next().line;
  const bool negated = skip_name("not");
  std::string name = expect_name();
  while (skip_operator(".")) name += "." + expect_name();
  const Builtin function = find_test(name);
  if (function == nullptr && !surroundings_.may_be_skipped)
    unknown_.emplace_back("No test named '" + name + "'.", line);
  ArgumentList arguments;
  const TokenKind kind = current().kind;
  if (is_operator("(")) {
    arguments = parse_arguments();
  } else if ((kind == TokenKind::kName && !is_name("else") && !is_name("or") && !is_name("and")) ||
             kind == TokenKind::kText || kind == TokenKind::kInteger || kind == TokenKind::kFloat ||
             is_operator("[") || is_operator("{")) {
    if (is_name("is")) fail("You cannot chain multiple tests with is");
    const Nested nested(*this);
    ExpressionPtr operand = parse_primary();
    std::vector<Suffix> suffixes;
    parse_postfix(suffixes);
    if (!suffixes.empty())
      operand = std::make_unique<Expression>(
          Expression{line, Chain{std::move(operand), std::move(suffixes)}});
    arguments.positional.push_back(std::move(operand));
  }
  out.push_back({line, ApplyTest{std::move(name), function, std::move(arguments), negated}});
}

}  // namespace quorum::jinja
