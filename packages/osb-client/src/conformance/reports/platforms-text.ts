import type { ConformanceReport, PlatformVerdict } from '../result.js'
import { toLine } from './escape.js'

/** The verdicts of platforms as text: what stands against a plan, and what an app would get. Empty where none was asked. */
export function platformsText({ platforms }: ConformanceReport): string {
  return platforms.map(verdictText).join('\n\n')
}

function verdictText({ platform, plan, works, catalog, steps, app }: PlatformVerdict): string {
  const subject = plan ? toLine(plan.name) : 'the catalog'
  const refused = steps.filter(({ ruling }) => ruling === 'refuses' || ruling === 'mitigates')
  const lines = [
    ...catalog.map((fault) => `the catalog: ${toLine(fault)}`),
    ...refused.map(({ operation, ruling, why }) => `${operation} ${ruling}: ${toLine(why)}`),
    ...(app ? [`an app gets: ${toLine(JSON.stringify(app))}`] : []),
  ]
  return [
    `${works ? 'Works' : 'Does not work'} on ${platform}: ${subject}`,
    ...lines.map((line) => `    ${line}`),
  ].join('\n')
}
