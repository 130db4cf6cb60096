import { createHash } from 'node:crypto'
import type { ConformanceReport, OutcomeCounts } from '../result.js'
import { markup, type Markup, raw } from './html/markup.js'
import { faces, resultPart } from './html/parts.js'
import { platformsPart } from './html/platforms-part.js'
import { script } from './html/script.js'
import { style } from './html/style.js'
import { type ChapterOutline, counted, duration, leftoverText, type Outline, outcomes, outlineOf } from './outline.js'

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing is loaded, sent or run but what is in the page itself. */
const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/**
 * The report as one HTML page that needs nothing else: it can be attached to a build, mailed, and read without the
 * specification. Whatever the broker answered is text in it, never markup.
 */
export function toHtml(report: ConformanceReport): string {
  const outline = outlineOf(report)
  const sections = [...outline.chapters, ...(outline.probes ? [outline.probes] : [])]
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${raw(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>Conformance of ${report.url}</title>
        <style>${raw(style)}</style>
      </head>
      <body>
        ${head(report, outline)}
        <main>
          ${tiles(outline.counts)} ${leftovers(report)} ${overview(sections)} ${platformsPart(report.platforms)}
          <h2 id="results">Results</h2>
          ${filters(sections)} ${sections.map((section) => chapterPart(section, report))} ${notVisible(report)}
          <footer>
            Checked against the Open Service Broker API 2.17. The links lead to the lines of the specification that a
            rule comes from.
          </footer>
        </main>
        <script>${raw(script)}</script>
      </body>
    </html> `
  return page.text
}

function head(report: ConformanceReport, { verdict, passed, counts }: Outline): Markup {
  const face = faces[passed ? (counts.warning > 0 ? 'warning' : 'pass') : 'fail']
  return markup`<header>
    <div>
      <div class="top">
        <h1>Conformance of ${report.url}</h1>
        <button type="button" id="theme" class="small needs-script" hidden>Light / dark</button>
      </div>
      <p class="verdict ${face.tone}"><span class="sign" aria-hidden="true">${face.sign}</span>${verdict}</p>
      <ul class="facts">
        <li>${report.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</li>
        <li>${counted(report.requests, 'request')}</li>
        <li>${counted(report.instances, 'service instance')}</li>
        <li>${duration(report.durationMs)}</li>
        <li>seed ${report.seed}</li>
      </ul>
    </div>
  </header> `
}

const tileLabels = {
  fail: 'failed (MUST)',
  warning: 'warnings (SHOULD)',
  note: 'notes',
  pass: 'passed',
  'not applicable': 'not applicable',
} as const

const tiles = (counts: OutcomeCounts): Markup =>
  markup`<div class="tiles">
    ${outcomes.map((outcome) => markup`<div class="tile ${faces[outcome].tone}"><b>${counts[outcome]}</b><span>${tileLabels[outcome]}</span></div>`)}
  </div>`

function leftovers({ leftovers: left }: ConformanceReport): Markup | undefined {
  if (left.length === 0) return undefined
  return markup`<h2>Left over</h2>
    <div class="panel pad">
      <p>These could not be deleted; delete them by hand.</p>
      <ul>
        ${left.map((one) => markup`<li>${leftoverText(one)}</li>`)}
      </ul>
    </div> `
}

function overview(sections: readonly ChapterOutline[]): Markup {
  return markup`<h2>Chapters</h2>
    <div class="panel scroll">
      <table>
        <thead>
          <tr>
            <th>Chapter</th>
            ${outcomes.map((outcome) => markup`<th class="number">${faces[outcome].label}</th>`)}
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${sections.map(overviewRow)}
        </tbody>
      </table>
    </div> `
}

function overviewRow({ chapter, counts, results }: ChapterOutline): Markup {
  return markup`<tr>
    <td><button type="button" data-show="${chapter}">${chapter}</button></td>
    ${outcomes.map((outcome) => markup`<td class="number ${faces[outcome].tone} ${counts[outcome] === 0 ? 'zero' : 'some'}">${counts[outcome]}</td>`)}
    <td>${bar(counts, results.length)}</td>
  </tr> `
}

/** Drawn, since a style attribute would have to be allowed by the policy of the page. */
const bar = (counts: OutcomeCounts, all: number): Markup =>
  markup`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
    ${segments(counts, all)}
  </svg>`

function segments(counts: OutcomeCounts, all: number): Markup[] {
  let from = 0
  return outcomes.map((outcome) => {
    const width = all === 0 ? 0 : (counts[outcome] / all) * 100
    const segment = markup`<rect
      class="${faces[outcome].tone}"
      x="${from.toFixed(2)}"
      width="${width.toFixed(2)}"
      height="1"
    />`
    from += width
    return segment
  })
}

function filters(sections: readonly ChapterOutline[]): Markup {
  const pressed = (outcome: string) => (outcome === 'pass' || outcome === 'not applicable' ? 'false' : 'true')
  return markup`<div class="filters needs-script" hidden>
      <input
        id="search"
        type="search"
        placeholder="Search: rule, id, text of an answer …"
        aria-label="Search the results"
      />
      <select id="chapter" aria-label="Chapter">
        <option value="">All chapters</option>
        ${sections.map(({ chapter }) => markup`<option>${chapter}</option>`)}
      </select>
      <select id="level" aria-label="Level">
        <option value="">All levels</option>
        <option>MUST</option>
        <option>MUST NOT</option>
        <option>SHOULD</option>
        <option>SHOULD NOT</option>
        <option>note</option>
      </select>
      ${outcomes.map((outcome) => markup`<button type="button" class="choice ${faces[outcome].tone}" data-outcome="${outcome}" aria-pressed="${pressed(outcome)}">${faces[outcome].label}</button>`)}
      <button type="button" id="open" class="small">Open / close all</button>
    </div>
    <p id="shown" class="shown" role="status"></p> `
}

const chapterPart = ({ chapter, results }: ChapterOutline, report: ConformanceReport): Markup =>
  markup`<section class="chapter">
    <h3>${chapter}</h3>
    ${results.map((result) => resultPart(result, chapter, report))}
  </section> `

function notVisible({ notVisible: rows }: ConformanceReport): Markup | undefined {
  if (rows.length === 0) return undefined
  return markup`<h2>What cannot be seen from outside</h2>
    <details class="panel pad">
      <summary>${counted(rows.length, 'rule')} that no check can look at</summary>
      <div class="scroll">
        <table>
          <tbody>
            ${rows.map(
              ({ requirement, reason }) =>
                markup`<tr>
                  <td>${requirement}</td>
                  <td>${reason}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details> `
}
