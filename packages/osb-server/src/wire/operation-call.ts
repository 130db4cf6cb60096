import type { OperationName } from 'osb-protocol'
import type { BrokerBackend, RequestDetails } from '../backend.js'

/** The operations that reach the back end with each request; the catalog is served from its snapshot. */
export type CalledOperation = Exclude<OperationName, 'catalog'>

/** One call with its arguments, told apart by the operation's name. */
export type OperationCall = {
  [Name in CalledOperation]: { readonly operation: Name; readonly call: Parameters<BrokerBackend[Name]>[0] }
}[CalledOperation]

/** What the back end answered, whatever the operation; see the outcome types of osb-protocol. */
export interface AnyOutcome {
  readonly outcome: string
  readonly body?: unknown
  readonly retryAfterSeconds?: number | undefined
}

/** Makes the call. */
export function callBackend(
  backend: BrokerBackend,
  { operation, call }: OperationCall,
  details: RequestDetails,
): Promise<AnyOutcome> {
  switch (operation) {
    case 'provision':
      return backend.provision(call, details)
    case 'fetchInstance':
      return backend.fetchInstance(call, details)
    case 'update':
      return backend.update(call, details)
    case 'deprovision':
      return backend.deprovision(call, details)
    case 'lastInstanceOperation':
      return backend.lastInstanceOperation(call, details)
    case 'bind':
      return backend.bind(call, details)
    case 'fetchBinding':
      return backend.fetchBinding(call, details)
    case 'unbind':
      return backend.unbind(call, details)
    case 'lastBindingOperation':
      return backend.lastBindingOperation(call, details)
  }
}
