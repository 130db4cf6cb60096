import { headerNames, routes } from 'osb-protocol'
import type { RequestDetails } from '../backend.js'
import type { OsbError } from '../errors.js'
import type { Observers } from '../hooks/observers.js'
import { admit, type Doors } from './admit.js'
import { checkAnswer } from './check-answer.js'
import { checkCatalogRules } from './check-catalog-rules.js'
import { checkMaintenanceInfo } from './check-maintenance-info.js'
import { checkParameters } from './check-parameters.js'
import { type ChosenPlan, choosePlan } from './choose-plan.js'
import { beginExchange, durationOf, type Exchange, noteLogin, notePlan, noteRoute, outcomeReport } from './exchange.js'
import { findRoute, type RoutedRequest } from './find-route.js'
import { callBackend, type OperationCall } from './operation-call.js'
import { parseCall } from './parse-call.js'
import { readBody } from './read-body.js'
import { readApiVersion, readOriginatingIdentity } from './read-headers.js'
import type { Serving } from './tenants.js'
import { catalogResponse, errorResponse, outcomeResponse, toOsbError } from './to-response.js'
import type { WireRequest, WireResponse } from './wire-request.js'

/** What all requests of a broker share. */
export interface WireContext extends Doors {
  readonly observers: Observers
}

/**
 * Answers one request. Never rejects: whatever is thrown on the way becomes the answer. The gates stand in the order
 * in which they may speak; who is not logged in learns nothing else.
 */
export async function handleRequest(context: WireContext, request: WireRequest): Promise<WireResponse> {
  const exchange = beginExchange(request)
  try {
    const { serving, login, basePath } = await admit(context, request)
    noteLogin(exchange, serving.tenant, login)
    const route = findRoute(request.method, request.target, basePath)
    noteRoute(exchange, route)
    const response = await answer(context, request, exchange, serving, route)
    return conclude(context.observers, exchange, request, response)
  } catch (thrown) {
    return conclude(context.observers, exchange, request, failure(context.observers, thrown, exchange))
  }
}

async function answer(
  { settings, observers }: WireContext,
  request: WireRequest,
  exchange: Exchange,
  { tenant, backend, catalog, parametersOf }: Serving,
  route: RoutedRequest,
): Promise<WireResponse> {
  const { operation } = route
  const { report } = exchange
  const apiVersion = (report.apiVersion = readApiVersion(request, settings))
  const originatingIdentity = (report.originatingIdentity = readOriginatingIdentity(request))
  if (operation === 'catalog') {
    const snapshot = await catalog.current()
    observers.onRequest(report)
    const response = catalogResponse(snapshot, request.header(headerNames.ifNoneMatch.toLowerCase()))
    exchange.outcome = response.body === undefined ? 'unchanged' : 'found'
    return response
  }
  const body = routes[operation].hasBody ? await readBody(request, settings) : undefined
  const parsed = parseCall(operation, route, body)
  const snapshot = await catalog.current()
  const chosen = choosePlan(snapshot, parsed, parametersOf)
  notePlan(exchange, parsed, chosen)
  await checkParameters(parametersOf ?? snapshot.parametersOf, parsed)
  checkMaintenance(parsed, chosen)
  checkCatalogRules(snapshot, parsed, chosen, parametersOf !== undefined)
  observers.onRequest(report)
  const { principal, requestIdentity } = report
  const details: RequestDetails = {
    tenant,
    apiVersion,
    originatingIdentity,
    requestIdentity,
    principal,
    // Most back ends never ask for it, and adapters make it when it is first asked for.
    get signal() {
      return request.signal
    },
  }
  const outcome = await callBackend(backend, parsed, details)
  checkAnswer(parsed, outcome, chosen.offering)
  exchange.outcome = outcome.outcome
  return outcomeResponse(operation, outcome)
}

function checkMaintenance({ operation, call }: OperationCall, { plan }: ChosenPlan): void {
  if (plan && (operation === 'provision' || operation === 'update')) checkMaintenanceInfo(plan, call.maintenance_info)
}

/** Answers with an error without looking at the request any further. */
export function refuseRequest({ observers }: WireContext, request: WireRequest, error: OsbError): WireResponse {
  const exchange = beginExchange(request)
  exchange.error = error.code
  return conclude(observers, exchange, request, errorResponse(error, undefined))
}

function failure(observers: Observers, thrown: unknown, exchange: Exchange): WireResponse {
  const { report } = exchange
  const error = toOsbError(thrown)
  exchange.error = error.code
  if (error.status >= 500)
    observers.onError(error.cause ?? error, { ...report, status: error.status, durationMs: durationOf(exchange) })
  return errorResponse(error, report.operation)
}

/** Echoes the request identity, also on errors (RID-04, T51), and leaves out what HEAD must not have. */
function conclude(
  observers: Observers,
  exchange: Exchange,
  { method }: WireRequest,
  { status, headers, body }: WireResponse,
): WireResponse {
  const { requestIdentity } = exchange.report
  observers.onOutcome(outcomeReport(exchange, status))
  return {
    status,
    headers: requestIdentity === undefined ? headers : { ...headers, [headerNames.requestIdentity]: requestIdentity },
    body: method === 'HEAD' ? undefined : body,
  }
}
