/** A column: its title, and its cells by row. */
export type Row = readonly string[]

/** Where a table goes. */
export interface TableSpace {
  /** Of the terminal; a table that is wider is folded in its widest columns. @default as wide as it gets */
  readonly columns?: number | undefined
  readonly indent?: string | undefined
}

const gap = '   '
const leastWidth = 8

/** Lines up rows below their titles, as `cf` does. */
export function formatTable(titles: Row, rows: readonly Row[], { columns, indent = '' }: TableSpace = {}): string {
  const all = [titles, ...rows].map((row) => row.map(printable))
  const wanted = titles.map((_title, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))))
  const room = columns === undefined ? Infinity : columns - indent.length - gap.length * (titles.length - 1)
  const widths = narrowed(wanted, room)
  return all
    .flatMap((row) => foldRow(row, widths))
    .map((row) => `${(indent + row.map((cell, column) => padded(cell, widths[column] ?? 0)).join(gap)).trimEnd()}\n`)
    .join('')
}

/** Takes from the widest column again and again, until all fit or none can give. */
function narrowed(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted]
  for (let over = widths.reduce((sum, width) => sum + width, 0) - room; over > 0; over--) {
    const widest = Math.max(...widths)
    if (widest <= leastWidth) break
    widths[widths.indexOf(widest)] = widest - 1
  }
  return widths
}

/** The lines that a row takes when its cells are folded. */
function foldRow(row: Row, widths: readonly number[]): string[][] {
  const folded = row.map((cell, column) => fold(cell, widths[column] ?? 0))
  const height = Math.max(...folded.map(({ length }) => length))
  return Array.from({ length: height }, (_line, at) => folded.map((lines) => lines[at] ?? ''))
}

/** Folds at spaces, and a word that is too long anywhere. */
function fold(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((each) => pieces(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= width) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line].filter((each) => each !== '')
}

function pieces(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word]
  const characters = [...word]
  const count = Math.ceil(characters.length / width)
  return Array.from({ length: count }, (_piece, at) => characters.slice(at * width, (at + 1) * width).join(''))
}

/** Pairs of a name and a value, each a line. */
export function formatPairs(pairs: readonly (readonly [name: string, value: string])[], indent = ''): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length + 1))
  return pairs
    .map(([name, value]) => `${indent}${`${name}:`.padEnd(width)}   ${printable(value)}`.trimEnd() + '\n')
    .join('')
}

/** Nothing that moves the cursor or colours the rest: brokers write these texts. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** Columns on a terminal: characters of East Asia and pictures take two, marks none. */
function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of new Intl.Segmenter().segment(text))
    width +=
      /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/u.test(
        segment,
      )
        ? 2
        : 1
  return width
}
