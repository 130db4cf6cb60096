import type { BrokerAuth } from '../auth/broker-auth.js'
import type { Clock } from '../clock.js'
import type { OrphanLedger } from '../orphans/orphan-ledger.js'
import type { PollingOptions } from '../polling/polling-options.js'
import type { BrokerProxy, BrokerTls } from '../transport/agent-options.js'
import type { BrokerFetch } from '../transport/fetch-transport.js'
import type { CheckedPlan } from './result.js'

/** What a run would create, told before anything is created. */
export interface ConformanceEstimate {
  readonly plans: readonly (CheckedPlan & { readonly free: boolean })[]
  /** Service instances in all; each is deleted again. */
  readonly instances: number
  /** At the same time. */
  readonly parallel: number
}

/** What of a run is wanted; what is named in several ways has to fit all of them. */
export interface ConformanceSelection {
  /** Checks by ID or by prefix: `PROV-13`, `PROV`, `probe`. */
  readonly checks?: readonly string[] | undefined
  readonly levels?: readonly ('MUST' | 'SHOULD' | 'note')[] | undefined
  /** By how the chapter, or the heading in the specification, begins: `Binding`, `polling last operation`. */
  readonly sections?: readonly string[] | undefined
}

export interface ConformanceOptions {
  /** Where the broker is, with its path prefix. No credentials in it. */
  readonly url: string | URL
  readonly auth: BrokerAuth
  /** In place of connections: a broker in this process. */
  readonly fetch?: BrokerFetch | undefined
  /** TLS of the run's own connections. Not with `fetch`. */
  readonly tls?: BrokerTls | undefined
  /** `'environment'`: connect through the proxies that the environment names. Not with `fetch`. @default none */
  readonly proxy?: BrokerProxy | undefined
  /** @default '2.17' */
  readonly apiVersion?: string | undefined
  /** For one call, in milliseconds. @default 60_000 */
  readonly timeoutMs?: number | undefined
  readonly polling?: PollingOptions | undefined
  /** Plans by id or name; without it one plan of each offering, a free one where there is one. */
  readonly plans?: readonly string[] | undefined
  /** @default false */
  readonly allPlans?: boolean | undefined
  /** Parameters of a plan, where those made from its schemas are not what the broker wants. */
  readonly parametersOf?:
    | ((plan: CheckedPlan, action: 'provision' | 'update' | 'bind') => Readonly<Record<string, unknown>> | undefined)
    | undefined
  readonly select?: ConformanceSelection | undefined
  /** Reads only: nothing is created, changed or deleted. @default false */
  readonly safe?: boolean | undefined
  /** Whether to go beyond the rules. @default true */
  readonly probes?: boolean | undefined
  /**
   * Whose verdict is wanted: an instance of each plan is made for each platform, as it would.
   * @default ['cf']; none where `select` names checks or levels
   */
  readonly platforms?: readonly ('cf' | 'kubernetes')[] | undefined
  /**
   * Restarts the broker, and resolves when that is done; may reject. Then it is probed whether what it has made, and what
   * it was at, outlives that. Without it these probes are not applicable.
   */
  readonly restart?: ((signal: AbortSignal) => Promise<void>) | undefined
  /** Plans that are worked on at the same time. @default 4 */
  readonly maxParallel?: number | undefined
  /** Asked before anything is created; false ends the run. Without it nothing is asked. */
  readonly confirm?: ((estimate: ConformanceEstimate) => boolean | Promise<boolean>) | undefined
  /** Told what the run is at: `mysql / small: repeats of a provision`. */
  readonly onProgress?: ((text: string) => void) | undefined
  /** When no new scene begins any more, in milliseconds. */
  readonly timeBudgetMs?: number | undefined
  /** Of everything that is chosen at random; the same seed makes the same requests. */
  readonly seed?: number | undefined
  /** Where every id is written down before it is sent. */
  readonly ledger?: OrphanLedger | undefined
  /** Ends the run; what it has created is deleted all the same. */
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock | undefined
}
