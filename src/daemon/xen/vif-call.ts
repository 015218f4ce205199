import type { VifPath } from '../../backend/xen/parse-vif-path.ts';
import type { Vif } from '../../engine/xen/vif.ts';
import type { Paths } from '../paths.ts';

/** What a hotplug script was called for. */
export interface VifCall {
  readonly at: VifPath;
  /** What the interface is called in Dom0. */
  readonly device: string;
  readonly kind: Vif['kind'];
  /** `ip=` of xl.cfg, where the hotplug script has read it; otherwise xenstore is asked. */
  readonly ip?: string;
  readonly paths: Paths;
}
