/** What went wrong in the lab itself (as against in what it tests), with the command and what it said. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly argv: readonly string[];
  readonly code: number | string | null;
  readonly stderr: string;

  constructor(
    message: string,
    details: { argv?: readonly string[]; code?: number | string | null; stderr?: string } = {},
  ) {
    const { argv = [], code = null, stderr = '' } = details;
    super([message, argv.length > 0 ? `  command: ${argv.join(' ')}` : '', stderr.trim()].filter(Boolean).join('\n'));
    this.argv = argv;
    this.code = code;
    this.stderr = stderr;
  }
}
