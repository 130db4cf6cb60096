import type { CheckOutcome, CheckResult, ConformanceReport, Exchange } from '../../result.js'
import { counted, duration, durationOf, linkOf, nameOf, subjectOf } from '../outline.js'
import { markup, type Markup, prose } from './markup.js'

/** How an outcome is called and marked. */
export const faces: Readonly<
  Record<CheckOutcome, { readonly tone: string; readonly sign: string; readonly label: string }>
> = {
  fail: { tone: 'fail', sign: '✗', label: 'Failed' },
  warning: { tone: 'warning', sign: '!', label: 'Warning' },
  note: { tone: 'note', sign: 'i', label: 'Note' },
  pass: { tone: 'pass', sign: '✓', label: 'Passed' },
  'not applicable': { tone: 'na', sign: '–', label: 'Not applicable' },
}

/** One result: closed a line, open all that was asked and answered. */
export function resultPart(result: CheckResult, chapter: string, report: ConformanceReport): Markup {
  const { outcome, level, rule, section, expected, found, reason, exchanges, scene, assertions } = result
  const { tone, label } = faces[outcome]
  const subject = subjectOf(result, report)
  return markup`<details class="result ${tone}" data-outcome="${outcome}" data-level="${level}" data-chapter="${chapter}">
    <summary>
      <span class="badge">${label}</span><span class="title">${prose(rule)}</span>
      <span class="ids">${nameOf(result)}</span>${subject !== '' && markup`<span class="subject">${subject}</span>`}
    </summary>
    <div class="body">
      ${section !== '' && markup`<p class="rule"><a href="${linkOf(section)}" rel="noreferrer noopener">${section}</a></p>`}
      <dl>
        ${row('Expected', expected)}${row('Found', found)}${row(outcome === 'not applicable' ? 'Why not' : 'Why', reason)}${row('Seen in', `${scene}: ${counted(assertions, 'assertion')}, requests of ${duration(durationOf(result))}`)}
      </dl>
      ${exchanges.map(exchangePart)}
    </div>
  </details> `
}

const row = (name: string, text: string | undefined): Markup | undefined =>
  text === undefined || text === ''
    ? undefined
    : markup`<dt>${name}</dt>
        <dd>${text}</dd>`

/** A request and its answer, with the line that repeats it. */
export function exchangePart({ label, request, answer, failure, durationMs, curl }: Exchange): Markup {
  const { tone } = faces[answer === undefined || answer.status >= 500 ? 'fail' : 'not applicable']
  return markup`<div class="exchange">
    <div>
      <p class="label"><span>${label}</span></p>
      <p class="line"><code>${request.method} ${request.url}</code></p>
      ${messagePart(request)}
    </div>
    <div>
      <p class="label"><span>Answer after ${duration(durationMs)}</span></p>
      <p class="line">
        <span class="badge ${tone}">${answer ? answer.status : 'none'}</span>${failure !== undefined && markup` ${failure}`}
      </p>
      ${answer && messagePart(answer)}
    </div>
    <div class="curl">
      <p class="label">
        <span>Do it again</span><button type="button" class="small needs-script" data-copy hidden>Copy</button>
      </p>
      <pre>${curl}</pre>
    </div>
  </div> `
}

function messagePart({ headers, body }: Exchange['request'] | NonNullable<Exchange['answer']>): Markup {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return markup`${
    lines.length > 0 &&
    markup`<details>
      <summary>${counted(lines.length, 'header')}</summary>
      <pre>${lines.join('\n')}</pre>
    </details>`
  }${body !== undefined && body !== '' && markup`<pre>${readable(body)}</pre>`}`
}

const mostCharacters = 20_000

/** Indented if it is JSON; what is very long is cut, and says so. */
function readable(body: string): string {
  const text = indented(body)
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}\n… (${text.length} characters)` : text
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2)
  } catch {
    return body
  }
}
