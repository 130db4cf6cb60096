import type { ApiVersion } from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import type { RequestReport } from '../hooks/reports.js'
import type { WireRequest } from './wire-request.js'

/** What a back end is told beside the call, once the headers have been read. */
export function detailsOf(report: RequestReport, tenant: string, request: WireRequest): RequestDetails {
  return Object.defineProperty(new Details(report, tenant, request), 'signal', Details.signal) as RequestDetails
}

class Details {
  /**
   * Most back ends never ask for the signal, and adapters make it when it is first asked for. A property of each object,
   * so that copies have it; with one getter for all, since a getter of its own costs more than all gates together.
   */
  static readonly signal: PropertyDescriptor & ThisType<Details> = {
    enumerable: true,
    get() {
      return this.#request.signal
    },
  }

  declare readonly signal: AbortSignal
  readonly #request: WireRequest
  readonly tenant: string
  readonly apiVersion: ApiVersion
  readonly originatingIdentity: RequestDetails['originatingIdentity']
  readonly requestIdentity: string | undefined
  readonly principal: string | undefined

  constructor(report: RequestReport, tenant: string, request: WireRequest) {
    this.#request = request
    this.tenant = tenant
    this.apiVersion = report.apiVersion as ApiVersion // read before any operation is looked at
    this.originatingIdentity = report.originatingIdentity
    this.requestIdentity = report.requestIdentity
    this.principal = report.principal
  }
}
