#include "engine/jinja/parser.h"

#include <algorithm>

namespace quorum::jinja {

Parser::Nested::Nested(Parser& parser) : parser_(parser) {
  if (++parser_.depth_ > kMaxSyntaxDepth) {
    --parser_.depth_;
    parser_.fail("the template is nested more than " + std::to_string(kMaxSyntaxDepth) + " deep");
  }
}

bool Parser::is_name(std::string_view name) const {
  return current().kind == TokenKind::kName && current().text == name;
}

bool Parser::is_operator(std::string_view op) const {
  return current().kind == TokenKind::kOperator && current().text == op;
}

bool Parser::skip_name(std::string_view name) {
  if (!is_name(name)) return false;
  next();
  return true;
}

bool Parser::skip_operator(std::string_view op) {
  if (!is_operator(op)) return false;
  next();
  return true;
}

std::string Parser::expect_name() {
  if (current().kind != TokenKind::kName) fail("expected a name, got " + describe(current()));
  return next().text;
}

void Parser::expect_keyword(std::string_view name) {
  if (!skip_name(name)) fail("expected '" + std::string(name) + "', got " + describe(current()));
}

void Parser::expect_operator(std::string_view op) {
  if (!skip_operator(op)) fail("expected '" + std::string(op) + "', got " + describe(current()));
}

void Parser::expect(TokenKind kind) {
  if (current().kind != kind) {
    Token wanted;
    wanted.kind = kind;
    fail("expected " + describe(wanted) + ", got " + describe(current()));
  }
  next();
}

void Parser::fail(const std::string& message, int line) const {
  throw Failure(message, line > 0 ? line : current().line);
}

Symbol Parser::intern(std::string_view name) {
  const auto [found, is_new] =
      symbols_.try_emplace(std::string(name), static_cast<Symbol>(names_.size()));
  if (is_new) names_.emplace_back(name);
  return found->second;
}

Program Parser::run() {
  // In the order of the fixed symbols; the last is no name that a template can write.
  for (const char* name : {"loop", "caller", "varargs", "kwargs", "(caller)"}) intern(name);
  Program program;
  program.body = parse_until({});
  if (!unknown_.empty()) throw unknown_.front();
  program.names = std::move(names_);
  return program;
}

// Up to a tag with one of these names, which stays the current token; up to the end of the template
// where there are none.
Block Parser::parse_until(std::initializer_list<std::string_view> ends) {
  const Nested nested(*this);
  Block block;
  for (;;) {
    const int line = current().line;
    switch (current().kind) {
      case TokenKind::kData: block.push_back({line, Data{next().text}}); break;
      case TokenKind::kVariableBegin:
        next();
        block.push_back({line, Output{parse_tuple(true)}});
        expect(TokenKind::kVariableEnd);
        break;
      case TokenKind::kBlockBegin:
        next();
        if (current().kind == TokenKind::kName &&
            std::find(ends.begin(), ends.end(), current().text) != ends.end())
          return block;
        parse_statement(block);
        expect(TokenKind::kBlockEnd);
        break;
      default:
        if (ends.size() == 0) return block;
        fail("unexpected end of template: '" + open_tags_.back() + "' is not closed");
    }
  }
}

// The body of a tag, whose own end is read first.
Block Parser::parse_body(std::initializer_list<std::string_view> ends, Surroundings inside) {
  skip_operator(":");
  expect(TokenKind::kBlockEnd);
  const Surroundings outside = surroundings_;
  surroundings_ = inside;
  Block block = parse_until(ends);
  surroundings_ = outside;
  return block;
}

void Parser::parse_statement(Block& out) {
  if (current().kind != TokenKind::kName) fail("tag name expected, got " + describe(current()));
  const std::string tag = current().text;
  open_tags_.push_back(tag);
  if (tag == "if")
    out.push_back(parse_if());
  else if (tag == "for")
    out.push_back(parse_for());
  else if (tag == "set")
    out.push_back(parse_set());
  else if (tag == "macro")
    out.push_back(parse_macro());
  else if (tag == "call")
    out.push_back(parse_call_block());
  else if (tag == "filter")
    out.push_back(parse_filter_block());
  else if (tag == "with")
    out.push_back(parse_with());
  else if (tag == "generation")
    out.push_back(parse_generation());
  else if (tag == "break" || tag == "continue")
    out.push_back(parse_jump());
  else if (tag == "print")
    parse_print(out);
  else {
    open_tags_.pop_back();
    for (const char* known : {"block", "extends", "include", "import", "from", "autoescape"})
      if (tag == known) fail("the tag '" + tag + "' is not supported");
    fail("Encountered unknown tag '" + tag + "'" +
         (open_tags_.empty() ? "" : " (the innermost open one is '" + open_tags_.back() + "')"));
  }
  open_tags_.pop_back();
}

void Parser::check_assignable(std::string_view name) const {
  for (const char* literal : {"true", "false", "none", "True", "False", "None"})
    if (name == literal) fail("can't assign to '" + std::string(name) + "'");
}

Target Parser::parse_target_part(bool with_members) {
  if (is_operator("(")) {
    const Nested nested(*this);
    next();
    Target tuple{Target::kTuple, 0, {}, {}};
    bool had_comma = false;
    while (!is_operator(")")) {
      tuple.parts.push_back(parse_target_part(false));
      if (!is_operator(")")) {
        expect_operator(",");
        had_comma = true;
      }
    }
    next();
    if (tuple.parts.size() == 1 && !had_comma) return Target(std::move(tuple.parts[0]));
    return tuple;
  }
  const std::string name = expect_name();
  check_assignable(name);
  if (with_members && skip_operator(".")) return {Target::kMember, intern(name), expect_name(), {}};
  return {Target::kName, intern(name), {}, {}};
}

// Names, separated by commas where they unpack a sequence; ends before `in`, `=` or the end of the
// tag.
Target Parser::parse_target(bool with_members) {
  Target first = parse_target_part(with_members);
  if (!is_operator(",")) return first;
  Target tuple{Target::kTuple, 0, {}, {}};
  tuple.parts.push_back(std::move(first));
  while (skip_operator(",")) {
    if (current().kind != TokenKind::kName && !is_operator("(")) break;
    if (is_name("in")) break;
    tuple.parts.push_back(parse_target_part(with_members));
  }
  return tuple;
}

Program parse(std::string_view source) { return Parser(tokenize(source)).run(); }

}  // namespace quorum::jinja
