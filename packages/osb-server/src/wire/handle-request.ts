import { headerNames, routes } from 'osb-protocol'
import type { Login } from '../auth/authenticator.js'
import type { BrokerBackend } from '../backend.js'
import { OsbError } from '../errors.js'
import type { CatalogSource } from './catalog-source.js'
import { checkAnswer } from './check-answer.js'
import { checkCatalogRules } from './check-catalog-rules.js'
import { checkMaintenanceInfo } from './check-maintenance-info.js'
import { checkParameters, type ParametersLookup } from './check-parameters.js'
import { type ChosenPlan, choosePlan } from './choose-plan.js'
import { findRoute, type RoutedRequest } from './find-route.js'
import { callBackend, type OperationCall } from './operation-call.js'
import { parseCall } from './parse-call.js'
import { readBody } from './read-body.js'
import { readApiVersion, readOriginatingIdentity, readRequestIdentity } from './read-headers.js'
import { reportError } from './report-error.js'
import type { WireSettings } from './settings.js'
import { catalogResponse, errorResponse, outcomeResponse, toOsbError } from './to-response.js'
import type { WireRequest, WireResponse } from './wire-request.js'

/** What all requests of a broker share. */
export interface WireContext {
  readonly backend: BrokerBackend
  readonly catalog: CatalogSource
  readonly parametersOf: ParametersLookup
  readonly settings: WireSettings
}

/**
 * Answers one request. Never rejects: whatever is thrown on the way becomes the answer. The gates stand in the order
 * in which they may speak; who is not logged in learns nothing else.
 */
export async function handleRequest(context: WireContext, request: WireRequest): Promise<WireResponse> {
  const { auth, basePath } = context.settings
  const requestIdentity = readRequestIdentity(request)
  let route: RoutedRequest | undefined
  try {
    const login = await auth.authenticate(request)
    if (!login) throw OsbError.unauthorized(auth.challenge)
    route = findRoute(request.method, request.target, basePath)
    return finish(await answer(context, request, route, login, requestIdentity), request.method, requestIdentity)
  } catch (thrown) {
    const response = failure(context.settings, thrown, route, requestIdentity)
    return finish(response, request.method, requestIdentity)
  }
}

async function answer(
  { backend, catalog, parametersOf, settings }: WireContext,
  request: WireRequest,
  route: RoutedRequest,
  { principal }: Login,
  requestIdentity: string | undefined,
): Promise<WireResponse> {
  const { operation } = route
  const apiVersion = readApiVersion(request, settings)
  const originatingIdentity = readOriginatingIdentity(request)
  if (operation === 'catalog')
    return catalogResponse(await catalog.current(), request.header(headerNames.ifNoneMatch.toLowerCase()))
  const body = routes[operation].hasBody ? await readBody(request, settings) : undefined
  const parsed = parseCall(operation, route, body)
  const snapshot = await catalog.current()
  const chosen = choosePlan(snapshot, parsed)
  await checkParameters(parametersOf, parsed)
  checkMaintenance(parsed, chosen)
  checkCatalogRules(snapshot, parsed, chosen)
  const { signal } = request
  const details = { tenant: '', apiVersion, originatingIdentity, requestIdentity, principal, signal }
  const outcome = await callBackend(backend, parsed, details)
  checkAnswer(parsed, outcome, chosen.offering)
  return outcomeResponse(operation, outcome)
}

function checkMaintenance({ operation, call }: OperationCall, { plan }: ChosenPlan): void {
  if (plan && (operation === 'provision' || operation === 'update')) checkMaintenanceInfo(plan, call.maintenance_info)
}

/** Answers with an error without looking at the request any further. */
export function refuseRequest(request: WireRequest, error: OsbError): WireResponse {
  return finish(errorResponse(error, undefined), request.method, readRequestIdentity(request))
}

function failure(
  { onError }: WireSettings,
  thrown: unknown,
  route: RoutedRequest | undefined,
  requestIdentity: string | undefined,
): WireResponse {
  const error = toOsbError(thrown)
  const report = { status: error.status, operation: route?.operation, ...route?.ids, requestIdentity }
  if (error.status >= 500) reportError(onError, error.cause ?? error, report)
  return errorResponse(error, route?.operation)
}

/** Echoes the request identity, also on errors (RID-04, T51), and leaves out what HEAD must not have. */
function finish(response: WireResponse, method: string, requestIdentity: string | undefined): WireResponse {
  const headers =
    requestIdentity === undefined
      ? response.headers
      : { ...response.headers, [headerNames.requestIdentity]: requestIdentity }
  return { status: response.status, headers, body: method === 'HEAD' ? undefined : response.body }
}
