// Recursive-descent parser of the template language, after Jinja's own grammar.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/jinja/ast.h"
#include "engine/jinja/lexer.h"

namespace quorum::jinja {

inline constexpr int kMaxSyntaxDepth = 64;

// Throws Failure with a line for a syntax error, a construct outside the subset, an unknown filter
// or test, or nesting deeper than kMaxSyntaxDepth. The source is valid UTF-8.
Program parse(std::string_view source);

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}
  Program run();

 private:
  // Counts nesting and ends it again.
  class Nested {
   public:
    explicit Nested(Parser& parser);
    ~Nested() { --parser_.depth_; }

   private:
    Parser& parser_;
  };
  // What encloses the statement that is being read; set for the body of a construct, restored after
  // it.
  struct Surroundings {
    bool may_be_skipped = false;  // inside if: an unknown filter is an error only when it runs
    bool in_loop = false;
  };

  // parser.cpp
  const Token& current() const { return tokens_[at_]; }
  const Token& ahead() const { return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_]; }
  Token next() { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_[at_]; }
  bool is_name(std::string_view name) const;
  bool is_operator(std::string_view op) const;
  bool skip_name(std::string_view name);
  bool skip_operator(std::string_view op);
  std::string expect_name();
  void expect_keyword(std::string_view name);
  void expect_operator(std::string_view op);
  void expect(TokenKind kind);
  [[noreturn]] void fail(const std::string& message, int line = 0) const;
  Symbol intern(std::string_view name);

  Block parse_until(std::initializer_list<std::string_view> ends);
  Block parse_body(std::initializer_list<std::string_view> ends, Surroundings inside);
  void parse_statement(Block& out);
  Target parse_target(bool with_members);
  Target parse_target_part(bool with_members);
  void check_assignable(std::string_view name) const;

  // parser_statements.cpp
  Statement parse_for();
  Statement parse_if();
  Statement parse_set();
  Statement parse_macro();
  Statement parse_call_block();
  Statement parse_filter_block();
  Statement parse_with();
  Statement parse_generation();
  Statement parse_jump();
  void parse_print(Block& out);
  void parse_signature(Macro& macro);
  void parse_macro_body(Macro& macro, std::string_view end);

  // parser_expressions.cpp
  ExpressionPtr parse_tuple(bool with_conditional, bool in_parentheses = false,
                            std::string_view end_name = {});
  ExpressionPtr parse_expression();
  ExpressionPtr parse_or();
  ExpressionPtr parse_and();
  ExpressionPtr parse_not();
  ExpressionPtr parse_comparison();
  ExpressionPtr parse_sum();
  ExpressionPtr parse_concat();
  ExpressionPtr parse_product();
  ExpressionPtr parse_power();
  ExpressionPtr parse_unary(bool with_filters);
  ExpressionPtr parse_primary();
  ExpressionPtr parse_name();
  ExpressionPtr parse_list();
  ExpressionPtr parse_dict();
  // parser_suffixes.cpp
  void parse_postfix(std::vector<Suffix>& out);
  void parse_filters_and_tests(std::vector<Suffix>& out);
  void parse_subscript(std::vector<Suffix>& out);
  void parse_filter(std::vector<Suffix>& out);
  void parse_test(std::vector<Suffix>& out);
  std::variant<GetItem, GetSlice> parse_subscribed();
  ArgumentList parse_arguments();

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Surroundings surroundings_;
  std::vector<std::string> open_tags_;
  std::vector<Failure> unknown_;  // filters and tests that nobody knows, where they run for sure
  std::vector<Macro*> macros_;    // that are being read, outermost first
  std::vector<bool> loops_;       // that are being read: whether their body speaks of `loop`
  std::unordered_map<std::string, Symbol> symbols_;
  std::vector<std::string> names_;
};

}  // namespace quorum::jinja
