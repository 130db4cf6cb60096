import { writeFile } from 'node:fs/promises'
import { type ConformanceReport, runConformance, toHtml, toJunit, toTerminal } from 'osb-client/conformance'

/** Checks a broker, leaves the reports in a folder, and gives the exit code. */
export async function checkBroker(url: string, password: string, folder: string): Promise<number> {
  const report = await lastOf(
    runConformance({
      url,
      auth: { username: 'platform', password },
      onProgress: (text) => console.error(text),
      confirm: ({ plans, instances }) => {
        console.error(`up to ${instances} instances of ${plans.map(({ name }) => name).join(', ')}`)
        return instances < 100
      },
    }),
  )
  await writeFile(`${folder}/conformance.html`, toHtml(report))
  await writeFile(`${folder}/conformance.xml`, toJunit(report))
  console.log(toTerminal(report))
  return report.verdict === 'conforms' ? 0 : 1
}

/** The report is what the generator returns after its last result. */
async function lastOf(run: ReturnType<typeof runConformance>): Promise<ConformanceReport> {
  for (;;) {
    const next = await run.next()
    if (next.done) return next.value
  }
}
