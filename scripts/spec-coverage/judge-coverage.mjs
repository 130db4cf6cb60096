/**
 * @typedef {import('./read-requirements.mjs').Requirement} Requirement
 * @typedef {{ package: string, file: string, name: string }} NamedTest
 * @typedef {{ owner: 'author' | 'operator', reason: string }} Owner
 * @typedef {{ requirement: Requirement, tests: NamedTest[], owner: Owner | undefined }} Row
 * @typedef {{ rows: Row[], both: { total: number, named: number }, platform: { total: number, named: number },
 *   faults: string[] }} Coverage
 */

const OWNERS = ['author', 'operator']
/** Where a broker's duties can be held; a test of the client shows how an answer is read, not that it is given. */
const BROKER_PACKAGES = new Set(['osb-server', 'osb-protocol'])
const ID = /\b([A-Z][A-Z0-9]+)-\d{2}\b/g
const FIRST_ID = /^[A-Z][A-Z0-9]+-\d{2}(?=[:,])/

/**
 * Puts rules, tests and owners together, and says what does not fit.
 * @param {readonly Requirement[]} requirements
 * @param {readonly NamedTest[]} tests
 * @param {Readonly<Record<string, Owner>>} owners for rows of the broker that no test can hold
 * @returns {Coverage}
 */
export function judgeCoverage(requirements, tests, owners) {
  const named = groupById(tests)
  const brokers = new Map(
    requirements
      .filter(({ who }) => who === 'Broker')
      .map((requirement) => [
        requirement.id,
        {
          requirement,
          tests: (named.get(requirement.id) ?? []).filter((test) => BROKER_PACKAGES.has(test.package)),
          owner: owners[requirement.id],
        },
      ]),
  )
  const rows = [...brokers.values()]
  const faults = [
    ...unknownIds(tests, requirements),
    ...rows.flatMap(faultOfRow),
    ...Object.entries(owners).flatMap(([id, owner]) => faultOfOwner(id, owner, brokers.has(id))),
  ]
  return { rows, both: count(requirements, 'Both', named), platform: count(requirements, 'Platform', named), faults }
}

/** @param {readonly NamedTest[]} tests */
function groupById(tests) {
  /** @type {Map<string, NamedTest[]>} */
  const groups = new Map()
  for (const test of tests)
    for (const id of new Set(test.name.match(ID))) groups.set(id, [...(groups.get(id) ?? []), test])
  return groups
}

/** @param {readonly NamedTest[]} tests @param {readonly Requirement[]} requirements */
function unknownIds(tests, requirements) {
  const ids = new Set(requirements.map(({ id }) => id))
  const prefixes = new Set(requirements.map(({ id }) => id.slice(0, id.indexOf('-'))))
  return tests.flatMap(({ package: name, file, name: title }) =>
    [...title.matchAll(ID)]
      // Words such as UTF-16 have the form of an id, but no name of a test begins with them.
      .filter(([id, prefix]) => !ids.has(id) && (prefixes.has(prefix ?? '') || FIRST_ID.exec(title)?.[0] === id))
      .map(([id]) => `${id} does not exist: ${name}/${file}: "${title}"`),
  )
}

/** @param {Row} row */
function faultOfRow({ requirement: { id, text }, tests: [test], owner }) {
  if (test === undefined && owner === undefined) return [`${id} has neither a test nor an owner: ${text}`]
  if (test === undefined || owner === undefined) return []
  return [`${id} has an owner (${owner.owner}) and a test (${test.package}/${test.file}: "${test.name}"): remove one`]
}

/** @param {string} id @param {Owner} owner @param {boolean} isBrokers */
function faultOfOwner(id, { owner, reason }, isBrokers) {
  if (!isBrokers) return [`${id} has an owner but is no row of the broker`]
  if (!OWNERS.includes(owner)) return [`${id}: the owner is none of ${OWNERS.join(', ')}`]
  return reason.trim() === '' ? [`${id} has an owner but no reason`] : []
}

/**
 * @param {readonly Requirement[]} requirements
 * @param {import('./read-requirements.mjs').Who} who
 * @param {ReadonlyMap<string, unknown>} named
 */
function count(requirements, who, named) {
  const rows = requirements.filter((requirement) => requirement.who === who)
  return { total: rows.length, named: rows.filter(({ id }) => named.has(id)).length }
}
