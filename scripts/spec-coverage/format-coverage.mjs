/** @typedef {import('./judge-coverage.mjs').Row} Row */

/**
 * docs/spec-coverage.md.
 * @param {import('./judge-coverage.mjs').Coverage} coverage
 */
export function formatCoverage({ rows, both, platform }) {
  const heldOf = (/** @type {readonly Row[]} */ some) => some.filter(({ tests }) => tests.length > 0).length
  const ownedBy = (/** @type {string} */ name) =>
    [...rows, ...platform].filter(({ owner }) => owner?.owner === name).length
  return [
    '# Coverage of the specification',
    '',
    'Written by `npm run spec-coverage` from the names of the tests and from',
    '[owners.json](../scripts/spec-coverage/owners.json); `npm run check coverage` fails when it is stale. The rows are',
    'those of [spec/requirements.md](spec/requirements.md).',
    '',
    '| Rows of | held by | rows |',
    '| --- | --- | --- |',
    `| Broker | named tests of \`osb-server\` and \`osb-protocol\` | ${heldOf(rows)} |`,
    `| Broker | the author of an offering | ${ownedBy('author')} |`,
    `| Broker | the operator of a broker | ${ownedBy('operator')} |`,
    `| Broker | all | ${rows.length} |`,
    `| Platform | named tests of \`osb-client\` and \`osb-protocol\` | ${heldOf(platform)} |`,
    `| Platform | the platform that uses the client | ${ownedBy('platform')} |`,
    `| Platform | all | ${platform.length} |`,
    `| Both | whoever sends or receives; ${both.named} of them are named by tests | ${both.total} |`,
    '',
    '## Rows of brokers',
    ...chapters(rows).flatMap(formatChapter),
    '',
    '## Rows of platforms',
    ...chapters(platform).flatMap(formatChapter),
    '',
  ].join('\n')
}

/** @param {[chapter: string, rows: Row[]]} chapter */
function formatChapter([chapter, rows]) {
  return [
    '',
    `### ${chapter}`,
    '',
    '| ID | level | requirement | held by |',
    '| --- | --- | --- | --- |',
    ...rows.map(formatRow),
  ]
}

/** @param {readonly Row[]} rows @returns {[chapter: string, rows: Row[]][]} */
function chapters(rows) {
  /** @type {Map<string, Row[]>} */
  const found = new Map()
  for (const row of rows) {
    const { chapter } = row.requirement
    found.set(chapter, [...(found.get(chapter) ?? []), row])
  }
  return [...found]
}

/** @param {Row} row */
function formatRow({ requirement: { id, level, text }, tests, owner }) {
  return `| ${id} | ${level} | ${text} | ${owner ? `**${owner.owner}**: ${owner.reason}` : formatTests(tests)} |`
}

/** @param {Row['tests']} tests */
function formatTests(tests) {
  /** @type {Map<string, Set<string>>} */
  const files = new Map()
  for (const { package: name, file, name: title } of tests) {
    const path = `${name}/${file}`
    files.set(path, (files.get(path) ?? new Set()).add(formatTitle(title)))
  }
  return [...files].map(([path, titles]) => `\`${path}\`: ${[...titles].join('; ')}`).join('<br>')
}

/** A title with an ellipsis in the places that a table of cases fills. @param {string} title */
function formatTitle(title) {
  return title
    .replaceAll(/%[sijdof]|\$\w+/g, '…')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
}
