import type { BoundService } from './bound-service.js'
import { pickCredentials, type CredentialsPath } from './pick-credentials.js'
import { VcapError, type ServiceCandidate } from './errors.js'
import type { VcapWarning } from './parse-services.js'
import { describeSelector, toPredicate, type ServiceSelector } from './select.js'
import type { VcapSource } from './sources.js'
import type { OutputOf, StandardSchema } from './standard-schema.js'
import type { UnknownRecord } from './structure.js'

const namedInMessage = 20

/** The services that are bound to this app, and where they were read. */
export class VcapServices {
  /** Every service, in the order of the source. */
  declare readonly all: readonly BoundService[]
  declare readonly source: VcapSource
  /** What was odd and did not stop the read. */
  declare readonly warnings: readonly VcapWarning[]

  constructor(all: readonly BoundService[], source: VcapSource, warnings: readonly VcapWarning[]) {
    this.all = all
    this.source = source
    this.warnings = warnings
  }

  /**
   * The one service that fits, or undefined: for a service that the app can do without.
   *
   * @throws {VcapError} `AMBIGUOUS` when several fit; `INVALID_SELECTOR`.
   */
  find(selector: ServiceSelector): BoundService | undefined {
    const found = this.filter(selector)
    if (found.length < 2) return found[0]
    throw selectionError('AMBIGUOUS', `${found.length} bound services fit`, selector, found)
  }

  /**
   * Every service that fits, in the order of the source.
   *
   * @throws {VcapError} `INVALID_SELECTOR`.
   */
  filter(selector: ServiceSelector): readonly BoundService[] {
    return this.all.filter(toPredicate(selector))
  }

  /**
   * The one service that fits.
   *
   * @throws {VcapError} `NO_MATCH` when none fits, `AMBIGUOUS` when several do; both list candidates by name, label and
   *   tags. `INVALID_SELECTOR`.
   */
  get(selector: ServiceSelector): BoundService {
    const found = this.find(selector)
    if (found !== undefined) return found
    throw selectionError('NO_MATCH', 'no bound service fits', selector, this.all)
  }

  /**
   * The credentials of the one service that fits: as they are, or as a schema of any Standard Schema library (zod,
   * valibot, arktype) returns them. A path picks a part of them, for the schema too.
   *
   * @throws {VcapError} what {@link get} throws; `CREDHUB_REF`; `INVALID_CREDENTIALS` when the schema refuses them or
   *   nothing lies at the path; `ASYNC_SCHEMA`.
   * @example
   * const { uri } = services.credentials({ label: 'collector' }, z.object({ uri: z.url() }))
   * const token = services.credentials('vault', z.string(), '/auth/token')
   */
  credentials(selector: ServiceSelector): UnknownRecord
  credentials<Schema extends StandardSchema>(
    selector: ServiceSelector,
    schema: Schema,
    path?: CredentialsPath,
  ): OutputOf<Schema>
  credentials(selector: ServiceSelector, schema: undefined, path: CredentialsPath): unknown
  credentials(selector: ServiceSelector, schema?: StandardSchema, path?: CredentialsPath): unknown {
    return pickCredentials(this.get(selector), schema, path)
  }

  /**
   * The credentials of every service that fits, in the order of the source; an empty list when none does.
   *
   * @throws {VcapError} what {@link credentials} throws, but neither `NO_MATCH` nor `AMBIGUOUS`.
   */
  allCredentials(selector: ServiceSelector): readonly UnknownRecord[]
  allCredentials<Schema extends StandardSchema>(
    selector: ServiceSelector,
    schema: Schema,
    path?: CredentialsPath,
  ): readonly OutputOf<Schema>[]
  allCredentials(selector: ServiceSelector, schema: undefined, path: CredentialsPath): readonly unknown[]
  allCredentials(selector: ServiceSelector, schema?: StandardSchema, path?: CredentialsPath): readonly unknown[] {
    return this.filter(selector).map((service) => pickCredentials(service, schema, path))
  }
}

function selectionError(
  code: 'NO_MATCH' | 'AMBIGUOUS',
  what: string,
  selector: ServiceSelector,
  services: readonly BoundService[],
): VcapError {
  const candidates = services.map(({ name, label, tags }): ServiceCandidate => ({ name, label, tags }))
  const named = candidates.slice(0, namedInMessage).map((candidate) => JSON.stringify(candidate))
  if (candidates.length > namedInMessage) named.push(`and ${candidates.length - namedInMessage} more`)
  const list = named.length === 0 ? 'none' : named.join(', ')
  const message = `${what} ${describeSelector(selector)}; ${code === 'NO_MATCH' ? 'bound' : 'these fit'}: ${list}`
  return new VcapError(code, message, { candidates })
}
