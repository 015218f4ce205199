/**
 * The packet priority by which the inbound translator (src/bpf) tells that it has let a packet go on: the guard lets no other in with
 * an inside destination. To a queue it is no priority: the class of a handle that nobody has, and its last bits are 0. As a number, and in nft's notation.
 */
export const passedPriority = { value: 0x6296_0000, text: '6296:0' } as const;
