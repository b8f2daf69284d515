// The tags.
#include "engine/jinja/parser.h"

namespace quorum::jinja {

Statement Parser::parse_if() {
  const int line = next().line;
  If statement;
  const Surroundings before = surroundings_;
  surroundings_.may_be_skipped = true;
  for (;;) {
    ExpressionPtr test = parse_tuple(false);
    statement.branches.emplace_back(std::move(test),
                                    parse_body({"elif", "else", "endif"}, surroundings_));
    const std::string tag = next().text;
    if (tag == "elif") continue;
    if (tag == "else") {
      statement.otherwise = parse_body({"endif"}, surroundings_);
      next();
    }
    break;
  }
  surroundings_ = before;
  return {line, std::move(statement)};
}

Statement Parser::parse_for() {
  const int line = next().line;
  For statement;
  statement.target = parse_target(false);
  expect_keyword("in");
  statement.iterable = parse_tuple(false, false, "recursive");
  loops_.push_back(false);
  if (skip_name("if")) {
    const Surroundings before = surroundings_;
    surroundings_.may_be_skipped = false;
    statement.condition = parse_expression();
    surroundings_ = before;
  }
  if (is_name("recursive")) fail("recursive loops are not supported");
  loops_.back() = false;
  statement.body = parse_body({"endfor", "else"}, {.may_be_skipped = false, .in_loop = true});
  statement.uses_loop = loops_.back();
  loops_.pop_back();
  if (next().text == "else") {
    statement.otherwise =
        parse_body({"endfor"}, {.may_be_skipped = false, .in_loop = surroundings_.in_loop});
    next();
  }
  return {line, std::move(statement)};
}

Statement Parser::parse_set() {
  const int line = next().line;
  Target target = parse_target(true);
  if (skip_operator("=")) return {line, Set{std::move(target), parse_tuple(true)}};
  SetBlock statement;
  statement.target = std::move(target);
  while (is_operator("|")) parse_filter(statement.filters);
  statement.body =
      parse_body({"endset"}, {.may_be_skipped = false, .in_loop = surroundings_.in_loop});
  next();
  return {line, std::move(statement)};
}

void Parser::parse_signature(Macro& macro) {
  expect_operator("(");
  bool has_default = false;
  while (!is_operator(")")) {
    if (!macro.parameters.empty()) expect_operator(",");
    const std::string name = expect_name();
    check_assignable(name);
    Macro::Parameter parameter{intern(name), name, nullptr};
    if (skip_operator("=")) {
      parameter.otherwise = parse_expression();
      has_default = true;
    } else if (has_default) {
      fail("non-default argument follows default argument");
    }
    macro.parameters.push_back(std::move(parameter));
  }
  next();
}

void Parser::parse_macro_body(Macro& macro, std::string_view end) {
  macros_.push_back(&macro);
  macro.body = parse_body({end}, {});
  macros_.pop_back();
  for (const Macro::Parameter& parameter : macro.parameters) {
    if (parameter.name == "caller" && !parameter.otherwise)
      fail(
          "When defining macros or call blocks the special \"caller\" argument must be omitted or "
          "be given a default.");
    if (parameter.name == "caller") macro.uses_caller = false;
    if (parameter.name == "varargs") macro.uses_varargs = false;
    if (parameter.name == "kwargs") macro.uses_kwargs = false;
  }
  next();
}

Statement Parser::parse_macro() {
  const int line = next().line;
  auto macro = std::make_unique<Macro>();
  macro->name = expect_name();
  check_assignable(macro->name);
  const Symbol symbol = intern(macro->name);
  parse_signature(*macro);
  parse_macro_body(*macro, "endmacro");
  return {line, DefineMacro{symbol, std::move(macro)}};
}

Statement Parser::parse_call_block() {
  const int line = next().line;
  CallBlock statement{std::make_unique<Macro>(), nullptr};
  if (is_operator("(")) parse_signature(*statement.caller);
  statement.call = parse_expression();
  Chain* chain = std::get_if<Chain>(&statement.call->what);
  Call* call = chain == nullptr ? nullptr : std::get_if<Call>(&chain->suffixes.back().what);
  if (call == nullptr) fail("expected call", line);
  call->arguments.named.emplace_back(
      "caller", std::make_unique<Expression>(Expression{line, Name{kHiddenCallerSymbol}}));
  parse_macro_body(*statement.caller, "endcall");
  return {line, std::move(statement)};
}

Statement Parser::parse_filter_block() {
  const int line = next().line;
  FilterBlock statement;
  do parse_filter(statement.filters);
  while (is_operator("|"));
  statement.body =
      parse_body({"endfilter"}, {.may_be_skipped = false, .in_loop = surroundings_.in_loop});
  next();
  return {line, std::move(statement)};
}

Statement Parser::parse_with() {
  const int line = next().line;
  With statement;
  while (current().kind != TokenKind::kBlockEnd) {
    if (!statement.assignments.empty()) expect_operator(",");
    Target target = parse_target_part(false);
    expect_operator("=");
    statement.assignments.emplace_back(std::move(target), parse_expression());
  }
  statement.body =
      parse_body({"endwith"}, {.may_be_skipped = false, .in_loop = surroundings_.in_loop});
  next();
  return {line, std::move(statement)};
}

// transformers marks what the assistant generates with this tag; it renders its body in a scope of
// its own.
Statement Parser::parse_generation() {
  const int line = next().line;
  With statement;
  statement.body = parse_body({"endgeneration"}, {});
  next();
  return {line, std::move(statement)};
}

Statement Parser::parse_jump() {
  if (!surroundings_.in_loop) fail("'" + current().text + "' outside loop");
  const Token token = next();
  return {token.line, Jump{token.text == "break"}};
}

void Parser::parse_print(Block& out) {
  const int line = next().line;
  bool first = true;
  while (current().kind != TokenKind::kBlockEnd) {
    if (!first) expect_operator(",");
    first = false;
    out.push_back({line, Output{parse_expression()}});
  }
}

}  // namespace quorum::jinja
