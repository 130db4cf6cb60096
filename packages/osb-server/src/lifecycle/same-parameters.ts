import type { JsonObject } from 'osb-protocol'
import type { ParametersDefinition } from '../offering/parameters.js'
import { parseParameters } from '../offering/parse-parameters.js'
import { equalJson } from './equal-json.js'
import { fillDefaults } from './fill-defaults.js'

/**
 * Whether two sets of parameters ask for the same: equal as received, or equal once the plan's defaults are filled in
 * (PROV-12, BIND-22). Stored ones that the plan takes no more are not the same.
 */
export async function sameParameters(
  definition: ParametersDefinition | undefined,
  stored: JsonObject = {},
  asked: JsonObject = {},
): Promise<boolean> {
  if (equalJson(stored, asked)) return true
  if (!definition) return false
  try {
    const [before, now] = await Promise.all([effective(definition, stored), effective(definition, asked)])
    return equalJson(asJson(before), asJson(now))
  } catch {
    return false
  }
}

/** A schema that validates fills in its own defaults, one that is published beside it, or alone, does not. */
async function effective(definition: ParametersDefinition, given: JsonObject): Promise<unknown> {
  const filled = '~standard' in definition ? given : fillDefaults(definition.jsonSchema, given)
  return parseParameters(definition, filled)
}

/** What a schema made of the parameters need not be JSON any more (dates, for one); compare it as JSON. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null))
}
