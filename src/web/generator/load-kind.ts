import type { Kind } from '../kinds/kind.ts';

const loaded = new Map<string, Promise<Kind>>();

/**
 * The kind from its own script. A classic one, since browsers load no module by file://; build-site.mjs makes what it exports
 * the global `sixgateKind`, which the next one replaces.
 */
export function loadKind(name: string): Promise<Kind> {
  const before = loaded.get(name);
  if (before !== undefined) return before;
  const loading = new Promise<Kind>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `kind-${name}.js`;
    // Fired right after the script has run, before any other can.
    script.addEventListener('load', () =>
      resolve((globalThis as unknown as { sixgateKind: { kind: Kind } }).sixgateKind.kind),
    );
    script.addEventListener('error', () => {
      loaded.delete(name);
      reject(new Error(`kind-${name}.js could not be loaded`));
    });
    document.head.append(script);
  });
  loaded.set(name, loading);
  return loading;
}
