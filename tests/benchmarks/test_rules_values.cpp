// Rules of numbers and expressions.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE("Numbers and plain expressions are equal in all their notations and only then",
          "[rules]") {
  testing::check_answer_table(R"table(
T \frac{3}{11} ~ \cfrac{3}{11}
T \frac{3}{11} ~ \tfrac{3}{11}
T \frac{1}{8} ~ \frac18
T \frac{1}{83} ~ \frac1{83}
F \frac{1}{83} ~ \frac18 3
T \sqrt{6} ~ \sqrt6
T \frac{5}{8} ~ 5/8
T \frac{5}{8} ~ \frac{10}{16}
T \frac{13}{40} ~ 0.325
T 0.72 ~ .72
T 2.5 ~ 2.500
T 9 ~ 9.0
T 073 ~ 73
T 3401 ~ 3,401
T 45300 ~ 45{,}300
T 45300 ~ 45\,300
T 45300 ~ 45 300
T 2\frac{3}{7} ~ \frac{17}{7}
T 2 3/7 ~ \frac{17}{7}
F 2\frac{3}{7} ~ \frac{6}{7}
T -2\frac{3}{7} ~ -\frac{17}{7}
T -\frac{41}{6} ~ \frac{-41}{6}
T -\frac{41}{6} ~ \frac{41}{-6}
T 0.00813 ~ 8.13 \times 10^{-3}
T 81300 ~ 8.13e4
F \frac{2}{3} ~ 0.67
F \frac{2}{3} ~ 0.666667
F \sqrt{3} ~ 1.732
F \pi ~ 3.14
F 700000000001 ~ 700000000000
F 8 ~ 800
F 8 ~ 0.08
T 24 ~ 24 cm
T B ~ \mathbf{B}
T x^4+2x-9 ~ -9+2x+x^4
T (c+3)(d+4) ~ cd+4c+3d+12
F z^2+4z+4 ~ w^2+4w+4
T \frac{\sqrt{5}}{5} ~ \frac{1}{\sqrt{5}}
T \sqrt{3}+\sqrt{5} ~ \sqrt{8+2\sqrt{15}}
F \sqrt{3}+\sqrt{5} ~ \sqrt{8+2\sqrt{14}}
T 5\sqrt[3]{4} ~ 5\cdot 2^{2/3}
T 4-9i ~ -9i+4
F 4-9i ~ 4+9i
T 6,-11 ~ -11,6
F 4,-7 ~ 4,-6
F 4,-7 ~ 4
F 4,-7 ~ 4,4,-7
T 61_7 ~ 61_{7}
T 61_7 ~ (61)_7
F 61_7 ~ 61_8
F 61_7 ~ 43
T \frac{\sqrt{5}}{5} ~ \frac{\sqrt{5}}{5} \approx 0.447
T 57 ~ 57.
F 57 ~
F \frac{1}{3^{80}} ~ \frac{1}{3^{81}}
T -13 ~ −13
T 9\pi ~ 9 \cdot \pi
T 3\sqrt{7} ~ 3*sqrt(7)
T 3^{7} ~ 2187
T 9:45 ~ 9:45:00
F 9:45 ~ 9:54
T 6:4 ~ 3:2
F 6:4 ~ 2:3
F 3:2 ~ 3
F \sqrt{x^2} ~ x
T \sqrt{7+4\sqrt3} ~ 2+\sqrt3
F \sqrt{7+4\sqrt3} ~ 2-\sqrt3
T \frac{1}{2}x+\frac{3}{2} ~ \frac{x+3}{2}
T 2^{n+1}-2^n ~ 2^n
F 2^{n+1} ~ 2^n+1
T 1000000 ~ 10^6
T \frac{\pi}{2} ~ 0.5\pi
T 3 + 4i ~ 4i + 3
T \frac{3+4i}{5} ~ \frac35+\frac45 i
T 2 \cdot 3^x ~ 3^x \cdot 2
T x^{1/2} ~ \sqrt{x}
T -\frac{n-1}{2} ~ \frac{1-n}{2}
T \frac{a}{b}+\frac{c}{d} ~ \frac{ad+bc}{bd}
T 0.1\overline{6} ~ \frac16
T 0.\overline{27} ~ \frac{3}{11}
F 5 ~ 5i
T 1.5 \times 10^3 ~ 1500
T -x^2+4 ~ 4-x^2
F 1-\frac1e ~ 1+\frac1e
F 5\sqrt(3) ~ 5
T 5\sqrt(3) ~ 5\sqrt{3}
T \dfrac{1}{x^2} ~ x^{-2}
T 0.\dot{6} ~ \frac23
T 0.666\ldots ~ \frac23
F 0.666\ldots ~ 0.666
F \sqrt{x}\sqrt{y} ~ \sqrt{xy}
T \frac{{3}}{{7}} ~ \frac37
T 3\mathbf{i}+4\mathbf{j} ~ 4\mathbf{j}+3\mathbf{i}
T 1000000 ~ 1\,000\,000
T \frac{1}{x-1}-\frac{1}{x+1} ~ \frac{2}{x^2-1}
T 1/2 ~ \frac{1}{2}
T 3x/4 ~ \frac{3x}{4}
T (3/4)x ~ \frac34 x
T x^{10} ~ x**10
T 2x^3y ~ 2 y x^3
T \{2\} ~ 2
T 1.23\times10^{5} ~ 123000
T 7\times 10^{-2} ~ 0.07
T \sqrt{\frac{2}{3}} ~ \frac{\sqrt6}{3}
T \frac{5\sqrt{2}}{2\sqrt{3}} ~ \frac{5\sqrt6}{6}
T 3^{x+1} ~ 3\cdot3^x
T \frac{1}{1+\sqrt{x}} ~ \frac{1-\sqrt{x}}{1-x}
T \frac{a^{3/2}}{\sqrt a} ~ a
F (a+b)^2 ~ a^2+b^2
F \frac{1}{a+b} ~ \frac1a+\frac1b
F \sqrt{a+b} ~ \sqrt a+\sqrt b
F \sqrt{2}+\sqrt{3} ~ 3.1462643699419723
F 2^{100} ~ 2^{100}+1
F \pi ~ \frac{355}{113}
T \sqrt[3]{26+15\sqrt{3}} ~ 2+\sqrt3
T \sqrt{2}-1 ~ -1+\sqrt2
T \frac{2\sqrt{3}}{3} ~ \frac{2}{\sqrt3}
T \frac{\sqrt{10}-\sqrt{2}}{4} ~ \frac{\sqrt2(\sqrt5-1)}{4}
T 2^{\frac{3}{2}} ~ 2\sqrt{2}
T 4^{1/3} ~ \sqrt[3]{4}
T \sqrt[3]{16} ~ 2\sqrt[3]{2}
T 3^{2n} ~ 9^n
T 2^{-n} ~ \left(\frac12\right)^n
T \frac{1-r^n}{1-r} ~ \frac{r^n-1}{r-1}
T n(n+1)(2n+1)/6 ~ \frac{n(n+1)(2n+1)}{6}
T \frac{n^2+n}{2} ~ \frac{n(n+1)}{2}
T (-1)^{n+1} ~ (-1)^{n-1}
T (-1)^n ~ (-1)^{-n}
T 1+\frac{1}{x} ~ \frac{x+1}{x}
T \frac{x^3}{3}+C ~ \frac13x^3+C
F \frac{x^3}{3}+C ~ \frac{x^3}{3}
T 3i ~ 0+3i
T |3+4i| ~ 5
T \frac{1}{i} ~ -i
T (1+i)^8 ~ 16
T \sqrt{-9} ~ 3i
T 5:3 ~ 5 : 3
T 2:3:4 ~ 4:6:8
F 2:3:4 ~ 2:4:3
T \frac{5}{3} ~ 5/3
T 1,234,567 ~ 1234567
F 1,234 ~ 1.234
T -5 ~ -5.0
T -(5) ~ -5
T --5 ~ --5
F 5 ~ -5
F 10 ~ 1
F 1.0 ~ 10
F 2,3 ~ 23
F 2,3 ~ 2.3
F \frac{2}{3} ~ 23
F 2\frac{1}{3} ~ \frac{2}{3}
F x ~ y
F x^2 ~ x^3
F x_1 ~ x_2
F \sqrt{2} ~ 2
F \sqrt{2} ~ \sqrt{3}
F A ~ C
F 3x+2 ~ 3x-2
F \frac{x+1}{2} ~ \frac{x+2}{2}
F 2\pi ~ \pi
F 2\pi ~ 6.28
F a+b ~ ab
F 12:30 ~ 12:03
F 101_2 ~ 101_3
T \triangle ABC ~ \triangle ABC
T 2,\ 3 ~ 2,3
T 5\times 10^{3} ~ 5000
T 2.5 \cdot 10^{-4} ~ 0.00025
T 6.02\times 10^{23} ~ 602000000000000000000000
T \ldots ~ \ldots
T \frac{d}{dx} ~ \frac{d}{dx}
T \int_0^1 x dx ~ \int_0^1 x\,dx
T \vec{a}+\vec{b} ~ \vec{b}+\vec{a}
T 2\vec{a}-\frac12\vec{b} ~ -\frac12\vec b+2\vec a
T \overrightarrow{AB} ~ \overrightarrow{AB}
T 4\mathbf{i}-2\mathbf{j} ~ -2\mathbf{j}+4\mathbf{i}
T x\cdot y ~ yx
T x \times y ~ xy
T xy^2z ~ zxy^2
T \frac{\sqrt{3}a^2}{4} ~ \frac{a^2\sqrt{3}}{4}
T R\sqrt{3} ~ \sqrt{3}R
T \sqrt{a^2+b^2} ~ \sqrt{b^2+a^2}
T \sqrt{4x} ~ 2\sqrt{x}
T 7 \mod 3 ~ 7 \mod 3
T 2^{10}\cdot 3^5 ~ 3^5 \cdot 2^{10}
T 2^{10}\cdot 3^5 ~ 248832
T 10^{100} ~ 10^{99}\cdot 10
T 2^{1000} ~ 4^{500}
T \frac{7^{50}-1}{6} ~ \frac{1}{6}(7^{50}-1)
F 2^{1000} ~ 2^{1001}
F 2^{5000} ~ 2^{5001}
F 3^{4000} ~ 2^{6339}
T 2^{5000} ~ 4^{2500}
)table");
}

TEST_CASE("Expressions with functions are equal when their values are", "[rules]") {
  testing::check_answer_table(R"table(
T 45,\!300 ~ 45300
T \tan x ~ \frac{\sin x}{\cos x}
T 1-\sin^2 x ~ \cos^2 x
T \cos 2x ~ 2\cos^2 x-1
F \cos 2x ~ 2\cos^2 x+1
T \frac{\log 5}{\log 5-\log 2} ~ -\frac{\ln 5}{\ln 2-\ln 5}
T \binom{7}{3} ~ 35
T \sin 60^\circ ~ \frac{\sqrt{3}}{2}
T \sin(90^\circ-a) ~ \cos a
T \frac{n!}{(n-2)!} ~ n(n-1)
F \frac{n!}{(n-2)!} ~ n(n+1)
T (n+1)! ~ (n+1)\cdot n!
T \cosh^2 x-\sinh^2 x ~ 1
T \arctan x+\arctan\frac1x ~ \arctan x + \arctan(1/x)
T |x-2| ~ |2-x|
F |x| ~ x
T \sqrt{x^2} ~ |x|
F \ln(ab) ~ \ln a+\ln b
T e^{2\ln x} ~ x^2
T \lfloor \frac{7}{2} \rfloor ~ 3
T 7!  ~ 5040
F \frac{1}{50!} ~ \frac{1}{51!}
T -1 + exp(9) ~ e^9-1
T \frac{\sin x}{1+\cos x} ~ \frac{1-\cos x}{\sin x}
T \tan\frac{x}{2} ~ \frac{1-\cos x}{\sin x}
T \sin x+\cos x ~ \sqrt{2}\sin(x+\frac{\pi}{4})
T \log_2 8 ~ 3
T \log_{3} x ~ \frac{\ln x}{\ln 3}
T {10 \choose 4} ~ 210
T \tan^{-1}\frac{3}{5} ~ \arctan 0.6
T \sin^{-1} x ~ \arcsin x
T \frac{(n+2)!}{n!} ~ (n+1)(n+2)
T n! ~ n\cdot(n-1)!
T \binom{n}{2} ~ \frac{n(n-1)}{2}
F \ln\frac{a}{b} ~ \ln a - \ln b
T 2\cos^2\frac{x}{2} ~ 1+\cos x
T \sec x ~ \frac{1}{\cos x}
F \sin x ~ \cos x
F e^x ~ e^{-x}
F \ln(a+b) ~ \ln a + \ln b
F e^{\pi\sqrt{163}} ~ 262537412640768744
T \frac{\sqrt{2}+\sqrt{6}}{4} ~ \cos 15^\circ
T \tan 75^\circ ~ 2+\sqrt3
T \sin 18^\circ ~ \frac{\sqrt5-1}{4}
T e^{2}+e ~ e(e+1)
T \log_2 3 ~ \frac{\ln 3}{\ln 2}
T \log_4 9 ~ \log_2 3
T \log_4 640 ~ \frac{\ln 640}{\ln 4}
T \log_7 343 ~ 3
T \log_{6} 7\,776 ~ 5
F 2^3 125 ~ 2^{3125}
F \log_4 640 ~ \ln 640
T \lg 5 ~ \log_{10}5
T -\ln 2 ~ \ln\frac12
T \frac{1}{2}\ln 5 ~ \ln\sqrt5
T \arctan 2 ~ \tan^{-1}(2)
T 2\arctan\frac12 ~ \arctan\frac43
T \pi-\arccos\frac14 ~ \arccos(-\frac14)
T \frac{\pi}{2}-\arcsin\frac35 ~ \arccos\frac35
T \frac{(2n)!}{n!n!} ~ \binom{2n}{n}
T \binom{n+1}{2} ~ \frac{n(n+1)}{2}
T \sin^2\theta ~ \frac{1-\cos2\theta}{2}
T \sin x\cos y+\cos x\sin y ~ \sin(x+y)
T \cos(A-B) ~ \cos A\cos B+\sin A\sin B
T 2\cos^2 x ~ 1+\cos 2x
T \tan x+\cot x ~ \frac{2}{\sin 2x}
T -\cos x+C ~ C-\cos x
T e^{i\pi/2} ~ i
T \cos\frac{\pi}{3}+i\sin\frac{\pi}{3} ~ \frac12+\frac{\sqrt3}{2}i
F \sin x ~ \sin y
T \sin A = \frac{3}{5} ~ 0.6
T \cos\angle ABC=\frac13 ~ \frac13
F \sin x=1 ~ 1
T S=\frac{1}{2}ab\sin C ~ \frac12 ab\sin C
T \sqrt{x^2+2x+1} ~ |x+1|
T x|x| ~ |x|x
T 2024! ~ 2024\cdot 2023!
F 2024! ~ 2023!
T \frac{1}{2024!} ~ \frac{1}{2024\cdot2023!}
)table");
}

TEST_CASE("Expressions that differ at whole numbers, at zero or far away only are not equal",
          "[rules]") {
  testing::check_answer_table(R"table(
F \lfloor t\rfloor ~ \lceil t\rceil-1
F \lfloor t\rfloor+\lfloor -t\rfloor ~ -1
F \lfloor t+\frac{1}{2}\rfloor ~ \lceil t-\frac{1}{2}\rceil
F \lceil 2t\rceil ~ \lfloor 2t\rfloor+1
F \lfloor s+t\rfloor ~ \lceil s+t\rceil-1
F 0^m ~ 0^{m+1}
F 0^m ~ 0
F |t-3000000| ~ 3000000-t
F |t+3\cdot 10^{7}| ~ t+3\cdot 10^7
F |3t-5000000| ~ 5000000-3t
F \left|\frac{t}{3000}-3000\right| ~ 3000-\frac{t}{3000}
F |s+t-4000000| ~ 4000000-s-t
F \sqrt{(t-3000000)^2} ~ 3000000-t
F y=|t-3000000| ~ y=3000000-t
F y=\lfloor t\rfloor ~ y=\lceil t\rceil-1
T |t-3000000| ~ |3000000-t|
T |t-3000000| ~ \sqrt{(3000000-t)^2}
T \lfloor t\rfloor ~ -\lceil -t\rceil
T \lfloor t+4\rfloor ~ \lfloor t\rfloor+4
T \lfloor\frac{m}{2}\rfloor ~ \frac{2m-1+(-1)^m}{4}
T \lfloor 2t\rfloor ~ \lfloor t\rfloor+\lfloor t+\frac{1}{2}\rfloor
)table");
}

TEST_CASE("What is defined elsewhere for reasons of its own is another expression", "[rules]") {
  testing::check_answer_table(R"table(
F \ln(t^2) ~ 2\ln t
F \log t^6 ~ 6\log t
F y=\ln(t^2) ~ y=2\ln t
F \ln\frac{t-4}{t+3} ~ \ln(t-4)-\ln(t+3)
F \ln((t-7)^2) ~ 2\ln(t-7)
F \sqrt{t(t-3)} ~ \sqrt{t}\sqrt{t-3}
F e^{\ln t} ~ |t|
T e^{3\ln t} ~ t^3
T \sqrt{t+5}^2 ~ t+5
T \ln t^3 ~ 3\ln t
T \ln(t^2) ~ 2\ln|t|
T \frac{\ln(t^2+1)}{2} ~ \ln\sqrt{t^2+1}
T \frac{t}{\sqrt{t}} ~ \sqrt{t}
T \frac{t^2-25}{t-5} ~ t+5
T \cos(m\pi) ~ (-1)^m
T \sin(\arcsin t) ~ t
T \sqrt{9t} ~ 3\sqrt{t}
)table");
}

TEST_CASE("The vector product does not commute and is not the scalar product", "[rules]") {
  testing::check_answer_table(R"table(
F \vec{u}\cdot\vec{v} ~ \vec{u}\times\vec{v}
F \vec{u}\times\vec{v} ~ \vec{v}\times\vec{u}
F \overrightarrow{AB}\times\overrightarrow{AC} ~ \overrightarrow{AC}\times\overrightarrow{AB}
F 3\vec{u}\times\vec{v} ~ 3\vec{v}\times\vec{u}
F \vec{u}\times(\vec{v}+\vec{w}) ~ \vec{u}\cdot(\vec{v}+\vec{w})
F (\vec{u}\times\vec{v})\times\vec{w} ~ \vec{u}\times(\vec{v}\times\vec{w})
T \vec{u}\times\vec{v} ~ \vec u \times \vec v
T \vec{u}\cdot\vec{v} ~ \vec{v}\cdot\vec{u}
T \vec{u}\times(\vec{v}+\vec{w}) ~ \vec{u}\times(\vec{w}+\vec{v})
T 2+\vec{u}\times\vec{v} ~ \vec{u}\times\vec{v}+2
T 3\times\vec{u} ~ \vec{u}\times 3
T |\vec{u}|\times|\vec{v}| ~ |\vec{v}|\cdot|\vec{u}|
)table");
}

TEST_CASE("Fractions with \\over and underlined answers are read", "[rules]") {
  testing::check_answer_table(R"table(
T \frac{5}{8} ~ {5 \over 8}
T \frac{5}{8} ~ 5 \over 8
T 3+\frac{5}{8} ~ 3+{5 \over 8}
T \frac{t+1}{t-2} ~ {t+1 \over t-2}
F \frac{5}{8} ~ {8 \over 5}
F \frac{5}{8} ~ {5 \over 8 \over 2}
F \frac{5}{8} ~ {5 \over }
T 51 ~ \underline{51}
T \frac{5}{8} ~ \underline{\frac{5}{8}}
T 2t+1 ~ \underline{2t+1}
F 51 ~ \underline{15}
)table");
}

TEST_CASE("A mixed number may be a factor", "[rules]") {
  testing::check_answer_table(R"table(
T \frac{17\pi}{7} ~ 2\frac{3}{7}\pi
T \frac{17\pi}{7} ~ 2 \frac{3}{7} \pi
T -\frac{17\pi}{7} ~ -2\frac{3}{7}\pi
T \frac{17\sqrt{5}}{7} ~ 2\frac{3}{7}\sqrt{5}
F \frac{6\pi}{7} ~ 2\frac{3}{7}\pi
F \frac{14\pi}{3} ~ 2\frac{7}{3}\pi
F \frac{13\pi}{3} ~ 2\frac{7}{3}\pi
F 2t\frac{3}{7} ~ 2\frac{3}{7}t
F \frac{2t}{7} ~ 2\frac{t}{7}
F \frac{18}{49}\pi ~ 2\frac{3}{7}^2\pi
F 8\cdot 2\frac{3}{7} ~ \frac{48}{7}
)table");
}

TEST_CASE("Sums and products over an index are written out where their bounds are numbers",
          "[rules]") {
  testing::check_answer_table(R"table(
T 45150 ~ \sum_{k=1}^{300} k
F 45150 ~ \sum_{k=1}^{299} k
F 45150 ~ \sum_{k=1}^{300} n
T 91 ~ \sum_{i=1}^{6} i^2
T 91 ~ \sum\limits_{j=1}^{6}j^2
T \frac{137}{60} ~ \sum_{n=1}^{5} \frac{1}{n}
T 2^{13}-1 ~ \sum_{k=0}^{12} 2^k
T 720 ~ \prod_{k=1}^{6} k
T 1+y+y^2+y^3+y^4 ~ \sum_{k=0}^{4} y^k
F 1+y+y^2+y^3 ~ \sum_{k=0}^{4} y^k
T 63 ~ \sum_{k=1}^{6}\binom{6}{k}
T 0 ~ \sum_{k=-3}^{3} k
T 2\sum_{k=1}^{4} k ~ 20
T \sum_{k=1}^{3} \sum_{j=1}^{2} jk ~ 18
F \sum_{k=1}^{3} a_k ~ 3a_k
F \sum_{k=1}^{2} a_k ~ a_1 + a_3
T \sum_{k=1}^{n} k^3 ~ \sum_{i=1}^{n} i^3
F \sum_{k=1}^{n} k^3 ~ \sum_{i=0}^{n} i^3
F \sum_{k=1}^{n} k^3 ~ \prod_{i=1}^{n} i^3
F \sum_{k=1}^{n} kj ~ \sum_{j=1}^{n} kj
F \sum_{k=1}^{1000000} k ~ \sum_{k=1}^{1000001} k
F \sum_{k=1}^{3} k^0 ~ 2
T \sum_{k=1}^{3} k^0 ~ 3
F \sum_{k=0}^{2} \frac{1}{k} ~ \frac{3}{2}
)table");
}

}  // namespace quorum
