import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Catalog, catalog as catalogSchema, jsonPointer } from 'osb-protocol'
import { findBroker } from '../platform/find.js'
import { rawRequest } from '../platform/raw-request.js'
import { recordOf } from '../platform/unregistered.js'
import { readBrokerTarget } from './broker-target.js'
import { readState } from './read-state.js'
import { CliError, usageError } from './cli-error.js'
import { exitCodes } from './exit-codes.js'
import { readInput } from './read-password.js'
import type { VerbContext } from './verb.js'
import { platformOptions } from './with-platform.js'

/** What is said of all verbs that read a catalog. */
export const catalogSourceDetails =
  'SOURCE is the URL of a broker (its login by OSB_USERNAME and OSB_PASSWORD), a file, "-", or the name of a registered\nbroker. Without it, OSB_URL names the broker.'

/** Where a broker's own answer is wanted, all statuses but this are failures. */
const found = 200

/**
 * The body of a catalog, of whatever shape, from a broker or a file.
 * @throws {CliError} when there is none, or it is not JSON
 */
export async function readCatalogSource(context: VerbContext, source: string | undefined): Promise<unknown> {
  const isUrl = source === undefined || /^https?:/.test(source)
  if (isUrl) {
    const target = await readBrokerTarget(context, source)
    if (!target) throw usageError('no broker was named', 'Give a URL, a file, "-", or the name of a registered broker.')
    return fetchCatalog(context, recordOf(target), target)
  }
  const { brokers } = readState(context)
  if (brokers.some(({ name, isRegistered }) => isRegistered && name === source))
    return fetchCatalog(context, findBroker(readState(context), source), undefined)
  return parse(source, source === '-' ? await readInput(context.stdin()) : readFile(context, source))
}

/**
 * The catalog of a source, its shape checked.
 * @throws {CliError} `INVALID_CATALOG`
 */
export async function readCheckedCatalog(context: VerbContext, source: string | undefined): Promise<Catalog> {
  const value = await readCatalogSource(context, source)
  const parsed = catalogSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  const place = first ? `: ${jsonPointer(first.path) || '/'} ${first.message}` : ''
  const next = `Run "osb lint${source === undefined ? '' : ` ${source}`}" to see all that is wrong with it.`
  throw new CliError('INVALID_CATALOG', `this is no catalog${place}`, next, exitCodes.noAnswer)
}

async function fetchCatalog(
  context: VerbContext,
  broker: Parameters<typeof rawRequest>[0],
  unregistered: Awaited<ReturnType<typeof readBrokerTarget>>,
): Promise<unknown> {
  const { signal } = context
  const { profile = 'cf', onRequest } = platformOptions(context)
  const request = { method: 'GET', path: '/v2/catalog', headers: {}, body: undefined, signal }
  const answer = await rawRequest(broker, { profile, polling: 'quick', unregistered, onRequest }, request).catch(
    (error: unknown) => {
      signal.throwIfAborted()
      const { message } = error as Error
      throw new CliError('BROKER_UNREACHABLE', message, 'Check the URL and that the broker runs.', exitCodes.noAnswer)
    },
  )
  if (answer.status === found) return parse(broker.url, answer.body)
  const next =
    answer.status === 401
      ? 'Give its login: OSB_USERNAME and OSB_PASSWORD, or --username and --password-stdin.'
      : 'Check the path of the URL, which stands before /v2, and the log of the broker.'
  const message = `the broker at ${broker.url} answers ${answer.status} to /v2/catalog`
  throw new CliError('BROKER_RESPONSE', message, next, exitCodes.failed)
}

function readFile({ cwd }: VerbContext, path: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const next = 'Give a URL, a file, "-", or the name of a registered broker.'
    throw usageError(`${path} is no registered broker, and no file that can be read (${code})`, next)
  }
}

function parse(source: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const next = 'Give the body of GET /v2/catalog.'
    throw new CliError('INVALID_CATALOG', `what ${source} holds is not JSON`, next, exitCodes.noAnswer)
  }
}
