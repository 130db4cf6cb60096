import { type ApiVersion, parseApiVersion } from 'osb-protocol'
import type { Authenticator } from '../auth/authenticator.js'
import type { BrokerOptions } from './broker-options.js'
import { type CheckRate, limitRate } from './rate-limit.js'

const oldestApiVersion = '2.0'
const defaultMaximumBodyBytes = 1024 * 1024

/** The options with their defaults filled in, read once. */
export interface WireSettings {
  readonly auth: Authenticator
  /** Without a slash at its end; undefined: found in each path. */
  readonly basePath: string | undefined
  readonly minimumApiVersion: ApiVersion
  readonly requireApiVersion: boolean
  readonly lenientContentType: boolean
  readonly requireOrganizationAndSpace: boolean
  readonly maximumBodyBytes: number
  readonly checkRate: CheckRate | undefined
}

/** @throws {TypeError} when an option is not valid */
export function readOptions(options: BrokerOptions): WireSettings {
  const { auth, basePath, requireApiVersion = true, lenientContentType = false, rateLimit } = options
  const { requireOrganizationAndSpace = false } = options
  // Callers without types must not get an open broker by leaving it out.
  if (typeof (auth as Authenticator | undefined)?.authenticate !== 'function')
    throw new TypeError('a broker needs the option auth: basicAuth(…), or noAuth() to be open to everybody')
  if (basePath !== undefined && !/^(\/[^?#]*)?$/.test(basePath)) throw new TypeError('basePath must begin with a slash')
  return {
    auth,
    basePath: basePath?.replace(/\/+$/, ''),
    minimumApiVersion: readMinimum(options.minimumApiVersion ?? oldestApiVersion),
    requireApiVersion,
    lenientContentType,
    requireOrganizationAndSpace,
    maximumBodyBytes: readLimit(options.maximumBodyBytes ?? defaultMaximumBodyBytes),
    checkRate: rateLimit && limitRate(rateLimit),
  }
}

function readMinimum(text: string): ApiVersion {
  const version = parseApiVersion(text)
  if (version?.major === 2) return version
  throw new TypeError('minimumApiVersion must be a version of major 2, such as "2.13"')
}

function readLimit(bytes: number): number {
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes
  throw new TypeError('maximumBodyBytes must be a positive whole number')
}
