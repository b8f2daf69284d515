#!/usr/bin/env python3
"""Writes generated pairs of answers as JSON lines: gold, prediction, class.

    tests/golden/compat_pairs.py [COUNT [SEED]] > pairs.jsonl

The same COUNT and SEED give the same pairs. Each class writes an answer twice: in another form of
the same value, or as a near miss. No pair has a label: what is compared are two graders.
"""
import json
import math
import random
import sys
from fractions import Fraction

R = random.Random()
ROW = " \\\\ "
UNITS = ["cm", "m", "km", "kg", "inches", "feet", "miles", "hours", "minutes", "dollars", "apples", "degrees",
         "square units", "units", "cents", "meters", "mph", "ways", "seconds", "years"]
WORDS = ["east", "Monday", "blue", "parabola", "ellipse", "Alice", "even", "odd", "true", "yes", "circle", "line"]


def pick(*options):
    return R.choice(options)


def some(low, high, *without):
    while True:
        n = R.randint(low, high)
        if n not in without:
            return n


def grouped(n, mark):
    return f"{n:,}".replace(",", mark)


def frac(f, command=None):
    """A fraction as LaTeX; a whole number stays one."""
    f = Fraction(f)
    if f.denominator == 1:
        return str(f.numerator)
    command = command or pick("\\frac", "\\frac", "\\dfrac", "\\tfrac")
    sign = "-" if f < 0 else ""
    top, bottom = abs(f.numerator), f.denominator
    form = R.random()
    if form < 0.6:
        return f"{sign}{command}{{{top}}}{{{bottom}}}"
    if form < 0.8:
        return f"{sign}{top}/{bottom}"
    if form < 0.9 and top < 10 and bottom < 10:
        return f"{sign}{command}{top}{bottom}"
    if sign:
        return f"{command}{{-{top}}}{{{bottom}}}"
    return f"{command}{{{top}}}{{{bottom}}}"


def number():
    kind = R.random()
    if kind < 0.5:
        return Fraction(some(-20, 60))
    return Fraction(some(-30, 30, 0), some(2, 12))


def decimal(f, digits):
    """Rounded half up to digits behind the point."""
    scaled = Fraction(f) * 10 ** digits
    n = math.floor(abs(scaled) + Fraction(1, 2))
    text = str(n).rjust(digits + 1, "0")
    return ("-" if f < 0 and n else "") + (text[:-digits] + "." + text[-digits:] if digits else text)


def integers():
    n = pick(some(0, 99), some(100, 9999), some(1000, 99999999), some(-500, -1), some(10 ** 9, 10 ** 13))
    gold = pick(str(n), str(n), grouped(n, ","), grouped(n, ",\\!"))
    form = R.randrange(16)
    forms = [str(n), grouped(n, ","), grouped(n, "{,}"), grouped(n, ",\\!"), grouped(n, "\\,"), f"{n}.0", f"{n}.00",
             f"{n}.", f"0{n}" if n >= 0 else str(n), f"+{n}" if n > 0 else str(n), f"${n}$", f"\\text{{{n}}}",
             str(n + pick(1, -1, 2)), str(-n), str(n * pick(10, 100)), f"{n}\\text{{ }}"]
    return gold, forms[form]


def decimals():
    digits = some(1, 6)
    f = Fraction(some(-10 ** digits * 9, 10 ** digits * 9, 0), 10 ** digits)
    gold = pick(decimal(f, digits), frac(f))
    near = f + Fraction(1, 10 ** pick(2, 4, 6, 7, 8))
    exponent = some(2, 5)
    short = decimal(f, digits)
    return gold, pick(short, short + "0", short.replace("0.", "."), frac(f), decimal(near, 9), decimal(-f, digits),
                      f"{decimal(f * 10 ** exponent, digits)} \\times 10^{{-{exponent}}}",
                      f"{decimal(f / 10 ** exponent, digits + exponent)} \\cdot 10^{{{exponent}}}", short + ".",
                      short.replace(".", ","), decimal(f, max(digits - 1, 1)))


def rounded():
    f = Fraction(some(1, 200), pick(3, 7, 9, 11, 13, 6, 12))
    gold, other = frac(f), decimal(f, pick(1, 2, 3, 4, 5, 6, 7, 8, 10))
    if R.random() < 0.3:
        root = some(2, 30)
        gold, other = f"\\sqrt{{{root}}}", f"{math.sqrt(root):.{pick(2, 4, 5, 6, 7, 9, 12)}f}"
    elif R.random() < 0.3:
        times = some(2, 40)
        gold, other = f"{times}\\pi", f"{times * math.pi:.{pick(1, 2, 4, 6, 7, 8)}f}"
    return (gold, other) if R.random() < 0.6 else (other, gold)


def fractions():
    f = Fraction(some(-60, 60, 0), some(2, 40))
    k = some(2, 6)
    near = pick(f + 1, -f, f + Fraction(1, f.denominator), 1 / f, Fraction(f.numerator, f.denominator + 1))
    whole = abs(f.numerator) // f.denominator
    rest = abs(f) - whole
    mixed = f"{'-' if f < 0 else ''}{whole}\\frac{{{rest.numerator}}}{{{rest.denominator}}}" if whole and rest else frac(f)
    plain = mixed.replace("\\frac{", " ").replace("}{", "/").replace("}", "") if whole and rest else frac(f)
    return frac(f), pick(frac(f), f"\\frac{{{f.numerator * k}}}{{{f.denominator * k}}}", mixed, plain, frac(near), frac(near),
                         f"-\\frac{{{-f.numerator}}}{{{f.denominator}}}", f"\\frac{{{-f.numerator}}}{{-{f.denominator}}}",
                         f"{f.numerator}/{f.denominator}", f"({f.numerator})/({f.denominator})", frac(f) + ".",
                         f"\\left({frac(f)}\\right)", f"\\cfrac{{{f.numerator}}}{{{f.denominator}}}")


def percents():
    p = pick(Fraction(some(1, 100)), Fraction(some(1, 999), 10), Fraction(some(100, 300)))
    text = decimal(p, 1) if p.denominator > 1 else str(p)
    forms = [text + "\\%", text + "%", text, decimal(p / 100, 4).rstrip("0").rstrip("."), frac(p / 100),
             text + "\\text{ percent}", text + " percent", str(math.floor(p) + 1) + "\\%", text + "\\%."]
    return pick(*forms[:4], *forms[:2]), pick(*forms)


def radicals():
    a, b, c = some(2, 9), pick(2, 3, 5, 6, 7, 10, 11), some(2, 9)
    kind = R.randrange(5)
    if kind == 0:
        gold = f"{a}\\sqrt{{{b}}}"
        return gold, pick(f"\\sqrt{{{a * a * b}}}", f"{a} \\sqrt{b}" if b < 10 else gold, f"{a} \\cdot \\sqrt{{{b}}}",
                          f"{a + 1}\\sqrt{{{b}}}", f"-{gold}", f"{b}\\sqrt{{{a}}}", f"{a}*sqrt({b})", f"{a}\\cdot {b}^{{1/2}}")
    if kind == 1:
        gold = f"\\frac{{{a}\\sqrt{{{b}}}}}{{{b}}}"
        return gold, pick(f"\\frac{{{a}}}{{\\sqrt{{{b}}}}}", f"{a}\\sqrt{{{b}}}/{b}", f"\\frac{{{a}}}{{{b}}}\\sqrt{{{b}}}",
                          f"\\frac{{{a}\\sqrt{{{b}}}}}{{{b + 1}}}", f"{a * math.sqrt(b) / b:.4f}")
    if kind == 2:
        gold = f"{c} + {a}\\sqrt{{{b}}}"
        return gold, pick(f"{a}\\sqrt{{{b}}} + {c}", f"{c} - {a}\\sqrt{{{b}}}", f"{c}+\\sqrt{{{a * a * b}}}",
                          f"{c + 1} + {a}\\sqrt{{{b}}}")
    if kind == 3:
        gold = f"{a}\\sqrt[3]{{{b}}}"
        return gold, pick(f"\\sqrt[3]{{{a ** 3 * b}}}", f"{a} \\cdot {b}^{{\\frac{{1}}{{3}}}}", f"{a}\\sqrt{{{b}}}", gold)
    gold = f"\\sqrt{{{b}}} + \\sqrt{{{c}}}"
    return gold, pick(f"\\sqrt{{{c}}} + \\sqrt{{{b}}}", f"\\sqrt{{{b + c} + 2\\sqrt{{{b * c}}}}}", f"\\sqrt{{{b + c}}}")


def term(c, power, x, first):
    if c == 0:
        return ""
    sign = "-" if c < 0 else "" if first else "+"
    size = "" if abs(c) == 1 and power else str(abs(c))
    return sign + size + ("" if power == 0 else x if power == 1 else f"{x}^{power}" if R.random() < 0.7 else f"{x}^{{{power}}}")


def polynomial(coefficients, x="x", order=None):
    powers = list(range(len(coefficients) - 1, -1, -1)) if order is None else order
    text = ""
    for p in powers:
        text += term(coefficients[p], p, x, text == "")
    return text or "0"


def linear(a, b, x="x"):
    return polynomial([b, a], x)


def polynomials():
    x = pick("x", "t", "n", "a")
    a, b, c, d = some(-6, 6, 0), some(-9, 9), some(-4, 4, 0), some(-9, 9)
    product = [b * d, a * d + b * c, a * c]
    gold = pick(polynomial(product, x), f"({linear(a, b, x)})({linear(c, d, x)})")
    order = [0, 1, 2]
    R.shuffle(order)
    near = product[:]
    near[R.randrange(3)] += pick(1, -1, 2)
    k = some(2, 5)
    return gold, pick(polynomial(product, x), polynomial(product, x, order), f"({linear(c, d, x)})({linear(a, b, x)})",
                      polynomial(near, x), polynomial(near, x), polynomial(product, pick("y", "z")),
                      f"\\frac{{{polynomial([k * v for v in product], x)}}}{{{k}}}", polynomial(product, x) + ".",
                      f"{polynomial(product, x)} = 0", f"f({x}) = {polynomial(product, x)}", f"y = {polynomial(product, x)}")


def quotients():
    a, b, c, d = some(1, 6), some(-9, 9, 0), some(1, 4), some(-9, 9, 0)
    gold = f"\\frac{{{linear(a, b)}}}{{{linear(c, d)}}}"
    k = some(2, 4)
    return gold, pick(gold, f"\\frac{{{linear(k * a, k * b)}}}{{{linear(k * c, k * d)}}}", f"({linear(a, b)})/({linear(c, d)})",
                      f"\\frac{{{linear(-a, -b)}}}{{{linear(-c, -d)}}}", f"\\frac{{{linear(a, b + 1)}}}{{{linear(c, d)}}}",
                      f"\\frac{{{linear(a, 0)}}}{{{linear(c, d)}}} + \\frac{{{b}}}{{{linear(c, d)}}}",
                      f"\\frac{{{linear(c, d)}}}{{{linear(a, b)}}}")


def items(count=None):
    return [number() for _ in range(count or some(2, 4))]


def spread(values, joint=", "):
    return joint.join(frac(v) for v in values)


def tuples():
    values = items(pick(2, 2, 3))
    gold = f"({spread(values)})"
    other = values[:]
    R.shuffle(other)
    near = values[:]
    near[R.randrange(len(near))] += 1
    decimal_last = [frac(v) for v in values[:-1]] + [decimal(values[-1], pick(1, 2, 4))]
    return gold, pick(f"\\left({spread(values)}\\right)", f"({spread(values, ',')})", f"({spread(other)})", f"({spread(near)})",
                      spread(values), f"[{spread(values)}]", f"\\{{{spread(values)}\\}}", f"({spread(values[:-1])})",
                      f"({', '.join(decimal_last)})", f"(x, y) = ({spread(values)})", gold + ".",
                      f"\\begin{{pmatrix}} {spread(values, ROW)} \\end{{pmatrix}}", f"({spread(values, '; ')})")


def lists():
    values = items()
    gold = pick(spread(values), spread(values, ","), f"\\{{{spread(values)}\\}}")
    other = values[:]
    R.shuffle(other)
    near = values[:]
    near[R.randrange(len(near))] += 1
    head = spread(values[:-1])
    return gold, pick(spread(other), spread(other, ","), f"\\{{{spread(other)}\\}}", f"\\left\\{{{spread(other)}\\right\\}}",
                      f"{head} and {frac(values[-1])}", f"{head} \\text{{ and }} {frac(values[-1])}",
                      f"{head} \\text{{ or }} {frac(values[-1])}", spread(near), spread(values + values[:1]), head,
                      f"\\{{{spread(near)}\\}}", ", ".join(f"x = {frac(v)}" for v in values), f"({spread(values)})",
                      ", ".join(f"x_{i + 1} = {frac(v)}" for i, v in enumerate(values)), f"x = {spread(values)}",
                      f"x \\in \\{{{spread(values)}\\}}", spread(other) + ".")


def plus_minus():
    a, b = some(-9, 9, 0), pick(2, 3, 5, 7, 19)
    gold = pick(f"{a} \\pm \\sqrt{{{b}}}", f"{a} + \\sqrt{{{b}}}, {a} - \\sqrt{{{b}}}")
    return gold, pick(f"{a} \\pm \\sqrt{{{b}}}", f"{a}-\\sqrt{{{b}}}, {a}+\\sqrt{{{b}}}", f"{a}+\\sqrt{{{b}}}",
                      f"\\{{{a}-\\sqrt{{{b}}}, {a}+\\sqrt{{{b}}}\\}}", f"{a}\\pm\\sqrt{{{b + 1}}}", f"x = {a} \\pm \\sqrt{{{b}}}")


def interval(a, b, left, right):
    return f"{left}{a}, {b}{right}"


def intervals():
    low, high = sorted(R.sample(range(-20, 20), 2))
    left, right = pick("(", "["), pick(")", "]")
    a, b = str(low), str(high)
    if R.random() < 0.3:
        b, right = "\\infty", ")"
    elif R.random() < 0.2:
        a, left = "-\\infty", "("
    gold = interval(a, b, left, right)
    more = f"[{high + 2}, {high + 5})"
    less = {"[": "\\le", "(": "<"}[left], {"]": "\\le", ")": "<"}[right]
    chain = f"{a} {less[0]} x {less[1]} {b}"
    above, below = "\\ge" if left == "[" else ">", "\\le" if right == "]" else "<"
    half = f"x {above} {a}" if b == "\\infty" else f"x {below} {b}"
    inequality = half if "\\infty" in gold else chain
    if R.random() < 0.3 and b != "\\infty":
        gold = f"{gold} \\cup {more}"
        return gold, pick(gold, f"{more} \\cup {interval(a, b, left, right)}", interval(a, b, left, right), f"{gold[:-1]}]",
                          f"{interval(a, b, left, right)}, {more}", f"x \\in {gold}", f"{inequality} \\text{{ or }} {high + 2} \\le x < {high + 5}")
    flipped = interval(a, b, "[" if left == "(" else "(", right)
    forms = [gold, f"\\left{left}{a},{b}\\right{right}", flipped, interval(a, b, left, "]" if right == ")" else ")"),
             f"x \\in {gold}", inequality, inequality, f"\\{{x \\mid {inequality}\\}}", interval(a, str(high + 1), left, right),
             gold.replace("\\infty)", "+\\infty)"), gold + "."]
    if R.random() < 0.3:
        return inequality, pick(*forms)
    return gold, pick(*forms)


def inequalities():
    x = pick("x", "y", "k")
    n = number()
    sign, back, strict = pick(("\\le", "\\ge", "<"), ("<", ">", "\\le"), ("\\ge", "\\le", ">"), (">", "<", "\\ge"))
    gold = f"{x} {sign} {frac(n)}"
    k = some(2, 5)
    word = {"\\le": "\\leq", "\\ge": "\\geq"}.get(sign, sign)
    return gold, pick(f"{x} {word} {frac(n)}", f"{frac(n)} {back} {x}", f"{x} {back} {frac(n)}", f"{x} {strict} {frac(n)}",
                      f"{k}{x} {sign} {frac(k * n)}", f"{x} {sign} {frac(n + 1)}", frac(n), f"-{x} {back} {frac(-n)}",
                      f"z {sign} {frac(n)}", f"{x} + 1 {sign} {frac(n + 1)}")


def equations():
    a, b, c = some(-6, 6, 0), some(-6, 6, 0), some(-9, 9)
    kind = R.random()
    if kind < 0.4:
        gold = f"{term(a, 1, 'x', True)}{term(b, 1, 'y', False)} = {c}"
        k = pick(2, -1, 3)
        return gold, pick(f"{term(k * a, 1, 'x', True)}{term(k * b, 1, 'y', False)} = {k * c}",
                          f"{term(b, 1, 'y', True)}{term(a, 1, 'x', False)} = {c}",
                          f"{term(a, 1, 'x', True)}{term(b, 1, 'y', False)}{term(-c, 0, '', False)} = 0",
                          f"{term(a, 1, 'x', True)} = {term(-b, 1, 'y', True)}{term(c, 0, '', False)}",
                          f"{term(a, 1, 'x', True)}{term(b, 1, 'y', False)} = {c + 1}", f"{c} = {term(a, 1, 'x', True)}{term(b, 1, 'y', False)}",
                          f"{term(a, 1, 'x', True)}{term(b, 1, 'y', False)}", str(c), f"{term(a, 1, 'y', True)}{term(b, 1, 'x', False)} = {c}")
    if kind < 0.7:
        v = number()
        x = pick("x", "y", "n", "a")
        gold = pick(f"{x} = {frac(v)}", f"{x}={frac(v)}", frac(v))
        return gold, pick(f"{x} = {frac(v)}", frac(v), f"{frac(v)} = {x}", f"z = {frac(v)}", f"{x} = {frac(v + 1)}", f"{x} \\approx {frac(v)}",
                          f"2{x} = {frac(2 * v)}", f"{x} = {frac(2 * v)} / 2 = {frac(v)}", f"{x} = {frac(v)}.", f"\\text{{{x}}} = {frac(v)}",
                          f"{x} = {frac(v)} \\text{{ or }} {x} = {frac(v)}", f"{frac(v)} \\approx {decimal(v, 2)}")
    gold = pick(f"y = {linear(a, c)}", f"f(x) = {linear(a, c)}", linear(a, c))
    return gold, pick(f"y = {linear(a, c)}", linear(a, c), f"y = {c}{term(a, 1, 'x', False)}", f"f(x) = {linear(a, c)}", f"y = {linear(a + 1, c)}",
                      f"y - {term(a, 1, 'x', True)} = {c}", f"g(x) = {linear(a, c)}", f"y = {linear(a, c, 't')}")


def words():
    w = pick(*WORDS)
    letter = pick("A", "B", "C", "D")
    if R.random() < 0.4:
        other = pick("A", "B", "C", "D", "E")
        return pick(letter, f"\\text{{({letter})}}", f"({letter})", f"\\text{{{letter}}}"), pick(
            letter, f"({letter})", f"\\text{{{letter}}}", f"\\textbf{{({letter})}}", f"\\mathrm{{{letter}}}", other, f"({other})", letter.lower(),
            f"{letter}.", f"\\text{{{letter}) }} {some(2, 50)}", f"\\textbf{{{letter}}}")
    v = pick(*WORDS)
    return pick(w, f"\\text{{{w}}}"), pick(w, f"\\text{{{w}}}", w.lower(), w.upper(), f"\\text{{ {w}}}", f"\\mathrm{{{w}}}", v, f"\\text{{{v}}}",
                                           f"\\text{{{w}.}}", f"\\text{{the {w}}}", f"\\text{{{w} {v}}}", w.capitalize(), f"\\text{{{w}s}}")


def units():
    n = pick(number(), Fraction(some(1, 500)))
    v, unit, other = frac(n), pick(*UNITS), pick(*UNITS)
    power = pick("", "", "^2", "^3")
    forms = [f"{v} \\text{{ {unit}}}{power}", f"{v}\\text{{ {unit}}}", f"{v} {unit}", f"{v}\\,\\text{{{unit}}}{power}", f"{v} \\mathrm{{{unit}}}",
             f"{v}\\mbox{{ {unit}}}{power}", v, f"{v}\\ \\text{{{unit}}}"]
    return pick(v, v, *forms), pick(*forms, f"{v}\\text{{ {other}}}", f"{frac(n + 1)}\\text{{ {unit}}}", f"{v}{unit}", f"{v}\\text{{ {unit}}}.")


def marks():
    n = pick(str(some(1, 360)), decimal(Fraction(some(100, 99999), 100), 2))
    gold = pick(n, f"{n}^\\circ", f"\\${n}", f"{n}^{{\\circ}}")
    return gold, pick(n, f"{n}^\\circ", f"{n}°", f"\\${n}", f"{n}^{{\\circ}}", f"{n}\\text{{ degrees}}", f"${n}$", f"\\textdollar {n}", f"{n} \\text{{ dollars}}",
                      f"{n} \\degree", f"{n}^\\circ.", f"{n}\\circ", f"\\text{{\\${n}}}", decimal(Fraction(n) + 1, 2), f"{n}^{{\\text{{th}}}}", f"{n}^{{th}}")


def bases():
    base = some(2, 9)
    digits = "".join(str(some(0, base - 1)) for _ in range(some(2, 5))).lstrip("0") or "1"
    value = int(digits, base)
    gold = pick(f"{digits}_{base}", f"{digits}_{{{base}}}")
    return gold, pick(f"{digits}_{base}", f"{digits}_{{{base}}}", digits, f"{digits}_{base + 1}", str(value), f"{digits[::-1]}_{base}", f"{digits}_{{\\text{{{base}}}}}")


def matrices():
    rows, columns = pick((2, 2), (2, 1), (3, 1), (2, 2), (1, 2))
    cells = [[number() for _ in range(columns)] for _ in range(rows)]

    def render(cells, kind="pmatrix"):
        return f"\\begin{{{kind}}} {ROW.join(' & '.join(frac(v) for v in row) for row in cells)} \\end{{{kind}}}"
    near = [row[:] for row in cells]
    near[R.randrange(rows)][R.randrange(columns)] += 1
    turned = [list(column) for column in zip(*cells)]
    flat = [v for row in cells for v in row]
    return render(cells), pick(render(cells), render(cells), render(cells, "bmatrix"), render(cells, "matrix"), render(near), render(turned), f"({spread(flat)})",
                               render(cells, "vmatrix"))


def constants():
    a, b = some(2, 12), some(2, 9)
    kind = R.randrange(6)
    if kind == 0:
        gold = f"{a}\\pi"
        return gold, pick(f"{a} \\pi", f"\\pi \\cdot {a}", f"{a}*pi", f"{a} \\times \\pi", f"{a + 1}\\pi", f"{a}π", f"{a * math.pi:.2f}", f"\\frac{{{a * b}\\pi}}{{{b}}}", str(a))
    if kind == 1:
        gold = f"\\frac{{{a}\\pi}}{{{b}}}"
        return gold, pick(f"\\frac{{{a}}}{{{b}}}\\pi", f"{a}\\pi/{b}", f"\\frac{{{a}\\pi}}{{{b + 1}}}", f"\\frac{{{180 * a}}}{{{b}}}^\\circ", f"-{gold}")
    if kind == 2:
        gold = pick(f"{a}^{{{b}}}", str(a ** b))
        return gold, pick(str(a ** b), f"{a}^{b}", f"{a}^{{{b}}}", str(a ** b + 1), f"{b}^{{{a}}}", grouped(a ** b, ","), f"{a * a}^{{{Fraction(b, 2)}}}" if b % 2 == 0 else f"{a}**{b}")
    if kind == 3:
        n = some(3, 8)
        gold = pick(f"{n}!", str(math.factorial(n)))
        return gold, pick(f"{n}!", str(math.factorial(n)), f"{n - 1}!", f"{n} \\cdot {n - 1}!", f"\\binom{{{n}}}{{2}}")
    if kind == 4:
        n, k = some(4, 10), some(2, 3)
        gold = pick(f"\\binom{{{n}}}{{{k}}}", str(math.comb(n, k)))
        return gold, pick(f"\\binom{{{n}}}{{{k}}}", str(math.comb(n, k)), f"\\binom{{{n}}}{{{n - k}}}", str(math.comb(n, k) + 1), f"{{{n} \\choose {k}}}", f"C({n},{k})")
    gold = f"\\log_{{{b}}} {b ** 3 * a}" if R.random() < 0.5 else f"\\ln {a}"
    return gold, pick(f"\\log_{b} {b ** 3 * a}", f"3 + \\log_{{{b}}} {a}", f"\\ln({a})", f"\\log {a}", f"\\frac{{\\ln {a ** 2}}}{{2}}", f"\\ln {a + 1}", f"-\\ln\\frac{{1}}{{{a}}}")


def complexes():
    a, b = some(-9, 9, 0), some(-9, 9, 0)
    gold = f"{a}{term(b, 1, 'i', False)}"
    return gold, pick(f"{term(b, 1, 'i', True)}{term(a, 0, '', False)}", gold, f"{a}{term(-b, 1, 'i', False)}", f"{a} + ({b})i", f"{b}{term(a, 1, 'i', False)}",
                      f"\\frac{{{2 * a}{term(2 * b, 1, 'i', False)}}}{{2}}", f"{a}{term(b, 1, 'I', False)}", f"({a}, {b})")


def functions():
    gold, same, other = pick(("\\sin^2 x", "1 - \\cos^2 x", "\\cos^2 x"), ("\\tan x", "\\frac{\\sin x}{\\cos x}", "\\cot x"), ("\\sin 2x", "2\\sin x \\cos x", "2\\sin x"),
                             ("e^{2x}", "(e^x)^2", "e^{x+2}"), ("\\ln(x^2+1)", "\\ln(1+x^2)", "\\ln(x^2)+1"), ("\\cos(2x)", "2\\cos^2(x) - 1", "2\\cos x"),
                             ("\\sqrt{x^2+1}", "(x^2+1)^{1/2}", "x+1"), ("2^{x+1}", "2 \\cdot 2^x", "2^x+1"), ("\\sec x", "\\frac{1}{\\cos x}", "\\csc x"),
                             ("\\log_2 x", "\\frac{\\ln x}{\\ln 2}", "\\log x"), ("\\sin(\\frac{\\pi}{6})", "\\frac{1}{2}", "\\frac{\\sqrt{3}}{2}"),
                             ("\\arctan 1", "\\frac{\\pi}{4}", "45"), ("|x-3|", "|3-x|", "x-3"), ("\\frac{1}{x}+\\frac{1}{y}", "\\frac{x+y}{xy}", "\\frac{2}{x+y}"))
    k = some(2, 9)
    texts = [gold, same, other, f"{gold} + {k}", f"{k} + {same}"]
    if R.random() < 0.4:
        return f"{gold} + {k}", pick(f"{k} + {same}", f"{same} + {k}", f"{other} + {k}", f"{gold}+{k + 1}")
    return pick(gold, same), pick(*texts)


def decorations():
    n = number()
    v = frac(n)
    return v, pick(f"\\text{{The answer is }} {v}", f"\\mathbf{{{v}}}", f"\\textbf{{{v}}}", f"\\boldsymbol{{{v}}}", f"{v} \\quad", f"\\displaystyle {v}", f"{v}\\\\", f"{{{v}}}",
                   f"\\color{{blue}}{{{v}}}", f"x \\approx {v}", f"\\approx {v}", f"{v} \\approx {decimal(n, 3)}", f"= {v}", f"\\, {v} \\,", f"{v},", f"\\boxed{{{v}}}", f"−{v}", f"({v})", f"[{v}]", f"\\{{{v}\\}}", f"\\$ {v}",
                   f"\\text{{{v}}}", f"\\mathrm{{{v}}}", f"\\left({v}\\right)")


def ratios():
    a, b = some(1, 12), some(1, 12)
    gold = f"{a}:{b}"
    return gold, pick(f"{a}:{b}", f"{2 * a}:{2 * b}", f"{a} : {b}", f"\\frac{{{a}}}{{{b}}}", f"{b}:{a}", f"{a}/{b}", f"{a}\\text{{ to }}{b}", f"{a}:{b + 1}", str(a))


CLASSES = [integers, integers, integers, decimals, decimals, rounded, fractions, fractions, percents, radicals, polynomials, polynomials, quotients, tuples, tuples, lists, lists,
           plus_minus, intervals, intervals, inequalities, equations, equations, words, units, units, marks, bases, matrices, constants, constants, complexes, functions,
           decorations, ratios]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    R.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 5)
    for _ in range(count):
        make = R.choice(CLASSES)
        gold, prediction = make()
        print(json.dumps({"gold": gold, "prediction": prediction, "class": make.__name__}))


if __name__ == "__main__":
    main()
