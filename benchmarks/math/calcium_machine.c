#include "benchmarks/math/calcium_machine.h"

#if defined(__has_include)
#if __has_include(<flint/ca.h>) /* FLINT 3 has taken Calcium in */
#include <flint/ca.h>
#else
#include <calcium/ca.h>
#endif
#endif

#include <stdlib.h>
#include <string.h>

enum { kStack = 512 };

struct calcium_machine {
  ca_ctx_t context;
  ca_struct stack[kStack];
  int size;
};

#define TOP(machine, below) (&(machine)->stack[(machine)->size - 1 - (below)])

calcium_machine* calcium_new(void) {
  calcium_machine* machine = malloc(sizeof(calcium_machine));
  if (machine == NULL) return NULL;
  ca_ctx_init(machine->context);
  /* Far below the defaults, so that a request ends long before its time is over. */
  ca_ctx_set_option(machine->context, CA_OPT_QQBAR_DEG_LIMIT, 40);
  ca_ctx_set_option(machine->context, CA_OPT_PREC_LIMIT, 2048);
  ca_ctx_set_option(machine->context, CA_OPT_POW_LIMIT, 20);
  machine->size = 0;
  return machine;
}

void calcium_free(calcium_machine* machine) {
  while (machine->size > 0) {
    ca_clear(TOP(machine, 0), machine->context);
    --machine->size;
  }
  ca_ctx_clear(machine->context);
  free(machine);
}

static int push(calcium_machine* machine) {
  if (machine->size == kStack) return 0;
  ++machine->size;
  ca_init(TOP(machine, 0), machine->context);
  return 1;
}

static void pop(calcium_machine* machine) {
  ca_clear(TOP(machine, 0), machine->context);
  --machine->size;
}

int calcium_push_fraction(calcium_machine* machine, const char* fraction) {
  fmpq_t value;
  int read;
  fmpq_init(value);
  read = fmpq_set_str(value, fraction, 16) == 0 && !fmpz_is_zero(fmpq_denref(value));
  if (read) fmpq_canonicalise(value);
  read = read && push(machine);
  if (read) ca_set_fmpq(TOP(machine, 0), value, machine->context);
  fmpq_clear(value);
  return read;
}

int calcium_push_constant(calcium_machine* machine, const char* name) {
  if (!push(machine)) return 0;
  if (strcmp(name, "pi") == 0) {
    ca_pi(TOP(machine, 0), machine->context);
  } else if (strcmp(name, "i") == 0) {
    ca_i(TOP(machine, 0), machine->context);
  } else if (strcmp(name, "e") == 0) {
    ca_one(TOP(machine, 0), machine->context);
    ca_exp(TOP(machine, 0), TOP(machine, 0), machine->context);
  } else {
    pop(machine);
    return 0;
  }
  return 1;
}

int calcium_binary(calcium_machine* machine, char operation) {
  ca_ptr left, right;
  if (machine->size < 2) return 0;
  left = TOP(machine, 1);
  right = TOP(machine, 0);
  switch (operation) {
    case '+': ca_add(left, left, right, machine->context); break;
    case '*': ca_mul(left, left, right, machine->context); break;
    case '/': ca_div(left, left, right, machine->context); break;
    case '^': ca_pow(left, left, right, machine->context); break;
    default: return 0;
  }
  pop(machine);
  return 1;
}

int calcium_negate(calcium_machine* machine) {
  if (machine->size < 1) return 0;
  ca_neg(TOP(machine, 0), TOP(machine, 0), machine->context);
  return 1;
}

static void sine(ca_t out, const ca_t x, ca_ctx_t context) { ca_sin_cos(out, NULL, x, context); }
static void cosine(ca_t out, const ca_t x, ca_ctx_t context) { ca_sin_cos(NULL, out, x, context); }
/* cosh x = cos ix; sinh x = -i sin ix. */
static void hyperbolic_cosine(ca_t out, const ca_t x, ca_ctx_t context) {
  ca_t i, turned;
  ca_init(i, context);
  ca_init(turned, context);
  ca_i(i, context);
  ca_mul(turned, x, i, context);
  cosine(out, turned, context);
  ca_clear(i, context);
  ca_clear(turned, context);
}
static void hyperbolic_sine(ca_t out, const ca_t x, ca_ctx_t context) {
  ca_t i, turned;
  ca_init(i, context);
  ca_init(turned, context);
  ca_i(i, context);
  ca_mul(turned, x, i, context);
  sine(out, turned, context);
  ca_mul(out, out, i, context);
  ca_neg(out, out, context);
  ca_clear(i, context);
  ca_clear(turned, context);
}
static void hyperbolic_tangent(ca_t out, const ca_t x, ca_ctx_t context) {
  ca_t below;
  ca_init(below, context);
  hyperbolic_cosine(below, x, context);
  hyperbolic_sine(out, x, context);
  ca_div(out, out, below, context);
  ca_clear(below, context);
}
static void cotangent(ca_t out, const ca_t x, ca_ctx_t context) {
  ca_t below;
  ca_init(below, context);
  sine(below, x, context);
  cosine(out, x, context);
  ca_div(out, out, below, context);
  ca_clear(below, context);
}
static void secant(ca_t out, const ca_t x, ca_ctx_t context) {
  cosine(out, x, context);
  ca_inv(out, out, context);
}
static void cosecant(ca_t out, const ca_t x, ca_ctx_t context) {
  sine(out, x, context);
  ca_inv(out, out, context);
}
static void factorial(ca_t out, const ca_t x, ca_ctx_t context) {
  ca_add_ui(out, x, 1, context);
  ca_gamma(out, out, context);
}

int calcium_function(calcium_machine* machine, const char* name) {
  static const struct {
    const char* name;
    void (*compute)(ca_t, const ca_t, ca_ctx_t);
  } functions[] = {{"sin", sine},
                   {"cos", cosine},
                   {"tan", ca_tan},
                   {"cot", cotangent},
                   {"sec", secant},
                   {"csc", cosecant},
                   {"sinh", hyperbolic_sine},
                   {"cosh", hyperbolic_cosine},
                   {"tanh", hyperbolic_tangent},
                   {"arcsin", ca_asin},
                   {"arccos", ca_acos},
                   {"arctan", ca_atan},
                   {"ln", ca_log},
                   {"abs", ca_abs},
                   {"floor", ca_floor},
                   {"ceil", ca_ceil},
                   {"fact", factorial}};
  unsigned i;
  ca_t result;
  if (machine->size < 1) return 0;
  for (i = 0; i < sizeof functions / sizeof functions[0]; ++i) {
    if (strcmp(functions[i].name, name) != 0) continue;
    ca_init(result, machine->context);
    functions[i].compute(result, TOP(machine, 0), machine->context);
    ca_swap(result, TOP(machine, 0), machine->context);
    ca_clear(result, machine->context);
    return 1;
  }
  return 0;
}

static int known(truth_t truth) { return truth == T_TRUE ? 1 : truth == T_FALSE ? 0 : -1; }

int calcium_base_is_negative_real(calcium_machine* machine) {
  if (machine->size < 2) return -1;
  return known(ca_check_is_negative_real(TOP(machine, 1), machine->context));
}

int calcium_negate_base(calcium_machine* machine) {
  if (machine->size < 2) return 0;
  ca_neg(TOP(machine, 1), TOP(machine, 1), machine->context);
  return 1;
}

int calcium_equal(calcium_machine* machine) {
  truth_t answer;
  if (machine->size < 2) return -1;
  /* What is undefined or unknown equals nothing. */
  if (ca_check_is_number(TOP(machine, 0), machine->context) != T_TRUE ||
      ca_check_is_number(TOP(machine, 1), machine->context) != T_TRUE) {
    answer = T_UNKNOWN;
  } else {
    answer = ca_check_equal(TOP(machine, 1), TOP(machine, 0), machine->context);
  }
  pop(machine);
  pop(machine);
  return known(answer);
}
