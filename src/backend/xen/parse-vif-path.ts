import { quote } from '../../core/quote.ts';
import { fail, succeed, type Result } from '../../core/result.ts';

/** Where the backend of an interface is in xenstore. */
export interface VifPath {
  /** Without a slash at its end; relative to the domain that serves it, or absolute. */
  readonly path: string;
  readonly domid: number;
  readonly devid: number;
}

/** Reads XENBUS_PATH as hotplug scripts are given it: `backend/vif/7/0`, for tap devices with a path before it. */
export function parseVifPath(text: string): Result<VifPath> {
  const match = /^(?:\/local\/domain\/\d{1,5}\/)?backend\/vif\/(\d{1,5})\/(\d{1,4})$/.exec(text);
  if (match) return succeed({ path: text, domid: Number(match[1]), devid: Number(match[2]) });
  return fail({
    code: 'xen-path',
    message: `${quote(text)} is not the xenstore path of a network backend`,
    mend: 'Give the XENBUS_PATH of the hotplug script, as in backend/vif/7/0.',
  });
}
