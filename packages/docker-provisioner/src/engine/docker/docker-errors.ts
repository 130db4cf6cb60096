import { isProvisionerError, ProvisionerError, type ProvisionerErrorCode } from '../../errors.js'

/** Codes of the system that mean that nobody answered, or stopped answering. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EACCES',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
])

/** Docker answers 500 to many things that are nobody's fault; only the text tells them apart (Engine 20.10). */
const textRules: readonly (readonly [RegExp, ProvisionerErrorCode])[] = [
  [/port is already allocated|address already in use/i, 'PORT_TAKEN'],
  [/pool overlaps|overlaps with other one|conflicts with (?:an existing )?(?:network|route)/i, 'SUBNET_TAKEN'],
  [
    /no space left on device|address pools? (?:have been|.*) (?:fully )?subnetted|non-overlapping IPv4/i,
    'OUT_OF_CAPACITY',
  ],
  [/no such image/i, 'IMAGE_UNAVAILABLE'],
  [/is not running/i, 'NOT_RUNNING'],
  [/is ambiguous/i, 'NAME_TAKEN'],
  [/volume is in use|has active endpoints/i, 'IN_USE'],
  // A command that the engine forgot, and an engine whose containerd is gone: it is ending or has just been started.
  [/no such exec/i, 'DOCKER_UNREACHABLE'],
  [/transport is closing|client connection is closing|ttrpc: closed|containerd\.sock/i, 'DOCKER_UNREACHABLE'],
  [/quota size requested but no quota support/i, 'UNSUPPORTED'],
  [/no such (?:container|network|volume)|(?:network|volume) \S+ not found/i, 'NOT_FOUND'],
]

/** Turns whatever dockerode rejects with into a `ProvisionerError`. */
export function translateDockerError(error: unknown): ProvisionerError {
  if (isProvisionerError(error)) return error
  const { code, statusCode, message } = fields(error)
  if (statusCode === undefined && (unreachable.has(code) || /socket hang up|aborted/.test(message))) {
    return new ProvisionerError('DOCKER_UNREACHABLE', `Docker does not answer (${code || 'connection lost'})`, {
      cause: error,
    })
  }
  const text = message.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim()
  const rule = textRules.find(([pattern]) => pattern.test(text))
  return new ProvisionerError(rule?.[1] ?? codeOf(statusCode), `Docker: ${text}`, { cause: error })
}

function codeOf(statusCode: number | undefined): ProvisionerErrorCode {
  if (statusCode === 404) return 'NOT_FOUND'
  if (statusCode === 409) return 'NAME_TAKEN'
  return 'ENGINE_FAILED'
}

function fields(error: unknown): { code: string; statusCode: number | undefined; message: string } {
  const { code, statusCode, message } = (typeof error === 'object' && error !== null ? error : {}) as Record<
    string,
    unknown
  >
  return {
    code: typeof code === 'string' ? code : '',
    statusCode: typeof statusCode === 'number' ? statusCode : undefined,
    message: typeof message === 'string' ? message : String(error),
  }
}
