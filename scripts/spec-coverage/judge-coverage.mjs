/**
 * @typedef {import('./read-requirements.mjs').Requirement} Requirement
 * @typedef {{ package: string, file: string, name: string }} NamedTest
 * @typedef {{ owner: 'author' | 'operator' | 'platform', reason: string }} Owner
 * @typedef {{ requirement: Requirement, tests: NamedTest[], owner: Owner | undefined }} Row
 * @typedef {{ rows: Row[], platform: Row[], both: { total: number, named: number }, faults: string[] }} Coverage
 */

/**
 * Whose duties can be held where, and who else may have them: a test of the client shows how an answer is read, not
 * that it is given; a test of the server not that it was asked for.
 */
const SIDES = {
  Broker: { packages: new Set(['osb-server', 'osb-protocol']), owners: ['author', 'operator'] },
  Platform: { packages: new Set(['osb-client', 'osb-protocol']), owners: ['platform'] },
}
const ID = /\b([A-Z][A-Z0-9]+)-\d{2}\b/g
const FIRST_ID = /^[A-Z][A-Z0-9]+-\d{2}(?=[:,])/

/**
 * Puts rules, tests and owners together, and says what does not fit.
 * @param {readonly Requirement[]} requirements
 * @param {readonly NamedTest[]} tests
 * @param {Readonly<Record<string, Owner>>} owners for rows that no test can hold
 * @returns {Coverage}
 */
export function judgeCoverage(requirements, tests, owners) {
  const named = groupById(tests)
  const rows = rowsOf('Broker', requirements, named, owners)
  const platform = rowsOf('Platform', requirements, named, owners)
  const owned = new Map([...rows, ...platform].map((row) => [row.requirement.id, row]))
  const faults = [
    ...unknownIds(tests, requirements),
    ...[...rows, ...platform].flatMap(faultOfRow),
    ...Object.entries(owners).flatMap(([id, owner]) => faultOfOwner(id, owner, owned.get(id)?.requirement)),
  ]
  return { rows, platform, both: count(requirements, 'Both', named), faults }
}

/**
 * @param {keyof typeof SIDES} who
 * @param {readonly Requirement[]} requirements
 * @param {ReadonlyMap<string, NamedTest[]>} named
 * @param {Readonly<Record<string, Owner>>} owners
 * @returns {Row[]}
 */
function rowsOf(who, requirements, named, owners) {
  return requirements
    .filter((requirement) => requirement.who === who)
    .map((requirement) => ({
      requirement,
      tests: (named.get(requirement.id) ?? []).filter((test) => SIDES[who].packages.has(test.package)),
      owner: owners[requirement.id],
    }))
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

/** @param {string} id @param {Owner} owner @param {Requirement | undefined} requirement */
function faultOfOwner(id, { owner, reason }, requirement) {
  if (requirement === undefined || requirement.who === 'Both')
    return [`${id} has an owner but is no row of the broker or the platform`]
  const { owners } = SIDES[requirement.who]
  if (!owners.includes(owner)) return [`${id}: the owner is none of ${owners.join(', ')}`]
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
