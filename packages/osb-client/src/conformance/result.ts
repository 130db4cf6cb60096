/** What came of a check. `warning` is a broken SHOULD; `note` says something that is no rule. */
export type CheckOutcome = 'pass' | 'fail' | 'warning' | 'note' | 'not applicable'

/** How binding the rule is that a check holds; `note` where the specification has no keyword or leaves it open. */
export type CheckLevel = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'note'

/** A request and what came back, fit to be shown: secrets are masked, long bodies cut. */
export interface Exchange {
  /** What it was for, in a few words. */
  readonly label: string
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string | undefined
  }
  /** Absent where none came. */
  readonly answer?:
    | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
    | undefined
  /** Why no answer came. */
  readonly failure?: string | undefined
  readonly durationMs: number
  /** A line that sends the request again; secrets stand in it as environment variables. */
  readonly curl: string
}

/** The service plan that a check was made with. */
export interface CheckedPlan {
  readonly service_id: string
  readonly plan_id: string
  /** `offering / plan`, for people. */
  readonly name: string
}

/** What one check found, with one plan or with the broker as a whole. */
export interface CheckResult {
  /** The requirement's ID, such as `PROV-13`, or a probe's name, such as `probe:cut-off-provision`. */
  readonly check: string
  readonly kind: 'check' | 'probe'
  /** All requirements that it holds. */
  readonly requirements: readonly string[]
  readonly level: CheckLevel
  /** Of the specification, by its own heading. */
  readonly chapter: string
  readonly section: string
  /** The rule in plain words. */
  readonly rule: string
  /** The scene that it was made in. */
  readonly scene: string
  readonly plan?: CheckedPlan | undefined
  readonly apiVersion: string
  readonly outcome: CheckOutcome
  /** Why it is not applicable, or what the note says. */
  readonly reason?: string | undefined
  /** Of a finding: what should have been, and what was. */
  readonly expected?: string | undefined
  readonly found?: string | undefined
  /** How many assertions were made. */
  readonly assertions: number
  /** Of a finding: what it was seen in. Of a pass: the last one. */
  readonly exchanges: readonly Exchange[]
}

/** A requirement that no request can show to be met or not. */
export interface NotVisible {
  readonly requirement: string
  readonly reason: string
}

/** Something that the run created and could not delete. */
export interface Leftover {
  readonly instance_id: string
  readonly binding_id?: string | undefined
  readonly service_id: string
  readonly plan_id: string
  readonly reason: string
}

/** What a platform makes of an answer. `waits`: it polls. `mitigates`: it refuses, and deletes what may have been made. */
export type PlatformRuling = 'accepts' | 'waits' | 'refuses' | 'mitigates'

/** One call as a platform makes it, and what it makes of the answer. */
export interface PlatformStep {
  readonly operation: string
  readonly ruling: PlatformRuling
  /** Why, in plain words. */
  readonly why: string
  readonly exchange: Exchange
}

/** Whether a plan works on a platform, as that platform's own code has it; no rule of the specification. */
export interface PlatformVerdict {
  readonly platform: 'Cloud Foundry' | 'Kubernetes'
  /** Absent where nothing could be created. */
  readonly plan?: CheckedPlan | undefined
  readonly works: boolean
  /** What stands against it in the catalog. */
  readonly catalog: readonly string[]
  readonly steps: readonly PlatformStep[]
  /** What an app would get: `VCAP_SERVICES` or the data of a Secret, values hidden. */
  readonly app?: Readonly<Record<string, unknown>> | undefined
}

/** How many results there are of each outcome. */
export type OutcomeCounts = Readonly<Record<CheckOutcome, number>>

/** All of one run. */
export interface ConformanceReport {
  readonly url: string
  readonly apiVersion: string
  readonly seed: number
  /** ISO 8601. */
  readonly startedAt: string
  readonly durationMs: number
  readonly requests: number
  /** Service instances that were made; each is deleted again, but for those in `leftovers`. */
  readonly instances: number
  /** `incomplete`: it was ended before its time, and says why in `endedBy`. */
  readonly verdict: 'conforms' | 'does not conform' | 'incomplete'
  readonly endedBy?: string | undefined
  readonly plans: readonly CheckedPlan[]
  readonly counts: OutcomeCounts
  readonly results: readonly CheckResult[]
  readonly notVisible: readonly NotVisible[]
  readonly platforms: readonly PlatformVerdict[]
  readonly leftovers: readonly Leftover[]
}
