/** Checks that share what `setUp` made. Where that fails, each of them fails with its reason. */
export interface SceneOn<Lab> {
  readonly name: string;
  setUp?(lab: Lab): Promise<void>;
  /** Begins with the machine and runs beside all other scenes, on hosts of its own: mostly waiting. */
  meanwhile?(lab: Lab): Promise<void>;
  readonly checks: readonly CheckOn<Lab>[];
}

export interface CheckOn<Lab> {
  readonly name: string;
  /** Throws what is wrong; may say what it found. */
  run(lab: Lab): Promise<string | void>;
}

/** Scenes of a lane run one after the other, lanes beside each other; `last` begins when all lanes are done. */
export interface ProgrammeOn<Lab> {
  readonly lanes: readonly (readonly SceneOn<Lab>[])[];
  readonly last: readonly SceneOn<Lab>[];
}

/** One line on the second serial port. */
export interface Verdict {
  readonly scene: string;
  readonly check: string;
  readonly milliseconds: number;
  /** Missing where all is well. */
  readonly failure?: string;
  /** What the check said. */
  readonly said?: string;
}
