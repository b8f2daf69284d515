#include "engine/jinja/runtime.h"

namespace quorum::jinja {

// Values inside these objects may point at each other, so every container is emptied before any is
// destroyed.
Runtime::~Runtime() {
  for (NamespaceObject& object : namespaces_) object.members.clear();
  for (LoopObject& object : loops_) object = LoopObject{};
  for (auto& [key, scope] : kept_) scope->variables.clear();
}

void Runtime::out_of_steps() const {
  throw Failure("the template takes more than " + std::to_string(limits_.steps) + " steps");
}

Value Runtime::text(std::string text, bool markup) {
  charge(1 + text.size() / 16);
  return Value::text(std::move(text), markup);
}

Value Runtime::list(std::vector<Value> items) {
  charge(1 + 2 * items.size());
  return Value::list(std::move(items));
}

Value Runtime::tuple(std::vector<Value> items) {
  charge(1 + 2 * items.size());
  return Value::tuple(std::move(items));
}

Value Runtime::generator(std::vector<Value> items) {
  charge(1 + 2 * items.size());
  return Value::generator(std::move(items));
}

Value Runtime::view(const char* type_name, std::vector<Value> items) {
  charge(1 + 2 * items.size());
  return Value::view(type_name, std::move(items));
}

Value Runtime::texts(std::vector<std::string> parts, bool markup) {
  charge(8 * parts.size());
  std::vector<Value> items;
  items.reserve(parts.size());
  for (std::string& part : parts) items.push_back(text(std::move(part), markup));
  return list(std::move(items));
}

NamespaceObject* Runtime::new_namespace() {
  charge(8);
  return &namespaces_.emplace_back();
}

LoopObject* Runtime::new_loop() {
  charge(8);
  return &loops_.emplace_back();
}

void Runtime::keep(const std::shared_ptr<Scope>& scope) {
  for (std::shared_ptr<Scope> next = scope; next; next = next->parent)
    if (!kept_.emplace(next.get(), next).second) break;
}

}  // namespace quorum::jinja
