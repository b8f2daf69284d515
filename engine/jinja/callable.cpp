#include "engine/jinja/callable.h"

#include <cstring>

#include "engine/jinja/operators.h"

namespace quorum::jinja {

Bound::Bound(const char* function, const Arguments& arguments,
             std::initializer_list<const char*> names, std::size_t required)
    : function_(function), values_(names.size(), nullptr) {
  const std::string who = std::string(function) + "()";
  if (arguments.positional.size() > names.size())
    throw Failure(who + " takes at most " + std::to_string(names.size()) + " arguments, got " +
                  std::to_string(arguments.positional.size()));
  for (std::size_t i = 0; i < arguments.positional.size(); ++i)
    values_[i] = &arguments.positional[i];
  for (const auto& [name, value] : arguments.named) {
    std::size_t at = 0;
    while (at < names.size() && name != names.begin()[at]) ++at;
    if (at == names.size())
      throw Failure(who + " got an unexpected keyword argument '" + name + "'");
    if (values_[at] != nullptr)
      throw Failure(who + " got multiple values for argument '" + name + "'");
    values_[at] = &value;
  }
  for (std::size_t i = 0; i < required; ++i)
    if (values_[i] == nullptr) throw Failure(who + " lacks its argument " + std::to_string(i + 1));
}

bool Bound::truth(std::size_t index, bool otherwise) const {
  return has(index) ? is_true(*values_[index]) : otherwise;
}

std::int64_t Bound::integer(std::size_t index, std::int64_t otherwise) const {
  if (!has(index)) return otherwise;
  if (!values_[index]->is_integral())
    throw Failure(std::string(function_) + "(): '" + type_name(*values_[index]) +
                  "' object cannot be interpreted as an integer");
  return values_[index]->as_int();
}

const Value* Bound::optional(std::size_t index) const {
  return has(index) && !values_[index]->is_none() ? values_[index] : nullptr;
}

const std::string& Bound::text(std::size_t index) const {
  if (!values_[index]->is_text())
    throw Failure(std::string(function_) + "(): expected a string, got " +
                  type_name(*values_[index]));
  return values_[index]->as_text();
}

}  // namespace quorum::jinja
