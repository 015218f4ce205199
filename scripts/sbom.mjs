/**
 * What is in the bundles and the pages, as CycloneDX 1.5: the npm packages that esbuild put into them, with version, licence
 * and digest of package-lock.json. The same sources give the same bytes: no time, no random number.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `names`: the packages by esbuild's own account. */
export function makeSbom(root, names) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const components = [...names]
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((name) => {
      const locked = packages[`node_modules/${name}`];
      if (!locked) throw new Error(`${name} is in a bundle and not in package-lock.json`);
      const [algorithm, digest] = /^(sha512)-(.+)$/.exec(locked.integrity).slice(1);
      const purl = `pkg:npm/${name.replace('@', '%40')}@${locked.version}`;
      const [group, plain] = name.startsWith('@') ? name.split('/') : [undefined, name];
      return {
        type: 'library',
        'bom-ref': purl,
        ...(group && { group }),
        name: plain,
        version: locked.version,
        hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') }],
        licenses: [{ license: { id: locked.license } }],
        purl,
      };
    });
  const ref = `pkg:npm/${about.name}@${about.version}`;
  const itself = { type: 'application', 'bom-ref': ref, name: about.name, version: about.version, purl: ref };
  return `${JSON.stringify(
    {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: { component: { ...itself, licenses: [{ license: { id: about.license } }] } },
      components,
      dependencies: [{ ref, dependsOn: components.map((each) => each['bom-ref']) }],
    },
    undefined,
    2,
  )}\n`;
}
