import { runConformance } from 'osb-client/conformance'

export async function brokenRulesOfBind(url: string, password: string): Promise<string[]> {
  const broken: string[] = []
  const run = runConformance({
    url,
    auth: { username: 'platform', password },
    select: { checks: ['BIND'], levels: ['MUST'] },
  })
  for await (const { check, outcome, found } of run) if (outcome === 'fail') broken.push(`${check}: ${found}`)
  return broken
}
