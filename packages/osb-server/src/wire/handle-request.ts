import { headerNames, routes } from 'osb-protocol'
import { OsbError } from '../errors.js'
import { isPromise } from '../is-promise.js'
import type { Observers } from '../hooks/observers.js'
import { admit, type Doors } from './admit.js'
import type { CatalogSnapshot } from './catalog-snapshot.js'
import { checkAnswer } from './check-answer.js'
import { checkCatalogRules } from './check-catalog-rules.js'
import { checkMaintenanceInfo } from './check-maintenance-info.js'
import { checkParameters } from './check-parameters.js'
import { type ChosenPlan, choosePlan } from './choose-plan.js'
import { detailsOf } from './details-of.js'
import { beginExchange, durationOf, type Exchange, noteLogin, notePlan, noteRoute, outcomeReport } from './exchange.js'
import { findRoute, type RoutedRequest } from './find-route.js'
import { callBackend, type CalledOperation, type OperationCall } from './operation-call.js'
import { parseCall } from './parse-call.js'
import { parseBody, readBody } from './read-body.js'
import { readApiVersion, readOriginatingIdentity } from './read-headers.js'
import type { RunningRequests } from './running-requests.js'
import type { Serving } from './tenants.js'
import { catalogResponse, errorResponse, type OpenResponse, outcomeResponse, toOsbError } from './to-response.js'
import type { WireRequest, WireResponse } from './wire-request.js'

const ifNoneMatch = headerNames.ifNoneMatch.toLowerCase()

/** What all requests of a broker share. */
export interface WireContext extends Doors {
  readonly observers: Observers
  readonly requests: RunningRequests
}

/**
 * Answers one request. Never rejects: whatever is thrown on the way becomes the answer. The gates stand in the order
 * in which they may speak; who is not logged in learns nothing else. Waits only for what is a promise, since most
 * gates are not.
 */
export async function handleRequest(context: WireContext, request: WireRequest): Promise<WireResponse> {
  const { settings, observers } = context
  const exchange = beginExchange(request)
  context.requests.begin()
  try {
    const admission = admit(context, request)
    const { serving, login, basePath } = isPromise(admission) ? await admission : admission
    noteLogin(exchange, serving.tenant, login)
    const route = findRoute(request.method, request.target, basePath)
    noteRoute(exchange, route)
    exchange.report.apiVersion = readApiVersion(request, settings)
    exchange.report.originatingIdentity = readOriginatingIdentity(request)
    if (route.operation !== 'catalog')
      return conclude(context, exchange, request, await answerCall(context, request, exchange, serving, route))
    const current = serving.catalog.current()
    const snapshot = isPromise(current) ? await current : current
    return conclude(context, exchange, request, answerCatalog(observers, request, exchange, snapshot))
  } catch (thrown) {
    return conclude(context, exchange, request, failure(observers, thrown, exchange))
  }
}

function answerCatalog(
  observers: Observers,
  request: WireRequest,
  exchange: Exchange,
  snapshot: CatalogSnapshot,
): OpenResponse {
  observers.onRequest(exchange.report)
  const response = catalogResponse(snapshot, request.header(ifNoneMatch))
  exchange.outcome = response.body === undefined ? 'unchanged' : 'found'
  return response
}

async function answerCall(
  { settings, observers }: WireContext,
  request: WireRequest,
  exchange: Exchange,
  { tenant, backend, catalog, parametersOf }: Serving,
  route: RoutedRequest,
): Promise<OpenResponse> {
  const operation = route.operation as CalledOperation
  const body = routes[operation].hasBody ? parseBody(await readBody(request, settings)) : undefined
  const parsed = parseCall(operation, route, body)
  if (settings.requireOrganizationAndSpace) demandOrganizationAndSpace(parsed)
  const current = catalog.current()
  const snapshot = isPromise(current) ? await current : current
  const chosen = choosePlan(snapshot, parsed, parametersOf)
  notePlan(exchange, parsed, chosen)
  const checked = checkParameters(parametersOf ?? snapshot.parametersOf, parsed)
  if (isPromise(checked)) await checked
  checkMaintenance(parsed, chosen)
  checkCatalogRules(snapshot, parsed, chosen, parametersOf !== undefined)
  observers.onRequest(exchange.report)
  const outcome = await callBackend(backend, parsed, detailsOf(exchange.report, tenant, request))
  checkAnswer(parsed, outcome, chosen.offering)
  exchange.outcome = outcome.outcome
  return outcomeResponse(operation, outcome)
}

/** @throws {OsbError} 400 for a provision that lacks one of the two (PROV-09, PROV-10) */
function demandOrganizationAndSpace({ operation, call }: OperationCall): void {
  if (operation !== 'provision') return
  for (const field of ['organization_guid', 'space_guid'] as const)
    if (call[field] === undefined) throw OsbError.badRequest(`${field} is missing.`)
}

function checkMaintenance({ operation, call }: OperationCall, { plan }: ChosenPlan): void {
  if (plan && (operation === 'provision' || operation === 'update')) checkMaintenanceInfo(plan, call.maintenance_info)
}

/** Answers with an error without looking at the request any further. */
export function refuseRequest(context: WireContext, request: WireRequest, error: OsbError): WireResponse {
  const exchange = beginExchange(request)
  context.requests.begin()
  exchange.error = error.code
  return conclude(context, exchange, request, errorResponse(error, undefined))
}

function failure(observers: Observers, thrown: unknown, exchange: Exchange): OpenResponse {
  const { report } = exchange
  const error = toOsbError(thrown)
  exchange.error = error.code
  if (error.status >= 500)
    observers.onError(error.cause ?? error, { ...report, status: error.status, durationMs: durationOf(exchange) })
  return errorResponse(error, report.operation)
}

/** Echoes the request identity, also on errors (RID-04, T51), and leaves out what HEAD must not have. */
function conclude(
  { observers, requests }: WireContext,
  exchange: Exchange,
  { method }: WireRequest,
  response: OpenResponse,
): WireResponse {
  const { requestIdentity } = exchange.report
  observers.onOutcome(() => outcomeReport(exchange, response.status))
  if (requestIdentity !== undefined) response.headers[headerNames.requestIdentity] = requestIdentity
  requests.end()
  return method === 'HEAD' ? { ...response, body: undefined } : response
}
