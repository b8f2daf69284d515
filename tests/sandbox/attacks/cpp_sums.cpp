// attack: none: a program that reads numbers and prints their sum
// wanted: OK
// after: its output is exact
// wall: none needed
// control: same
// stdin: 0
#include <iostream>
#include <numeric>
#include <thread>
#include <vector>

int main() {
  std::cout << "REACHED" << std::endl;
  std::vector<long> numbers(1000);
  std::iota(numbers.begin(), numbers.end(), 1);
  long sum = 0;
  std::thread([&] { sum = std::accumulate(numbers.begin(), numbers.end(), 0L); }).join();
  std::string rest;
  while (std::cin >> rest) return 1;
  std::cout << sum << '\n';
}
