import { isBrokerResponseError } from '../errors/broker-response-error.js'
import { isBrokerClientError } from '../errors/client-error.js'
import { isOperationFailedError } from '../errors/operation-failed-error.js'
import { isPlatformError } from '../platform/platform-error.js'
import { exitCodeOfSignal, exitCodes } from './exit-codes.js'
import { InterruptedBy, OutOfTime } from './interrupted-by.js'

/** What a failure that is no {@link CliError} is for its reader. */
export interface Described {
  readonly code: string
  readonly message: string
  readonly next: string
  readonly status?: number | undefined
  readonly requestIdentity?: string | undefined
  readonly exitCode: number
}

/** Describes the failures of the client and of the process; undefined for what nobody foresaw. */
export function describeFailure(error: unknown): Described | undefined {
  if (error instanceof InterruptedBy)
    return {
      code: 'INTERRUPTED',
      message: error.message,
      next: 'Run "osb services" to see how far it came, and "osb cleanup" to take back what is half done.',
      exitCode: exitCodeOfSignal(error.signalName),
    }
  if (error instanceof OutOfTime)
    return {
      code: 'OUT_OF_TIME',
      message: error.message,
      next: 'The broker goes on: run "osb services" to see how far it is, or give a longer --timeout.',
      exitCode: exitCodes.outOfTime,
    }
  if (isPlatformError(error)) {
    const { code, message, next } = error
    return { code, message, next, exitCode: exitCodes.notPossible }
  }
  if (!isBrokerClientError(error)) return undefined
  const { code, message, requestIdentity } = error
  const status = isBrokerResponseError(error) ? error.status : undefined
  return { code, message, status, requestIdentity, next: nextStep(error), exitCode: exitCodeOf(error) }
}

function exitCodeOf(error: unknown): number {
  if (isBrokerResponseError(error)) return exitCodes.failed
  if (isOperationFailedError(error)) return error.reason === 'failed' ? exitCodes.failed : exitCodes.outOfTime
  return exitCodes.noAnswer
}

function nextStep(error: unknown): string {
  if (isBrokerResponseError(error)) return nextByStatus(error.status, error.body?.error)
  if (isOperationFailedError(error))
    return error.reason === 'failed'
      ? 'The broker says no more than this; its log has the rest. Delete the instance to try again.'
      : 'It may still end: run "osb services" to see, or give a longer --timeout.'
  if (!isBrokerClientError(error)) return ''
  return nextByCode[error.code] ?? 'The answer of the broker is not to the specification: "osb check URL" tells more.'
}

const nextByCode: Readonly<Record<string, string>> = {
  BROKER_UNREACHABLE: 'Check the URL and that the broker runs; http_proxy, https_proxy and no_proxy are followed.',
  BROKER_TIMEOUT: 'Check the log of the broker, and run "osb cleanup" to take back what it may have made.',
  UNSUPPORTED_VERSION: 'The broker speaks an older version of the API, which does not have this.',
}

function nextByStatus(status: number, code: string | undefined): string {
  if (code === 'ConcurrencyError') return 'Another operation is under way: wait until it is over, then try again.'
  if (code === 'MaintenanceInfoConflict')
    return 'Its catalog has changed: run "osb update-service-broker", then try again.'
  if (code === 'RequiresApp') return 'This service binds to apps only: use "osb bind-service APP NAME".'
  if (status === 401) return 'The broker refuses the login: check the name and the password.'
  if (status === 404) return 'Nothing is at this address: check the path of the URL, which stands before /v2.'
  if (status >= 500) return 'The broker has failed: its log says why, under the request that is named here.'
  return 'Correct what the broker complains about, then try again.'
}
