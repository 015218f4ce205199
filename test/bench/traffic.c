// Makes and measures traffic between two network namespaces, through whatever is between them. One measurement a start; prints JSON.
//
//   traffic packets FROM TO MAC ADDRESSES PORTS (SECONDS | =COUNT)   UDP packets of 62 bytes as fast as they go
//   traffic tcp FROM TO ADDRESS FLOWS SECONDS                        bytes that arrive
//   traffic latency FROM TO ADDRESS COUNT                            UDP round trips
//
// FROM and TO: NAMESPACE:INTERFACE. ADDRESSES: a file with "SOURCE DESTINATION SOURCE-PORT DESTINATION-PORT" on each line; each line is sent from
// so many source ports, counted up. With =COUNT so many packets in all, each a new flow as long as there are as many lines times ports.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { frame_size = 62, batch = 64, port = 7777 };

static void die(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t read_clock(clockid_t clock) {
  struct timespec at;
  clock_gettime(clock, &at);
  return at.tv_sec * 1000000000ull + at.tv_nsec;
}

static uint64_t now(void) { return read_clock(CLOCK_MONOTONIC); }

static void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core % sysconf(_SC_NPROCESSORS_ONLN), &set);
  sched_setaffinity(0, sizeof set, &set);
}

// Moves this process into the namespace of NAMESPACE:INTERFACE; returns the interface's name.
static const char *enter(const char *place) {
  char path[256];
  const char *colon = strchr(place, ':');
  if (!colon) exit(2);
  snprintf(path, sizeof path, "/run/netns/%.*s", (int)(colon - place), place);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) < 0) die(path);
  close(fd);
  return colon + 1;
}

// Packets that an interface has received; `fd` is of /proc/net/dev in its namespace.
static uint64_t received(int fd, const char *name) {
  static char text[65536];
  ssize_t size = pread(fd, text, sizeof text - 1, 0);
  if (size <= 0) die("/proc/net/dev");
  text[size] = 0;
  char label[64];
  snprintf(label, sizeof label, "%s:", name);
  char *at = strstr(text, label);
  unsigned long long bytes, packets;
  if (!at || sscanf(at + strlen(label), "%llu %llu", &bytes, &packets) != 2) exit(3);
  return packets;
}

static uint32_t sum16(const uint8_t *data, int length, uint32_t sum) {
  for (int at = 0; at < length; at += 2) sum += data[at] << 8 | data[at + 1];
  return sum;
}

static void write_frame(uint8_t *frame, const uint8_t *mac, const struct in6_addr *from, const struct in6_addr *to, int sport, int dport) {
  static const uint8_t start[] = {2, 0, 0, 0, 0, 1, 0x86, 0xdd, 0x60, 0, 0, 0, 0, 8, 17, 64};
  memset(frame, 0, frame_size);
  memcpy(frame, mac, 6);
  memcpy(frame + 6, start, sizeof start);
  memcpy(frame + 22, from, 16);
  memcpy(frame + 38, to, 16);
  uint8_t *udp = frame + 54;
  udp[0] = sport >> 8, udp[1] = sport, udp[2] = dport >> 8, udp[3] = dport, udp[5] = 8;
  uint32_t sum = sum16(frame + 22, 32, 0) + 8 + 17;
  sum = sum16(frame + 54, 8, sum);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  sum = ~sum & 0xffff;
  if (sum == 0) sum = 0xffff;
  udp[6] = sum >> 8, udp[7] = sum;
}

static uint8_t *read_frames(const char *path, const uint8_t *mac, int ports, size_t *count) {
  FILE *file = fopen(path, "r");
  if (!file) die(path);
  size_t room = 0;
  uint8_t *frames = 0;
  char from[64], to[64];
  int sport, dport;
  *count = 0;
  while (fscanf(file, "%63s %63s %d %d", from, to, &sport, &dport) == 4) {
    struct in6_addr source, destination;
    if (inet_pton(AF_INET6, from, &source) != 1 || inet_pton(AF_INET6, to, &destination) != 1) exit(2);
    if (*count + ports > room) {
      room = (*count + ports) * 2;
      frames = realloc(frames, room * frame_size);
      if (!frames) die("realloc");
    }
    for (int at = 0; at < ports; at++)
      write_frame(frames + (*count)++ * frame_size, mac, &source, &destination, sport + at, dport);
  }
  fclose(file);
  return frames;
}

static int send_packets(char **arguments) {
  const char *sink = enter(arguments[1]);
  int statistics = open("/proc/thread-self/net/dev", O_RDONLY);
  const char *link = enter(arguments[0]);
  uint8_t mac[6];
  if (sscanf(arguments[2], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) != 6) return 2;
  size_t count;
  uint8_t *frames = read_frames(arguments[3], mac, atoi(arguments[4]), &count);
  if (count == 0) return 2;
  const uint64_t limit = arguments[5][0] == '=' ? strtoull(arguments[5] + 1, 0, 10) : UINT64_MAX;
  const double seconds = limit == UINT64_MAX ? atof(arguments[5]) : 60;

  int raw = socket(AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IPV6), .sll_ifindex = if_nametoindex(link), .sll_halen = 6};
  int one = 1, room = 64 << 20;
  if (raw < 0 || bind(raw, (struct sockaddr *)&to, sizeof to) < 0) die("packet socket");
  setsockopt(raw, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one);
  setsockopt(raw, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);

  pin(1);
  struct mmsghdr messages[batch];
  struct iovec parts[batch];
  memset(messages, 0, sizeof messages);
  uint64_t sent = 0, before = received(statistics, sink), start = now(), spent = read_clock(CLOCK_THREAD_CPUTIME_ID), end = start + seconds * 1e9;
  size_t next = 0;
  while (sent < limit && now() < end) {
    int some = limit - sent < batch ? limit - sent : batch;
    for (int at = 0; at < some; at++) {
      parts[at] = (struct iovec){frames + next * frame_size, frame_size};
      messages[at].msg_hdr = (struct msghdr){.msg_iov = parts + at, .msg_iovlen = 1};
      if (++next == count) next = 0;
    }
    int done = sendmmsg(raw, messages, some, 0);
    if (done < 0 && errno != ENOBUFS && errno != EAGAIN) die("sendmmsg");
    if (done > 0) sent += done;
  }
  uint64_t elapsed = now() - start;
  spent = read_clock(CLOCK_THREAD_CPUTIME_ID) - spent;
  usleep(2000);
  uint64_t arrived = received(statistics, sink) - before;
  printf("{\"sent\":%llu,\"arrived\":%llu,\"ns\":%llu,\"cpu\":%llu}\n", (unsigned long long)sent,
         (unsigned long long)arrived, (unsigned long long)elapsed, (unsigned long long)spent);
  return 0;
}

static int open_socket(int type, const char *address, struct sockaddr_in6 *place) {
  int fd = socket(AF_INET6, type, 0), one = 1;
  *place = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
  if (inet_pton(AF_INET6, address, &place->sin6_addr) != 1 || fd < 0) die(address);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  return fd;
}

// A child in the namespace of `place` that does `serve` with a bound socket; it ends with us.
static pid_t start_server(const char *place, int type, const char *address, void (*serve)(int, volatile uint64_t *), volatile uint64_t *shared) {
  int ready[2];
  if (pipe(ready) < 0) die("pipe");
  pid_t child = fork();
  if (child < 0) die("fork");
  if (child > 0) {
    char byte;
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1) die("server");
    return child;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  enter(place);
  pin(0);
  struct sockaddr_in6 own;
  int fd = open_socket(type, address, &own);
  if (bind(fd, (struct sockaddr *)&own, sizeof own) < 0) die("bind");
  if (type == SOCK_STREAM && listen(fd, 64) < 0) die("listen");
  if (write(ready[1], "", 1) != 1) exit(1);
  serve(fd, shared);
  exit(0);
}

static void echo(int fd, volatile uint64_t *shared) {
  (void)shared;
  char data[64];
  for (;;) {
    struct sockaddr_in6 from;
    socklen_t size = sizeof from;
    ssize_t length = recvfrom(fd, data, sizeof data, 0, (struct sockaddr *)&from, &size);
    if (length > 0) sendto(fd, data, length, 0, (struct sockaddr *)&from, size);
  }
}

static int compare(const void *one, const void *other) {
  uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
  return (a > b) - (a < b);
}

static int measure_latency(char **arguments) {
  int count = atoi(arguments[3]), lost = 0, done = 0;
  pid_t server = start_server(arguments[1], SOCK_DGRAM, arguments[2], echo, 0);
  enter(arguments[0]);
  pin(1);
  struct sockaddr_in6 to;
  int fd = open_socket(SOCK_DGRAM, arguments[2], &to);
  struct timeval patience = {.tv_sec = 1};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) die("connect");
  uint64_t *times = calloc(count, sizeof *times);
  for (int at = 0; at < count && lost < 5; at++) {
    char data[16] = {0};
    uint64_t start = now();
    if (send(fd, data, sizeof data, 0) < 0 || recv(fd, data, sizeof data, 0) < 0) lost++;
    else times[done++] = now() - start;
  }
  kill(server, SIGKILL);
  if (done == 0) return 4;
  qsort(times, done, sizeof *times, compare);
  printf("{\"count\":%d,\"lost\":%d,\"p50\":%llu,\"p90\":%llu,\"p99\":%llu}\n", done, lost, (unsigned long long)times[done / 2],
         (unsigned long long)times[done * 9 / 10], (unsigned long long)times[done * 99 / 100]);
  return 0;
}

// Counts what arrives on all connections.
static void swallow(int fd, volatile uint64_t *shared) {
  static char data[1 << 18];
  struct pollfd open[65] = {{.fd = fd, .events = POLLIN}};
  int count = 1;
  for (;;) {
    if (poll(open, count, -1) < 0) die("poll");
    if (open[0].revents && count < 65) open[count++] = (struct pollfd){.fd = accept(fd, 0, 0), .events = POLLIN};
    for (int at = 1; at < count; at++) {
      if (!open[at].revents) continue;
      ssize_t length = recv(open[at].fd, data, sizeof data, MSG_DONTWAIT);
      if (length > 0) *shared += length;
      else if (length == 0) exit(0);
    }
  }
}

static int measure_tcp(char **arguments) {
  static char data[1 << 17];
  int flows = atoi(arguments[3]);
  if (flows < 1 || flows > 64) return 2;
  volatile uint64_t *shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t server = start_server(arguments[1], SOCK_STREAM, arguments[2], swallow, shared);
  enter(arguments[0]);
  pin(1);
  struct pollfd open[64];
  for (int at = 0; at < flows; at++) {
    struct sockaddr_in6 to;
    int fd = open_socket(SOCK_STREAM, arguments[2], &to);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) die("connect");
    open[at] = (struct pollfd){.fd = fd, .events = POLLOUT};
  }
  uint64_t seconds = atof(arguments[4]) * 1e9, begun = now(), start = begun + seconds / 5, end = start + seconds, before = 0, at_start = 0;
  for (;;) {
    uint64_t at = now();
    if (!at_start && at >= start) at_start = at, before = *shared;
    if (at >= end) break;
    if (poll(open, flows, 100) < 0) die("poll");
    for (int each = 0; each < flows; each++)
      if (open[each].revents) send(open[each].fd, data, sizeof data, MSG_DONTWAIT);
  }
  uint64_t bytes = *shared - before, elapsed = now() - at_start;
  kill(server, SIGKILL);
  printf("{\"bytes\":%llu,\"ns\":%llu}\n", (unsigned long long)bytes, (unsigned long long)elapsed);
  return 0;
}

int main(int count, char **arguments) {
  if (count == 8 && strcmp(arguments[1], "packets") == 0) return send_packets(arguments + 2);
  if (count == 7 && strcmp(arguments[1], "tcp") == 0) return measure_tcp(arguments + 2);
  if (count == 6 && strcmp(arguments[1], "latency") == 0) return measure_latency(arguments + 2);
  fprintf(stderr, "usage: traffic packets|tcp|latency FROM TO ...\n");
  return 2;
}
