/** A broker that runs in this process, for the checker to be let loose on. */
export interface TestBroker {
  readonly fetch: (request: Request) => Promise<Response>
  /** Ends what still runs in it. */
  readonly close: () => Promise<void>
  /** Ends it, and begins it anew with what it has kept. Absent where that is not of interest. */
  readonly restart?: () => Promise<void>
}

/** The login of every test broker that wants one. */
export const login = { username: 'platform', password: 'correct-horse-battery' } as const
