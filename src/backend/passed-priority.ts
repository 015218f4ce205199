/**
 * The packet priority by which the inbound translator (src/bpf) tells that a packet came through it: the guard lets no other in with
 * an inside address. It is taken off again before anybody else sees the packet. As a number, and in nft's notation.
 */
export const passedPriority = { value: 0x6296_0000, text: '6296:0' } as const;
