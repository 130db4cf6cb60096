import type { BoundService } from './bound-service.js'
import { VcapError } from './errors.js'

/** Text that must be equal, case included, or an expression that must match somewhere. */
export type TextMatch = string | RegExp

/** Conditions that must all hold. At least one is needed; undefined is refused, as it would match everything. */
export interface ServiceQuery {
  readonly name?: TextMatch
  readonly instance_name?: TextMatch
  readonly binding_name?: TextMatch
  /** The guid of the instance or of the binding. */
  readonly guid?: TextMatch
  /** The name of the service offering; in a servicebinding.io folder its `type`. */
  readonly label?: TextMatch
  /** One tag, or several that must all be there. */
  readonly tag?: TextMatch | readonly TextMatch[]
  readonly plan?: TextMatch
  readonly where?: ServicePredicate
}

export type ServicePredicate = (service: BoundService) => boolean

/** Which service is meant: its name, an expression for its name, conditions, or a function. */
export type ServiceSelector = TextMatch | ServiceQuery | ServicePredicate

/**
 * Makes a predicate of a selector.
 *
 * @throws {VcapError} `INVALID_SELECTOR` when it has no condition, an unknown one, or one of the wrong type.
 */
export function toPredicate(selector: ServiceSelector): ServicePredicate {
  if (typeof selector === 'function') return selector
  if (isTextMatch(selector)) return toCondition('name', selector)
  const conditions: ServicePredicate[] = []
  for (const [field, wanted] of Object.entries(selector ?? {}) as [string, unknown][]) {
    if (field === 'tag' && Array.isArray(wanted)) conditions.push(...wanted.map((tag) => toCondition(field, tag)))
    else conditions.push(toCondition(field, wanted))
  }
  const [first] = conditions
  if (first === undefined) throw new VcapError('INVALID_SELECTOR', 'the selector has no condition')
  return conditions.length === 1 ? first : (service) => conditions.every((holds) => holds(service))
}

function toCondition(field: string, wanted: unknown): ServicePredicate {
  if (field === 'where' && typeof wanted === 'function') return wanted as ServicePredicate
  if (isTextMatch(wanted)) {
    const fits = toTextPredicate(wanted)
    if (field === 'name') return ({ name }) => fits(name)
    if (field === 'guid') return ({ instance_guid, binding_guid }) => fits(instance_guid) || fits(binding_guid)
    if (field === 'tag') return ({ tags }) => tags.some(fits)
    if (isTextField(field)) return (service) => fits(service[field])
  }
  throw new VcapError('INVALID_SELECTOR', `the selector's ${JSON.stringify(field)} is unknown, or of a wrong type`)
}

function isTextField(field: string): field is 'instance_name' | 'binding_name' | 'label' | 'plan' {
  return /^(?:(?:instance|binding)_name|label|plan)$/.test(field)
}

function isTextMatch(value: unknown): value is TextMatch {
  return typeof value === 'string' || value instanceof RegExp
}

function toTextPredicate(wanted: TextMatch): (value: string | null) => boolean {
  if (typeof wanted === 'string') return (value) => value === wanted
  // Unlike `test`, `search` ignores and keeps the state of a global expression.
  return (value) => value !== null && value.search(wanted) !== -1
}

/** A selector as a message shows it. */
export function describeSelector(selector: ServiceSelector): string {
  if (typeof selector === 'function') return 'the predicate'
  return isTextMatch(selector) ? `the name ${toJson(selector)}` : toJson(selector)
}

function toJson(selector: TextMatch | ServiceQuery): string {
  return JSON.stringify(selector, (_key, value: unknown) =>
    value instanceof RegExp ? String(value) : typeof value === 'function' ? 'predicate' : value,
  )
}
