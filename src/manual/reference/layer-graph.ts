/** A folder of src, which the compiler takes for a project, and what it may import. */
export interface Layer {
  readonly name: string;
  readonly imports: readonly string[];
  /** What the compiler lets it touch: nothing but the language, Node, or a browser. */
  readonly world: 'pure' | 'node' | 'browser';
}

/** From the text of the folders' tsconfig.json, by folder. */
export function readLayers(configs: Readonly<Record<string, string>>): readonly Layer[] {
  return Object.entries(configs).map(([name, text]) => {
    const { references = [], compilerOptions = {} } = JSON.parse(text) as {
      readonly references?: readonly { readonly path: string }[];
      readonly compilerOptions?: { readonly types?: readonly string[]; readonly lib?: readonly string[] };
    };
    const { types = [], lib = [] } = compilerOptions;
    const isBrowser = lib.some((each) => each.toLowerCase() === 'dom');
    return {
      name,
      imports: references.map(({ path }) => path.replace('../', '')),
      world: isBrowser ? 'browser' : types.includes('node') ? 'node' : 'pure',
    };
  });
}

/** 0 for what imports nothing, otherwise one more than the highest that it imports. */
export function heightOf(layers: readonly Layer[], name: string): number {
  const imports = layers.find((layer) => layer.name === name)?.imports ?? [];
  return imports.length === 0 ? 0 : 1 + Math.max(...imports.map((each) => heightOf(layers, each)));
}

/** Imports that do not follow from others. */
export function directImports(layers: readonly Layer[], { imports }: Layer): readonly string[] {
  return imports.filter((name) => !imports.some((other) => other !== name && reaches(layers, other, name)));
}

function reaches(layers: readonly Layer[], from: string, to: string): boolean {
  const imports = layers.find(({ name }) => name === from)?.imports ?? [];
  return imports.includes(to) || imports.some((each) => reaches(layers, each, to));
}
