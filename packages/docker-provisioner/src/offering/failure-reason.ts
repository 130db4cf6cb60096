import { type FailureHints, isOsbError, OsbError } from 'osb-server'
import { isProvisionerError } from '../errors.js'
import { maskSecrets } from './mask-secrets.js'

const maxLines = 10
const maxLineLength = 300

/** The error that the platform's users see: why it failed and what the service last wrote, with secrets masked. */
export function failureReason(error: unknown, secrets: readonly string[], hints: FailureHints = {}): unknown {
  if (isOsbError(error) || !isProvisionerError(error)) return error
  const lines = error.lastLines.slice(-maxLines).map((line) => line.slice(0, maxLineLength))
  const text = lines.length === 0 ? error.message : `${error.message}; last lines of the service: ${lines.join(' | ')}`
  const description = maskSecrets(text, secrets)
  if (error.retryable) return new OsbError({ code: 'Unavailable', status: 503, description, cause: error, ...hints })
  return new OsbError({ code: 'InternalError', status: 500, description, cause: error, ...hints })
}
