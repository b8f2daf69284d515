// Rules of matrices, systems of equations, functions in pieces, and the notations of sets.
#include "benchmarks/answer_table.h"

namespace quorum {

TEST_CASE("Matrices and systems are read with every row break and in nested brackets", "[rules]") {
  testing::check_answer_table(R"table(
T \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ \begin{pmatrix} 3 & 4 \\[4pt] 5 & 6 \end{pmatrix}
T \begin{pmatrix} 3 \\ 5 \end{pmatrix} ~ \begin{bmatrix} 3 \\[0.5em] 5 \end{bmatrix}
T \begin{pmatrix} 3 \\ 5 \end{pmatrix} ~ \begin{pmatrix} 3 \\* 5 \end{pmatrix}
T \begin{pmatrix} 3 \\ 5 \end{pmatrix} ~ \begin{pmatrix} 3 \cr 5 \end{pmatrix}
F \begin{pmatrix} 3 \\ 5 \end{pmatrix} ~ \begin{pmatrix} 3 \\[4pt] 4 \end{pmatrix}
T \begin{pmatrix} -3 & 4 \\ 5 & 6 \end{pmatrix} ~ \begin{pmatrix*}[r] -3 & 4 \\ 5 & 6 \end{pmatrix*}
T \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ [[3,4],[5,6]]
T \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ [[3, 4], [5, 6]]
F \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ [3,4,5,6]
F \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ [3,4],[5,6]
F \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ ((3,4),(5,6))
F \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix} ~ [[3,5],[4,6]]
T \begin{pmatrix} 3 \\ 5 \end{pmatrix} ~ [[3],[5]]
T \begin{cases} x=7 \\ y=4 \end{cases} ~ \left\{\begin{array}{l} x=7\\[2pt] y=4\end{array}\right.
T \begin{cases} x=7 \\ y=4 \end{cases} ~ \left\{\begin{aligned} x&=7\\ y&=4\end{aligned}\right.
T x=7, y=4 ~ \left\{\begin{array}{rcl} x&=&7,\\ y&=&4\end{array}\right.
F x=7, y=4 ~ \left\{\begin{array}{l} x=7\\ y=5\end{array}\right.
T \{\begin{pmatrix}3\\5\end{pmatrix}, \begin{pmatrix}6\\7\end{pmatrix}\} ~ \{\begin{pmatrix}6\\[1ex]7\end{pmatrix},\begin{pmatrix}3\\5\end{pmatrix}\}
)table");
}

}  // namespace quorum
