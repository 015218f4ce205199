// Stateless, checksum-neutral prefix translation (RFC 6296) in the kernel, as classifiers for tc.
//
//   inbound    on the ingress of an uplink: outside to inside
//   outbound   on the egress of the uplink and of its detour, a device of ours: inside to outside. What comes by the detour goes on
//              to the uplink, or, where its destination is one of our outside addresses, back into the stack (hairpin, 4.3), as does,
//              unchanged, what has no outside address: rules reject it there
//
// The tables are constants in .rodata: sixgate writes them into a copy of the object, which is loaded in the old one's place.
// No checksum is touched, of no protocol and of no packet quoted in an ICMPv6 error: each mapping keeps the sum of the address.
//
//   clang -O2 -target bpf -c rfc6296.c          no headers are needed

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

// The beginning of the kernel's view of a packet (linux/bpf.h).
struct __sk_buff {
  u32 len, pkt_type, mark, queue_mapping, protocol, vlan_present, vlan_tci, vlan_proto, priority;
  u32 ingress_ifindex, ifindex, tc_index, cb[5], hash, tc_classid, data, data_end;
};

static long (*const store_bytes)(struct __sk_buff *, u32 offset, const void *, u32 length, u64 flags) = (void *)9;
static long (*const redirect)(u32 ifindex, u64 flags) = (void *)23;
static long (*const load_bytes)(const struct __sk_buff *, u32 offset, void *, u32 length) = (void *)26;
static long (*const change_head)(struct __sk_buff *, u32 length, u64 flags) = (void *)43;
static long (*const pull_data)(struct __sk_buff *, u32 length) = (void *)39;

enum { proceed = -1, drop = 2, to_ingress = 1 };
enum { hop_by_hop = 0, routing = 43, fragment = 44, icmpv6 = 58, no_next = 59, options = 60 };

#ifndef ROOM
#define ROOM 1024
#endif
#define FEW 64

struct address { u64 high, low; };
// Both prefixes have the same length; `from` and `to` are their upper halves. Sorted by `from`, none within another;
// behind the last one `from` is all ones.
struct mapping { u64 from, to; u32 length, adjustment; };

// src/backend/bpf/ writes all of these; numbers are in the byte order of the machine that loads it.
volatile const struct {
  u32 link_header; // bytes in front of the IPv6 header on the uplink: 14, or 0 on a point-to-point link
  u32 detour_header; // and on the detour
  u32 uplink, detour; // interface indexes; `detour` is 0 in the program for the uplink itself
  u32 outward_count, inward_count, network_count, own_count;
  u32 passed; // the priority that tells the guard that a packet was let in here
} settings __attribute__((section(".rodata"))) = {};
volatile const struct mapping outward[ROOM] __attribute__((section(".rodata"))) = {};
volatile const struct mapping inward[ROOM] __attribute__((section(".rodata"))) = {};
volatile const struct mapping networks[FEW] __attribute__((section(".rodata"))) = {};
// The router's own addresses within outside prefixes, which are not translated.
volatile const struct address own[FEW] __attribute__((section(".rodata"))) = {};

#define inline static __attribute__((always_inline)) inline
#define swap64(value) __builtin_bswap64(value)

inline u64 mask_of(u32 length) { return length == 0 ? 0 : ~0ull << (64 - (length & 127)); }

// 1 where `one` is less than `other`, without a branch: the verifier would follow each way through a search.
inline u64 is_less(u64 one, u64 other) { return ((~one & other) | ((~one | other) & (one - other))) >> 63; }

// The entry that this address is in; `room` is a power of two, and what is behind `count` begins with ones. `count` is constant to the
// verifier, which drops the steps that are too much.
inline const volatile struct mapping *find(const volatile struct mapping *table, u32 room, u32 count, u64 high) {
  u64 at = 0;
#pragma unroll
  for (u32 step = room / 2; step > 0; step /= 2) {
    if (step < count) at += step * (1 - is_less(high, table[(at + step) & (room - 1)].from));
  }
  const volatile struct mapping *found = &table[at & (room - 1)];
  return at < count && (high & mask_of(found->length)) == found->from ? found : 0;
}

inline u16 add(u16 one, u16 other) {
  u32 sum = (u32)one + other;
  sum = (sum & 0xffff) + (sum >> 16);
  return sum == 0xffff ? 0 : sum;
}

// Host order in and out. False where RFC 6296 has no counterpart (3.4: subnet 0xffff; 3.5: no word; 3.7: all zeros).
inline int translate(const volatile struct mapping *mapping, struct address *address) {
  u64 high = (address->high & ~mask_of(mapping->length)) | mapping->to;
  u64 low = address->low;
  u16 adjustment = mapping->adjustment;
  if (mapping->length <= 48) {
    if ((u16)high == 0xffff) return 0;
    high = (high & ~0xffffull) | add(high, adjustment);
  } else {
    u32 shift;
    if (low == 0) return 0;
    if ((u16)(low >> 48) != 0xffff) shift = 48;
    else if ((u16)(low >> 32) != 0xffff) shift = 32;
    else if ((u16)(low >> 16) != 0xffff) shift = 16;
    else if ((u16)low != 0xffff) shift = 0;
    else return 0;
    low = (low & ~(0xffffull << shift)) | ((u64)add(low >> shift, adjustment) << shift);
  }
  address->high = high;
  address->low = low;
  return 1;
}

inline struct address read_address(const u64 *words) {
  return (struct address){swap64(words[0]), swap64(words[1])};
}

inline void write_address(struct __sk_buff *skb, u32 offset, struct address address) {
  u64 words[2] = {swap64(address.high), swap64(address.low)};
  store_bytes(skb, offset, words, sizeof words, 0);
}

#define in_networks(high) find(networks, FEW, settings.network_count, high)
#define find_outward(high) find(outward, ROOM, settings.outward_count, high)
#define find_inward(high) find(inward, ROOM, settings.inward_count, high)

inline int is_own(struct address address) {
  for (u32 at = 0; at < FEW && at < settings.own_count; at++) {
    if (own[at].high == address.high && own[at].low == address.low) return 1;
  }
  return 0;
}

// Where the packet quoted in an ICMPv6 error begins (RFC 4443 section 3); 0 where this is none. Later fragments have no header.
inline u32 find_quoted(struct __sk_buff *skb, u32 at, u8 next) {
#pragma unroll
  for (int headers = 0; headers < 8; headers++) {
    u8 head[4];
    if (next == icmpv6) {
      if (load_bytes(skb, at, head, 1) < 0) return 0;
      return head[0] >= 1 && head[0] <= 4 ? at + 8 : 0;
    }
    if (next != hop_by_hop && next != routing && next != options && next != fragment) return 0;
    if (load_bytes(skb, at, head, 4) < 0) return 0;
    if (next == fragment && (head[2] | (head[3] & 0xf8)) != 0) return 0;
    at += next == fragment ? 8 : (head[1] + 1) * 8;
    next = head[0];
  }
  return 0;
}

struct packet { u32 offset; u8 next; struct address source, destination; };

// Into the packet where it is: cheaper than asking the kernel to. False where there is no room, which read_packet has made sure of.
inline int put_address(struct __sk_buff *skb, u32 offset, struct address address) {
  void *data = (void *)(u64)skb->data;
  if (data + offset + sizeof address > (void *)(u64)skb->data_end) return 0;
  u64 words[2] = {swap64(address.high), swap64(address.low)};
  __builtin_memcpy(data + offset, words, sizeof words);
  return 1;
}

// False where there is no whole IPv6 header at this place.
inline int read_packet(struct __sk_buff *skb, u32 offset, struct packet *packet) {
  void *data = (void *)(u64)skb->data;
  if (data + offset + 40 > (void *)(u64)skb->data_end) {
    if (pull_data(skb, offset + 40) < 0) return 0;
    data = (void *)(u64)skb->data;
    if (data + offset + 40 > (void *)(u64)skb->data_end) return 0;
  }
  u8 *bytes = data + offset;
  if (bytes[0] >> 4 != 6) return 0;
  if (offset == 14 && (bytes[-2] != 0x86 || bytes[-1] != 0xdd)) return 0;
  packet->offset = offset;
  packet->next = bytes[6];
  u64 words[4];
  __builtin_memcpy(words, bytes + 8, 32);
  packet->source = read_address(words);
  packet->destination = read_address(words + 2);
  return 1;
}

// Outside to inside: the destination, and the source of the packet that an error quotes. 1 done, 0 not ours, -1 must not go on.
inline int translate_in(struct __sk_buff *skb, const struct packet *packet) {
  struct address address = packet->destination;
  const volatile struct mapping *mapping = find_inward(address.high);
  if (!mapping || is_own(address)) return 0;
  if (!translate(mapping, &address)) return -1;
  u32 quoted = find_quoted(skb, packet->offset + 40, packet->next);
  if (quoted) {
    u64 words[2];
    if (load_bytes(skb, quoted + 8, words, sizeof words) < 0) return -1;
    struct address source = read_address(words);
    mapping = find_inward(source.high);
    if (!mapping || !translate(mapping, &source)) return -1;
    write_address(skb, quoted + 8, source);
  }
  return put_address(skb, packet->offset + 24, address) ? 1 : -1;
}

// Inside to outside: the source, and the destination of the packet that an error quotes, whoever made it.
inline int translate_out(struct __sk_buff *skb, const struct packet *packet) {
  struct address address = packet->source;
  const volatile struct mapping *mapping = find_outward(address.high);
  if (mapping ? !translate(mapping, &address) : !!in_networks(address.high)) return -1;
  u32 quoted = find_quoted(skb, packet->offset + 40, packet->next);
  if (quoted) {
    u64 words[2];
    if (load_bytes(skb, quoted + 24, words, sizeof words) < 0) return -1;
    struct address destination = read_address(words);
    const volatile struct mapping *other = find_outward(destination.high);
    if (other) {
      if (!translate(other, &destination)) return -1;
      write_address(skb, quoted + 24, destination);
    } else if (in_networks(destination.high)) {
      return -1;
    }
  }
  return !mapping || put_address(skb, packet->offset + 8, address) ? 1 : -1;
}

// To the stack as it was, received by the detour, whose address src/backend/bpf/detours.ts gives it: rules tell its sender there.
inline int send_back(struct __sk_buff *skb, u32 offset) {
  u8 header[14] = {2, 0, 0, 0, 0x62, 0x96, 2, 0, 0, 0, 0x62, 0x96, 0x86, 0xdd};
  if (offset == 0 && change_head(skb, sizeof header, 0) < 0) return drop;
  if (store_bytes(skb, 0, header, sizeof header, 0) < 0) return drop;
  return redirect(settings.detour, to_ingress);
}

__attribute__((section("tc/inbound"), used)) int inbound(struct __sk_buff *skb) {
  struct packet packet;
  if (!read_packet(skb, settings.link_header, &packet)) return drop;
  if (in_networks(packet.source.high) || in_networks(packet.destination.high)) return drop;
  if (translate_in(skb, &packet) < 0) return drop;
  skb->priority = settings.passed;
  return proceed;
}

__attribute__((section("tc/outbound"), used)) int outbound(struct __sk_buff *skb) {
  struct packet packet;
  u32 header = settings.link_header;
  if (!read_packet(skb, header, &packet)) {
    if (header == settings.detour_header || !read_packet(skb, settings.detour_header, &packet)) return drop;
  }
  if (translate_out(skb, &packet) < 0) {
    // Once, or it would go round where nobody tells it.
    if (settings.detour == 0 || skb->ingress_ifindex == settings.detour) return drop;
    return send_back(skb, packet.offset);
  }
  if (settings.detour == 0) return proceed;
  int done = translate_in(skb, &packet);
  if (done < 0) return drop;
  return done ? redirect(settings.detour, to_ingress) : redirect(settings.uplink, 0);
}

__attribute__((section("license"), used)) char licence_name[] = "GPL";
