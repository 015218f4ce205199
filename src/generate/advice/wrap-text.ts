/**
 * Paragraphs as lines of at most `width` characters, with an empty line between two; longer words stand alone. A paragraph
 * that begins with four blanks is a command: it is one line and follows what stands before it at once.
 */
export function wrapText(paragraphs: readonly string[], width: number): string[] {
  return paragraphs.flatMap((paragraph, index) => {
    if (paragraph.startsWith(commandIndent)) return [paragraph];
    const lines: string[] = [''];
    for (const word of paragraph.split(' ')) {
      const line = lines.at(-1)!;
      if (line === '') lines[lines.length - 1] = word;
      else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
      else lines.push(word);
    }
    return index === 0 ? lines : ['', ...lines];
  });
}

/** The same as comment lines; nothing in it can end a comment early, since there is no line break in a paragraph. */
export function commentLines(paragraphs: readonly string[], mark = '#'): string[] {
  return wrapText(paragraphs, 110).map((line) => (line === '' ? mark : `${mark} ${line}`));
}

const commandIndent = ' '.repeat(4);

/** A paragraph for `wrapText` that is a command to copy. */
export function commandLine(command: string): string {
  return commandIndent + command;
}
