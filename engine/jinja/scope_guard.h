// What a statement changes in the interpreter for the time of its body.
#pragma once

#include <memory>
#include <string>

#include "engine/jinja/interpreter.h"

namespace quorum::jinja {

// A new scope inside `parent`.
class Interpreter::InScope {
 public:
  InScope(Interpreter& interpreter, std::shared_ptr<Scope> parent)
      : interpreter_(interpreter), before_(interpreter.scope_) {
    interpreter_.scope_ = std::make_shared<Scope>();
    interpreter_.scope_->parent = std::move(parent);
  }
  ~InScope() { interpreter_.scope_ = std::move(before_); }
  InScope(const InScope&) = delete;
  InScope& operator=(const InScope&) = delete;

 private:
  Interpreter& interpreter_;
  std::shared_ptr<Scope> before_;
};

// Output goes to `text`.
class Captured {
 public:
  Captured(std::string*& output, std::string& text) : output_(output), before_(output) {
    output_ = &text;
  }
  ~Captured() { output_ = before_; }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

 private:
  std::string*& output_;
  std::string* before_;
};

}  // namespace quorum::jinja
