import type {
  BindCall,
  BindingResponse,
  CallDetails,
  DeprovisionCall,
  JsonObject,
  LastOperation,
  ProvisionCall,
  ProvisionResponse,
  UnbindCall,
  UpdateCall,
  UpdateResponse,
} from 'osb-protocol'
import type { PollingOptions } from '../polling/polling-options.js'
import type { CredentialsSchema } from '../standard-schema.js'

/** How to watch one operation; polling options go before those of the client. */
export interface WatchOptions extends Omit<CallDetails, 'requestIdentity'>, PollingOptions {
  /**
   * `maximum_polling_duration` of the plan, in seconds: the shorter of this and `maximumPollingMs` is the limit (POL-04).
   * @default what the catalog says, when `cachedCatalog` has been called
   */
  readonly maximum_polling_duration?: number | undefined
}

/** How to wait for one operation. */
export interface WaitOptions extends WatchOptions {
  /** Told every valid answer to a poll, the last one included; polling waits for the promise it may return. */
  readonly onProgress?: ((lastOperation: LastOperation) => void | Promise<void>) | undefined
}

/** An operation that the broker accepted with 202 and that is not over. */
export interface PendingOperation {
  /** The call that began it. */
  readonly operation: 'provision' | 'update' | 'deprovision' | 'bind' | 'unbind'
  readonly instance_id: string
  /** For a bind or unbind. */
  readonly binding_id?: string | undefined
  readonly service_id?: string | undefined
  /** While a plan changes, the old one (LOI-04). */
  readonly plan_id?: string | undefined
  /** The answer that accepted it, for its `operation` and `Retry-After`. */
  readonly accepted?:
    | {
        readonly body: { readonly operation?: string | null | undefined }
        readonly retryAfterSeconds?: number | undefined
      }
    | undefined
}

/** The end of an operation that did what it should; `gone` when a delete left nothing to ask about. */
export interface OperationEnd {
  readonly end: 'succeeded' | 'gone'
  readonly lastOperation?: LastOperation | undefined
}

interface Waited {
  /** What the last poll answered; absent when the broker answered the call itself with success. */
  readonly lastOperation?: LastOperation
}

/** An instance that is there now; `exists` when an identical request had made it before (PROV-12). */
export interface ProvisionedInstance extends Waited {
  readonly outcome: 'created' | 'exists'
  readonly body: ProvisionResponse
}

/** An instance that is up to date now. An absent or null `dashboard_url` means the one from before (UPD-43). */
export interface UpdatedInstance extends Waited {
  readonly outcome: 'updated'
  readonly body: UpdateResponse
}

/** A deletion that is over; `gone` when the broker does not know the thing (any more). Both are success. */
export interface Deletion extends Waited {
  readonly outcome: 'deleted' | 'gone'
}

/** A binding that is there now; `exists` when an identical request had made it before (BIND-22). */
export interface Bound<Credentials> extends Waited {
  readonly outcome: 'created' | 'exists'
  readonly body: BindingResponse
  /** `body.credentials`, checked and typed by the schema when one was given. */
  readonly credentials: Credentials
}

/**
 * The calls that may take long, each with its polling: sent with `accepts_incomplete=true` unless the call says
 * otherwise, and over when the operation is.
 */
export interface WaitingCalls {
  /**
   * Provisions and waits until the instance is there.
   * @throws {OperationFailedError} when the operation failed, or was not over in time
   */
  provisionAndWait(call: ProvisionCall, options?: WaitOptions): Promise<ProvisionedInstance>
  /**
   * Updates and waits until the update is done. Polls name the plan of `previous_values.plan_id`: while a plan
   * changes, that is the old one (LOI-04); without it they name none.
   * @throws {OperationFailedError} when the operation failed, or was not over in time
   */
  updateAndWait(call: UpdateCall, options?: WaitOptions): Promise<UpdatedInstance>
  /**
   * Deprovisions and waits until the instance is gone (LOI-13).
   * @throws {OperationFailedError} when the operation failed, or was not over in time
   */
  deprovisionAndWait(call: DeprovisionCall, options?: WaitOptions): Promise<Deletion>
  /**
   * Binds and waits until the binding is there; after an asynchronous bind it is fetched (LOB-01), for which the
   * offering must have `bindings_retrievable` (T13).
   * @throws {OperationFailedError} when the operation failed, or was not over in time
   * @throws {InvalidCredentialsError} when the credentials do not fit the schema; the binding is there
   */
  bindAndWait(call: BindCall, options?: WaitOptions): Promise<Bound<JsonObject | undefined>>
  bindAndWait<Credentials>(
    call: BindCall,
    options: WaitOptions & { readonly credentials: CredentialsSchema<Credentials> },
  ): Promise<Bound<Credentials>>
  /**
   * Unbinds and waits until the binding is gone (LOB-15).
   * @throws {OperationFailedError} when the operation failed, or was not over in time
   */
  unbindAndWait(call: UnbindCall, options?: WaitOptions): Promise<Deletion>
  /**
   * Watches an operation that a call began: every valid answer to a poll, the last one included. The iteration ends
   * when the operation has succeeded, or when a delete left nothing to ask about. To stop, leave the loop.
   * @throws {OperationFailedError} when the operation failed, or was not over in time
   * @example
   * const accepted = await client.provision({ ...call, accepts_incomplete: true })
   * if (accepted.outcome === 'accepted')
   *   for await (const { description } of client.watchOperation({ ...call, operation: 'provision', accepted })) log(description)
   */
  watchOperation(pending: PendingOperation, options?: WatchOptions): AsyncIterable<LastOperation>
  /**
   * Waits until an operation is over that a call began, perhaps before a restart.
   * @throws {OperationFailedError} when the operation failed, or was not over in time
   */
  awaitOperation(pending: PendingOperation, options?: WaitOptions): Promise<OperationEnd>
}
