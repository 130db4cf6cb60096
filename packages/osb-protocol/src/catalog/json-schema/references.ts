import type { SchemaFault, Subschema } from './schema-parts.js'

type Subschemas = ReadonlyMap<string, Subschema>

/** References that lead out of the schema (SCH-04), to nothing, or round in a circle. */
export function referenceFaults(subschemas: Subschemas): SchemaFault[] {
  const anchors = new Map(
    [...subschemas].flatMap(([pointer, { anchor }]) => (anchor === undefined ? [] : [[anchor, pointer] as const])),
  )
  const faults = [...subschemas.values()].flatMap(({ path, reference }) => {
    if (reference === undefined) return []
    const at = [...path, '$ref']
    if (!reference.startsWith('#')) {
      const message = 'must not point outside of the schema; copy what it points at into definitions'
      return [{ rule: 'SCH-04', path: at, message }]
    }
    if (targetOf(subschemas, anchors, reference) !== undefined) return []
    return [{ rule: 'OSB-SCHEMA', path: at, message: 'points at nothing that is a schema; put it into definitions' }]
  })
  return [...faults, ...circles(subschemas, anchors)]
}

function targetOf(subschemas: Subschemas, anchors: ReadonlyMap<string, string>, reference: string): string | undefined {
  const fragment = decoded(reference.slice(1))
  if (fragment === undefined) return undefined
  if (fragment !== '' && !fragment.startsWith('/')) return anchors.get(fragment)
  return subschemas.has(fragment) ? fragment : undefined
}

function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return undefined
  }
}

/** A schema that leads to itself for the same value would be followed for ever. */
function circles(subschemas: Subschemas, anchors: ReadonlyMap<string, string>): SchemaFault[] {
  const state = new Map<string, 'open' | 'done'>()
  const faults: SchemaFault[] = []

  function follow(pointer: string): void {
    const subschema = subschemas.get(pointer)
    if (!subschema || state.get(pointer) === 'done') return
    if (state.get(pointer) === 'open') {
      const message = 'leads to itself for one and the same value; let a property or an item come between'
      faults.push({ rule: 'OSB-SCHEMA', path: subschema.path, message })
      return
    }
    state.set(pointer, 'open')
    const target = subschema.reference === undefined ? undefined : targetOf(subschemas, anchors, subschema.reference)
    for (const next of target === undefined ? subschema.inPlace : [...subschema.inPlace, target]) follow(next)
    state.set(pointer, 'done')
  }

  for (const pointer of subschemas.keys()) follow(pointer)
  return faults
}
