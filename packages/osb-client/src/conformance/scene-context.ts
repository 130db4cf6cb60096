import type { Catalog, OperationName } from 'osb-protocol'
import type { CallArguments } from '../operations/write-request.js'
import type { PlanUnderTest } from './plan-under-test.js'
import type { CutPoint } from './cut-request.js'
import type { RawBroker, RawRequest } from './raw-broker.js'
import type { Sent } from './sent.js'
import type { Polled, PollOptions } from './poll.js'

/** How a call differs from what a good platform would send. */
export interface CallChanges {
  readonly label?: string | undefined
  /** Null leaves a header out. */
  readonly headers?: RawRequest['headers']
  /** In place of the whole body; a text is sent as it is. */
  readonly rawBody?: unknown
  /** In place of the query. */
  readonly rawQuery?: string | undefined
  readonly authorization?: string | null | undefined
  readonly apiVersion?: string | undefined
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** An instance, or a binding of it, that a scene works on. */
export interface Target {
  readonly instance_id: string
  readonly binding_id?: string | undefined
}

/** What a scene has to work with. */
export interface SceneContext {
  readonly catalog: Catalog
  /** Of scenes of kind `broker`: the first one under test. */
  readonly plan: PlanUnderTest
  readonly broker: RawBroker
  readonly signal: AbortSignal
  /** Of this run's seed: from 0 up to, not including, 1. */
  random(): number
  /** An id that no broker has seen. */
  newId(): string
  /** Parameters that the plan's schema takes: the user's, else made from the schema; undefined where none are needed. */
  parametersFor(action: 'provision' | 'update' | 'bind'): Readonly<Record<string, unknown>> | undefined
  /**
   * Parameters for a change that shows: those given, with another value for one that the plan's schema leaves little
   * choice of; undefined where it has none such.
   */
  variedParameters(
    action: 'provision' | 'update' | 'bind',
    given?: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> | undefined
  /** Parameters that surely ask for something else than those given; undefined where there are none such. */
  conflictingParameters(
    action: 'provision' | 'bind',
    given: CallArguments,
  ): Readonly<Record<string, unknown>> | undefined
  /** Parameters that the plan's schema refuses; undefined where it takes anything. */
  invalidParameters(action: 'provision' | 'update' | 'bind'): Readonly<Record<string, unknown>> | undefined
  /**
   * Sends a call with what a good platform sends, changed by what is given: `undefined` leaves a member out. Of a PUT the
   * target is written down before, and deleted after the scene.
   */
  call(operation: OperationName, call?: CallArguments, changes?: CallChanges): Promise<Sent>
  /**
   * Sends a call up to a point and hangs up there. Undefined where that cannot be done: through a proxy, or to a broker of
   * this process.
   */
  cut(operation: 'provision' | 'bind', call: CallArguments, point: CutPoint): Promise<Sent | undefined>
  /**
   * Restarts the broker, and waits until it answers again.
   * @returns the first good answer, or the last bad one; a text that says why it could not be restarted
   */
  restart(): Promise<Sent | string>
  /** Sends whatever is given. */
  send(request: RawRequest): Promise<Sent>
  /** The arguments of a good provision, update, bind or delete. */
  goodCall(operation: OperationName, target: Target): CallArguments
  /** Polls after a 202 until the end, as the broker asks for. */
  poll(accepted: Sent, target: Target, options?: PollOptions): Promise<Polled>
  /** Provisions, and waits until that is over. Undefined, with nothing asserted, where it failed. */
  instance(changes?: CallArguments): Promise<Made | undefined>
  /** Binds, and waits until that is over. */
  binding(instance_id: string, changes?: CallArguments): Promise<Made | undefined>
  /** Sleeps by the run's clock. */
  sleep(ms: number): Promise<void>

  /** Asserts; `seenIn` is what shows it, the telling exchange last. */
  expect(check: string, ok: boolean, expected: string, found: string, ...seenIn: readonly Sent[]): void
  /** Asserts that the status is one of these. */
  expectStatus(check: string, sent: Sent, ...statuses: readonly number[]): void
  /** Says why a check of this scene is not applicable. */
  skip(check: string, reason: string): void
}

/** What came of a create that was waited for. */
export interface Made {
  readonly target: Target
  /** The arguments of the call that made it. */
  readonly call: CallArguments
  /** The first answer: 201, 200 or 202. */
  readonly created: Sent
  readonly polled: Polled | undefined
}
