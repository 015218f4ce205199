/** The events of a stream, one after the other. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #abort = new AbortController();
  readonly #decoder = new TextDecoder();
  #text = '';
  readonly response: Response;

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#reader = response.body!.getReader();
    this.#abort = abort;
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const abort = new AbortController();
    return new EventReader(await fetch(url, { headers, signal: abort.signal }), abort);
  }

  /** The next event; a comment is an event called `:`; undefined where the stream has ended. */
  async next(): Promise<{ event: string; data: Record<string, unknown> } | undefined> {
    while (!this.#text.includes('\n\n')) {
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
    const end = this.#text.indexOf('\n\n');
    const lines = this.#text.slice(0, end).split('\n');
    this.#text = this.#text.slice(end + 2);
    if (lines[0]!.startsWith(':')) return { event: ':', data: {} };
    const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const event = field('event');
    if (event === undefined) return this.next(); // `retry:` alone
    return { event, data: JSON.parse(field('data')!) as Record<string, unknown> };
  }

  close(): void {
    this.#abort.abort();
  }
}
