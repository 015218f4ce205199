/** What changes the kernel. All read their work from their standard input, so they can be started before there is any. */
export const transactionCommand = ['nft', '-f', '-'] as const;
export const routeCommand = ['ip', '-6', '-force', '-batch', '-'] as const;
export const filterCommand = ['tc', '-batch', '-'] as const;
