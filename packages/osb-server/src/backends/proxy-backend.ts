import type { BrokerCalls, CallDetails } from 'osb-protocol'
import type { BrokerBackend, RequestDetails } from '../backend.js'
import { toRelayedError } from './to-relayed-error.js'

/**
 * A back end that hands each call on to another broker, with the identities of its user and request, and answers what
 * that broker answers. Errors of the other broker are passed on as they are; where it cannot be reached, does not
 * answer as the protocol says, or refuses this proxy's own login or version, the platform is answered 502. When the
 * platform goes away, the call is ended.
 * @param calls such as a client of `osb-client`
 * @example
 * const upstream = createBrokerClient({ url: 'https://broker.internal', auth: { username, password } })
 * const broker = createBrokerFromBackend(proxyBackend(upstream), { auth: basicAuth(platformCredentials) })
 */
export function proxyBackend(calls: BrokerCalls): BrokerBackend {
  const relay =
    <Call, Outcome>(send: (call: Call, details: CallDetails) => Promise<Outcome>) =>
    async (call: Call, details: RequestDetails): Promise<Outcome> => {
      try {
        return await send(call, detailsOf(details))
      } catch (thrown) {
        throw toRelayedError(thrown)
      }
    }
  return {
    catalog: (call, details) => relay(calls.catalog)(call ?? {}, details),
    provision: relay(calls.provision),
    fetchInstance: relay(calls.fetchInstance),
    update: relay(calls.update),
    deprovision: relay(calls.deprovision),
    lastInstanceOperation: relay(calls.lastInstanceOperation),
    bind: relay(calls.bind),
    fetchBinding: relay(calls.fetchBinding),
    unbind: relay(calls.unbind),
    lastBindingOperation: relay(calls.lastBindingOperation),
  }
}

function detailsOf({ originatingIdentity, requestIdentity, signal }: RequestDetails): CallDetails {
  return { originatingIdentity, requestIdentity, signal }
}
