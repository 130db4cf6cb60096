import { parseDump } from '../../src/dump.js'
import { isVcapError, readVcapServices } from '../../src/index.js'

/** What an act gives, or the code of the error that it throws. */
export function outcome<Value>(act: () => Value): Value | string {
  try {
    return act()
  } catch (error) {
    if (isVcapError(error)) return error.code
    throw error
  }
}

/** The names of the services that an app reads from the variable; null for one without a name. */
export function strictNames(VCAP_SERVICES: string): string | (string | null)[] {
  return outcome(() => readVcapServices({ env: { VCAP_SERVICES } }).all.map(({ name }) => name))
}

/** The names that the lenient reader finds. */
export function lenientNames(input: string | Uint8Array): string | (string | null)[] {
  return outcome(() => readVcapServices({ env: parseDump(input).env }).all.map(({ name }) => name))
}
