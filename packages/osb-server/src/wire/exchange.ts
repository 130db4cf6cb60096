import type { Login } from '../auth/authenticator.js'
import type { OsbErrorCode } from '../errors.js'
import type { OutcomeReport, RequestReport } from '../hooks/reports.js'
import type { ChosenPlan } from './choose-plan.js'
import type { RoutedRequest } from './find-route.js'
import type { OperationCall } from './operation-call.js'
import { readRequestIdentity } from './read-headers.js'
import type { WireRequest } from './wire-request.js'

type Growing<Report> = { -readonly [Name in keyof Report]: Report[Name] }

/** A request and its answer, as far as they have come; the hooks are given its report. */
export interface Exchange {
  readonly report: Growing<RequestReport>
  readonly startedMs: number
  outcome: string | undefined
  error: OsbErrorCode | undefined
}

export function beginExchange(request: WireRequest): Exchange {
  return {
    // All fields from the beginning: objects that grow one by one are slow.
    report: {
      startedAtMs: Date.now(),
      requestIdentity: readRequestIdentity(request),
      tenant: undefined,
      principal: undefined,
      operation: undefined,
      instance_id: undefined,
      binding_id: undefined,
      apiVersion: undefined,
      originatingIdentity: undefined,
      service_id: undefined,
      plan_id: undefined,
      service_name: undefined,
      plan_name: undefined,
    },
    startedMs: performance.now(),
    outcome: undefined,
    error: undefined,
  }
}

export function noteLogin({ report }: Exchange, tenant: string, { principal }: Login): void {
  report.tenant = tenant
  report.principal = principal
}

export function noteRoute({ report }: Exchange, { operation, ids }: RoutedRequest): void {
  report.operation = operation
  report.instance_id = ids.instance_id
  report.binding_id = ids.binding_id
}

export function notePlan({ report }: Exchange, { call }: OperationCall, { offering, plan }: ChosenPlan): void {
  report.service_id = call.service_id
  report.plan_id = call.plan_id
  report.service_name = offering?.name
  report.plan_name = plan?.name
}

/** Milliseconds since the request arrived. */
export function durationOf({ startedMs }: Exchange): number {
  return performance.now() - startedMs
}

export function outcomeReport(exchange: Exchange, status: number): OutcomeReport {
  const { report, outcome, error } = exchange
  return { request: report, status, outcome, error, durationMs: durationOf(exchange) }
}
