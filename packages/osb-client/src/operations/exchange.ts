import type { CallDetails, OperationName } from 'osb-protocol'
import type { AuthHeaders } from '../auth/open-auth.js'
import type { Ending } from '../deadline.js'
import { type CallReport, channels, type RetryReport } from '../diagnostics/channels.js'
import { UnsupportedVersionError } from '../errors/unsupported-version-error.js'
import type { Session } from '../session.js'
import { UnsendableError } from '../transport/failure.js'
import type { WireAnswer, WireRequest } from '../transport/transport.js'
import { versionText } from '../versions/api-versions.js'
import { gateCall } from '../versions/gate-call.js'
import { readRedirect } from './redirect.js'
import { retryAfterAnswer, retryAfterError, type RetryReason, retryDelayMs } from './retry.js'
import { type CallArguments, writeRequest } from './write-request.js'

/** One call, as far as sending it goes. */
export interface Outgoing {
  readonly operation: OperationName
  readonly call: CallArguments
  readonly details: CallDetails
  readonly report: CallReport
  /** How many more times it may be sent where that is safe. */
  readonly retries: number
}

/** How far the last try of a call got. */
export interface Progress {
  /** Known when only the body did not come. */
  status: number | undefined
  /** What authenticated the try, which no message may repeat. */
  authHeaders: AuthHeaders
}

/** What the `auth` option itself threw; nothing was sent. */
export class AuthFailure extends Error {
  constructor(readonly thrown: unknown) {
    super('auth failed')
  }
}

/** An answer that may say more than its status: where a redirect leads that is not followed. */
export interface Answered {
  readonly answer: WireAnswer
  readonly refusedRedirect: string | undefined
}

/**
 * Sends a call until there is an answer to give to the caller: with the next lower version after a 412, once with
 * fresh credentials after a 401, to where a redirect leads, and again where that is safe.
 * @param first the call, written for the version that the session has now
 */
export async function exchange(
  session: Session,
  outgoing: Outgoing,
  first: WireRequest,
  progress: Progress,
  ending: Ending,
): Promise<Answered> {
  const { versions, auth } = session
  let { minor } = versions
  let request = first
  let mayRefresh = true
  for (;;) {
    const { answer, refusedRedirect } = await sendOne(session, outgoing, request, progress, ending, minor)
    if (answer.status === 412 && minor > versions.minimumMinor) {
      minor -= 1
      request = requestFor(session, outgoing, minor)
      tellRetry(session, outgoing, 'version', minor)
    } else if (answer.status === 401 && mayRefresh && auth.refresh(progress.authHeaders)) {
      mayRefresh = false
      tellRetry(session, outgoing, 'token', minor)
    } else {
      // A broker that takes no version at all is not remembered by the lowest.
      if (answer.status !== 412) versions.minor = minor
      return { answer, refusedRedirect }
    }
  }
}

/**
 * Writes the call for a version.
 * @throws {TypeError | UnsupportedVersionError} when that cannot be done
 */
export function requestFor(
  session: Session,
  { operation, call, details, report }: Outgoing,
  minor: number,
): WireRequest {
  const apiVersion = versionText(session.versions, minor)
  const gated = gateCall(operation, call, details, minor)
  if ('subject' in gated) {
    const neededVersion = versionText(session.versions, gated.neededMinor)
    const { requestIdentity } = report
    const failed = { operation, requestIdentity, orphanMitigation: 'none', apiVersion, neededVersion } as const
    throw new UnsupportedVersionError(gated.subject, failed)
  }
  const { sendsRequestIdentity } = gated
  const settings = { prefix: session.prefix, apiVersion, sendsRequestIdentity }
  return writeRequest(operation, gated.call, gated.details, report.requestIdentity, settings)
}

/** Sends one request, following redirects within the origin, and again where that is safe. */
async function sendOne(
  session: Session,
  outgoing: Outgoing,
  first: WireRequest,
  progress: Progress,
  ending: Ending,
  minor: number,
): Promise<Answered> {
  let request = first
  let redirects = 0
  for (let tries = 0; ;) {
    const mayRepeat = tries < outgoing.retries && !ending.isOver
    const tried = await tryOnce(session, request, progress, ending, mayRepeat)
    const redirect = tried.answer && readRedirect(tried.answer, request, session.origin)
    if (redirect && 'path' in redirect && redirects < session.maxRedirects) {
      redirects++
      request = { ...request, path: redirect.path }
      tellRetry(session, outgoing, 'redirect', minor)
    } else if (tried.reason) {
      const { clock } = session
      await clock.sleep(retryDelayMs(tries, tried.answer?.header('Retry-After'), clock.now()), ending.signal)
      tries++
      tellRetry(session, outgoing, tried.reason, minor)
    } else
      return { answer: tried.answer, refusedRedirect: redirect && 'refusal' in redirect ? redirect.refusal : undefined }
  }
}

/** The answer to take, or why to try again; with the answer that says so, if one came. */
type Tried =
  | { readonly answer: WireAnswer; readonly reason: undefined }
  | { readonly answer: WireAnswer | undefined; readonly reason: RetryReason }

async function tryOnce(
  session: Session,
  request: WireRequest,
  progress: Progress,
  ending: Ending,
  mayRepeat: boolean,
): Promise<Tried> {
  try {
    const answer = await sendAuthenticated(session, request, progress, ending)
    return { answer, reason: mayRepeat ? retryAfterAnswer(request.method, answer) : undefined }
  } catch (error) {
    const isOurs = error instanceof AuthFailure || error instanceof UnsendableError || ending.isOver
    const reason = mayRepeat && !isOurs ? retryAfterError(request.method, error) : undefined
    if (!reason) throw error
    return { answer: undefined, reason }
  }
}

async function sendAuthenticated(
  session: Session,
  request: WireRequest,
  progress: Progress,
  ending: Ending,
): Promise<WireAnswer> {
  progress.authHeaders = await authHeadersOf(session, request)
  progress.status = undefined
  const { method, path, headers, body } = request
  session.onRequest?.({ method, url: session.origin + path, headers, body })
  return session.transport.send(
    { ...request, headers: { ...request.headers, ...progress.authHeaders } },
    {
      ending,
      maxResponseBytes: session.maxResponseBytes,
      onStatus: (known) => {
        progress.status = known
      },
    },
  )
}

async function authHeadersOf({ auth, origin }: Session, { method, path, body }: WireRequest): Promise<AuthHeaders> {
  try {
    return await auth.headers(() => ({ method, url: origin + path, body }))
  } catch (error) {
    throw new AuthFailure(error)
  }
}

function tellRetry({ versions }: Session, { report }: Outgoing, reason: RetryReport['reason'], minor: number): void {
  if (!channels.retry.hasSubscribers) return
  channels.retry.publish({ call: report, reason, apiVersion: versionText(versions, minor) } satisfies RetryReport)
}
