// attack: the file system and the network, by code that runs before main
// wanted: OK
// after: nothing of it in the output
// wall: own root; Landlock; seccomp
// control: breach
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>

__attribute__((constructor)) static void before() {
  std::puts("REACHED");
  if (open("@SECRET@", O_RDONLY) >= 0) std::puts("BREACH: a file");
  if (socket(AF_INET, SOCK_STREAM, 0) >= 0) std::puts("BREACH: a socket");
  if (unlink("@TARGET@") == 0) std::puts("BREACH: removed a file");
  std::fflush(stdout);
}

int main() {}
