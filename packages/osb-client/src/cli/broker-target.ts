import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { usageError } from './cli-error.js'
import { readPassword } from './read-password.js'
import type { VerbContext } from './verb.js'

/** A broker that was named on the command line or by the environment: where it is and how to log in. */
export interface BrokerTarget {
  readonly url: string
  /** Undefined where the broker wants no login. */
  readonly login: { readonly username: string; readonly password: string } | undefined
  /** PEM of the authority. */
  readonly ca: string | undefined
  readonly skipsTlsValidation: boolean
}

/**
 * The broker of the flags, else of `OSB_URL`, `OSB_USERNAME` and `OSB_PASSWORD`; undefined where neither names one.
 * @param url what a verb was given in place of `--url`
 * @throws {CliError} `USAGE`
 */
export async function readBrokerTarget(context: VerbContext, given?: string): Promise<BrokerTarget | undefined> {
  const { values, env } = context
  const url = given ?? values.url ?? env['OSB_URL']
  if (url === undefined || url === '') return undefined
  assertUrl(url)
  const username = values.username ?? env['OSB_USERNAME']
  return { url, login: await loginOf(context, username), ...readTls(context) }
}

/** The flags of TLS, as registered and unregistered brokers take them. */
export function readTls({ values, cwd }: VerbContext): Pick<BrokerTarget, 'ca' | 'skipsTlsValidation'> {
  const file = values['ca-file']
  const skipsTlsValidation = values['skip-ssl-validation'] === true
  if (file === undefined) return { ca: undefined, skipsTlsValidation }
  try {
    return { ca: readFileSync(resolve(cwd, file), 'utf8'), skipsTlsValidation }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw usageError(`--ca-file ${file} cannot be read (${code})`, 'Give the path of a file in PEM form.')
  }
}

/**
 * @throws {CliError} `USAGE` when it is no URL of a broker
 */
export function assertUrl(url: string): void {
  const next = 'Give what stands before /v2, such as https://broker.example, and the login beside it.'
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw usageError('the URL of the broker is none', next)
  const { username, password } = new URL(url)
  if (username !== '' || password !== '') throw usageError('the URL of the broker has a login in it', next)
}

async function loginOf(context: VerbContext, username: string | undefined): Promise<BrokerTarget['login']> {
  const password = await readPassword(context, 'OSB_PASSWORD')
  if (username === undefined && password === undefined) return undefined
  if (username !== undefined && password !== undefined) return { username, password }
  const missing = username === undefined ? 'name' : 'password'
  throw usageError(
    `the login has no ${missing}`,
    'Give both: OSB_USERNAME and OSB_PASSWORD, or --username and --password-stdin.',
  )
}
