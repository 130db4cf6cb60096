import { appendFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { toHtml } from '../../conformance/reports/to-html.js'
import { toJunit } from '../../conformance/reports/to-junit.js'
import { toMarkdown } from '../../conformance/reports/to-markdown.js'
import type { ConformanceReport } from '../../conformance/result.js'
import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import type { CheckContext } from './read-check-options.js'

/** Writes the reports that were asked for as files. @throws {CliError} when one cannot be written */
export function writeReports({ values, cwd }: CheckContext, report: ConformanceReport): void {
  // Step summaries of GitHub Actions belong to several steps.
  const writers = [
    [values.junit, toJunit, writeFileSync],
    [values.html, toHtml, writeFileSync],
    [values.markdown, toMarkdown, appendFileSync],
  ] as const
  for (const [file, format, write] of writers) {
    if (file === undefined) continue
    try {
      write(resolve(cwd, file), format(report))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const next = 'Give the path of a file in a folder that exists.'
      throw new CliError('REPORT', `${file} cannot be written (${code})`, next, exitCodes.usage)
    }
  }
}
