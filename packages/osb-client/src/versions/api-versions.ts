import { parseApiVersion, protocolVersion } from 'osb-protocol'

const oldestMinor = 11

/** The versions that a client may speak, and the one that its broker took last. */
export interface ApiVersions {
  readonly major: number
  readonly preferredMinor: number
  readonly minimumMinor: number
  /** The minor version that the broker took last; it is remembered for later calls. */
  minor: number
}

/**
 * Checks the two options.
 * @throws {TypeError} when one is no version, or they do not go together
 */
export function apiVersions(preferred = protocolVersion, minimum?: string): ApiVersions {
  const from = parseApiVersion(preferred)
  if (!from) throw new TypeError('apiVersion must be MAJOR.MINOR, such as 2.17')
  const { major, minor } = from
  const to = minimum === undefined ? { major, minor: Math.min(oldestMinor, minor) } : parseApiVersion(minimum)
  if (!to) throw new TypeError('minVersion must be MAJOR.MINOR, such as 2.11')
  if (to.major !== major || to.minor > minor)
    throw new TypeError('minVersion must be of the same major version as apiVersion, and not above it')
  return { major, preferredMinor: minor, minimumMinor: to.minor, minor }
}

/** A version in the form of the header (VER-02). */
export const versionText = ({ major }: ApiVersions, minor: number): string => `${major}.${minor}`
