/* The errors of the YAML library (2.9.1) in our words. */

/** What is wrong, in one sentence, from an error or warning of the library. */
export function explainYamlError(message: string, code: string): string {
  if (code === 'MULTIPLE_DOCS') return 'the file holds more than one YAML document';
  if (code === 'RESOURCE_EXHAUSTION') return 'the file nests too deeply';
  // The library quotes the file, which may hold anything.
  return `not YAML: ${message.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?').slice(0, 160)}`;
}

/** By the error codes of the library; the words say what usually went wrong. */
export const yamlMends: Partial<Record<string, string>> = {
  BAD_ALIAS: 'Define the anchor (&name) before the alias (*name), or put the value in quotes.',
  BAD_INDENT: 'Indent the lines that belong together by the same number of blanks, and close what is open.',
  BAD_SCALAR_START: 'Put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Put a value that ends in ":" (an address such as "fd00::") in quotes.',
  MISSING_CHAR: 'Close the quote or bracket, or add what is missing.',
  MULTIPLE_DOCS: 'Put each document into a file of its own in conf.d.',
  RESOURCE_EXHAUSTION: 'Close the brackets that are open.',
  TAB_AS_INDENT: 'Indent with blanks.',
  TAG_RESOLVE_FAILED: 'Take out the tag (the word that begins with "!").',
};
