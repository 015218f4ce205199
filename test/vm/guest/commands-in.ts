/** The commands that the comments of a generated file tell the reader to run: set apart by five blanks. */
export function commandsIn(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('#     '))
    .map((line) => line.slice(6));
}
