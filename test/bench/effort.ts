/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  /** Of one measurement. */
  readonly seconds: number;
  /** In one measurement of new flows; the connection table has to hold them. */
  readonly newFlows: number;
  readonly roundTrips: number;
  /** Renewals, one a second. */
  readonly renewals: number;
}
