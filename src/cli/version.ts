declare const SIXGATE_VERSION: string | undefined;

/** The version in package.json, put in by build.mjs. */
export const version: string = typeof SIXGATE_VERSION === 'string' ? SIXGATE_VERSION : '0.0.0-unbuilt';
