import { fail, succeed, type Result } from '../core/result.ts';

export interface HttpGet {
  readonly url: string;
  /** Basic authentication. */
  readonly user?: string;
  readonly password?: string;
  /** In milliseconds. */
  readonly timeout: number;
}

/** Fetches a page that is short. No redirection is followed: it could take the password elsewhere. */
export async function httpGet(request: HttpGet): Promise<Result<{ readonly status: number; readonly body: string }>> {
  const { user, password = '' } = request;
  const credentials = Buffer.from(`${user}:${password}`).toString('base64');
  try {
    const answer = await fetch(request.url, {
      headers: { 'user-agent': 'sixgate', ...(user !== undefined && { authorization: `Basic ${credentials}` }) },
      redirect: 'manual',
      signal: AbortSignal.timeout(request.timeout),
    });
    const body = (await answer.text()).slice(0, 1000);
    return succeed({ status: answer.status, body });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message || cause.name : String(cause);
    return fail({ code: 'dns-failed', message: why });
  }
}
