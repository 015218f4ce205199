/** What is being set up, from the Internet (first layer) down to the LANs (last): drawn, and read out as sentences. */
export interface Drawing {
  /** One sentence that says what it shows. */
  readonly caption: string;
  readonly layers: readonly (readonly Box[])[];
  readonly links: readonly Link[];
}

export interface Box {
  readonly id: string;
  /** What it is: "gateway", "LAN". */
  readonly role: string;
  readonly name: string;
  /** Addresses and prefixes. */
  readonly lines: readonly string[];
  /** `own`: what is being set up. `free`: there but unused. `lost`: gets nothing. */
  readonly look?: 'own' | 'free' | 'lost';
}

export interface Link {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** `tunnel` passes behind what lies between its ends; `idle` is there and waits. */
  readonly look?: 'wire' | 'tunnel' | 'idle' | 'broken';
}

/** The drawing in sentences, for who cannot see it. */
export function describeDrawing({ layers, links }: Drawing): string[] {
  const boxes = layers.flat();
  const nameOf = (id: string): string => {
    const box = boxes.find((each) => each.id === id);
    return box === undefined ? id : `${box.role} ${box.name}`.trim();
  };
  return [
    ...boxes.map(({ role, name, lines, look }) => {
      const state = look === 'lost' ? ' (gets nothing)' : look === 'free' ? ' (free)' : '';
      return `${[`${role} ${name}`.trim() + state, ...lines].join(', ')}.`;
    }),
    ...links.map(({ from, to, label, look }) => {
      const how =
        look === 'tunnel'
          ? 'has a tunnel to'
          : look === 'broken'
            ? 'has no way to'
            : look === 'idle'
              ? 'stands by for'
              : 'is connected to';
      return `${nameOf(from)} ${how} ${nameOf(to)}${label === undefined ? '' : `: ${label}`}.`;
    }),
  ];
}
