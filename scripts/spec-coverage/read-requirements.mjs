/**
 * @typedef {'Broker' | 'Platform' | 'Both'} Who
 * @typedef {{ id: string, who: Who, level: string, text: string, chapter: string }} Requirement
 */

const CHAPTER = /^##+ (\d\S* .*)$/
const ROW = /^\| ([A-Z][A-Z0-9]+-\d{2}) +\| (Broker|Platform|Both) +\| ([A-Z ]+?) +\| (.*)$/

/**
 * The rows of docs/spec/requirements.md, in its order.
 * @param {string} markdown
 * @returns {Requirement[]}
 */
export function readRequirements(markdown) {
  let chapter = ''
  /** @type {Requirement[]} */
  const rows = []
  for (const line of markdown.split('\n')) {
    chapter = CHAPTER.exec(line)?.[1] ?? chapter
    const [, id, who, level, rest] = ROW.exec(line) ?? []
    if (id === undefined || level === undefined || rest === undefined) continue
    // A cell ends at a bar that is not escaped.
    const text = (rest.split(/(?<!\\)\|/)[0] ?? '').trim()
    rows.push({ id, who: /** @type {Who} */ (who), level, text, chapter })
  }
  return rows
}
