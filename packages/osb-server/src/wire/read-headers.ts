import {
  type ApiVersion,
  headerNames,
  type OriginatingIdentity,
  parseApiVersion,
  parseOriginatingIdentity,
  protocolVersion,
} from 'osb-protocol'
import { OsbError } from '../errors.js'
import type { WireSettings } from './settings.js'
import { rememberParsed } from './remember-parsed.js'
import { isHeaderValue } from './to-response.js'

type Headers = { header(name: string): string | undefined }

const names = {
  apiVersion: headerNames.apiVersion.toLowerCase(),
  originatingIdentity: headerNames.originatingIdentity.toLowerCase(),
  requestIdentity: headerNames.requestIdentity.toLowerCase(),
}

const parseVersion = rememberParsed(parseApiVersion, 16)
/** A platform names the same user again and again while it polls. */
const parseIdentity = rememberParsed(parseOriginatingIdentity, 64)

/**
 * The version of the API that the platform speaks. Higher minors than this library's are fine, as minors only add
 * (T26, A15).
 * @throws {OsbError} 400 when it is missing (VER-04) or malformed (A14), 412 when it is not served (VER-03)
 */
export function readApiVersion(request: Headers, settings: WireSettings): ApiVersion {
  const { minimumApiVersion: minimum, requireApiVersion } = settings
  const text = request.header(names.apiVersion)
  if (text === undefined && requireApiVersion)
    throw OsbError.badRequest(`The header ${headerNames.apiVersion} is missing; send ${protocolVersion}.`)
  const version = parseVersion(text ?? protocolVersion)
  if (version === undefined)
    throw OsbError.badRequest(`The header ${headerNames.apiVersion} must have the form ${protocolVersion}.`)
  if (version.major === minimum.major && version.minor >= minimum.minor) return version
  throw OsbError.unsupportedApiVersion(
    `This broker serves version ${minimum.major}.${minimum.minor} and later of version ${minimum.major} of the API; use ${protocolVersion}.`,
  )
}

/** Who caused the request (OID-04). @throws {OsbError} 400 when the header is malformed */
export function readOriginatingIdentity(request: Headers): OriginatingIdentity | undefined {
  const text = request.header(names.originatingIdentity)
  if (text === undefined) return undefined
  const identity = parseIdentity(text)
  if (identity) return identity
  throw OsbError.badRequest(
    `The header ${headerNames.originatingIdentity} must be a platform name, a space and a JSON object in Base64.`,
  )
}

/** The request identity, if it is one that can stand in a header of the answer (RID-04). */
export function readRequestIdentity(request: Headers): string | undefined {
  const text = request.header(names.requestIdentity)
  return text !== undefined && text !== '' && isHeaderValue(text) ? text : undefined
}
