/** The options of `xen vif`. */
export interface VifOptions {
  readonly path?: string | undefined;
  readonly device?: string | undefined;
  readonly type?: 'vif' | 'tap' | undefined;
  readonly ip?: string | undefined;
}
