import type { FailureHints } from '../errors.js'
import type { HandlerContext } from '../offering/handlers.js'
import type { ResourceRecord } from '../stores/broker-store.js'
import { withoutUndefined } from '../stores/json-copy.js'
import type { OperationControl } from './running-operation.js'
import type { Asker } from './stored-requests.js'

/** What every handler gets; what is a handler's own may be added. */
export function handlerContext(
  record: ResourceRecord,
  asker: Asker,
  checkpointed: unknown,
  control: OperationControl,
): HandlerContext {
  return Object.defineProperty(new Context(record, asker, checkpointed, control), 'signal', Context.signal)
}

class Context implements HandlerContext {
  /**
   * Most handlers never ask for the signal, and to make one costs more than all copies of a call. A property of each
   * object, so that copies have it; with one getter for all, since each getter of its own makes a hidden class.
   */
  static readonly signal: PropertyDescriptor & ThisType<Context> = {
    enumerable: true,
    get() {
      return this.#control.signal
    },
  }

  declare readonly signal: AbortSignal
  readonly #control: OperationControl
  readonly tenant: string
  readonly originatingIdentity: HandlerContext['originatingIdentity']
  readonly principal: string | undefined
  readonly attempt: number
  readonly fencingToken: number
  readonly checkpointed: unknown
  /** Functions of each object, since authors take them out of it. */
  readonly progress: HandlerContext['progress']
  readonly checkpoint: HandlerContext['checkpoint']

  constructor(
    { key, operation, lease }: ResourceRecord,
    { originatingIdentity, principal }: Asker,
    checkpointed: unknown,
    control: OperationControl,
  ) {
    this.#control = control
    this.tenant = key.tenant
    this.originatingIdentity = originatingIdentity
    this.principal = principal
    this.attempt = operation.attempt
    this.fencingToken = lease?.token ?? 0
    this.checkpointed = checkpointed
    this.progress = report.bind(undefined, control)
    this.checkpoint = store.bind(undefined, control)
  }
}

function store(control: OperationControl, checkpoint: unknown): Promise<void> {
  return unwatched(control.amend((content) => ({ ...content, secrets: { ...content.secrets, checkpoint } })))
}

function report(control: OperationControl, text: string, hints: FailureHints = {}): Promise<void> {
  const { instance_usable, update_repeatable } = hints
  const news = withoutUndefined({ description: text === '' ? undefined : text, instance_usable, update_repeatable })
  if (Object.keys(news).length === 0) return Promise.resolve()
  return unwatched(control.amend((content) => ({ ...content, operation: { ...content.operation, ...news } })))
}

/** An author may not wait for a report; its failure must not end the process as an unhandled rejection then. */
function unwatched(written: Promise<unknown>): Promise<void> {
  const done = written.then(() => undefined)
  done.catch(() => undefined)
  return done
}
