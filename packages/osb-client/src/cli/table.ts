/** A column: its title, and its cells by row. */
export type Row = readonly string[]

/**
 * Lines up rows below their titles, as `cf` does. What does not fit into the width of a terminal is wrapped by it, as a
 * cut value is of no use.
 */
export function formatTable(titles: Row, rows: readonly Row[], indent = ''): string {
  const all = [titles, ...rows].map((row) => row.map(printable))
  const widths = titles.map((_title, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))))
  return all
    .map(
      (row) =>
        indent +
        row
          .map((cell, column) => padded(cell, widths[column] ?? 0))
          .join('   ')
          .trimEnd(),
    )
    .join('\n')
    .concat('\n')
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
