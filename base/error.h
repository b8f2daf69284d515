// Errors that end an operation, and results of parsers of foreign bytes.
//
// An `Error` says what failed, because of what, and what to try; the command line prints these as
// three lines and exits with the code of its kind. Expected outcomes (a wrong answer, a truncated
// sample) are values, never errors.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace quorum {

// One kind per exit code; `exit_code` maps them.
enum class ErrorKind {
  kUsage,          // wrong flag or value                               exit 2
  kData,           // a file or a field of it is not what it must be    exit 2
  kIncomplete,     // attempts are missing after retries                exit 3
  kEnvironment,    // this machine cannot do it (no GPU, no memory)     exit 4
  kNotComparable,  // two runs differ in what must be equal             exit 5
  kInterrupted,    // the user stopped it; it can be resumed            exit 130
  kInternal,       // a bug of ours                                     exit 70
};

int exit_code(ErrorKind kind);

class Error : public std::exception {
 public:
  // `what`: what failed, naming file and field. `because`: the cause, may be empty. `hint`: the way
  // out, may be empty.
  Error(ErrorKind kind, std::string what, std::string because = {}, std::string hint = {});

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return what_; }
  const std::string& because() const { return because_; }
  const std::string& hint() const { return hint_; }
  // "what: because (hint)" on one line, for logs and for tests.
  const char* what() const noexcept override { return full_.c_str(); }

 private:
  ErrorKind kind_;
  std::string what_, because_, hint_, full_;
};

// Either a value or the reason why there is none; for parsers of foreign bytes, where failure is an
// ordinary outcome.
template <class T>
class Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  // Precondition: ok().
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  // Precondition: !ok().
  const Error& error() const { return std::get<1>(state_); }
  // The value, or throws the error.
  T take() && {
    if (!ok()) throw std::get<1>(std::move(state_));
    return std::get<0>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

[[noreturn]] void check_failed(const char* condition, std::string_view detail, const char* file,
                               int line);

}  // namespace quorum

// For bugs of ours, never for input: throws an internal Error (exit 70) with file and line.
#define QUORUM_CHECK(condition, ...)                                                           \
  do {                                                                                         \
    if (!(condition))                                                                          \
      ::quorum::check_failed(#condition, ::std::string_view{__VA_ARGS__}, __FILE__, __LINE__); \
  } while (false)
