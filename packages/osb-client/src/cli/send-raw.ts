import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { findBroker } from '../platform/find.js'
import type { BrokerRecord } from '../platform/state.js'
import { rawRequest } from '../platform/raw-request.js'
import { recordOf } from '../platform/unregistered.js'
import { readBrokerTarget } from './broker-target.js'
import { readState } from './read-state.js'
import { CliError, usageError } from './cli-error.js'
import { exitCodes } from './exit-codes.js'
import type { Shown, VerbContext } from './verb.js'
import { platformOptions } from './with-platform.js'

interface RawValues {
  readonly request?: string
  readonly data?: string
  readonly header?: string[]
  readonly broker?: string
  readonly include?: boolean
}

/** Sends one request as it is to a broker: what `curl` does. */
export async function sendRaw(context: VerbContext<RawValues>): Promise<Shown> {
  const { values, args, signal } = context
  const [path = ''] = args
  refuseCloudController(path)
  const target = await readBrokerTarget(context)
  const broker = target && values.broker === undefined ? recordOf(target) : registered(context)
  const body = bodyOf(context)
  const { profile = 'cf', onRequest } = platformOptions(context)
  const method = (values.request ?? (body === undefined ? 'GET' : 'POST')).toUpperCase()
  const headers = headersOf(values.header ?? [])
  const request = { method, path: path.startsWith('/') ? path : `/${path}`, headers, body, signal }
  const answer = await rawRequest(
    broker,
    { profile, polling: 'quick', unregistered: target, onRequest },
    request,
  ).catch((error: unknown) => {
    signal.throwIfAborted()
    const { message } = error as Error
    throw new CliError('BROKER_UNREACHABLE', message, 'Check the URL and that the broker runs.', exitCodes.noAnswer)
  })
  const head = values.include === true ? `HTTP ${answer.status}\n${headLines(answer.headers)}\n` : ''
  return {
    json: { status: answer.status, headers: answer.headers, body: parsed(answer.body) },
    text: `${head}${answer.body}${answer.body.endsWith('\n') ? '' : '\n'}`,
    exitCode: answer.status < 400 ? exitCodes.fine : exitCodes.failed,
  }
}

/** What a Cloud Controller has and a broker has not; the founding lines of many an old script. */
function refuseCloudController(path: string): void {
  if (/^\/?v2\/service_plans\b/.test(path))
    throw new CliError(
      'NOT_SUPPORTED',
      `${path} is of Cloud Controller, and curl sends to the broker`,
      'Use "osb enable-service-access OFFERING" to let everyone order its plans, and "osb service-access" to see them.',
    )
  if (/^\/?v3\//.test(path))
    throw new CliError(
      'NOT_SUPPORTED',
      `${path} is of Cloud Controller, and curl sends to the broker`,
      'The verbs of osb show the same with --json: services, service, service-access, apps, env.',
    )
}

function registered(context: VerbContext<RawValues>): BrokerRecord {
  const { values } = context
  const state = readState(context)
  if (values.broker !== undefined) return findBroker(state, values.broker)
  const [only, ...others] = state.brokers.filter(({ isRegistered }) => isRegistered)
  if (only && others.length === 0) return only
  const message = only ? 'several brokers are registered' : 'no broker is registered'
  throw usageError(
    `${message}, so that nobody knows where to send this`,
    'Say which with -b BROKER, or give --url URL.',
  )
}

function bodyOf({ values, cwd }: VerbContext<RawValues>): string | undefined {
  const { data } = values
  if (data?.startsWith('@') !== true) return data
  try {
    return readFileSync(resolve(cwd, data.slice(1)), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw usageError(`-d ${data} cannot be read (${code})`, 'Give the body itself, or @ and the path of a file.')
  }
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':')
      if (at < 1) throw usageError('-H is no header', 'Give a name, a colon and a value: -H "Accept: text/plain".')
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    }),
  )
}

function headLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
